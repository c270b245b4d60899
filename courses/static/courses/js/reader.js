/* An article: remembers how far one read; its end counts once it was in sight. */

import { Session } from "./session.js";

const FAR = 5; /* percent that are worth a report */

export class Reader {
  constructor(page) {
    this.page = page;
    this.body = page.root.querySelector("[data-body]");
    this.saved = Number(page.root.dataset.position);
    this.position = this.saved;
    this.ended = false;
    this.done = false;
    this.session = new Session(page, { opened: () => page.saver.soon(0), lost: () => {} });
    this.offerResume();
    this.watchEnd();
    window.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  /* Offers the place one stopped at; it never jumps by itself. */
  offerResume() {
    if (this.saved < FAR || this.saved > 95) return;
    const offer = this.page.show("[data-resume]");
    offer.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      const box = this.body.getBoundingClientRect();
      window.scrollTo(0, window.scrollY + box.top + (box.height * this.saved) / 100 - window.innerHeight / 2);
      offer.hidden = true;
      this.body.setAttribute("tabindex", "-1");
      this.body.focus({ preventScroll: true });
    });
  }

  watchEnd() {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      this.position = 100;
      this.ended = true;
      this.page.saver.soon(0.5);
    });
    seen.observe(this.page.root.querySelector("[data-end]"));
  }

  scrolled() {
    const box = this.body.getBoundingClientRect();
    const read = ((window.innerHeight / 2 - box.top) / box.height) * 100;
    this.position = this.ended ? 100 : Math.min(100, Math.max(0, Math.round(read)));
    if (Math.abs(this.position - this.saved) >= FAR) this.page.saver.soon();
  }

  unsent() {
    const session = this.session.key;
    if (this.ended && !this.done) return { session, position: 100, reached_end: true };
    return Math.abs(this.position - this.saved) >= FAR ? { session, position: this.position } : null;
  }

  sent(answer) {
    this.saved = this.position;
    this.done = answer.taken_in;
  }

  /* A recording of another course is playing; reading counts here once one says so. */
  lost(answer) {
    this.session.refused(answer);
  }
}
