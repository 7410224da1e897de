// A posterior as bars against the prior, all on one canvas: a frame paints it in one go.

import { h } from "./dom.js";

const LIMIT = 4; // sigma of the prior, to each side
const ROW = 15, NAME = 34, LETTER = 8, VALUE = 96, GAP = 16; // px
const WIDE = 400; // px from which two columns fit side by side

export class Bars {
  #colours = null;
  #width = 0;

  // `order` are the dimensions, from top to bottom; `code` names them and says which of them the prior
  // is N(0, 1) of. `most` is the largest number among the examples' codes.
  constructor(code, order, most) {
    Object.assign(this, { code, order, limit: code.numberUnit ? LIMIT : most });
    this.indent = Math.max(NAME, ...code.names.map((name) => LETTER * (name.length + 1)));
    this.canvas = h("canvas", { class: "bars", role: "img" });
    this.pen = this.canvas.getContext("2d");
  }

  get #columns() {
    return this.#width >= WIDE && this.order.length > 8 ? 2 : 1;
  }

  get #rows() {
    return Math.ceil(this.order.length / this.#columns);
  }

  resize() {
    const { canvas } = this, ratio = devicePixelRatio || 1, style = getComputedStyle(canvas);
    this.#colours = { ink: style.color, line: style.getPropertyValue("--line"), font: style.fontFamily,
      soft: style.getPropertyValue("--soft"), accent: style.getPropertyValue("--accent") };
    this.#width = canvas.clientWidth;
    const height = ROW * this.#rows;
    canvas.width = Math.round(this.#width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  paint(posterior) {
    if (!this.#width) return;
    const { pen } = this, n = this.#columns, rows = this.#rows;
    const column = (this.#width - GAP * (n - 1)) / n;
    pen.clearRect(0, 0, this.#width, ROW * rows);
    pen.textBaseline = "middle";
    pen.font = `12px ${this.#colours.font}`;
    for (let c = 0; c < n; c++) {
      pen.save();
      pen.translate(c * (column + GAP), 0);
      this.#paintColumn(this.order.slice(c * rows, (c + 1) * rows), column, posterior);
      pen.restore();
    }
  }

  #paintColumn(dims, width, posterior) {
    const { pen } = this, from = this.indent, to = width - VALUE;
    const at = (v) => from + (to - from) * Math.min(1, Math.max(0, 0.5 + v / (2 * this.limit)));
    pen.fillStyle = this.#colours.line; // the prior: one sigma to each side
    pen.globalAlpha = 0.6;
    const normal = dims.map((j) => this.code.units[j] === "σ");
    normal.forEach((is, i) => is && pen.fillRect(at(-1), i * ROW, at(1) - at(-1), ROW));
    pen.globalAlpha = 1;
    pen.fillRect(at(0), 0, 1, ROW * dims.length);
    dims.forEach((j, i) => this.#paintRow(j, (i + 0.5) * ROW, at, width, posterior));
  }

  #paintRow(j, y, at, right, posterior) {
    const { pen } = this;
    pen.fillStyle = this.#colours.soft;
    pen.textAlign = "left";
    pen.fillText(this.code.names[j], 0, y);
    if (!posterior) return;
    const [mu, s] = [posterior.mean[j], posterior.scale[j]];
    pen.fillStyle = this.#colours.accent;
    pen.globalAlpha = 0.45;
    pen.fillRect(at(mu - s), y - 4, Math.max(2, at(mu + s) - at(mu - s)), 8);
    pen.globalAlpha = 1;
    pen.fillRect(at(mu) - 1, y - 6, 2.5, 12);
    pen.fillStyle = this.#colours.ink;
    pen.textAlign = "right";
    pen.fillText(`${mu < 0 ? "−" : "+"}${Math.abs(mu).toFixed(2)}${this.#spread(s)}`, right, y);
  }

  // A point has none.
  #spread(s) {
    return this.code.hasRate ? ` ± ${s.toFixed(2)}` : "";
  }

  // In words, for anyone who cannot see it: when the hand rests.
  describe(posterior) {
    const words = posterior ? this.order.slice(0, 4).map((j) =>
      `${this.code.names[j]} ${posterior.mean[j].toFixed(2)}${this.#spread(posterior.scale[j])}`).join(", ")
      : "empty";
    this.canvas.setAttribute("aria-label", this.code.hasRate
      ? `Posterior of each dimension, the largest rates first: ${words}`
      : `The code, the most varied numbers first: ${words}`);
  }
}
