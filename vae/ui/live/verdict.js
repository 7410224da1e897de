// What the model makes of a picture, in words: how surprising it is, and why.

import { percentile } from "./check.js";
import { h, help } from "./dom.js";
import { SELDOM, diagnose, knownFeatures, priceOf, shareBelow } from "./usual.js";

const BITS = 1 / Math.log(2);
const HEIGHT = 34, BINS = 80;

// `apply(change)` does what a diagnosis proposes.
export function createUsual({ model, atlas, prices, spare, apply }) {
  const canvas = h("canvas", { class: "prices", role: "img" });
  const pen = canvas.getContext("2d");
  const total = h("output", { class: "total" });
  const split = h("span", { class: "quiet" });
  const words = h("p", { class: "diagnosis", role: "status" });
  const element = h("section", { class: "verdict", "aria-label": "How usual is it?" },
    h("p", {}, h("strong", {}, "How surprising is it? "), total, " ", split, " ",
      help("the surprise", "What the picture costs the model, −ELBO at the posterior mean: the rate, ",
        "KL(q ‖ p), for the code, and the distortion, −log p(x|z), for what the code leaves out. ",
        "1 nat is 1.44 bits. The hills show what the held-out pictures cost, the line is yours.")),
    canvas, words);
  const span = [prices[0], prices[Math.floor(0.999 * (prices.length - 1))]];
  const counts = new Uint32Array(BINS);
  for (const price of prices) counts[binOf(price)]++;
  let colours = null, width = 0, known = null, current = null;

  function binOf(price) {
    const share = (price - span[0]) / (span[1] - span[0] || 1);
    return Math.min(BINS - 1, Math.max(0, Math.floor(BINS * share)));
  }

  function recolour() {
    const style = getComputedStyle(canvas), ratio = devicePixelRatio || 1;
    colours = { hills: style.getPropertyValue("--hills"), accent: style.getPropertyValue("--accent") };
    width = canvas.clientWidth;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint();
  }

  function paint() {
    if (!colours || !width) return;
    pen.clearRect(0, 0, width, HEIGHT);
    pen.fillStyle = colours.hills;
    const top = Math.max(...counts), step = (0.9 * width) / BINS; // the rest is for what costs more
    counts.forEach((n, i) => pen.fillRect(i * step, HEIGHT - ((HEIGHT - 2) * n) / top, step + 0.5, HEIGHT));
    if (!current) return;
    const share = (priceOf(current) - span[0]) / (span[1] - span[0] || 1);
    const beyond = 1 - 1 / (1 + Math.max(0, share - 1)); // 0 at the end of the hills, 1 far beyond
    const x = share <= 1 ? 0.9 * width * Math.max(0, share) : width * (0.9 + 0.1 * beyond);
    pen.fillStyle = colours.accent;
    pen.fillRect(Math.min(x, width - 3), 0, 3, HEIGHT);
  }

  // At each frame: the figures.
  function price(item) {
    current = item.x ? item : null;
    paint();
    if (!current) return;
    const nats = priceOf(item);
    total.textContent = `${nats.toFixed(1)} nats (${(nats * BITS).toFixed(0)} bits)`;
    split.textContent = `= rate ${item.rate.toFixed(1)} + distortion ${item.distortion.toFixed(1)}`;
  }

  // When the hand rests: why.
  function judge(item) {
    current = item?.x ? item : null;
    if (!current) {
      total.textContent = split.textContent = "";
      words.replaceChildren(item ? "This is a code without a picture."
        : "Draw something, open a picture, or take an example.");
      return paint();
    }
    spare.put("verdict", work(item));
  }

  function* work(item) {
    known ??= yield* knownFeatures(model, atlas);
    yield;
    if (item !== current) return; // another picture is on show, or none
    const found = diagnose(model, item.x, prices, known);
    words.dataset.kind = found.kind;
    words.replaceChildren(...say(found, item));
    canvas.setAttribute("aria-label", `Costs ${found.price.toFixed(1)} nats, ` +
      `${percentile(found.share)} percentile of ${prices.length} held-out pictures`);
  }

  function say(found, item) {
    const seldom = found.share > SELDOM;
    const place = seldom
      ? `Worse than ${rounded(found.share)} of the ${atlas.n.toLocaleString("en")} held-out pictures. `
      : `Usual: ${rounded(found.share)} of the ${atlas.n.toLocaleString("en")} held-out pictures ` +
        "surprise the model less. ";
    return [place, ...WHY[found.kind](found, item)];
  }

  const WHY = {
    usual: () => ["What differs in the reconstruction is the blur of a VAE: it paints the average of " +
      "all pictures that the code could mean."],
    prepared: ({ better, reasons }, item) => [
      "It was probably prepared badly: ",
      better ? `${better.what}, it would cost ${better.price.toFixed(0)} nats. `
        : `compared with all that the model knows, ${reasons.join(", ")}. Look at the steps to the ` +
          "model's input. ",
      better && (item.file || (better.change.turn && item.kind === "drawing" && !item.id))
        ? h("button", { type: "button", class: "do-mend", onclick: () => apply(better.change) }, "Do that")
        : ""],
    unlike: () => ["It is unlike the training data: the model has hardly ever seen something like this, ",
      "however it is turned, and answers with the nearest thing it knows."],
  };

  return { element, recolour, price, judge };
}

function rounded(share) {
  const p = 100 * share;
  return p >= 99.95 && share < 1 ? "99.9 %" : `${p > 99 || p < 1 ? p.toFixed(1) : p.toFixed(0)} %`;
}
