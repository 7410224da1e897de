// The nearest picture that would not be flagged, and the path there as a film: of `t`, 0 is the picture itself,
// 1 the first on the path that is not flagged.

import { STEPS, fillPath, firstBelow } from "../../core/unflagged.js";
import { h, download, help } from "../../widgets/dom.js";
import { gifOf } from "../../widgets/downloads.js";
import { createPicture } from "../../widgets/picture.js";
import { Player } from "../../widgets/player.js";

const JOB = "the path to what is not flagged";
const FPS = 20, SCALE = 8, REST = 10; // the film: the last picture stays for so many frames

export class Unflagged {
  #path = [];
  #x = null; // the picture whose path it is
  #end = -1; // place of the first that is not flagged

  #asked = null; // the threshold, and what says a score

  constructor(bench) {
    const { history, model } = bench;
    Object.assign(this, { bench, history });
    this.picture = createPicture(model.image, { "aria-label": "The picture on the path" });
    this.words = h("p", { class: "quiet", role: "status" });
    this.hand = h("input", { type: "range", min: 0, max: 1, step: 1 / STEPS, "aria-label": "How far along the path",
      oninput: () => history.move({ t: this.hand.valueAsNumber }), onchange: () => history.settle() });
    this.player = new Player(bench, { last: () => 1, perUnit: STEPS, rounded: (t) => Math.round(t * STEPS) / STEPS });
    this.save = h("button", { type: "button", class: "do-film", onclick: () => this.#save() }, "GIF");
    this.film = h("div", { class: "along" }, this.hand, h("div", { class: "row" }, ...this.player.elements, this.save));
    this.element = h("section", { class: "unflagged", "aria-label": "Nearest picture that is not flagged" },
      h("header", {}, h("h2", {}, "Nearest not flagged"), help("this path",
        "From the picture in small steps towards its reconstruction, which the model encodes anew after each. That ",
        "direction leads to more probable pictures (Alain & Bengio, 2014). The path ends where the surprise is no ",
        "longer above the threshold; another path may end nearer.")),
      h("div", { class: "two" }, this.picture.canvas, h("div", {}, this.words, this.film)));
    bench.closing(() => bench.idle.drop(JOB));
  }

  // Another picture, or null for none.
  read(x) {
    if (x === this.#x) return;
    this.#x = x;
    this.#path = [];
    this.bench.idle.drop(JOB);
    if (x) this.bench.idle.put(JOB, this.#job(x));
  }

  *#job(x) {
    const work = fillPath(this.#path, this.bench.model, x);
    while (!work.next().done) {
      this.show(...this.#asked);
      yield;
    }
    this.show(...this.#asked);
  }

  // Where the threshold on surprise stands, as `words` say a score.
  show(threshold, words) {
    this.#asked = [threshold, words];
    const path = this.#path, done = path.length > STEPS;
    this.#end = firstBelow(path, threshold);
    this.film.hidden = this.#end <= 0;
    this.picture.canvas.classList.toggle("absent", this.#end < 0);
    const frame = path[this.#end < 0 ? path.length - 1 : this.#place()];
    if (frame) this.picture.paint(frame.x);
    this.hand.value = this.history.now.t;
    this.words.textContent = this.#said(done, words);
    this.hand.setAttribute("aria-valuetext", frame ? words(frame.surprise) : "");
  }

  #place() {
    return Math.round(this.history.now.t * this.#end);
  }

  #said(done, words) {
    if (!this.#x) return "Draw something.";
    if (this.#end < 0) return done ? `None within ${STEPS} steps: ${words(this.#path.at(-1).surprise)} there.` : "On the path …";
    if (this.#end === 0) return "The picture itself.";
    const { x, surprise } = this.#path[this.#place()];
    return `Step ${this.#place()} of ${this.#end}: ${words(surprise)}; a pixel changed by ${changeOf(x, this.#x).toFixed(3)} on average.`;
  }

  #save() {
    const frames = this.#path.slice(0, this.#end + 1).map(({ x }) => x);
    const shown = [...frames, ...Array(REST).fill(frames.at(-1))];
    download("not flagged.gif", gifOf(this.bench.model, shown, { fps: FPS, scale: SCALE, bounce: false }));
  }
}

const changeOf = (a, b) => a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length;
