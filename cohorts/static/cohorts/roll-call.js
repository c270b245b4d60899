// Roll call without a script is a plain form; with it: a running total, choices kept on this phone, a swipe for late or leave.
const form = document.querySelector("[data-roll-call]");
const total = document.querySelector("[data-total]");
const offline = document.querySelector("[data-offline]");
const key = `roll-call:${location.pathname}`;

const radios = () => [...form.querySelectorAll('input[type="radio"]')];
const initial = new Map(radios().map((r) => [r, r.checked]));
const word = (radio) => radio.nextElementSibling.textContent;

function count() {
  const counts = new Map();
  for (const r of radios().filter((one) => one.checked)) counts.set(word(r), (counts.get(word(r)) || 0) + 1);
  const chosen = [...counts.values()].reduce((a, b) => a + b, 0);
  const rows = form.querySelectorAll("[data-member]").length;
  const parts = [...counts].map(([label, n]) => `${label} ${n}`);
  const changed = radios().filter((r) => r.checked && !initial.get(r)).length;
  total.textContent = [`已选 ${chosen} / ${rows}`, ...parts, changed ? `未提交 ${changed}` : ""].filter(Boolean).join(" · ");
}

function keep() {
  const chosen = radios().filter((r) => r.checked && !initial.get(r)).map((r) => [r.name, r.value]);
  try {
    if (chosen.length) localStorage.setItem(key, JSON.stringify(chosen));
    else localStorage.removeItem(key);
  } catch { /* a browser that keeps nothing still submits */ }
}

function restore() {
  let chosen = [];
  try { chosen = JSON.parse(localStorage.getItem(key) || "[]"); } catch { chosen = []; }
  for (const [name, value] of chosen) {
    const radio = radios().find((r) => r.name === name && r.value === value);
    const recorded = radios().some((r) => r.name === name && initial.get(r));
    if (radio && !recorded) radio.checked = true;
  }
}

function connection() {
  offline.hidden = navigator.onLine;
}

// A swipe to the left is 迟到, to the right 请假.
function swipes(row) {
  let from = null;
  row.addEventListener("touchstart", (event) => { from = event.changedTouches[0]; }, { passive: true });
  row.addEventListener("touchend", (event) => {
    const to = event.changedTouches[0];
    const across = to.clientX - from.clientX;
    if (Math.abs(across) < 80 || Math.abs(to.clientY - from.clientY) > 40) return;
    const radio = row.querySelector(`input[value="${across < 0 ? "late" : "on_leave"}"]`);
    if (radio.disabled || radio.matches(":disabled")) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }, { passive: true });
}

if (form && total) {
  restore();
  count();
  connection();
  form.addEventListener("change", () => { count(); keep(); });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); connection(); offline.scrollIntoView(); return; }
    try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
  });
  for (const row of form.querySelectorAll("[data-member]")) swipes(row);
  addEventListener("online", connection);
  addEventListener("offline", connection);
}
