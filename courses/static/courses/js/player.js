/* The video of a lesson: goes on where one stopped, moves forward only over what was watched, tells what was watched. */

import { added, furthest, length, union } from "./watched.js";

const STEP = 1.5; /* seconds between two ticks that still count as playing on */
const SHARE = 0.05;
const EVERY = 60;

export class Player {
  constructor(element, page) {
    this.page = page;
    this.seconds = Number(page.root.dataset.seconds);
    this.known = JSON.parse(element.dataset.watched);
    this.mine = union(this.known);
    this.at = null;
    this.moved = false;
    this.begun = this.known.length > 0;
    this.lastSaved = Date.now();
    this.player = window.videojs(element, {
      language: "zh-CN",
      fill: false,
      playbackRates: [],
      userActions: { hotkeys: true },
      controlBar: { pictureInPictureToggle: false },
    });
    this.listen();
  }

  listen() {
    const { player } = this;
    player.one("loadedmetadata", () => this.resume());
    player.on("playing", () => this.play());
    player.on("timeupdate", () => this.tick());
    player.on("seeking", () => this.seek());
    player.on(["pause", "ended"], () => {
      this.tick();
      this.at = null;
      this.page.saver.now();
    });
  }

  resume() {
    const position = Number(this.page.root.dataset.position);
    if (position < 3 || position > this.seconds - 3) return;
    this.player.currentTime(position);
    this.page.show("[data-resumed]");
  }

  /* The first report starts the server's clock. */
  play() {
    this.at = this.player.currentTime();
    if (!this.begun) {
      this.begun = true;
      this.moved = true;
      this.page.saver.now();
    }
  }

  tick() {
    const now = this.player.currentTime();
    if (this.player.seeking() || this.at === null) return;
    if (now > this.at && now - this.at <= STEP) {
      this.mine = union([...this.mine, [this.at, now]]);
      this.moved = true;
      this.batch();
    }
    if (!this.player.paused()) this.at = now;
  }

  batch() {
    const waiting = length(added(this.known, this.mine));
    const since = (Date.now() - this.lastSaved) / 1000;
    if (waiting >= Math.max(2, this.seconds * SHARE) || since >= EVERY) {
      this.lastSaved = Date.now();
      this.page.saver.soon();
    }
  }

  seek() {
    const limit = furthest(this.mine);
    if (this.player.currentTime() > limit + 0.5) this.player.currentTime(limit);
    this.at = null;
    this.player.one("seeked", () => {
      this.at = this.player.paused() ? null : this.player.currentTime();
      this.moved = true;
      this.page.saver.soon();
    });
  }

  unsent() {
    const watched = added(this.known, this.mine).slice(0, 100);
    if (!watched.length && !this.moved) return null;
    return { position: Math.round(this.player.currentTime() * 100) / 100, watched };
  }

  sent(answer) {
    this.known = answer.watched;
    this.moved = false;
    this.lastSaved = Date.now();
  }
}
