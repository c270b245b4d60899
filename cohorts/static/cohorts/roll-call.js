// Roll call without a script is a plain form. With it nothing that was tapped is lost: choices are kept on this phone
// until the server has them, a missing network is said in words, and whoever recorded meanwhile is named.
const form = document.querySelector("[data-roll-call]");
const part = (name) => document.querySelector(`[data-${name}]`);
const total = part("total");
const kept = part("kept");
const RETRY = 10000;
const PATIENCE = 20000;

class Row {
  constructor(item) {
    this.item = item;
    this.member = item.dataset.member;
    this.radios = [...item.querySelectorAll('input[type="radio"]')];
    this.name = item.querySelector("strong").textContent;
  }
  get choice() { const on = this.radios.find((r) => r.checked); return on ? on.value : ""; }
  set choice(value) { for (const r of this.radios) r.checked = r.value === value; }
  get recorded() { return this.item.dataset.recorded; }
  get versionField() { return this.item.querySelector('input[name^="version-"]'); }
  get reasonField() { return this.item.querySelector('input[name^="reason-"]'); }
  word(value) {
    const radio = this.radios.find((r) => r.value === value);
    return radio ? radio.nextElementSibling.textContent : "未登记";
  }
  show(now) {
    this.item.dataset.recorded = now.choice;
    this.versionField.value = now.version;
    this.item.querySelector("[data-now]").textContent = now.words;
  }
}

// What is kept on this phone for one person and one half day: the marks that the server has not got.
class Kept {
  constructor(key) { this.key = key; this.safe = true; }
  read() {
    try { return JSON.parse(localStorage.getItem(this.key)) || {}; } catch { return {}; }
  }
  write(marks, auto) {
    try {
      if (Object.keys(marks).length) localStorage.setItem(this.key, JSON.stringify({ marks, auto }));
      else localStorage.removeItem(this.key);
      this.safe = true;
    } catch { this.safe = false; }
  }
}

