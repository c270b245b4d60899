/* The one page that counts: opened with it, asked for when another one does, taken over by a button. */

import { key, post } from "./posting.js";

const AGAIN = 5000;

export class Session {
  constructor(page, { opened, lost }) {
    Object.assign(this, { page, opened, lost });
    this.key = key();
    this.panel = page.root.querySelector("[data-elsewhere]");
    this.panel.querySelector("button").addEventListener("click", () => this.open(true));
  }

  async open(takeOver = false) {
    const { root, saver } = this.page;
    try {
      const response = await post(root.dataset.session, saver.token, { session: this.key, take_over: takeOver });
      if (response.status === 429 || response.status >= 500) throw new Error(response.status);
      const answer = await response.json();
      if (response.ok) this.start(answer);
      else if (response.status === 409) this.ask(answer.message);
      else this.page.say(response.status === 401 ? root.dataset.expired : answer.message);
    } catch (error) {
      this.page.say(root.dataset.failed);
      window.setTimeout(() => this.open(takeOver), AGAIN);
    }
  }

  start(answer) {
    const { saver } = this.page;
    this.page.hide(this.panel);
    this.page.say("");
    saver.last = Math.max(saver.last, answer.sequence);
    saver.stopped = false;
    this.opened(answer);
    saver.soon();
  }

  ask(words) {
    this.lost();
    this.page.ask(this.panel, words);
  }

  /* Nobody else has it: no need to ask. */
  refused(answer) {
    if (answer.code === "closed") this.open();
    else this.ask(answer.message);
  }
}
