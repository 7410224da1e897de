// Means and covariances of codes: pure functions on typed arrays. Codes stand row after row (N * D),
// and so does a matrix (D * D).

import { stacked } from "./latent.js";

// The rows of `values` (N * D) whose label is k.
export function rowsOf(values, label, k, d) {
  const rows = [];
  label.forEach((of, i) => of === k && rows.push(values.subarray(i * d, (i + 1) * d)));
  return stacked(rows, d);
}

export function meanOf(rows, d) {
  const sum = new Float64Array(d);
  rows.forEach((v, i) => (sum[i % d] += v));
  return sum.map((v) => (v * d) / rows.length);
}

// Only the lower triangle is filled: a covariance is symmetric.
export function covarianceOf(rows, mean, d) {
  const covariance = new Float64Array(d * d);
  for (let at = 0; at < rows.length; at += d) {
    for (let i = 0; i < d; i++) {
      const step = ((rows[at + i] - mean[i]) * d) / rows.length;
      for (let j = 0; j <= i; j++) covariance[i * d + j] += step * (rows[at + j] - mean[j]);
    }
  }
  return covariance;
}

// L with L L^T = covariance, of which only the lower triangle is read. A dimension without any spread
// has a zero pivot and then a zero column.
export function cholesky(covariance, d) {
  const lower = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * d + j];
      for (let k = 0; k < j; k++) sum -= lower[i * d + k] * lower[j * d + k];
      lower[i * d + j] = i === j ? Math.sqrt(Math.max(0, sum)) : sum / (lower[j * d + j] || 1);
    }
  }
  return lower;
}
