// Measures of what a model cannot do: what a grey pixel means, and what becomes of pictures of another world.

import { createReader } from "../../core/clouds.js";
import { row } from "../../core/latent.js";
import { inputOf } from "../../core/machine.js";
import { average } from "../../core/statistics.js";
import { ended } from "../lab.js";
import { priced } from "./prices.js";
import { nats, plain, share } from "./writing.js";

const PICTURES = 40; // for a mean, and of a class
const STRANGERS = 200;
const GREY = [0.1, 0.9]; // between these a pixel is neither black nor white

export const limits = {
  "grey-share": { say: share, of: greyShare },
  "grey-ratio": { say: plain, of: async (lab, a, b) => await greyShare(lab, a) / await greyShare(lab, b) },
  "guess-cost": { say: nats, of: (lab, guess, k) => guessCost(lab, guess, k) },
  "guess-ratio": { say: plain, of: async (lab, k) => await guessCost(lab, "one", k) / await guessCost(lab, "average", k) },
  "stranger-cost": { say: nats, of: strangerCost },
  "stranger-readable": { say: share, of: strangerReadable },
};

// Of the pixels of pictures as a model gives them back.
async function greyShare(lab, name) {
  const { model } = await lab.open(name);
  const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, i) => lab.picture(`@${i}`)));
  return average(pictures.map((x) =>
    average(givenBack(model, x).map((v) => Number(v > GREY[0] && v < GREY[1])))));
}

const givenBack = (model, x) => Float32Array.from(model.decode(model.encode(x).mean));

// What the pictures of a class cost on average, pixel by pixel, where the guess is their average, or where it is one of
// them, with as much doubt as suits it; a mean over which one.
async function guessCost(lab, guess, k) {
  const { atlas } = await lab.open(lab.first);
  const rows = [...atlas.label.keys()].filter((i) => atlas.label[i] === Number(k)).slice(0, PICTURES);
  const pictures = await Promise.all(rows.map((i) => lab.picture(`@${i}`)));
  const mean = pictures[0].map((_, at) => average(pictures.map((x) => x[at])));
  if (guess === "average") return mean.reduce((sum, p) => sum + entropy(p), 0);
  return average(pictures.map((x) => x.length * entropy(average(x.map((v, at) => Math.abs(v - mean[at]))))));
}

// Of a coin that shows heads with probability p, nats.
const entropy = (p) => (p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));

// The first `count` examples as the model `other` draws them, as `model` sees pictures.
async function strangers(lab, model, other, count) {
  const { atlas, model: artist } = await lab.open(other);
  return Array.from({ length: count }, (_, i) =>
    inputOf(model, Float32Array.from(artist.decode(row(atlas.mean, i, artist.latent)))));
}

async function strangerCost(lab, name, other) {
  const { model } = await lab.open(name);
  const costs = await ended(priced(model, await strangers(lab, model, other, PICTURES)));
  return average(costs.map(({ rate, distortion }) => rate + distortion));
}

// Of another model's pictures, given back by this one, the share that the lesson's first model reads clearly.
async function strangerReadable(lab, name, other) {
  const { model } = await lab.open(name), read = createReader(await lab.open(lab.first));
  const pictures = await strangers(lab, model, other, STRANGERS);
  return ended((function* count() {
    let clear = 0;
    for (const x of pictures) {
      clear += read(givenBack(model, x)).isClear;
      yield;
    }
    return clear / pictures.length;
  })());
}
