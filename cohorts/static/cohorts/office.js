// The present tab is in sight where the row of tabs scrolls.
for (const link of document.querySelectorAll(".lh-tabs [aria-current]")) {
  const row = link.closest("ul");
  row.scrollLeft = Math.max(0, link.offsetLeft - row.offsetLeft - row.clientWidth / 3);
}
