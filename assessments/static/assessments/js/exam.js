/* The paper: answers are sent as they are chosen, kept on this device meanwhile, and every state is said in words. */

import { Copy } from "./copy.js";
import { Sender } from "./sender.js";
import { Timer } from "./timer.js";

const form = document.querySelector("[data-paper]");
const names = form.dataset;
const items = [...form.querySelectorAll("[data-item]")];
const links = [...form.querySelectorAll("[data-go]")];
const side = form.querySelector("[data-side]");
const opener = form.querySelector("[data-open]");
const phone = window.matchMedia("(max-width: 991.98px)");
const copy = new Copy(names.key);
let blurs = Number(names.blurs);
let current = 0;
let leaving = false;

function question(position) {
  return document.getElementById(`q${position}`);
}

function inputs(field) {
  return [...field.querySelectorAll(".lh-exam-options input")];
}

function state(field) {
  return {
    shown: inputs(field).filter((input) => input.checked).map((input) => Number(input.value)),
    flagged: field.querySelector("[data-flag]").checked,
    sequence: Number(field.querySelector("[data-sequence]").value),
  };
}

function show(field, answer) {
  inputs(field).forEach((input) => {
    input.checked = answer.shown.includes(Number(input.value));
  });
  field.querySelector("[data-flag]").checked = answer.flagged;
  field.querySelector("[data-sequence]").value = answer.sequence;
  mark(field);
}

/* --- what is said --- */

const saved = form.querySelector("[data-saved]");
const LOOKS = { saving: "is-saving", offline: "is-offline", "sign-in": "is-offline", closed: "is-offline" };
const WORDS = { saved: names.saySaved, saving: names.saySaving, offline: names.sayOffline, closed: names.sayClosed };

function alertWith(text) {
  const box = form.querySelector("[data-alert]");
  box.hidden = !text;
  box.querySelector("[data-alert-words]").textContent = text || "";
}

function said(what, text) {
  const shown = what === "sign-in" ? "offline" : what;
  saved.hidden = false;
  saved.className = `lh-exam-saved ${LOOKS[what] || ""}`;
  if (WORDS[shown]) saved.querySelector("[data-saved-words]").textContent = WORDS[shown];
  if (what === "sign-in") alertWith(names.saySignIn);
  else if (what === "refused" || what === "closed") alertWith(text);
  else if (what === "saved") alertWith("");
  if (what === "closed") finish();
}

function mark(field) {
  const answer = state(field);
  const link = links.find((one) => one.dataset.go === field.dataset.position);
  link.classList.toggle("is-done", answer.shown.length > 0);
  link.classList.toggle("is-flagged", answer.flagged);
  link.querySelector("[data-go-words]").textContent =
    (answer.shown.length ? names.sayDone : names.sayOpen) + (answer.flagged ? ` ${names.sayFlagged}` : "");
  form.querySelector("[data-answered]").textContent = links.filter((one) => one.classList.contains("is-done")).length;
}

/* --- saving --- */

const timer = new Timer(form.querySelector("[data-timer]"), over);
const sender = new Sender({
  url: names.answersUrl,
  token: form.querySelector("[name=csrfmiddlewaretoken]").value,
  said,
  answered,
});

function answered(position, reply, sent) {
  const field = question(position);
  timer.set(reply.seconds_left);
  if (reply.applied) {
    if (state(field).sequence === sent.sequence) copy.keep(position, { ...sent, saved: true });
    return;
  }
  const here = state(field);
  if (here.sequence > reply.sequence) return; /* something newer is on its way */
  show(field, reply);
  copy.keep(position, { shown: reply.shown, flagged: reply.flagged, sequence: reply.sequence, saved: true });
  const differs = here.flagged !== reply.flagged || String(here.shown) !== String(reply.shown);
  field.querySelector("[data-note]").textContent = differs ? names.sayElsewhere : "";
}

