/* Questions on the way: playing stops at their moment and goes on when they are answered. */

import { post } from "./posting.js";

export class Cues {
  constructor(page, { stop, go, answered }) {
    Object.assign(this, { page, stop, go, answered });
    this.panel = page.root.querySelector("[data-question]");
    this.waiting = [];
    this.panel.addEventListener("submit", (event) => this.submit(event));
    this.panel.addEventListener("click", (event) => this.click(event));
  }

  get asking() {
    return !this.panel.hidden;
  }

  /* The second beyond which nothing is played before its question is answered. */
  get limit() {
    return this.waiting.length ? this.waiting[0] : Infinity;
  }

  async ask() {
    if (this.asking) return;
    this.page.ask(this.panel); /* first: stopping makes the player report, which comes here again */
    this.stop();
    await this.page.saver.flush();
    await this.fetch(this.page.root.dataset.questionUrl, {});
  }

  async fetch(url, data) {
    const token = this.page.saver.token;
    try {
      const response = await post(url, token, data);
      const answer = await response.json();
      if (response.ok) this.show(answer);
      else if (answer.code === "none_due") this.leave(answer.message);
      else this.say(answer.message);
    } catch (error) {
      this.say(this.page.root.dataset.unasked, true);
    }
  }

  show(answer) {
    this.panel.innerHTML = answer.html;
    if (answer.foot) this.answered(answer);
    if (answer.right === false) this.panel.querySelector("[role=alert]")?.focus();
    else this.panel.focus();
    this.panel.scrollIntoView({ block: "nearest" });
  }

  say(words, again = false) {
    let line = this.panel.querySelector("[data-words]");
    if (!line) {
      line = document.createElement("p");
      line.dataset.words = "";
      line.setAttribute("role", "alert");
      this.panel.append(line);
    }
    line.textContent = words;
    if (again && !this.panel.querySelector("form, [data-again]")) this.offerAgain();
  }

  offerAgain() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.dataset.again = "";
    button.textContent = this.page.root.dataset.wordAgain;
    this.panel.append(button);
  }

  submit(event) {
    event.preventDefault();
    this.fetch(this.page.root.dataset.answerUrl, new FormData(event.target));
  }

  click(event) {
    if (event.target.closest("button[data-again]")) {
      this.panel.textContent = "";
      this.panel.hidden = true;
      this.ask();
    }
    if (event.target.closest("[data-go]")) this.leave("");
  }

  leave(words) {
    this.panel.textContent = "";
    this.page.hide(this.panel);
    this.page.say(words);
    this.go();
  }
}
