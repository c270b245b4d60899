// Nobody is signed in here: pages that this device kept for whoever was are deleted.
if ("caches" in window) {
  caches.keys().then((names) => names.filter((name) => name.startsWith("kept:")).forEach((name) => caches.delete(name)));
}
