// Distributions of codes, each as what draws from it: (uniform, t) -> code (D). `uniform()` gives the
// random numbers, the temperature `t` multiplies the standard deviation.

import { need } from "./errors.js";
import { sampleNormal } from "./normal.js";
import { cholesky, covarianceOf, meanOf, rowsOf } from "./moments.js";

// N(mean, L L^T), with `lower` = L row after row.
export function gaussian(mean, lower) {
  const d = mean.length;
  return (uniform, t) => {
    const eps = sampleNormal(d, uniform);
    return Float32Array.from(mean, (m, i) => {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += lower[i * d + j] * eps[j];
      return m + t * sum;
    });
  };
}

// As vae/mixture.py gives it: K weights, K means (D) and K Cholesky factors (D, D).
export function gaussianMixture({ weights, means, cholesky: factors }) {
  const parts = weights.map((_, k) => gaussian(means[k], factors[k].flat()));
  return (uniform, t) => {
    let k = 0;
    for (let left = uniform() - weights[0]; left >= 0 && k < weights.length - 1;) left -= weights[++k];
    return parts[k](uniform, t);
  };
}

// The Gaussian with the mean and the covariance of q(z|class), the mean of its examples' posteriors:
// the spread of their means, and how unsure the encoder is of each. `n` of them stand behind it.
export function classGaussian({ mean, scale, label }, k, d) {
  const means = rowsOf(mean, label, k, d), scales = rowsOf(scale, label, k, d);
  need(means.length > 0, "There is no held-out example of this class to fit a Gaussian to.");
  const middle = meanOf(means, d), covariance = covarianceOf(means, middle, d);
  meanOf(Float64Array.from(scales, (s) => s * s), d).forEach((v, j) => (covariance[j * d + j] += v));
  return Object.assign(gaussian(middle, cholesky(covariance, d)), { n: means.length / d });
}
