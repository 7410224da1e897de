// Measures of what came before encoders: EM of probabilistic PCA, and how far the ELBO is from log p(x).

import { drawnData } from "../../core/emdata.js";
import { LIKELIHOODS } from "../../core/likelihoods.js";
import { exactOf } from "../../core/linearvae.js";
import { sampleNormal } from "../../core/normal.js";
import { angleBetween, beginning, closedForm, em, logLikelihood, shareOf } from "../../core/ppca.js";
import { sfc32 } from "../../core/random.js";
import { average } from "../../core/statistics.js";
import { ended } from "../lab.js";
import { nats, plain, whole } from "./writing.js";

const STEPS = 60, DRAWS = 500, SLICE = 25;

export const ancestors = {
  "linear-gap": { say: plain, of: linearGap },
  "gap-at-least": { say: plain, of: gapAtLeast },
  "em-gap": { say: plain, of: async (lab, name, seed, steps) => (await gapsOf(lab, name, seed))[steps] },
  "em-needed": { say: whole, of: async (lab, name, seed, most) =>
    (await gapsOf(lab, name, seed)).findIndex((gap) => gap < Number(most)) },
  "em-angle": { say: plain, of: async (lab, name, seed, steps) =>
    angleBetween((await stepsOf(lab, name, seed))[steps], await bestOf(lab, name)) },
  "plane-percent": { say: whole, of: async (lab, name) => 100 * shareOf(await dataOf(lab, name), await bestOf(lab, name)) },
  "plane-nats": { say: nats, of: async (lab, name) => logLikelihood(await dataOf(lab, name), await bestOf(lab, name)) },
};

async function linearGap(lab, name, example) {
  const { elbo, logP } = exactOf(await lab.open(name), await lab.picture(example));
  return logP - elbo;
}

// By the importance-weighted bound: log p(x) may be higher still.
async function gapAtLeast(lab, name, example) {
  const { model } = await lab.open(name), x = await lab.picture(example);
  const weights = await ended(logWeights(model, x, sfc32(0))), most = Math.max(...weights);
  return most + Math.log(average(weights.map((w) => Math.exp(w - most)))) - average(weights);
}

// log p(x|z) + log p(z) − log q(z|x) of DRAWS codes of the posterior, under the prior N(0, I).
function* logWeights({ features, likelihood, latent, encode }, x, uniform) {
  const { mean, scale } = encode(x), { cost } = LIKELIHOODS[likelihood], weights = [];
  while (weights.length < DRAWS) {
    const noises = Array.from({ length: SLICE }, () => sampleNormal(latent, uniform));
    const codes = Float32Array.from(noises.flatMap((noise) => Array.from(noise, (e, j) => mean[j] + scale[j] * e)));
    const h = features(codes, SLICE), each = h.length / SLICE;
    noises.forEach((noise, i) => weights.push(noise.reduce((sum, e, j) =>
      sum + (e * e - codes[i * latent + j] ** 2) / 2 + Math.log(scale[j]), 0) - cost(h.subarray(i * each, (i + 1) * each), x)));
    yield;
  }
  return weights;
}

// -- EM
const dataOf = (lab, name) => lab.once(["em data", name], async () => drawnData(await lab.open(name)));

const bestOf = (lab, name) => lab.once(["closed form", name], async () =>
  ended(closedForm(await dataOf(lab, name), sfc32(0))));

// The model after each of STEPS steps, the start first.
const stepsOf = (lab, name, seed) => lab.once(["em", name, seed], async () => {
  const data = await dataOf(lab, name);
  return ended(listed(em(data, beginning(data, sfc32(Number(seed))), STEPS)));
});

function* listed(job) {
  const all = [];
  for (const one of job) {
    all.push(one);
    yield;
  }
  return all;
}

// How many nats of a picture each step is below the closed form.
const gapsOf = (lab, name, seed) => lab.once(["em gaps", name, seed], async () => {
  const data = await dataOf(lab, name), top = logLikelihood(data, await bestOf(lab, name));
  return (await stepsOf(lab, name, seed)).map((model) => top - logLikelihood(data, model));
});