function start() {
  const rows = new Map([...form.querySelectorAll("[data-member]")].map((item) => [item.dataset.member, new Row(item)]));
  const memory = new Kept(`roll-call:${form.dataset.who}:${location.pathname}`);
  let marks = {}; // member → {choice, version, rest, reason}
  let auto = false; // sent without a further tap as soon as the network is back
  let sending = false;
  let undoing = null;
  let rest = false; // the button that was pressed last was 其余全部到课

  const waiting = () => Object.keys(marks).length;
  const say = (name, words) => { const place = part(name); place.textContent = words; place.hidden = !words; };

  function keep() { memory.write(marks, auto); render(); }

  function render() {
    const counts = new Map();
    for (const row of rows.values()) if (row.choice) counts.set(row.word(row.choice), (counts.get(row.word(row.choice)) || 0) + 1);
    const chosen = [...counts.values()].reduce((a, b) => a + b, 0);
    const words = [`已选 ${chosen} / ${rows.size}`, ...[...counts].map(([label, n]) => `${label} ${n}`)];
    if (waiting()) words.push(`未提交 ${waiting()}`);
    total.textContent = words.join(" · ");
    say("offline", offlineWords());
  }

  function offlineWords() {
    if (sending) return "正在提交……";
    if (waiting() && (auto || !navigator.onLine)) {
      const where = memory.safe ? "" : "这部手机不能保存，请不要关闭本页。";
      return `离线，已暂存 ${waiting()} 人，恢复网络后自动提交。${where}`;
    }
    return navigator.onLine ? "" : "离线。可以照常点名，结果暂存在这部手机上，恢复网络后自动提交。";
  }

  function mark(row, choice, more = {}) {
    const before = { choice: row.shown || "", mark: marks[row.member] };
    row.choice = choice;
    row.shown = choice;
    if (choice === row.recorded || !choice) delete marks[row.member];
    else marks[row.member] = { choice, version: row.versionField.value, reason: row.reasonField ? row.reasonField.value : "", ...more };
    clearConflict(row);
    if (!navigator.onLine) auto = true;
    say("told", "");
    return before;
  }

  function offerUndo(row, before) {
    undoing = { row, before };
    part("undo-words").textContent = `${row.name}：${row.word(row.choice)}`;
    part("undo").hidden = false;
  }

  function undo() {
    const { row, before } = undoing;
    row.choice = before.choice;
    row.shown = before.choice;
    if (before.mark) marks[row.member] = before.mark; else delete marks[row.member];
    hideUndo();
    keep();
  }

  function hideUndo() { undoing = null; part("undo").hidden = true; }

  function restEverybody() {
    for (const row of rows.values()) if (!row.choice && !row.conflict) mark(row, "present", { rest: true });
  }

  function body(sent) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [member, one] of sent) {
      data.set(`version-${member}`, one.version);
      if (one.rest) data.set("rest", "present"); else data.set(`status-${member}`, one.choice);
      if (one.reason) data.set(`reason-${member}`, one.reason);
    }
    return data;
  }

  async function post(sent) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const headers = { Accept: "application/json" };
      return await fetch(location.pathname, { method: "POST", body: body(sent), headers, credentials: "same-origin", signal: stop.signal });
    } finally { clearTimeout(timer); }
  }

  async function send() {
    if (sending || !waiting()) return;
    if (!navigator.onLine) { auto = true; keep(); return; }
    const sent = Object.entries(marks);
    sending = true;
    render();
    let answer = null, values = {};
    try { answer = await post(sent); } catch { answer = null; }
    if (answer) { try { values = await answer.json(); } catch { values = {}; } }
    sending = false;
    settle(answer ? answer.status : 0, values, sent);
  }

  function settle(status, values, sent) {
    if (status === 200 && values.rows) return taken(values, sent);
    if (status === 409 && values.taken) return overtaken(values, sent);
    auto = status === 0 || status >= 500;
    keep();
    if (status === 401) {
      say("told", "登录已过期，未提交的点名保存在这部手机上。请重新登录，回到本页后再提交。");
    } else if (!auto) {
      say("told", values.message || "没有写入。未提交的点名保存在这部手机上，请刷新页面后再提交。");
    }
  }

  function taken(values, sent) {
    for (const [member, one] of sent) if (marks[member] === one) delete marks[member];
    auto = false;
    hideUndo();
    refresh(values);
    keep();
    keepPage();
    say("told", values.message);
    if (waiting()) send();
  }

  // Somebody else was faster with some: those are put aside in words, the others go again.
  function overtaken(values, sent) {
    const mine = new Map(sent);
    for (const member of values.taken.map(String)) {
      if (!rows.has(member) || !mine.has(member)) continue;
      delete marks[member];
      showConflict(rows.get(member), mine.get(member).choice, values.rows[member]);
    }
    refresh(values);
    keep();
    say("told", values.message);
    if (waiting() && values.taken.length) send();
  }

  function refresh(values) {
    for (const [member, now] of Object.entries(values.rows)) {
      const row = rows.get(member);
      if (!row) continue;
      row.show(now);
      if (!marks[member]) { row.choice = now.choice; row.shown = now.choice; }
    }
    part("summary").textContent = values.summary;
    for (const group of form.querySelectorAll("fieldset")) {
      const all = [...group.querySelectorAll("[data-member]")];
      group.querySelector("legend span").textContent = ` 已登记 ${all.filter((one) => one.dataset.recorded).length} / ${all.length}`;
    }
  }

  function showConflict(row, choice, now) {
    clearConflict(row);
    const box = document.createElement("div");
    box.className = "rc-conflict";
    box.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = `${now.by || "他人"}刚刚登记：${now.words.replace("已登记：", "")}。您选的是“${row.word(choice)}”，没有写入。`;
    const adopt = button("保留对方的登记", () => { clearConflict(row); render(); });
    const insist = button(`仍改为“${row.word(choice)}”`, () => { mark(row, choice); keep(); send(); });
    box.append(words, adopt, insist);
    row.item.append(box);
    row.conflict = box;
  }

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function clearConflict(row) {
    if (row.conflict) row.conflict.remove();
    row.conflict = null;
  }

  // What was kept here comes back; where the record has changed since, it is shown and not sent.
  function restore() {
    const found = memory.read();
    auto = Boolean(found.auto);
    for (const [member, one] of Object.entries(found.marks || {})) {
      const row = rows.get(member);
      if (!row || one.choice === row.recorded) continue;
      if (String(one.version) !== row.versionField.value) {
        if (!one.rest) showConflict(row, one.choice, { by: "", words: row.item.querySelector("[data-now]").textContent });
        continue;
      }
      marks[member] = one;
      row.choice = one.choice;
      if (row.reasonField && one.reason) row.reasonField.value = one.reason;
    }
    for (const row of rows.values()) row.shown = row.choice;
    keep();
    if (auto) send();
  }

  // A swipe to the right is 迟到, to the left 请假; the row says so while the finger is on it.
  function swipes(row) {
    let from = null;
    const across = (event) => {
      const to = event.changedTouches[0];
      if (!from || Math.abs(to.clientY - from.clientY) > 40) return "";
      const way = to.clientX - from.clientX;
      return Math.abs(way) < 80 ? "" : way > 0 ? "late" : "on_leave";
    };
    const hint = (words) => { if (words) row.item.dataset.swipe = words; else delete row.item.dataset.swipe; };
    row.item.addEventListener("touchstart", (event) => { from = event.changedTouches[0]; }, { passive: true });
    row.item.addEventListener("touchmove", (event) => { const to = across(event); hint(to && row.word(to)); }, { passive: true });
    row.item.addEventListener("touchcancel", () => { from = null; hint(""); }, { passive: true });
    row.item.addEventListener("touchend", (event) => {
      const to = across(event);
      hint("");
      from = null;
      if (!to || row.radios[0].matches(":disabled")) return;
      offerUndo(row, mark(row, to));
      keep();
    }, { passive: true });
  }

  form.addEventListener("change", (event) => {
    const item = event.target.closest("[data-member]");
    if (!item || event.target.type !== "radio") return;
    const row = rows.get(item.dataset.member);
    offerUndo(row, mark(row, row.choice));
    keep();
  });
  form.addEventListener("input", (event) => {
    const item = event.target.closest("[data-member]");
    const one = item && marks[item.dataset.member];
    if (one && event.target.type === "text") { one.reason = event.target.value; keep(); }
  });
  form.addEventListener("click", (event) => {
    const pressed = event.target.closest('button[type="submit"]');
    if (pressed) rest = pressed.name === "rest";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (rest) restEverybody();
    rest = false;
    keep();
    if (!waiting()) say("told", "没有要提交的变化。");
    send();
  });
  part("undo").querySelector("button").addEventListener("click", undo);
  addEventListener("online", () => { render(); if (auto) send(); });
  addEventListener("offline", () => { if (waiting()) auto = true; keep(); });
  setInterval(() => { if (auto) send(); }, RETRY);
  for (const row of rows.values()) swipes(row);
  restore();
}

