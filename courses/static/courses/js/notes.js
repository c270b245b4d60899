/* Notes of a lesson: kept a moment after the last key, marked with the place in the video. */

const WAIT = 1200;
const timers = new WeakMap();

const words = (form) => form.querySelector("[data-note-state]");
const text = (form) => form.elements.namedItem("text").value;
const film = () => document.querySelector("[data-lesson] video");

function clockMark(second) {
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(second / 3600);
  const minutes = Math.floor(second / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(second % 60)}` : `${minutes}:${pad(second % 60)}`;
}

async function save(form) {
  window.clearTimeout(timers.get(form));
  timers.delete(form);
  if (!text(form).trim()) return false;
  form.saving = (form.saving || Promise.resolve()).then(() => send(form));
  return form.saving;
}

async function send(form) {
  const sent = text(form);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    const answer = await response.json();
    words(form).textContent = response.ok ? answer.saved : answer.message || form.dataset.failed;
    if (response.ok) form.kept = sent;
    return response.ok;
  } catch (error) {
    words(form).textContent = form.dataset.failed;
    return false;
  }
}

function isOpen(form) {
  return text(form).trim() !== "" && timers.has(form);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-note]");
  if (!form) return;
  window.clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => save(form), WAIT));
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-note]");
  if (!form) return;
  event.preventDefault();
  const place = form.closest("[data-around]");
  if ((await save(form)) && place && place.hasAttribute("hx-get")) window.htmx.trigger(place, "refresh");
});

document.addEventListener("click", (event) => {
  const marker = event.target.closest("[data-mark]");
  const place = event.target.closest("[data-seek]");
  const form = (marker || place) && (marker || place).closest("[data-note]");
  if (!form || !film()) return;
  const field = form.elements.namedItem("second");
  if (place) {
    event.preventDefault();
    film().currentTime = Number(field.value);
    film().scrollIntoView({ block: "center" });
    return;
  }
  field.value = Math.floor(film().currentTime);
  form.querySelector("[data-mark-words]").textContent = clockMark(Number(field.value));
  form.querySelector("[data-seek]").hidden = false;
  if (text(form).trim()) save(form);
});

/* Marking needs a video on the same page. */
function offerMarks() {
  document.querySelectorAll("[data-mark]").forEach((button) => {
    button.hidden = !film();
  });
}
document.addEventListener("htmx:afterSettle", offerMarks);
offerMarks();

/* What was typed last goes with the page. */
window.addEventListener("pagehide", () => {
  document.querySelectorAll("[data-note]").forEach((form) => {
    if (isOpen(form) && navigator.sendBeacon) navigator.sendBeacon(form.action, new FormData(form));
  });
});
