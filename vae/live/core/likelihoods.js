// What a decoder's features mean, as in vae/distributions.py: `channels` for each of the image's, a pixel
// has one of `levels` values, `mean` is the image shown, in [0, 1], and `cost(features, x)` is -log p(x|z)
// in nats.

import { sigmoid, softclip, softplus } from "./activations.js";
import { logNormalCdf } from "./normal.js";

const GREYS = 256;

export const LIKELIHOODS = {
  bernoulli: { channels: 1, levels: 2, mean: sigmoid, cost: bernoulliCost },
  gaussian: { channels: 2, levels: GREYS, mean: (x) => Math.min(1, Math.max(0, x)), cost: greysCost },
};

const GREY_LEVEL = -Math.log(GREYS); // below it there is nothing more to gain

function bernoulliCost(logits, x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += softplus(logits[i]) - x[i] * logits[i];
  return sum;
}

function greysCost(features, x) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const scale = Math.exp(softclip(features[x.length + i], GREY_LEVEL));
    sum -= logMass(Math.floor((GREYS - 1) * x[i] + 0.5), features[i], scale);
  }
  return sum;
}

// The log of a Gaussian's mass from half a grey level below `level` to half a level above it; the first and
// the last have all that lies beyond them.
function logMass(level, loc, scale) {
  const u = (level / (GREYS - 1) - loc) / scale, half = 0.5 / (GREYS - 1) / scale;
  if (level <= 0) return logNormalCdf(u + half);
  if (level >= GREYS - 1) return logNormalCdf(half - u);
  // In the lower tail, where no digits cancel; the upper one is its mirror image.
  const above = logNormalCdf(half - Math.abs(u)), below = logNormalCdf(-half - Math.abs(u));
  return above + Math.log(-Math.expm1(Math.min(below - above, -SMALLEST)));
}

const SMALLEST = 1e-7; // under a scale of millions of levels the two would be one number
