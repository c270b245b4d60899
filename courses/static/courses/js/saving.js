/* One request at a time; what failed is said in words and sent again, no sooner than the server asks. */

const FIRST_WAIT = 5;
const LONGEST_WAIT = 60;

export class Saver {
  /* `unsent()` gives what is still to be sent, or null; `sent(answer)` takes the server's answer. */
  constructor({ url, token, unsent, sent, failed }) {
    Object.assign(this, { url, token, unsent, sent, failed });
    this.busy = false;
    this.stopped = false;
    this.wait = FIRST_WAIT;
    this.notBefore = 0;
    this.timer = 0;
    this.due = 0;
    this.last = 0;
  }

  /* What happens until then goes with it; a later wish does not put an earlier one off. */
  soon(seconds = 2) {
    const due = Math.max(Date.now() + seconds * 1000, this.notBefore);
    if (this.stopped || (this.timer && this.due <= due)) return;
    window.clearTimeout(this.timer);
    this.due = due;
    this.timer = window.setTimeout(() => this.now(), due - Date.now());
  }

  async now() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.busy || this.stopped) return;
    if (Date.now() < this.notBefore) {
      this.soon(0);
      return;
    }
    const report = this.report();
    if (!report) return;
    this.busy = true;
    let again = false;
    try {
      const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token };
      const response = await fetch(this.url, { method: "POST", headers, body: JSON.stringify(report) });
      again = await this.heard(response);
    } catch (error) {
      again = true;
      this.failed("failed");
    }
    this.busy = false;
    if (again) this.later();
    else if (this.unsent()) this.soon();
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
    if (response.status === 401) this.failed("expired");
    else {
      const answer = await response.json().catch(() => ({}));
      this.failed("refused", answer.message);
    }
    return false;
  }

  later() {
    this.notBefore = Date.now() + this.wait * 1000;
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, Math.max(LONGEST_WAIT, this.wait));
  }

  /* When the page goes away: everything that is not acknowledged, in flight or not. */
  leave() {
    const report = this.stopped ? null : this.report();
    if (!report || !navigator.sendBeacon) return;
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.token);
    form.append("payload", JSON.stringify(report));
    navigator.sendBeacon(this.url, form);
  }

  report() {
    const report = this.unsent();
    if (!report) return null;
    this.last = Math.max(Date.now(), this.last + 1);
    return { sequence: this.last, ...report };
  }
}
