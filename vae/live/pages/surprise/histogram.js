// How the scores of normal pictures and of the others are spread, with the threshold as a handle over them.

import { h } from "../../widgets/dom.js";

const BINS = 96;
const FOOT = 18; // px, for the ends of the axis
const STEPS = 1000; // of the handle along the axis

export class Histogram {
  #shown = null; // what the counts are of
  #counts = null;

  // `move(threshold)` and `settle()` hear of the handle.
  constructor({ move, settle }) {
    this.canvas = h("canvas", { role: "img", "aria-label": "Scores" });
    this.pen = this.canvas.getContext("2d");
    this.input = h("input", { type: "range", "aria-label": "Threshold", step: "any",
      oninput: () => move(this.input.valueAsNumber), onchange: settle });
    this.mark = h("i", { class: "yours", "aria-hidden": "true", hidden: true });
    this.element = h("div", { class: "histogram" }, this.canvas, this.mark, this.input);
    this.sized = new ResizeObserver(() => this.#shown && this.draw());
    this.sized.observe(this.canvas);
  }

  // `scores` as Scores.of gives them; `words` say where the threshold stands.
  show(scores, threshold, words, { unit, digits }) {
    if (this.#shown !== scores) this.#count(scores);
    const [low, high] = scores.span;
    Object.assign(this.input, { min: low, max: high, step: (high - low) / STEPS });
    this.input.value = threshold;
    this.input.setAttribute("aria-valuetext", words);
    this.threshold = threshold;
    this.label = (v) => `${v.toFixed(digits)} ${unit}`;
    this.draw();
  }

  #count({ checked, others, span: [low, high] }) {
    const binned = (values) => {
      const counts = new Float32Array(BINS);
      for (const v of values) {
        counts[Math.max(0, Math.min(BINS - 1, Math.floor((BINS * (v - low)) / (high - low))))]++;
      }
      return counts.map((count) => count / values.length);
    };
    this.#counts = [binned(checked), binned(others)];
  }

  draw() {
    const { canvas, pen } = this, { clientWidth: width, clientHeight: height } = canvas;
    const ratio = devicePixelRatio || 1;
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(name);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const middle = (height - FOOT) / 2;
    this.#bars(this.#counts[0], width, middle, -1, colour("--normal"));
    this.#bars(this.#counts[1], width, middle, 1, colour("--others"));
    pen.fillStyle = colour("--soft");
    pen.fillRect(0, middle - 0.5, width, 1);
    this.#words(width, height, style);
  }

  // What is flagged is in full colour.
  #bars(counts, width, middle, sign, colour) {
    const { pen, input: { min, max } } = this, [low, high] = [Number(min), Number(max)];
    const most = Math.max(...counts) || 1, step = width / BINS;
    const edge = (BINS * (this.threshold - low)) / (high - low);
    pen.fillStyle = colour;
    counts.forEach((share, i) => {
      const tall = ((middle - 4) * share) / most;
      pen.globalAlpha = i + 0.5 > edge ? 1 : 0.35;
      pen.fillRect(i * step, sign < 0 ? middle - tall : middle, Math.max(1, step - 0.5), tall);
    });
    pen.globalAlpha = 1;
  }

  #words(width, height, style) {
    const { pen, input: { min, max } } = this;
    pen.fillStyle = style.getPropertyValue("--soft");
    pen.font = `12px ${style.fontFamily}`;
    for (const [v, at, align] of [[Number(min), 0, "left"], [Number(max), width, "right"]]) {
      pen.textAlign = align;
      pen.fillText(this.label(v), at, height - 4);
    }
  }

  // Where one picture's score is, or null for none.
  point(score) {
    this.mark.hidden = score === null;
    if (score === null) return;
    const { min, max } = this.input, share = (score - min) / (max - min);
    this.mark.style.setProperty("--at", Math.max(0, Math.min(1, share)));
  }

  describe(words) {
    this.canvas.setAttribute("aria-label", words);
  }
}
