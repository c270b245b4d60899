/* Small comforts of every page; each page works without them. */

function closeOthers(open) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== open) menu.removeAttribute("open");
  });
}

/* Menus close on a click elsewhere and on Escape, which gives the focus back to what opened them. */
document.addEventListener("click", (event) => closeOthers(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});

/* 显示设置 takes effect at once; its button is for pages without scripts. */
document.querySelectorAll("[data-display-form]").forEach((form) => {
  const display = window.linghangDisplay;
  const now = display.read(display.kept());
  form.querySelector("[data-display-submit]").hidden = true;
  Object.keys(now).forEach((name) => {
    const input = form.querySelector(`input[name="${name}"][value="${now[name]}"]`);
    if (input) input.checked = true;
  });
  form.addEventListener("change", () => {
    const chosen = new FormData(form);
    display.remember({ theme: chosen.get("theme"), text: chosen.get("text"), contrast: chosen.get("contrast") });
  });
});

/* A form that was refused is read from its summary. */
const refused = document.querySelector("[data-focus-first]");
if (refused) refused.focus();

/* Filters start folded on a phone. */
if (window.matchMedia("(max-width: 575.98px)").matches) {
  document.querySelectorAll("details.lh-filters[open]").forEach((filters) => {
    if (!filters.querySelector(".lh-error")) filters.removeAttribute("open");
  });
}

/* The present tab and menu entry are in sight where their row scrolls. */
document.querySelectorAll(".lh-tabs [aria-current], .lh-nav [aria-current]").forEach((link) => {
  const row = link.closest("ul");
  row.scrollLeft = Math.max(0, link.offsetLeft - row.offsetLeft - row.clientWidth / 3);
});

/* A form is sent once, however often its button is pressed; coming back by the history makes it usable again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  window.setTimeout(() => {
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    window.setTimeout(() => delete form.dataset.sent, 8000); /* the answer may have been a download */
  }, 0);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

const countdowns = document.querySelectorAll("[data-countdown]");
if (countdowns.length) import("./countdown.js").then((module) => countdowns.forEach(module.start));
