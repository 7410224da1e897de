// What a model expects of the numbers of one block, before it has seen a picture: as in
// vae/distributions.py. Each answers
//
//   sample(uniform, t)   a code; the temperature `t` multiplies the standard deviation
//   logDensity(z)        log p(z), nats
//   cross(mean, scale)   E_q[log p] of each number, for q with these moments; under a mixture it is
//                        that of the Gaussian with the mixture's moments
//   exact                whether the sum of those is E_q[log p] itself
//   means                of each number
//   widths               standard deviation of each number; 0 where it is a weight
//   term                 its name, as it stands in a sentence

import { sigmoid } from "./activations.js";
import { need } from "./errors.js";
import { UNIT_ENTROPY, sampleNormal } from "./normal.js";

// How learned arrays become a mixture: (tensors, components, size, image, encode) -> {logWeights (K),
// locs (K * D), scales (K * D)}, where `encode` gives the posterior of a picture; null where nothing
// is learned. `term` names it.
export const PRIORS = {
  normal: { read: () => null, term: () => "N(0, I)" },
  mixture: { read: mixtureArrays, term: (k) => `a mixture of ${k} Gaussians` },
  vamp: { read: vampArrays, term: (k) => `the mean of ${k} learned posteriors (VampPrior)` },
};

function learned(tensors, name, count) {
  const data = tensors[`prior.${name}`]?.data;
  need(data?.length === count, `The weights have no complete prior.${name}.`);
  return data;
}

function mixtureArrays(tensors, k, d) {
  const logits = learned(tensors, "logits", k), most = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, v) => sum + Math.exp(v - most), 0)) + most;
  return { logWeights: Float64Array.from(logits, (v) => v - total), locs: learned(tensors, "loc", k * d),
    scales: learned(tensors, "log_scale", k * d).map(Math.exp) };
}

function vampArrays(tensors, k, d, image, encode) {
  const pixels = image.reduce((a, b) => a * b, 1);
  const inputs = learned(tensors, "inputs", k * pixels);
  const locs = new Float32Array(k * d), scales = new Float32Array(k * d);
  for (let i = 0; i < k; i++) {
    const { mean, scale } = encode(inputs.slice(i * pixels, (i + 1) * pixels).map(sigmoid));
    locs.set(mean, i * d);
    scales.set(scale, i * d);
  }
  return { logWeights: new Float64Array(k).fill(-Math.log(k)), locs, scales };
}

// ---- as values

const crossed = (mean, scale, loc, width) => Float64Array.from(mean, (m, j) =>
  -0.5 * (((m - loc[j]) / width[j]) ** 2 + (scale[j] / width[j]) ** 2 - 1) -
    Math.log(width[j]) - UNIT_ENTROPY);

export function standardNormal(d) {
  const loc = new Float64Array(d), width = new Float64Array(d).fill(1);
  return {
    exact: true,
    term: PRIORS.normal.term(),
    means: loc,
    widths: width,
    sample: (uniform, t) => sampleNormal(d, uniform).map((e) => t * e),
    logDensity: (z) => z.reduce((sum, v) => sum - (v * v) / 2, (-d * Math.log(2 * Math.PI)) / 2),
    cross: (mean, scale) => crossed(mean, scale, loc, width),
  };
}

// Any of `d` classes, all as probable; its samples are one class.
export function uniformChoice(d) {
  return {
    exact: true,
    term: `any of ${d} classes`,
    means: new Float64Array(d).fill(1 / d),
    widths: new Float64Array(d),
    sample: (uniform) => {
      const z = new Float32Array(d);
      z[Math.min(d - 1, Math.floor(uniform() * d))] = 1;
      return z;
    },
    logDensity: () => -Math.log(d),
    cross: (mean) => Float64Array.from(mean, (p) => -p * Math.log(d)),
  };
}

export function mixture({ logWeights, locs, scales }, term) {
  const k = logWeights.length, d = locs.length / k;
  const { loc, width } = momentsOf(logWeights, locs, scales, d);
  const peaks = logWeights.map((w, i) => scales.subarray(i * d, (i + 1) * d)
    .reduce((sum, s) => sum - Math.log(s), w - (d * Math.log(2 * Math.PI)) / 2));
  return {
    exact: false,
    term,
    means: loc,
    widths: width,
    sample(uniform, t) {
      let i = 0;
      for (let left = uniform() - Math.exp(logWeights[0]); left >= 0 && i < k - 1;) {
        left -= Math.exp(logWeights[++i]);
      }
      return sampleNormal(d, uniform).map((e, j) => locs[i * d + j] + t * scales[i * d + j] * e);
    },
    logDensity(z) {
      const logs = peaks.map((peak, i) => {
        let sum = peak;
        for (let j = 0, at = i * d; j < d; j++, at++) sum -= ((z[j] - locs[at]) / scales[at]) ** 2 / 2;
        return sum;
      });
      const most = Math.max(...logs);
      return most + Math.log(logs.reduce((sum, v) => sum + Math.exp(v - most), 0));
    },
    cross: (mean, scale) => crossed(mean, scale, loc, width),
  };
}

// The mixture's own mean and standard deviation of each number.
function momentsOf(logWeights, locs, scales, d) {
  const loc = new Float64Array(d), square = new Float64Array(d);
  locs.forEach((v, at) => (loc[at % d] += Math.exp(logWeights[Math.floor(at / d)]) * v));
  locs.forEach((v, at) => (square[at % d] += Math.exp(logWeights[Math.floor(at / d)]) *
    ((v - loc[at % d]) ** 2 + scales[at] ** 2)));
  return { loc, width: square.map(Math.sqrt) };
}
