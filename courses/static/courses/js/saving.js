/* One request at a time; what failed is said in words and sent again, no sooner than the server asks. */

import { post } from "./posting.js";

const FIRST_WAIT = 5;
const LONGEST_WAIT = 60;

export class Saver {
  /* `unsent(leaving)` gives what is still to be sent, or null; `sent(answer)` takes the server's answer;
     `lost(answer)` hears that another page counts; `failed(kind, words)` says why nothing was saved. */
  constructor({ url, token, unsent, sent, lost, failed }) {
    Object.assign(this, { url, token, unsent, sent, lost, failed });
    this.busy = null;
    this.stopped = false;
    this.wait = FIRST_WAIT;
    this.notBefore = 0;
    this.timer = 0;
    this.due = 0;
    this.last = 0;
    window.addEventListener("online", () => this.comeBack());
  }

  /* What happens until then goes with it; a later wish does not put an earlier one off. */
  soon(seconds = 2) {
    const due = Math.max(Date.now() + seconds * 1000, this.notBefore);
    if (this.stopped || (this.timer && this.due <= due)) return;
    window.clearTimeout(this.timer);
    this.due = due;
    this.timer = window.setTimeout(() => this.now(), due - Date.now());
  }

  now() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.busy || this.stopped) return this.busy;
    if (Date.now() < this.notBefore) {
      this.soon(0);
      return null;
    }
    const report = this.report();
    if (report) this.busy = this.send(report);
    return this.busy;
  }

  /* Everything up to now, before something that depends on it. */
  async flush() {
    await this.busy;
    await this.now();
  }

  async send(report) {
    let again = true;
    try {
      again = await this.heard(await post(this.url, this.token, report));
    } catch (error) {
      this.failed(navigator.onLine === false ? "offline" : "failed");
    }
    this.busy = null;
    if (again) this.later();
    else if (this.unsent(false)) this.soon();
  }

  /* true when the same has to be sent again. */
  async heard(response) {
    if (response.ok) {
      this.wait = FIRST_WAIT;
      this.sent(await response.json());
      return false;
    }
    if (response.status === 429 || response.status >= 500) {
      this.wait = Math.max(this.wait, Number(response.headers.get("Retry-After")) || 0);
      this.failed("failed");
      return true;
    }
    this.stopped = true;
    const answer = await response.json().catch(() => ({}));
    if (response.status === 409) this.lost(answer);
    else if (response.status === 401) this.failed("expired");
    else this.failed("refused", answer.message);
    return false;
  }

  later() {
    this.notBefore = Date.now() + this.wait * 1000;
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, Math.max(LONGEST_WAIT, this.wait));
  }

  /* The network is back: no need to wait any longer than a moment. */
  comeBack() {
    this.notBefore = Math.min(this.notBefore, Date.now() + 1000);
    this.soon(1);
  }

  /* When the page goes away: everything that is not acknowledged, in flight or not. */
  leave(forGood) {
    const report = this.stopped ? null : this.report(forGood);
    if (!report || !navigator.sendBeacon) return;
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token);
    form.append("payload", JSON.stringify(report));
    navigator.sendBeacon(this.url, form);
  }

  report(leaving = false) {
    const report = this.unsent(leaving);
    if (!report) return null;
    this.last = Math.max(Date.now(), this.last + 1);
    return { sequence: this.last, ...report, ...(leaving ? { leaving } : {}) };
  }
}