// This page opens without a network as well: a worker keeps it with what it is drawn with, and says of when it is.
const worker = (() => {
  if (!form || !form.dataset.worker || !("serviceWorker" in navigator)) return null;
  const scope = new URL("./", new URL(form.dataset.worker, location.href)).pathname;
  return navigator.serviceWorker.register(form.dataset.worker, { scope }).then(() => navigator.serviceWorker.ready).catch(() => null);
})();

function parts() {
  const base = new URL("../", import.meta.url).href;
  const named = [...document.querySelectorAll('link[rel="stylesheet"], script[src]')].map((one) => one.href || one.src);
  const loaded = performance.getEntriesByType("resource").map((one) => one.name.split("#")[0]);
  return [...new Set([...named, ...loaded])].filter((address) => address.startsWith(base));
}

async function keepPage() {
  const ready = await worker;
  if (ready && ready.active && navigator.onLine) ready.active.postMessage({ who: form.dataset.who, page: location.pathname, parts: parts() });
}

function sayKept() {
  const at = new Date(Number(form.dataset.keptAt));
  const two = (n) => String(n).padStart(2, "0");
  const when = `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
  kept.textContent = navigator.onLine
    ? `本页是${when}存在这台设备上的名单。现在有网络，刷新后可看到最新名单。`
    : `现在没有网络。这是${when}存在这台设备上的名单，此后他人的登记这里看不到；您的点名先存在这台设备上，恢复网络后自动提交。`;
  kept.hidden = false;
}

if (form && form.dataset.keptAt) {
  sayKept();
  addEventListener("online", sayKept);
  addEventListener("offline", sayKept);
} else if (form) keepPage();

if (form && total) start();
