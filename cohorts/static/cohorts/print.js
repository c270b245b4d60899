// The button appears only where a script can answer it; every browser prints from its own menu as well.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
