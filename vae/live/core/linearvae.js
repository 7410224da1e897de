// A model whose two networks are one linear layer each, with one σ: x|z ~ N(W z + μ, σ² I) as a density. Of it log p(x)
// is known, and so is by how much the ELBO of its encoder's posterior misses it:
//
//     log p(x) = log N(x; μ, W Wᵀ + σ² I)            by M = WᵀW + σ² I, of the size of a code
//     ELBO     = E_q[log N(x; W z + μ, σ² I)] − KL(q ‖ N(0, I)),   q = N(m, diag v²), both in closed form
//
// Probabilistic Principal Component Analysis (Tipping and Bishop, 1999), https://doi.org/10.1111/1467-9868.00196

import { need } from "./errors.js";
import { dot } from "./latent.js";
import { LIKELIHOODS } from "./likelihoods.js";
import { cholesky } from "./moments.js";

const LINEAR = new Set(["linear", "flatten", "unflatten"]);

// {mean, columns, sigma}, read off what the decoder makes of the zero code and of each unit code.
function decoderOf({ card, model: { features, latent, pixels } }) {
  const { decoder, likelihood } = card.model;
  need(likelihood === "gaussian" && decoder.every(({ op }) => LINEAR.has(op)), "This model is not linear.");
  const read = (z) => Float64Array.from(features(z));
  const origin = read(new Float32Array(latent)), mean = origin.subarray(0, pixels);
  const columns = Array.from({ length: latent }, (_, j) => {
    const z = new Float32Array(latent);
    z[j] = 1;
    return read(z).subarray(0, pixels).map((v, i) => v - mean[i]);
  });
  return { mean, columns, sigma: LIKELIHOODS.gaussian.scale(origin[pixels]) };
}

// -> {logP, elbo} of a picture, nats.
export function exactOf(context, x) {
  const { mean, columns, sigma } = decoderOf(context), { code, encode } = context.model;
  const d = mean.map((m, i) => x[i] - m), base = d.length * Math.log(2 * Math.PI * sigma ** 2) / 2;
  const { mean: m, scale } = encode(x);
  const left = d.map((v, i) => v - columns.reduce((sum, w, j) => sum + w[i] * m[j], 0));
  const error = dot(left, left) + columns.reduce((sum, w, j) => sum + dot(w, w) * scale[j] ** 2, 0);
  return { elbo: -base - error / (2 * sigma ** 2) - code.rate(m, scale, m), logP: logDensity(d, columns, sigma) };
}

function logDensity(d, columns, sigma) {
  const k = columns.length, along = columns.map((w) => dot(w, d));
  const inner = Float64Array.from({ length: k * k }, (_, at) => {
    const [i, j] = [Math.floor(at / k), at % k];
    return dot(columns[i], columns[j]) + (i === j ? sigma ** 2 : 0);
  });
  const lower = cholesky(inner, k), solved = new Float64Array(k);
  let logDet = 2 * (d.length - k) * Math.log(sigma);
  for (let i = 0; i < k; i++) {
    let rest = along[i];
    for (let j = 0; j < i; j++) rest -= lower[i * k + j] * solved[j];
    solved[i] = rest / lower[i * k + i];
    logDet += 2 * Math.log(lower[i * k + i]);
  }
  return -0.5 * (d.length * Math.log(2 * Math.PI) + logDet + (dot(d, d) - dot(solved, solved)) / sigma ** 2);
}
