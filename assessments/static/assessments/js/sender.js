/* Sends answers one request at a time, the newest of each question, again and again until the server has them. */

const PATIENCE = [1000, 2000, 4000, 8000, 15000];
const TIME_OUT = 12000;

export class Sender {
  /* said(state, details): saved, saving, offline, closed, sign-in; answered(position, reply, sent) */
  constructor({ url, token, said, answered }) {
    Object.assign(this, { url, token, said, answered });
    this.waiting = new Map();
    this.busy = null;
    this.failures = 0;
    this.timer = 0;
    this.closed = false;
    window.addEventListener("online", () => this.push());
  }

  get idle() {
    return !this.busy && this.waiting.size === 0;
  }

  add(position, answer) {
    this.waiting.set(position, answer);
    this.push();
  }

  push() {
    window.clearTimeout(this.timer);
    if (!this.busy && this.waiting.size && !this.closed) this.busy = this.send().finally(() => this.next());
    return this.busy;
  }

  next() {
    this.busy = null;
    if (this.closed || !this.waiting.size) return;
    const pause = this.failures ? PATIENCE[Math.min(this.failures, PATIENCE.length) - 1] : 0;
    this.timer = window.setTimeout(() => this.push(), pause);
  }

  async send() {
    const [position, answer] = this.waiting.entries().next().value;
    if (!this.failures) this.said("saving");
    let response;
    try {
      response = await this.post({ position, ...answer });
    } catch (error) {
      return this.failed("offline");
    }
    if (response.status === 401) return this.failed("sign-in");
    if (response.status >= 500 || response.status === 429 || response.redirected) return this.failed("offline");
    const reply = await response.json().catch(() => ({}));
    this.failures = 0;
    if (this.waiting.get(position) === answer) this.waiting.delete(position);
    if (response.ok) {
      this.answered(position, reply, answer);
      if (!this.waiting.size) this.said("saved");
    } else if (reply.code === "closed" || reply.code === "late") {
      this.closed = true;
      this.said("closed", reply.message);
    } else {
      this.said("refused", reply.message);
    }
  }

  failed(state) {
    this.failures += 1;
    this.said(state);
  }

  async post(body) {
    const stop = new AbortController();
    const timer = window.setTimeout(() => stop.abort(), TIME_OUT);
    try {
      return await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        keepalive: true,
        signal: stop.signal,
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify(body),
      });
    } finally {
      window.clearTimeout(timer);
    }
  }

  /* true when everything has arrived within the time given */
  async settle(milliseconds) {
    const until = performance.now() + milliseconds;
    while (!this.idle && !this.closed && performance.now() < until) {
      this.push();
      await Promise.race([this.busy || Promise.resolve(), new Promise((done) => window.setTimeout(done, 200))]);
      if (this.failures) await new Promise((done) => window.setTimeout(done, 200));
    }
    return this.idle;
  }
}
