// A lesson is moved into another half day: dragged by mouse or finger, or picked up with Enter, carried with the
// arrows and put down with Enter; what happens is said aloud. The form behind 调整 does the same without a script.
const form = document.querySelector("[data-move-form]");
const halves = [...document.querySelectorAll("[data-timetable] [data-half]")];
const told = document.querySelector("[data-move-told]");
const MOVED = "timetable-moved";
const EDGE = 70;
let held = null; // the card that is on its way
let aim = null; // the half day into which it would go

function say(words) { if (told) told.textContent = words; }

const name = (card) => card.querySelector(".tt-title").textContent;
const place = (half) => {
  const lessons = half.querySelectorAll(".tt-card").length;
  const rest = half.closest(".is-rest") ? "，休息日" : "";
  return `${half.getAttribute("aria-label")}${rest}，${lessons ? `已有 ${lessons} 节课` : "没有课"}`;
};

function target(half) {
  if (aim === half) return;
  aim = half;
  for (const one of halves) one.classList.toggle("is-target", one === half);
}

function take(card) {
  held = card;
  card.classList.add("is-dragged");
  const grip = card.querySelector("[data-grip]");
  if (grip) grip.setAttribute("aria-pressed", "true");
}

function letGo() {
  if (held) {
    held.classList.remove("is-dragged");
    const grip = held.querySelector("[data-grip]");
    if (grip) grip.setAttribute("aria-pressed", "false");
  }
  held = null;
  target(null);
}

function drop() {
  const card = held, half = aim;
  letGo();
  if (!card || !half || half.contains(card)) {
    say(card ? `《${name(card)}》没有移动。` : "");
    return;
  }
  say(`正在把《${name(card)}》移到${half.getAttribute("aria-label")}。`);
  try { sessionStorage.setItem(MOVED, card.dataset.move); } catch { /* the focus starts at the top */ }
  form.action = card.dataset.move;
  form.elements.day.value = half.dataset.day;
  form.elements.half.value = half.dataset.half;
  form.submit();
}

// By keyboard, and by tapping: the button picks up, the arrows or a tap choose, the button puts down.

function pressed(card) {
  if (held === card) { drop(); return; }
  letGo();
  take(card);
  target(halves.find((half) => half.contains(card)));
  say(`已拿起《${name(card)}》，现在在${aim.getAttribute("aria-label")}。左右键换天，上下键换半天，回车放下，Esc 取消；也可以点一个半天。`);
}

function carried(event) {
  if (!held || !event.target.closest("[data-grip]")) return;
  const at = halves.indexOf(aim);
  const step = { ArrowLeft: -2, ArrowRight: 2, ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Escape") {
    say(`《${name(held)}》没有移动。`);
    letGo();
  } else if (step) {
    event.preventDefault();
    const next = halves[at + step];
    if (!next) { say("已经到头了，要移到其他周请点“调整”。"); return; }
    target(next);
    next.scrollIntoView({ block: "nearest" });
    say(place(next));
  }
}

// What scrolls under the timetable: in the office that is not the window.
function scroller() {
  let one = document.querySelector("[data-timetable]");
  while (one && !(one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY))) one = one.parentElement;
  return one || document.scrollingElement;
}

// By finger: the grip follows it, the page moves on while it is held at an edge.

function follow(card, grip) {
  let from = null, ghost = null, dragged = false, edge = 0, at = null;
  const roll = () => {
    if (!from || !edge) return;
    scroller().scrollBy({ top: 10 * edge, behavior: "instant" });
    target(under(at));
    requestAnimationFrame(roll);
  };
  const near = (y) => {
    const was = edge;
    edge = y < EDGE ? -1 : y > innerHeight - EDGE ? 1 : 0;
    if (edge && !was) requestAnimationFrame(roll);
  };
  const under = (event) => { const one = document.elementFromPoint(event.clientX, event.clientY); return one && one.closest("[data-half]"); };
  const end = () => { from = null; edge = 0; if (ghost) ghost.remove(); ghost = null; };
  grip.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    dragged = false;
    from = event;
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointermove", (event) => {
    if (!from) return;
    if (!dragged && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < 8) return;
    if (!dragged) {
      dragged = true;
      letGo();
      take(card);
      ghost = document.createElement("div");
      ghost.className = "tt-ghost";
      ghost.setAttribute("aria-hidden", "true");
      ghost.textContent = name(card);
      document.body.append(ghost);
    }
    ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`;
    at = event;
    near(event.clientY);
    target(under(event));
  });
  grip.addEventListener("pointerup", () => {
    const was = from && dragged;
    end();
    if (was) drop();
  });
  grip.addEventListener("pointercancel", () => { end(); if (dragged) letGo(); });
  grip.addEventListener("click", () => {
    if (dragged) { dragged = false; return; }
    pressed(card);
  });
}

// By mouse: the card itself is dragged.

function drags(card) {
  card.addEventListener("dragstart", (event) => {
    letGo();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.move);
    take(card);
  });
  card.addEventListener("dragend", letGo);
}

function receives(half) {
  half.addEventListener("dragover", (event) => {
    if (!held) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    target(half);
  });
  half.addEventListener("drop", (event) => { event.preventDefault(); target(half); drop(); });
  half.addEventListener("click", (event) => {
    if (!held || event.target.closest("a, button")) return;
    target(half);
    drop();
  });
}

// After the page came back the moved lesson is where the focus is.
function resume() {
  let moved = null;
  try { moved = sessionStorage.getItem(MOVED); sessionStorage.removeItem(MOVED); } catch { return; }
  const card = moved && [...document.querySelectorAll("[data-move]")].find((one) => one.dataset.move === moved);
  if (card) card.querySelector("[data-grip]").focus();
}

if (form) {
  for (const card of document.querySelectorAll("[data-move]")) {
    const grip = card.querySelector("[data-grip]");
    grip.hidden = false;
    drags(card);
    follow(card, grip);
    card.addEventListener("focusout", (event) => {
      if (held !== card || !event.relatedTarget) return; // a tap on a half day takes the focus nowhere
      say(`《${name(card)}》没有移动。`);
      letGo();
    });
  }
  for (const half of halves) receives(half);
  document.addEventListener("keydown", carried);
  resume();
}
