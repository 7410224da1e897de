// What the held-out pictures cost a model, as a histogram, and where one picture lies in it.

import { h } from "../../widgets/dom.js";
import { percentile } from "../../widgets/format.js";

const HEIGHT = 34, BINS = 80;
const FILLED = 0.9; // of the width; the rest is for what costs more than all of them

// `prices` are sorted.
export function createHistogram(prices) {
  const canvas = h("canvas", { class: "prices", role: "img",
    "aria-label": "What the held-out pictures cost" });
  const pen = canvas.getContext("2d");
  const marker = h("i", { class: "price", "aria-hidden": "true", hidden: true });
  const element = h("div", { class: "price-area" }, canvas, marker);
  const [least, most] = [prices[0], prices[Math.floor(0.999 * (prices.length - 1))]];
  const place = (price) => (price - least) / (most - least || 1); // 0 at the first bin, 1 after the last
  const counts = new Uint32Array(BINS);
  for (const price of prices) counts[Math.min(BINS - 1, Math.floor(BINS * place(price)))]++;
  const highest = Math.max(...counts);

  // After another size or theme.
  function draw() {
    const width = canvas.clientWidth, ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = getComputedStyle(canvas).getPropertyValue("--hills");
    const step = (FILLED * width) / BINS;
    counts.forEach((n, i) =>
      pen.fillRect(i * step, HEIGHT - ((HEIGHT - 2) * n) / highest, step + 0.5, HEIGHT));
  }

  // A price, or null for none.
  function mark(price) {
    marker.hidden = price === null;
    if (price === null) return;
    const at = Math.max(0, place(price));
    const share = at <= 1 ? FILLED * at : 1 - (1 - FILLED) / at; // the end is infinitely far
    marker.style.left = `min(${100 * share}%, 100% - 3px)`;
  }

  // `words` say what a picture costs.
  function describe(words, share) {
    canvas.setAttribute("aria-label",
      `Costs ${words}, ${percentile(share)} percentile of ${prices.length} held-out pictures`);
  }

  return { element, draw, mark, describe };
}