function changed(field) {
  const kept = copy.read()[field.dataset.position];
  const before = Math.max(state(field).sequence, kept ? kept.sequence : 0);
  field.querySelector("[data-sequence]").value = before + 1;
  field.querySelector("[data-note]").textContent = "";
  const answer = { ...state(field), blurs };
  copy.keep(field.dataset.position, { ...answer, saved: false });
  mark(field);
  sender.add(Number(field.dataset.position), answer);
}

/* What this device kept and the server has not: shown and sent. */
function restore() {
  Object.entries(copy.read()).forEach(([position, answer]) => {
    const field = question(position);
    if (!field || answer.saved || answer.sequence <= state(field).sequence) return;
    show(field, answer);
    sender.add(Number(position), { ...answer, blurs });
  });
}

/* --- time --- */

async function ask() {
  try {
    const response = await fetch(names.answersUrl, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const reply = await response.json();
    timer.set(reply.seconds_left);
    if (!reply.open) finish();
  } catch (error) {
    /* offline: the ticking goes on */
  }
}

function over() {
  form.querySelectorAll("input:not([type=hidden])").forEach((input) => {
    input.disabled = true;
  });
  sender.settle(5000).then(() => window.setTimeout(finish, 1500));
}

/* The server ends the attempt; its page says so, or leads back here while the grace runs. */
function finish() {
  leaving = true;
  window.setTimeout(() => window.location.assign(names.resultUrl), 1500);
}

/* --- turning pages --- */

function go(index, focus) {
  current = Math.max(0, Math.min(items.length - 1, index));
  items.forEach((item, n) => item.classList.toggle("is-current", n === current));
  links.forEach((link, n) => (n === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  form.querySelector("[data-at]").textContent = current + 1;
  form.querySelector("[data-step='-1']").disabled = current === 0;
  const next = form.querySelector("[data-step='1']");
  form.querySelector("[data-step-words]").textContent = current === items.length - 1 ? next.dataset.last : next.dataset.next;
  fold(false);
  if (!focus) return;
  const field = items[current].firstElementChild;
  if (phone.matches) window.scrollTo(0, 0);
  else field.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
}

function fold(open) {
  side.classList.toggle("is-open", open);
  opener.setAttribute("aria-expanded", String(open));
  if (open) (side.querySelector("[aria-current]") || links[0]).focus({ preventScroll: true });
}

async function check() {
  if (await sender.settle(6000)) {
    leaving = true;
    window.location.assign(names.checkUrl);
  } else if (!sender.closed) {
    alertWith(names.sayUnsent);
  }
}

/* --- wiring --- */

form.classList.add("is-live");
form.querySelector("[data-thumb]").hidden = false;
form.querySelector("[data-close]").hidden = !phone.matches;
phone.addEventListener("change", () => {
  form.querySelector("[data-close]").hidden = !phone.matches;
});
form.addEventListener("change", (event) => changed(event.target.closest("fieldset")));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
form.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]");
  if (item && !phone.matches && items.indexOf(item) !== current) go(items.indexOf(item), false);
});
links.forEach((link, n) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go(n, true);
  }),
);
form.querySelectorAll("[data-step]").forEach((button) =>
  button.addEventListener("click", () => {
    const to = current + Number(button.dataset.step);
    if (to >= items.length) check();
    else go(to, true);
  }),
);
opener.addEventListener("click", () => fold(!side.classList.contains("is-open")));
form.querySelector("[data-close]").addEventListener("click", () => {
  fold(false);
  opener.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && side.classList.contains("is-open")) {
    fold(false);
    opener.focus();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) blurs += 1;
  else ask();
});
window.addEventListener("online", ask);
window.addEventListener("storage", (event) => {
  if (event.key !== copy.key || !event.newValue) return;
  Object.entries(JSON.parse(event.newValue)).forEach(([position, answer]) => {
    const field = question(position);
    if (field && answer.sequence > state(field).sequence) show(field, answer);
  });
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && !sender.idle) event.preventDefault();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload(); /* the history's page may be older than the answers */
});

const asked = Number((window.location.hash.match(/^#q(\d+)$/) || [])[1]);
go(asked ? asked - 1 : Math.max(0, links.findIndex((link) => !link.classList.contains("is-done"))), Boolean(asked));
restore();
