// What else the posterior thinks the picture could be: samples, as a row and as a flip-book, and how
// much each pixel varies among them.

import { calm, h, help } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { asRgb } from "../../widgets/palette.js";

const SHOWN = 8;
const COUNTED = 64; // samples behind the standard deviation
const PACE = 125; // ms a page of the flip-book

export function createSamples({ model, idle }) {
  const { draw, hasRate, hasChoice } = model.code;
  const thumbs = Array.from({ length: SHOWN }, (_, i) =>
    createPicture(model.image, { "aria-label": `Sample ${i + 1} of ${SHOWN}` }));
  const spread = createSpread(model.image);
  const book = createPicture(model.image, { "aria-label": "Flip-book of samples" });
  const flip = h("button", { type: "button", class: "do-flip", "aria-pressed": "false",
    onclick: () => play(!timer) }, "▶");
  const element = h("section", { class: "samples", "aria-label": "Samples from the posterior",
    hidden: !hasRate },
    h("p", { class: "quiet" }, "Other pictures this code could mean ", help("a sample of the posterior",
      "The encoder answers with a distribution, not a point: each picture here is decoded from ",
      "another draw", hasChoice ? "" : ", z = μ + σ ε", ". The last square shows how much each pixel's mean varies ",
      `among ${COUNTED} draws: what the code leaves open. What the likelihood leaves open at one code is not in it.`)),
    h("div", { class: "thumbs" }, ...thumbs.map((t) => h("figure", {}, t.canvas)),
      h("figure", {}, book.canvas, flip), spread.element));
  let posterior = null, timer = 0;

  function update(next) {
    if (!hasRate) return; // of a point there is nothing to draw
    posterior = next;
    element.classList.toggle("empty", !next);
    if (next) idle.put("samples", work(next));
    else play(false);
  }

  function* work(of) {
    const sum = new Float64Array(model.pixels), squares = new Float64Array(model.pixels);
    for (let n = 0; n < COUNTED && of === posterior; n++) {
      const x = model.decode(draw(of));
      if (n < SHOWN) thumbs[n].paint(x);
      if (n === 0) book.paint(x);
      for (let i = 0; i < model.pixels; i++) {
        sum[i] += x[i];
        squares[i] += x[i] ** 2;
      }
      yield;
    }
    if (of === posterior) spread.show(Float32Array.from(sum, (s, i) =>
      Math.sqrt(Math.max(0, squares[i] / COUNTED - (s / COUNTED) ** 2))));
  }

  function turnPage() {
    if (posterior) book.paint(model.decode(draw(posterior)));
  }

  function play(on) {
    clearInterval(timer);
    timer = on && posterior ? setInterval(turnPage, calm() ? 4 * PACE : PACE) : 0;
    flip.setAttribute("aria-pressed", String(Boolean(timer)));
    flip.textContent = timer ? "❚❚" : "▶";
    flip.setAttribute("aria-label", timer ? "Stop the flip-book" : "Play the flip-book");
  }

  play(false);
  return { element, update, stop: () => play(false) };
}

// The standard deviation of each pixel.
function createSpread([c, height, width]) {
  const { canvas, paint } = createPicture([3, height, width], { class: "map-of-pixels",
    "aria-label": "Standard deviation of each pixel among samples" });
  const caption = h("figcaption", { class: "quiet" }, "σ per pixel");

  // The mean over an image's channels, on a scale up to the largest.
  function show(sigma) {
    const n = height * width;
    const grey = Float32Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < c; k++) sum += sigma[k * n + i] / c;
      return sum;
    });
    const top = Math.max(...grey, 1e-6);
    paint(asRgb(grey.map((v) => v / top)));
    caption.textContent = `σ ≤ ${top.toFixed(2)}`;
  }

  return { element: h("figure", {}, canvas, caption), show };
}
