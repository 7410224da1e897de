// What the model makes of a picture, in words: how surprising it is, and why.

import { refusal } from "../../core/errors.js";
import { LIKELIHOODS } from "../../core/likelihoods.js";
import { DRAWS } from "../../core/surprise.js";
import { h, help } from "../../widgets/dom.js";
import { percent } from "../../widgets/format.js";
import { RARE, diagnose, otherwise, priceOf } from "./diagnosis.js";
import { createHistogram } from "./histogram.js";
import { BEYOND } from "./refine.js";

const BITS = 1 / Math.log(2);

// `prices` are the held-out examples', sorted. `tryOthers(item)` gives the preparations of a picture that
// came as a file, `correct(better)` takes one of them, and `crop(box)` prepares a part.
export function createVerdict({ bench, prices, tryOthers, ...acts }) {
  const { model, atlas, idle } = bench;
  const judgeBy = { model, prices, drawings: Boolean(bench.card.prepare.digits) };
  const others = new Others(bench, tryOthers);
  const histogram = prices && createHistogram(prices);
  const total = h("output", { class: "total" });
  const split = h("span", { class: "quiet" });
  const words = h("p", { class: "diagnosis", role: "status" });
  const element = h("section", { class: "verdict", "aria-label": "How typical is it?" },
    h("p", {}, h("strong", {}, "How surprising is it? "), total, " ", split, " ",
      help("the surprise", ...aboutSurprise(bench), " ",
        "1 nat is 1.44 bits. The hills show what the held-out pictures cost, the line is yours.")),
    histogram?.element ?? null, words);
  let current = null; // the picture that is judged

  function mark(item) {
    current = item?.x ? item : null;
    histogram?.mark(current && priceOf(current));
  }

  // At each frame: the figures.
  function price(item) {
    mark(item);
    if (!current) return;
    const waits = priceOf(item) === null;
    total.textContent = waits ? "…" : priceWords(item);
    split.textContent = waits || item.beyond ? "" : `= ${termWords(item)}`;
  }

  // When the hand rests: why.
  function judge(item) {
    price(item);
    if (current && !prices) return words.replaceChildren(UNPRICED);
    if (current) return idle.put("verdict", work(item));
    total.textContent = split.textContent = "";
    words.replaceChildren(item ? "This is a code without a picture."
      : "Draw something, open a picture, or take an example.");
  }

  function* work(item) {
    yield;
    if (item !== current) return; // another picture is in use, or none
    const diagnosis = diagnose(judgeBy, item, others.of(item));
    words.dataset.kind = diagnosis.kind;
    words.replaceChildren(...wordsOf(diagnosis, item, atlas.n), ...remedies(diagnosis, item, acts));
    histogram.describe(priceWords(item), diagnosis.share);
    if (others.lacks(item) && !["typical", "several"].includes(diagnosis.kind)) {
      words.append(" Trying other preparations …");
      others.ask(item).then(() => item === current && idle.put("verdict", work(item)));
    }
  }

  return { element, draw: () => histogram?.draw(), price, judge };
}

// The other preparations of a picture. Those of a file Python makes, once.
class Others {
  #made = new WeakMap(); // by the file's pixels

  constructor({ model, notify }, make) {
    Object.assign(this, { model, notify, make });
  }

