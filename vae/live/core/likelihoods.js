// What a decoder's features mean, as in vae/distributions.py: `channels` for each of the image's,
// `mean` is the image shown, in [0, 1], `cost(features, x)` is -log p(x|z) in nats.

import { sigmoid, softclip, softplus } from "./activations.js";

export const LIKELIHOODS = {
  bernoulli: { channels: 1, mean: sigmoid, cost: bernoulliCost },
  gaussian: { channels: 2, mean: (x) => Math.min(1, Math.max(0, x)), cost: gaussianCost },
};

const GREY_LEVEL = -Math.log(256); // below it the likelihood of 8-bit data grows without bound

function bernoulliCost(logits, x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += softplus(logits[i]) - x[i] * logits[i];
  return sum;
}

function gaussianCost(features, x) {
  let sum = (x.length * Math.log(2 * Math.PI)) / 2;
  for (let i = 0; i < x.length; i++) {
    const logScale = softclip(features[x.length + i], GREY_LEVEL);
    sum += ((x[i] - features[i]) * Math.exp(-logScale)) ** 2 / 2 + logScale;
  }
  return sum;
}
