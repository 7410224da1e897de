// One picture, drawn or given: what it costs, whether it would be flagged, and where it surprises.

import { DRAWINGS } from "../../core/drawings.js";
import { pValue } from "../../core/detection.js";
import { sfc32 } from "../../core/random.js";
import { h, help } from "../../widgets/dom.js";
import { PEN, Pad, strokesOf } from "../../widgets/pad.js";
import { asRgb, sharesOf } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";
import { createThumb } from "../../widgets/thumb.js";

const DRAWN = ["a three", "a face"];
const GIVEN = {
  blank: (x) => x,
  "a dot": (x, [, height, width]) => x.map((_, i) => (
    Math.abs((i % width) - width / 2) < 2 && Math.abs((Math.floor(i / width) % height) - height / 2) < 2 ? 1 : 0)),
  noise: (x) => {
    const uniform = sfc32(0);
    return x.map(uniform);
  },
};

export class Probe {
  #version = -1;
  #given = null;
  now = null; // {x, …} and all that model.surprise says of it

  constructor(bench, wake) {
    const { model, card, history } = bench, { image } = model;
    Object.assign(this, { bench, wake, history });
    this.where = new Float32Array(model.pixels);
    this.pad = new Pad({ image, digits: Boolean(card.prepare.digits), pen: () => PEN,
      move: (drawing) => history.move({ drawing, given: null }), settle: () => history.settle(), painted() {} });
    this.input = createPicture(image, { "aria-label": "What the model sees" });
    this.map = createPicture([3, ...image.slice(1)], { "aria-label": "Where it surprises" });
    this.map.canvas.classList.replace("picture", "map-of-pixels");
    this.words = h("p", { class: "verdict", role: "status" });
    this.parts = h("p", { class: "quiet" });
    this.yours = h("div", { class: "thumbs" });
    this.element = h("section", { class: "card probe", "aria-label": "A picture" },
      h("header", {}, h("h2", {}, "A picture"), help("where it surprises", "What each pixel adds to the surprise: ",
        "what it costs given the code, less its own greyness, averaged over eight codes. Bright is expensive. What ",
        "the code itself costs (its rate) belongs to no pixel.")),
      h("div", { class: "three" }, this.pad.canvas, h("figure", {}, this.input.canvas, h("figcaption", {}, "model's input")),
        h("figure", {}, this.map.canvas, h("figcaption", {}, "where it surprises"))),
      this.words, this.parts,
      h("div", { class: "row" }, ...DRAWN.map((name) => this.#button(name, () => this.#draw(strokesOf(DRAWINGS[name], PEN)))),
        ...Object.keys(GIVEN).map((name) => this.#button(name, () => this.#give(name))),
        this.#button("Clear", () => this.#draw([]))), this.yours);
    bench.closing(bench.yours.listen(() => this.#list()));
    this.#list();
  }

  #button(name, act) {
    return h("button", { type: "button", onclick: act }, name);
  }

  #draw(drawing) {
    this.history.change({ drawing, given: null });
  }

  #give(name) {
    const { model } = this.bench;
    this.history.change({ given: { name, x: GIVEN[name](new Float32Array(model.pixels), model.image) } });
  }

  // Your pictures that have pixels.
  #list() {
    const { model, yours } = this.bench;
    this.yours.replaceChildren(...yours.items.filter(({ x }) => x).map(({ name, x }) =>
      createThumb(model, { name, x }, `Take your picture “${name}”`, () => this.history.change({ given: { name, x } }))));
  }

  // Whether it is another picture than before, read anew.
  read() {
    const { drawing, given } = this.history.now;
    this.pad.show(drawing);
    if (given ? given === this.#given : !this.#given && this.#version === this.pad.version) return false;
    this.#given = given;
    this.#version = this.pad.version;
    const x = given ? given.x : this.pad.x();
    this.now = x && { x, ...this.bench.model.surprise(x, this.where) };
    this.input.paint(x ?? new Float32Array(this.bench.model.pixels));
    if (!x) this.where.fill(0);
    this.map.paint(asRgb(sharesOf(this.where, this.bench.model.image)));
    return true;
  }

  // The score of the picture in use by one of SCORES, or null: the size of a PNG depends on who writes it.
  score(key) {
    if (!this.now || key === "png") return null;
    const { x, surprise } = this.now;
    return key === "surprise" ? surprise : x.reduce((a, b) => a + b, 0) / x.length;
  }

  show(scores, threshold, key, words) {
    const score = this.score(key);
    if (score === null) {
      this.words.textContent = this.now ? "The size of a PNG is measured by Python only." : "Draw something.";
      this.parts.textContent = "";
      return;
    }
    const { rate, distortion, entropy } = this.now;
    const p = pValue(scores.fitted, score);
    this.words.textContent = `${score > threshold ? "Flagged" : "Not flagged"}: ${words(score)}, p = ${p.toPrecision(2)}`;
    this.words.dataset.flagged = String(score > threshold);
    this.parts.textContent = key === "surprise" ? `${rate === null ? "" : `code ${rate.toFixed(1)} + `}` +
      `pixels ${(distortion - entropy).toFixed(1)} nats` : "";
  }
}
