// What the model makes of a picture, in words: how surprising it is, and why.

import { percentile } from "../../widgets/format.js";
import { h, help } from "../../widgets/dom.js";
import { SELDOM, diagnose, knownFeatures, priceOf } from "./diagnosis.js";

const BITS = 1 / Math.log(2);
const HEIGHT = 34, BINS = 80;
const HILLS = 0.9; // of the width; the rest is for what costs more than all of them

// `apply(change)` does what a diagnosis proposes.
export function createVerdict({ model, atlas, prices, idle, apply }) {
  const canvas = h("canvas", { class: "prices", role: "img" });
  const pen = canvas.getContext("2d");
  const marker = h("i", { class: "price", "aria-hidden": "true", hidden: true });
  const total = h("output", { class: "total" });
  const split = h("span", { class: "quiet" });
  const words = h("p", { class: "diagnosis", role: "status" });
  const element = h("section", { class: "verdict", "aria-label": "How usual is it?" },
    h("p", {}, h("strong", {}, "How surprising is it? "), total, " ", split, " ",
      help("the surprise", "What the picture costs the model, −ELBO at the posterior mean: the rate, ",
        "KL(q ‖ p), for the code, and the distortion, −log p(x|z), for what the code leaves out. ",
        "1 nat is 1.44 bits. The hills show what the held-out pictures cost, the line is yours.")),
    h("div", { class: "price-area" }, canvas, marker), words);
  const span = [prices[0], prices[Math.floor(0.999 * (prices.length - 1))]];
  const counts = new Uint32Array(BINS);
  for (const price of prices) counts[binOf(price)]++;
  const most = Math.max(...counts);
  let known = null, current = null;

  // Where a price lies among the hills: 0 where they begin, 1 where they end.
  function shareOf(price) {
    return (price - span[0]) / (span[1] - span[0] || 1);
  }

  function binOf(price) {
    return Math.min(BINS - 1, Math.max(0, Math.floor(BINS * shareOf(price))));
  }

  // The hills, after another size or theme.
  function draw() {
    const width = canvas.clientWidth, ratio = devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = getComputedStyle(canvas).getPropertyValue("--hills");
    const step = (HILLS * width) / BINS;
    counts.forEach((n, i) => pen.fillRect(i * step, HEIGHT - ((HEIGHT - 2) * n) / most, step + 0.5, HEIGHT));
  }

  function mark(item) {
    current = item?.x ? item : null;
    marker.hidden = !current;
    if (!current) return;
    const share = Math.max(0, shareOf(priceOf(current)));
    const place = share <= 1 ? HILLS * share : 1 - (1 - HILLS) / share; // the end is infinitely far
    marker.style.left = `min(${100 * place}%, 100% - 3px)`;
  }

  // At each frame: the figures.
  function price(item) {
    mark(item);
    if (!current) return;
    const nats = priceOf(item);
    total.textContent = `${nats.toFixed(1)} nats (${(nats * BITS).toFixed(0)} bits)`;
    split.textContent = `= rate ${item.rate.toFixed(1)} + distortion ${item.distortion.toFixed(1)}`;
  }

  // When the hand rests: why.
  function judge(item) {
    mark(item);
    if (current) return idle.put("verdict", work(item));
    total.textContent = split.textContent = "";
    words.replaceChildren(item ? "This is a code without a picture."
      : "Draw something, open a picture, or take an example.");
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

  return { element, draw, price, judge };
}

function rounded(share) {
  const p = 100 * share;
  return p >= 99.95 && share < 1 ? "99.9 %" : `${p > 99 || p < 1 ? p.toFixed(1) : p.toFixed(0)} %`;
}
