/* A lesson's page: who reads or plays, what is asked in between, and the line that says what is missing. */

import { Player } from "./player.js";
import { Reader } from "./reader.js";
import { Saver } from "./saving.js";

class Page {
  constructor(root) {
    this.root = root;
    this.foot = document.getElementById("standing");
    this.shown = null;
    this.saver = new Saver({
      url: root.dataset.save,
      token: document.querySelector("[data-token] input").value,
      unsent: (leaving) => this.learner && this.learner.unsent(leaving),
      sent: (answer) => this.sent(answer),
      lost: (answer) => this.learner.lost(answer),
      failed: (kind, words) => this.fail(kind, words),
    });
  }

  show(selector) {
    const element = this.root.querySelector(selector);
    element.hidden = false;
    return element;
  }

  /* Something wants an answer before it goes on. */
  ask(panel, words) {
    if (words) panel.querySelector("[data-words]").textContent = words;
    panel.hidden = false;
    panel.focus();
    panel.scrollIntoView({ block: "nearest" });
  }

  hide(panel) {
    panel.hidden = true;
  }

  asking() {
    return [...this.root.querySelectorAll("[data-ask]")].some((panel) => !panel.hidden);
  }

  say(words) {
    const line = this.root.querySelector("[data-saved]") || this.line();
    if (line.textContent !== words) line.textContent = words;
  }

  fail(kind, words) {
    this.failing = true;
    this.say(words || this.root.dataset[kind] || "");
  }

  /* An article has no line of its own until there is something to say. */
  line() {
    const line = document.createElement("p");
    line.className = "lh-quiet lh-small";
    line.dataset.saved = "";
    line.setAttribute("aria-live", "polite");
    this.foot.before(line);
    return line;
  }

  sent(answer) {
    this.learner.sent(answer);
    this.say(answer.refused || (this.failing ? this.root.dataset.kept : ""));
    this.failing = false;
    this.showFoot(answer.foot);
  }

  showFoot(html) {
    if (this.shown === html) return;
    this.shown = html;
    const focused = this.foot.contains(document.activeElement);
    this.foot.innerHTML = html;
    if (focused) this.foot.querySelector("a, button")?.focus();
  }
}

/* On a phone the outline starts folded; it stands below the text. */
function foldOutline() {
  const outline = document.querySelector("[data-outline]");
  if (outline && window.matchMedia("(max-width: 991.98px)").matches) outline.removeAttribute("open");
}

function start() {
  const root = document.querySelector("[data-lesson]");
  if (!root) return;
  const page = new Page(root);
  const player = document.getElementById("player");
  const text = root.querySelector("[data-resume]"); /* a document or a live session has nothing to play or to scroll */
  page.learner = player ? new Player(player, page) : text ? new Reader(page) : null;
  window.addEventListener("pagehide", () => page.saver.leave(Boolean(player)));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") page.saver.leave(false);
  });
  foldOutline();
}

start();
