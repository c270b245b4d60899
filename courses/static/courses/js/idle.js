/* Whether somebody is there: asks when nobody has stirred for a while, and stops until there is an answer. */

const SIGNS = ["pointerdown", "pointermove", "keydown", "touchstart", "wheel", "scroll"];

export class Idle {
  constructor(page, { seconds, playing, stop, go }) {
    Object.assign(this, { page, seconds, stop, go });
    this.panel = page.root.querySelector("[data-idle]");
    this.last = Date.now();
    this.title = document.title;
    SIGNS.forEach((name) => window.addEventListener(name, () => this.stir(), { passive: true }));
    this.panel.querySelector("button").addEventListener("click", () => this.wake());
    window.setInterval(() => playing() && this.since() >= this.seconds && this.ask(), 1000);
  }

  get asking() {
    return !this.panel.hidden;
  }

  /* Seconds since the last sign of life; while the question stands, only its answer is one. */
  since() {
    return Math.round((Date.now() - this.last) / 10) / 100;
  }

  stir() {
    if (!this.asking) this.last = Date.now();
  }

  ask() {
    this.page.ask(this.panel);
    this.stop();
    document.title = `${this.panel.querySelector("h2").textContent} ${this.title}`;
  }

  wake() {
    this.last = Date.now();
    document.title = this.title;
    this.page.hide(this.panel);
    this.go();
  }
}
