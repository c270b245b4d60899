/* A document is read in its lesson where the browser can show it; on phones it stays a link. */

const slot = document.querySelector("[data-document]");
const isWide = window.matchMedia("(min-width: 768px)").matches;

if (slot && isWide && navigator.pdfViewerEnabled) {
  const panel = slot.previousElementSibling;
  const link = panel.querySelector("a.btn");
  const frame = document.createElement("iframe");
  frame.src = `${slot.dataset.document}#navpanes=0&view=FitH`;
  frame.title = slot.dataset.title;
  slot.append(frame);
  slot.hidden = false;
  link.classList.remove("btn-primary");
  link.querySelector("[data-word]").textContent = slot.dataset.word;
  link.querySelector(".lh-hidden").remove();
  panel.querySelector("[data-note]").textContent = slot.dataset.words;
}
