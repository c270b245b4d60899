/* The time that is left, from the server's seconds; this device's clock is never asked, only its ticking. */

const SAY_AT = [600, 300, 60];

function words(left, names) {
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const shown = [];
  if (hours) shown.push(`${hours} ${names.hour}`);
  if (hours || minutes) shown.push(`${minutes} ${names.minute}`);
  if (!hours) shown.push(`${left % 60} ${names.second}`);
  return `${names.leftWords} ${shown.join(" ")}`;
}

export class Timer {
  constructor(element, over) {
    this.element = element;
    this.shown = element.querySelector("[data-timer-shown]");
    this.said = element.parentElement.querySelector("[data-timer-said]");
    this.over = over;
    this.before = Infinity;
    this.set(Number(element.dataset.secondsLeft));
    window.setInterval(() => this.tick(), 1000);
  }

  set(left) {
    this.end = performance.now() + left * 1000;
    this.tick();
  }

  tick() {
    const left = Math.max(0, Math.round((this.end - performance.now()) / 1000));
    this.shown.textContent = left ? words(left, this.element.dataset) : this.element.dataset.over;
    this.element.classList.toggle("is-short", left <= 300);
    if (SAY_AT.some((limit) => this.before > limit && left <= limit && left)) {
      this.said.textContent = words(left, this.element.dataset);
    }
    if (!left && this.before) window.setTimeout(this.over, 0); /* after the page has wired itself */
    this.before = left;
  }
}
