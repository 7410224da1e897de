// Plays through the page's state as its film would: from 0 to `last()` in `t`, `perUnit` frames to each
// whole number, at the film's frames per second, back and forth or from the start again.
//
// It ends as soon as anything else moves `t`: a hand, undo, a link.

import { h } from "./dom.js";
import { filmControls, filmSettings } from "./film.js";

const LONGEST = 0.1; // s that one frame may pass: a page that slept does not jump

// `rounded(t)` is the nearest place where `t` may stand.
export class Player {
  #frame = 0; // asked for; 0 while it rests
  #at = 0; // where it has led
  #direction = 1;
  #before = 0; // when the last frame was, in ms

  constructor(bench, { last, perUnit, rounded }) {
    Object.assign(this, { history: bench.history, last, perUnit, rounded });
    this.button = h("button", { type: "button", class: "main do-play", onclick: () => this.toggle() });
    this.elements = [this.button, ...filmControls(bench, ["fps", "bounce"])];
    this.#rest();
    bench.closing(() => this.stop());
    bench.follow(() => this.#frame && this.#moved() && this.stop());
  }

  toggle() {
    if (!this.#frame) return this.#begin();
    this.stop();
    this.history.settle();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#rest();
  }

  #rest() {
    this.#frame = 0;
    this.button.textContent = "▶ Play";
  }

  #begin() {
    const { bounce } = filmSettings(this.history.now), { t } = this.history.now;
    const ended = t >= this.last();
    this.#direction = bounce && ended ? -1 : 1;
    this.#before = 0;
    this.#lead(ended && !bounce ? 0 : t);
    this.#next();
    this.button.textContent = "❚❚ Pause";
  }

  #next() {
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  #step(now) {
    const { fps, bounce } = filmSettings(this.history.now);
    const passed = this.#before ? Math.min(LONGEST, (now - this.#before) / 1000) : 0;
    this.#before = now;
    const [t, direction] = stepped(this.#at, this.#direction, (passed * fps) / this.perUnit, this.last(), bounce);
    this.#direction = direction;
    this.#lead(t);
    this.#next();
  }

  #lead(t) {
    this.#at = t;
    this.history.move({ t: this.rounded(t) });
  }

  #moved() {
    return this.history.now.t !== this.rounded(this.#at);
  }
}

// One step between 0 and `last`: where it leads, and which way (1 or -1) to go on from there.
function stepped(t, direction, far, last, bounce) {
  const next = t + direction * far;
  if (next >= 0 && next <= last) return [next, direction];
  if (!bounce) return [0, 1];
  return next > last ? [last, -1] : [0, 1];
}
