// The map as it forms: codes of the same held-out examples, which glide to where they are at each look.

import { calm, h } from "../../widgets/dom.js";
import { classColour, isDark } from "../../widgets/palette.js";
import { fitCanvas, followSize } from "../../plane/stagesize.js";

const GLIDE = 900; // ms from one look to the next
const DOT = 2.5, MARGIN = 12; // px
const RARE = 0.005; // of the examples at either side may be out of view

export class Formation {
  #places = null; // where points are now, (x, y) of each in [-1, 1],
  #from = null; // were,
  #to = null; // and go
  #since = 0;

  constructor({ closing }, wake) {
    this.wake = wake;
    this.canvas = h("canvas", { role: "img", "aria-label": "The map of held-out examples" });
    this.legend = h("p", { class: "legend", "aria-label": "Colours" });
    this.caption = h("figcaption", {});
    this.element = h("figure", { class: "formation" }, h("div", { class: "board" }, this.canvas), this.caption, this.legend);
    closing(followSize(this.canvas.parentElement, (size, dpr) => {
      fitCanvas(this.canvas, size, dpr);
      Object.assign(this, { size, dpr });
      this.draw();
    }));
  }

  // Another training: {labels, classes}.
  begin({ labels, classes }) {
    Object.assign(this, { labels, classes });
    this.#places = this.#to = null;
    this.legend.hidden = !labels;
    this.draw();
  }

  clear() {
    this.#places = this.#to = null;
    this.draw();
  }

  // `isFinal`: of the finished model.
  to(places, isFinal) {
    this.caption.textContent = isFinal ? "UMAP of the finished model's codes"
      : "PCA of the codes, turned so that points stay where they can";
    const next = normal(places);
    if (!this.#places || calm()) this.#places = next;
    this.#from = this.#places.slice();
    this.#to = next;
    this.#since = performance.now();
    this.wake();
  }

  // Whether it goes on.
  paint(now) {
    if (!this.#to) return false;
    const share = Math.min(1, Math.max(0, now - this.#since) / GLIDE), smooth = share * share * (3 - 2 * share);
    this.#places = this.#from.map((v, i) => v + smooth * (this.#to[i] - v));
    this.draw();
    return share < 1;
  }

  draw() {
    if (!this.size) return;
    const pen = this.canvas.getContext("2d"), [width, height] = this.size, dark = isDark(this.canvas);
    pen.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (!this.#places) return;
    const reach = Math.min(width, height) / 2 - MARGIN;
    const colours = this.#colours(dark, getComputedStyle(this.canvas).color);
    for (let i = 0; 2 * i < this.#places.length; i++) {
      pen.fillStyle = colours(i);
      pen.beginPath();
      pen.arc(width / 2 + reach * this.#places[2 * i], height / 2 - reach * this.#places[2 * i + 1], DOT, 0, 2 * Math.PI);
      pen.fill();
    }
    this.#showLegend(dark);
  }

  #colours(dark, ink) {
    return this.labels ? (i) => classColour(this.labels[i], dark) : () => ink;
  }

  #showLegend(dark) {
    if (!this.labels) return;
    this.legend.replaceChildren(...this.classes.slice(0, 10).map((name, k) =>
      h("span", {}, h("i", { style: `background:${classColour(k, dark)}` }), name)));
  }
}

// In the middle, and so wide that nearly all of them are in [-1, 1].
function normal(places) {
  const spans = [0, 1].map((axis) => span(places.filter((_, i) => i % 2 === axis)));
  const reach = Math.max(...spans.map(([low, high]) => (high - low) / 2)) || 1;
  return places.map((v, i) => Math.max(-1.05, Math.min(1.05, (v - (spans[i % 2][0] + spans[i % 2][1]) / 2) / reach)));
}

function span(values) {
  const sorted = values.slice().sort(), last = values.length - 1;
  return [sorted[Math.round(RARE * last)], sorted[Math.round((1 - RARE) * last)]];
}
