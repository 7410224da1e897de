// The rows of a traversal in movement, as their film would show them: all together, or one at a time.

import { calm, h } from "../../widgets/dom.js";
import { STEPS, swingAt } from "./traversal.js";

const BUDGET = 8; // ms of a frame
const PAUSE = 700; // ms at each stop, where less motion is asked for
const LONGEST = 100; // ms that one frame may pass: a page that slept does not jump

export class Swing {
  playing = false;
  #elapsed = 0; // ms
  #before = 0; // when the last frame was
  #turn = 0; // the row that is painted next
  #stop = -1; // the last one, where less motion is asked for

  // `rows` are the ones that move, `state()` has base, range, fps and movement.
  constructor({ rows, state, wake }) {
    Object.assign(this, { rows, state, wake });
    this.button = h("button", { type: "button", class: "do-play", onclick: () => this.toggle() });
    this.status = h("output", { class: "quiet", role: "status" });
    this.#show();
  }

  toggle() {
    this.playing = !this.playing;
    this.#before = 0;
    this.#show();
    for (const row of this.rows) row.hand.hidden = !this.playing;
    if (!this.playing) this.rest();
    this.wake();
  }

  stop() {
    if (this.playing) this.toggle();
  }

  rest() {
    this.#elapsed = 0;
    this.#stop = -1;
    this.rows.forEach((row) => row.rest());
    if (this.playing) for (const row of this.rows) row.hand.hidden = false;
  }

  #show() {
    this.button.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    this.button.setAttribute("aria-pressed", String(this.playing));
    this.status.textContent = this.playing && calm()
      ? "Your system asks for less motion: this goes in steps." : "";
  }

  // One frame's share of the work; whether more is wanted.
  paint(begin) {
    if (!this.playing) return false;
    if (this.#before) this.#elapsed += Math.min(LONGEST, begin - this.#before);
    this.#before = begin;
    if (!calm() || this.#nextStop()) this.#paintRows(begin);
    return true;
  }

  // Less motion: from stop to stop, not in between.
  #nextStop() {
    const before = this.#stop;
    this.#stop = Math.floor(this.#elapsed / PAUSE);
    return this.#stop !== before;
  }

  // Which rows move now, and how far each is.
  #moment() {
    const { fps, movement } = this.state();
    const swings = (calm() ? this.#stop * PAUSE : this.#elapsed) / ((1000 * STEPS) / fps);
    const moving = movement === "all" ? this.rows : [this.rows[Math.floor(swings) % this.rows.length]];
    return { moving, share: swings % 1 };
  }

  // As many pictures as the frame has time for, going on with the next row in the next frame.
  #paintRows(begin) {
    const { base, range } = this.state(), { moving, share } = this.#moment();
    for (const row of this.rows) {
      if (moving.includes(row)) row.put(swingAt(base.z[row.j], share, range));
      else if (row.at !== base.z[row.j]) row.rest();
    }
    const until = begin + BUDGET;
    for (let n = 0; n < moving.length && (n === 0 || calm() || performance.now() < until); n++, this.#turn++) {
      moving[this.#turn % moving.length].paint();
    }
  }
}