  of = ({ file, x }) => (file ? this.#made.get(x) ?? [] : [...otherwise(x, this.model.image)]);

  lacks = ({ file, x }) => Boolean(file) && !this.#made.has(x);

  async ask(item) {
    this.#made.set(item.x, []);
    try {
      this.#made.set(item.x, await this.make(item));
    } catch (error) {
      this.notify(refusal(error));
    }
  }
}

function remedies({ kind, better }, item, { correct, crop }) {
  const onPad = item.id === undefined; // which has one ground
  if (better) return onPad && !better.change.turn ? []
    : [button("do-correct", DO(better.change), () => correct(better))];
  return kind === "several" && item.file
    ? item.looks.marks.map((box, i) => button("do-crop", `Crop mark ${i + 1}`, () => crop(box))) : [];
}

const UNPRICED = "What the held-out pictures cost this model is not known: “python -m vae price” " +
  "with the model's folder measures it.";

// As it stands in vae/objective.py.
const aboutSurprise = ({ model, card }) => [
  model.code.hasRate ? "What the picture costs the model, −ELBO: the rate, KL(q ‖ p), for the code, and the " +
    `distortion, −log p(x|z), for what the code leaves out, from ${DRAWS} samples of the posterior.`
    : "What the picture costs the model: the distortion, −log p(x|z), for what its code leaves out.",
  ...(LIKELIHOODS[card.model.likelihood].levels > 2 ? []
    : [" The model knows only black and white. Of a grey picture each pixel is the chance of white: the ",
      "cost is the mean over such pictures, less the picture's own entropy, which every model has to pay."]),
];

// What a picture costs.
export function priceWords(item) {
  if (item.beyond) return BEYOND;
  const nats = priceOf(item);
  return `${nats.toFixed(1)} nats (${(nats * BITS).toFixed(0)} bits)`;
}

function termWords({ rate, distortion, entropy }) {
  const coded = rate === null ? "" : `rate ${rate.toFixed(1)} + `;
  const own = entropy ? ` − own entropy ${entropy.toFixed(1)}` : "";
  const alone = rate === null ? "; codes of this model have no rate" : "";
  return `${coded}distortion ${distortion.toFixed(1)}${own}${alone}`;
}

const button = (name, text, onclick) => h("button", { type: "button", class: name, onclick }, text);

// The verdict, among `n` held-out pictures.
function wordsOf(diagnosis, item, n) {
  const all = `the ${n.toLocaleString("en")} held-out pictures`, { kind, share } = diagnosis;
  const place = kind === "typical" ? `Typical: ${rounded(share)} of ${all} surprise the model less. `
    : share > RARE ? `More surprising than ${rounded(share)} of ${all}. ` : "";
  return [place, WHY[kind](diagnosis, item)];
}

const TURNS = ["", "turned a quarter clockwise", "turned upside down", "turned a quarter anticlockwise"];

// A change of the preparation, in words.
function changeWords({ turn, swap, separate, centre }) {
  return [turn && TURNS[turn], swap && "with light and dark swapped",
    separate === true && "with its ink separated from the paper", separate === false && "with its greys kept",
    centre === true && "centred by its strokes", centre === false && "as it is, without centring"]
    .filter(Boolean).join(" and ");
}

const DO = ({ turn, swap, separate }) => (turn ? "Turn it" : swap ? "Swap them"
  : separate === undefined ? "Place it so" : separate ? "Separate the ink" : "Keep the greys");

const inkWords = ({ ink }) => (ink ? `The reconstruction lacks ${percent(ink.lacks)} of the ink and ` +
  `adds ${percent(ink.adds)}. ` : "");

const WHY = {
  typical: (diagnosis, { rate }) => (rate !== null ? "What differs in the reconstruction is the blur of a " +
    "VAE: it paints the average of all pictures that the code could mean."
    : "What differs in the reconstruction is what the code leaves out."),
  prepared: ({ better }) => `It was probably prepared badly: ${changeWords(better.change)}, it would be ` +
    `typical (${better.price.toFixed(0)} nats). `,
  several: (diagnosis, { looks, kind }) => `There are ${looks.marks.length} marks in it, and the model knows ` +
    `one at a time: ${kind === "drawing" ? "draw" : "crop"} one. `,
  extreme: (diagnosis, { looks }) => `It is about ${looks.long.toFixed(0)} times as long as it is wide: crop the ` +
    "part that you mean. ",
  photograph: () => "It does not look like a drawing: it has no clear strokes on an even ground. Its " +
    "reconstruction is what the model makes of it all the same. ",
  unlike: (diagnosis) => "It is unlike the training data: the model has hardly ever seen something like " +
    `this, however it is prepared, and answers with the nearest thing that it can draw. ${inkWords(diagnosis)}`,
};

function rounded(share) {
  const p = 100 * share;
  return p >= 99.95 && share < 1 ? "99.9 %" : `${p > 99 || p < 1 ? p.toFixed(1) : p.toFixed(0)} %`;
}
