// A card is dragged into another half day; the form on each card is the way without a mouse.
const form = document.querySelector("[data-move-form]");
const halves = [...document.querySelectorAll("[data-timetable] [data-half]")];
let dragged = null;

function mark(half) {
  for (const one of halves) one.classList.toggle("is-target", one === half);
}

function begin(event) {
  dragged = event.currentTarget;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.move);
  dragged.classList.add("is-dragged");
}

function end() {
  if (dragged) dragged.classList.remove("is-dragged");
  dragged = null;
  mark(null);
}

function drop(event) {
  event.preventDefault();
  const half = event.currentTarget;
  const card = dragged;
  end();
  if (!card || half.contains(card)) return;
  form.action = card.dataset.move;
  form.elements.day.value = half.dataset.day;
  form.elements.half.value = half.dataset.half;
  form.submit();
}

if (form) {
  for (const card of document.querySelectorAll("[data-move]")) {
    card.addEventListener("dragstart", begin);
    card.addEventListener("dragend", end);
  }
  for (const half of halves) {
    half.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      mark(half);
    });
    half.addEventListener("drop", drop);
  }
}
