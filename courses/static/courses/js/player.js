/* A recording: goes on where one stopped, moves forward only over what was played, tells what was played. */

import { Cues } from "./cues.js";
import { Idle } from "./idle.js";
import { Session } from "./session.js";
import { added, furthest, length, union } from "./watched.js";

const STEP = 1.5; /* seconds by which the recording may run before the clock between two ticks */
const SHARE = 0.05;
const EVERY = 60;

export class Player {
  constructor(element, page) {
    this.page = page;
    this.seconds = Number(page.root.dataset.seconds);
    const told = JSON.parse(element.dataset.player);
    this.speeds = told.speeds;
    this.adopt(told.resumed);
    this.at = null;
    this.moved = false;
    this.lastSaved = Date.now();
    window.videojs.addLanguage("zh-cn", { "Drop shadow": "投影", "Playing in Picture-in-Picture": "正在画中画播放" });
    this.player = window.videojs(element, {
      language: "zh-cn", /* the player knows languages in small letters only */
      fill: false,
      audioOnlyMode: told.is_audio,
      playbackRates: this.speeds.length > 1 ? this.speeds : [],
      userActions: { hotkeys: true },
      controlBar: { pictureInPictureToggle: false },
    });
    const stop = () => this.stop();
    const go = () => this.player.play();
    this.session = new Session(page, { opened: (answer) => this.opened(answer), lost: stop });
    this.cues = new Cues(page, { stop, go, answered: (answer) => this.answered(answer) });
    this.cues.waiting = told.resumed.cues;
    this.idle = new Idle(page, { seconds: told.idle, playing: () => !this.player.paused(), stop, go });
    this.listen();
    page.saver.stopped = true;
    this.session.open();
  }

  listen() {
    const { player } = this;
    player.one("loadedmetadata", () => this.resume());
    player.on("play", () => this.page.asking() && player.pause());
    player.on("playing", () => this.play());
    player.on("timeupdate", () => this.tick());
    player.on("seeking", () => this.seek());
    player.on("ratechange", () => this.holdSpeed());
    player.on(["pause", "ended"], () => {
      this.tick();
      this.at = null;
      this.page.saver.now();
    });
    window.addEventListener("pageshow", (event) => event.persisted && this.session.open());
  }

  /* What the server holds is what was played. */
  adopt(answer) {
    this.known = answer.watched;
    this.mine = union(this.known);
    this.free = answer.free;
  }

  opened(answer) {
    const first = !this.wasOpen;
    this.wasOpen = true;
    const begun = first ? this.mine : [];
    this.adopt(answer);
    this.mine = union([...this.mine, ...begun]);
    this.cues.waiting = answer.cues;
    if (!first) this.goBack();
  }

  resume() {
    const position = Number(this.page.root.dataset.position);
    if (position < 3 || position > this.seconds - 3) return;
    this.player.currentTime(position);
    this.page.show("[data-resumed]");
  }

  stop() {
    this.player.pause();
    if (this.player.isFullscreen()) this.player.exitFullscreen();
  }

  play() {
    this.at = this.player.currentTime();
    this.since = Date.now();
  }

  tick() {
    const now = this.player.currentTime();
    if (this.player.seeking() || this.at === null) return;
    const most = ((Date.now() - this.since) / 1000) * this.player.playbackRate() + STEP;
    if (now > this.at && now - this.at <= most) {
      this.mine = union([...this.mine, [Math.min(this.at, this.seconds), Math.min(now, this.seconds)]]);
      this.moved = true;
      this.batch();
    }
    if (!this.player.paused()) this.play();
    if (now >= this.cues.limit && !this.page.asking()) this.cues.ask();
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
    const limit = Math.min(this.free ? this.seconds : furthest(this.mine), this.cues.limit);
    if (this.player.currentTime() > limit + 0.5) {
      this.player.currentTime(limit);
      this.page.say(this.page.root.dataset.ahead);
    }
    this.at = null;
    this.player.one("seeked", () => {
      this.play();
      if (this.player.paused()) this.at = null;
      this.moved = true;
      this.page.saver.soon();
    });
  }

  holdSpeed() {
    const fastest = this.speeds[this.speeds.length - 1];
    if (this.player.playbackRate() > fastest) this.player.playbackRate(fastest);
  }

  /* To the end of what counts, so that the rest can be played again. */
  goBack() {
    const limit = furthest(this.known);
    if (!this.free && this.player.currentTime() > limit) this.player.currentTime(limit);
  }

  unsent(leaving) {
    const watched = added(this.known, this.mine).slice(0, 100);
    if (!watched.length && !this.moved && !leaving) return null;
    const position = Math.round(this.player.currentTime() * 100) / 100;
    return { session: this.session.key, alive: this.idle.since(), position, watched };
  }

  sent(answer) {
    this.known = answer.watched;
    this.free = answer.free;
    this.cues.waiting = answer.cues;
    this.moved = false;
    this.lastSaved = Date.now();
    const left = length(added(this.known, this.mine));
    const stuck = left > 0 && left === this.left; /* refused twice, too little for words */
    this.left = left;
    if (!answer.refused && !stuck) return;
    this.adopt(answer);
    this.goBack();
  }

  answered(answer) {
    this.cues.waiting = answer.cues;
    this.page.showFoot(answer.foot);
  }

  lost(answer) {
    this.stop();
    this.session.refused(answer);
  }
}
