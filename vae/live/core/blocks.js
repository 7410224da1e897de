// The kinds of numbers that a code is made of, each as what it means to those who know nothing of
// kinds: see vae/code.py. What is handed in and out are a block's own numbers.
//
//   outputs          numbers of the encoder for each number of the block
//   widget           how a hand sets it: a slider for each number, or a button for each class
//   posterior(h)     the encoder's numbers -> {mean, scale} of q(z|x)
//   bounded(q, prior)                   the nearest to it that is within reach of the block's prior
//   draw(mean, scale, uniform)          a sample of that posterior
//   negentropy(mean, scale)             of each number, in nats; null for a posterior without density
//   origin(n)        where hands begin: zero, or the first class
//   normalized(z)    the nearest thing that the block can hold, in place
//   write(z)         its entries of a code as text
//   read(block, words, first)           and back, of which `first` came before: [numbers, the rest]

import { boundedScale } from "./activations.js";
import { need } from "./errors.js";
import { UNIT_ENTROPY, sampleNormal } from "./normal.js";
import { readNumbers, writeNumbers } from "./text.js";

export const KINDS = {
  normal: { outputs: 2, widget: "sliders", posterior: gaussianPosterior, bounded, draw: drawGaussian,
    negentropy: (mean, scale) => Float64Array.from(scale, (s) => -Math.log(s) - UNIT_ENTROPY),
    origin: zeros, normalized: (z) => z, write: writeNumbers, read: readNumbers },
  choice: { outputs: 1, widget: "buttons", posterior: choicePosterior, bounded: (q) => q, draw: drawClass,
    negentropy: (mean) => Float64Array.from(mean, (p) => (p > 0 ? p * Math.log(p) : 0)),
    origin: (n) => oneHot(0, n), normalized: ontoWeights, write: writeChoice, read: readChoice },
  point: { outputs: 1, widget: "sliders", bounded,
    posterior: (h) => ({ mean: Float32Array.from(h), scale: zeros(h.length) }),
    draw: (mean) => Float32Array.from(mean), negentropy: () => null,
    origin: zeros, normalized: (z) => z, write: writeNumbers, read: readNumbers },
};

function zeros(n) {
  return new Float32Array(n);
}

export function oneHot(k, n) {
  const weights = new Float32Array(n);
  weights[k] = 1;
  return weights;
}

// The class of the largest weight.
export const likeliest = (weights) => weights.indexOf(Math.max(...weights));

// The class whose weight is all; null between classes.
function chosen(weights) {
  const k = weights.indexOf(1);
  return k >= 0 && weights.every((w, i) => i === k || w === 0) ? k : null;
}

// ---- posteriors

function gaussianPosterior(h) {
  const n = h.length / 2;
  return { mean: Float32Array.from(h.subarray(0, n)), scale: Float32Array.from(h.subarray(n), boundedScale) };
}

// How far a posterior may be from its prior, in the prior's standard deviations: see distributions.py.
const FARTHEST = 100, WIDEST = 5;

function bounded({ mean, scale }, { means, widths }) {
  const near = (m, j) => {
    const reach = FARTHEST * widths[j];
    return Math.min(Math.max(m, means[j] - reach), means[j] + reach);
  };
  return { mean: mean.map(near), scale: scale.map((s, j) => Math.min(s, WIDEST * widths[j])) };
}

function drawGaussian(mean, scale, uniform) {
  return sampleNormal(mean.length, uniform).map((e, j) => mean[j] + scale[j] * e);
}

function choicePosterior(logits) {
  const top = Math.max(...logits);
  const odds = Float64Array.from(logits, (v) => Math.exp(v - top));
  const total = odds.reduce((a, b) => a + b, 0);
  const mean = Float32Array.from(odds, (v) => v / total);
  return { mean, scale: mean.map((p) => Math.sqrt(p * (1 - p))) };
}

function drawClass(mean, scale, uniform) {
  let k = 0;
  for (let left = uniform() - mean[0]; left >= 0 && k < mean.length - 1;) left -= mean[++k];
  return oneHot(k, mean.length);
}

// Weights are not negative and sum to 1: what left them is cut off and scaled.
function ontoWeights(z) {
  let sum = 0;
  for (let j = 0; j < z.length; j++) sum += z[j] = Math.max(0, z[j]);
  for (let j = 0; j < z.length; j++) z[j] = sum > 0 ? z[j] / sum : 1 / z.length;
  return z;
}

// ---- text

function writeChoice(weights) {
  const k = chosen(weights);
  return k === null ? writeNumbers(weights) : [`c${k}`];
}

function readChoice(block, words, first) {
  if (!words[0]?.startsWith("c")) return readWeights(block, words, first);
  const k = /^c\d{1,9}$/.test(words[0]) ? Number(words[0].slice(1)) : NaN;
  need(k < block.size, `The link's code has “${words[0]}” for “${block.name}”, whose classes are ` +
    `c0 to c${block.size - 1}.`);
  return [[...oneHot(k, block.size)], words.slice(1)];
}

function readWeights(block, words, first) {
  const [weights, rest] = readNumbers(block, words, first);
  const sum = weights.reduce((a, b) => a + b, 0);
  need(Math.min(...weights) >= 0 && Math.abs(sum - 1) <= 1e-4,
    `The weights of “${block.name}” in the link's code must be positive with the sum 1.`);
  return [weights, rest];
}
