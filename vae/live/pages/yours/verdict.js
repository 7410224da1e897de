// What the model makes of a picture, in words: how surprising it is, and why.

import { LIKELIHOODS } from "../../core/likelihoods.js";
import { h, help } from "../../widgets/dom.js";
import { RARE, diagnose, featureRanges, priceOf } from "./diagnosis.js";
import { createHistogram } from "./histogram.js";
import { BEYOND } from "./refine.js";

const BITS = 1 / Math.log(2);

// `prices` are the held-out examples', sorted; `apply(change)` does what a diagnosis proposes.
export function createVerdict({ bench, prices, apply }) {
  const { model, atlas, idle } = bench;
  const histogram = prices && createHistogram(prices);
  const total = h("output", { class: "total" });
  const split = h("span", { class: "quiet" });
  const words = h("p", { class: "diagnosis", role: "status" });
  const element = h("section", { class: "verdict", "aria-label": "How typical is it?" },
    h("p", {}, h("strong", {}, "How surprising is it? "), total, " ", split, " ",
      help("the surprise", ...aboutSurprise(bench), " ",
        "1 nat is 1.44 bits. The hills show what the held-out pictures cost, the line is yours.")),
    histogram?.element ?? null, words);
  let ranges = null; // of the features of examples
  let current = null; // the picture that is judged

  function mark(item) {
    current = item?.x ? item : null;
    histogram?.mark(current && priceOf(current));
  }

  // At each frame: the figures.
  function price(item) {
    mark(item);
    if (!current) return;
    total.textContent = priceWords(item);
    split.textContent = item.beyond ? "" : `= ${termWords(item)}`;
  }

  // When the hand rests: why.
  function judge(item) {
    mark(item);
    if (current && !prices) return words.replaceChildren(UNPRICED);
    if (current) return idle.put("verdict", work(item));
    total.textContent = split.textContent = "";
    words.replaceChildren(item ? "This is a code without a picture."
      : "Draw something, open a picture, or take an example.");
  }

  function* work(item) {
    ranges ??= yield* featureRanges(model, atlas);
    yield;
    if (item !== current) return; // another picture is in use, or none
    const diagnosis = diagnose(model, item.x, prices, ranges);
    words.dataset.kind = diagnosis.kind;
    words.replaceChildren(placeWords(diagnosis, atlas.n), WHY[diagnosis.kind](diagnosis, model.code),
      ...remedy(diagnosis, item));
    histogram.describe(priceWords(item), diagnosis.share);
  }

  function remedy({ better }, item) {
    const possible = better && (item.file || (better.change.turn && item.id === undefined));
    return possible ? [h("button", { type: "button", class: "do-correct",
      onclick: () => apply(better.change) }, better.change.turn ? "Turn it" : "Swap them")] : [];
  }

  return { element, draw: () => histogram?.draw(), price, judge };
}

const UNPRICED = "What the held-out pictures cost this model is not known; " +
  "“python -m vae price” and the model's folder measures it.";

// As it stands in vae/objective.py.
const aboutSurprise = ({ model, card }) => [
  model.code.hasRate ? "What the picture costs the model, −ELBO: the rate, KL(q ‖ p), for the code, and the " +
    "distortion, −log p(x|z), for what the code leaves out, from 8 samples of the posterior."
    : "What the picture costs the model: the distortion, −log p(x|z), for what its code leaves out.",
  ...(LIKELIHOODS[card.model.likelihood].levels > 2 ? []
    : [" The model knows black and white alone. Of a grey picture each pixel is the chance of white: the ",
      "cost is the mean over such pictures, less the picture's own entropy, which no model could save."]),
];

// What a picture costs.
export function priceWords(item) {
  if (item.beyond) return BEYOND;
  const nats = priceOf(item);
  return `${nats.toFixed(1)} nats (${(nats * BITS).toFixed(0)} bits)`;
}

function termWords({ rate, distortion, entropy }) {
  const coded = rate === null ? "" : `rate ${rate.toFixed(1)} + `;
  const own = entropy ? ` − its own entropy ${entropy.toFixed(1)}` : "";
  const alone = rate === null ? "; codes of this model have no rate" : "";
  return `${coded}distortion ${distortion.toFixed(1)}${own}${alone}`;
}

// Among `n` held-out pictures.
export function placeWords({ share }, n) {
  const all = `the ${n.toLocaleString("en")} held-out pictures`;
  return share > RARE ? `More surprising than ${rounded(share)} of ${all}. `
    : `Typical: ${rounded(share)} of ${all} surprise the model less. `;
}

const WHY = {
  typical: (diagnosis, { hasRate }) => (hasRate ? "What differs in the reconstruction is the blur of a " +
    "VAE: it paints the average of all pictures that the code could mean."
    : "What differs in the reconstruction is what the code leaves out."),
  prepared: ({ better, reasons }) => "It was probably prepared badly: " +
    (better ? `${better.what}, it would fit better (${better.price.toFixed(0)} nats). `
      : `compared with examples, ${reasons.join(", ")}. Look at the steps to the model's input. `),
  unlike: () => "It is unlike the training data: the model has hardly ever seen something like this, " +
    "however it is turned, and answers with the nearest thing that it can draw.",
};

function rounded(share) {
  const p = 100 * share;
  return p >= 99.95 && share < 1 ? "99.9 %" : `${p > 99 || p < 1 ? p.toFixed(1) : p.toFixed(0)} %`;
}
