/* A lesson's page: who reads or watches, and the line that says what is missing. */

import { Player } from "./player.js";
import { Reader } from "./reader.js";
import { Saver } from "./saving.js";

class Page {
  constructor(root) {
    this.root = root;
    this.foot = document.getElementById("standing");
    this.saver = new Saver({
      url: root.dataset.save,
      token: document.querySelector("[data-token] input").value,
      unsent: () => this.learner && this.learner.unsent(),
      sent: (answer) => this.sent(answer),
      failed: (kind, words) => this.say(words || root.dataset[kind] || ""),
    });
  }

  show(selector) {
    const element = this.root.querySelector(selector);
    element.hidden = false;
    return element;
  }

  say(words) {
    const line = this.root.querySelector("[data-saved]") || this.line();
    if (line.textContent !== words) line.textContent = words;
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
    this.say("");
    if (this.shown === answer.foot) return;
    this.shown = answer.foot;
    const focused = this.foot.contains(document.activeElement);
    this.foot.innerHTML = answer.foot;
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
  const video = document.getElementById("player");
  const byPeople = ["document", "link", "live"].includes(root.dataset.kind); /* nothing here to watch or to scroll */
  page.learner = video ? new Player(video, page) : byPeople ? null : new Reader(page);
  page.shown = null;
  window.addEventListener("pagehide", () => page.saver.leave());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") page.saver.leave();
  });
  foldOutline();
}

start();
