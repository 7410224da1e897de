// Measures that compare models: what the same pictures cost them, and how much of their codes is in use.

import { readDims } from "../../core/reading.js";
import { average } from "../../core/statistics.js";
import { ended } from "../lab.js";
import { nats, plain, whole } from "./writing.js";

const PICTURES = 40; // for a mean

export const prices = {
  "rate-ratio": { say: plain, of: (lab, ...given) => ratio(lab, "rate", ...given) },
  "distortion-ratio": { say: plain, of: (lab, ...given) => ratio(lab, "distortion", ...given) },
  "mean-rate": { say: nats, of: (lab, name) => meanOf(lab, name, "rate") },
  "mean-distortion": { say: nats, of: (lab, name) => meanOf(lab, name, "distortion") },
  "mean-distortion-ratio": { say: plain, of: async (lab, a, b) =>
    await meanOf(lab, a, "distortion") / await meanOf(lab, b, "distortion") },
  "mean-cost": { say: nats, of: meanCost },
  "cheapest-beta": { say: String, of: cheapestBeta },
  active: { say: whole, of: activeCount },
};

async function ratio(lab, part, a, b, example) {
  const x = await lab.picture(example);
  const [top, bottom] = await Promise.all([a, b].map(async (name) => (await lab.open(name)).model.surprise(x)[part]));
  return top / bottom;
}

// Of the first held-out examples: [{rate, distortion}, …].
function pricesOf(lab, name) {
  return lab.once(["prices", name], async () => {
    const { model } = await lab.open(name);
    const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, i) => lab.picture(`@${i}`)));
    return ended(priced(model, pictures));
  });
}

// {rate, distortion} of each picture, with a rest after each.
export function* priced(model, pictures) {
  const found = [];
  for (const x of pictures) {
    found.push(model.surprise(x));
    yield;
  }
  return found;
}

async function meanOf(lab, name, part) {
  return average((await pricesOf(lab, name)).map((price) => price[part]));
}

async function meanCost(lab, name) {
  return await meanOf(lab, name, "rate") + await meanOf(lab, name, "distortion");
}

// The β, of the lesson's models but the first, that was trained to what costs least.
async function cheapestBeta(lab) {
  const costs = await Promise.all(lab.names.slice(1).map(async (name) =>
    ({ beta: (await lab.open(name)).card.training.beta, cost: await meanCost(lab, name) })));
  return costs.reduce((best, one) => (one.cost < best.cost ? one : best)).beta;
}

async function activeCount(lab, name) {
  const { atlas, model } = await lab.open(name);
  return readDims(atlas, model.code).live.length;
}
