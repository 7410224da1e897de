// What a decoder's features mean, as in vae/distributions.py: `channels` for each of the image's, a pixel
// has one of `levels` values, `mean` is the image shown, in [0, 1], `cost(features, x)` is -log p(x|z) in
// nats, `pixel(features, x, i)` the part of it that pixel i costs, and `slope(features, x)` its derivative by each
// feature; where a pixel has a scale, `scale` makes it of the second half of the features.

import { sigmoid, softclip, softplus } from "./activations.js";
import { logNormalCdf } from "./normal.js";

const GREYS = 256;

export const LIKELIHOODS = {
  bernoulli: { channels: 1, levels: 2, mean: sigmoid, pixel: bernoulliPixel, cost: sumOf(bernoulliPixel),
    slope: (logits, x) => logits.map((v, i) => sigmoid(v) - x[i]) },
  gaussian: { channels: 2, levels: GREYS, mean: (x) => Math.min(1, Math.max(0, x)), scale: greyScale,
    pixel: greyPixel, cost: sumOf(greyPixel), slope: greySlope },
};

function sumOf(pixel) {
  return (features, x) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += pixel(features, x, i);
    return sum;
  };
}

function bernoulliPixel(logits, x, i) {
  return softplus(logits[i]) - x[i] * logits[i];
}

const FINEST = -Math.log(GREYS); // the log-scale of a grey level, below which there is nothing more to gain

function greyScale(h) {
  return Math.exp(softclip(h, FINEST));
}

function greyPixel(features, x, i) {
  return -logMass(Math.floor((GREYS - 1) * x[i] + 0.5), features[i], greyScale(features[x.length + i]));
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

// By means, then by the features of scales: of log(Φ(a) − Φ(b)), where an open end takes nothing off.
function greySlope(features, x) {
  const n = x.length, out = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const level = Math.floor((GREYS - 1) * x[i] + 0.5), loc = features[i], scale = greyScale(features[n + i]);
    const u = (level / (GREYS - 1) - loc) / scale, half = 0.5 / (GREYS - 1) / scale, log = logMass(level, loc, scale);
    const above = level >= GREYS - 1 ? 0 : Math.exp(logDensity(u + half) - log);
    const below = level <= 0 ? 0 : Math.exp(logDensity(u - half) - log);
    out[i] = (above - below) / scale;
    out[n + i] = ((u + half) * above - (u - half) * below) * sigmoid(features[n + i] - FINEST);
  }
  return out;
}

const logDensity = (u) => -0.5 * (u * u + Math.log(2 * Math.PI));

const SMALLEST = 1e-7; // under a scale of millions of levels the two would be one number
