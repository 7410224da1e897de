// Probabilistic PCA with two dimensions, as vae/models/ppca.py has it: pictures are μ + w₁ z₁ + w₂ z₂ and noise of one
// standard deviation s for all pixels.
//
//     E-step     z|x ~ N(M⁻¹ Wᵀ(x − μ), s² M⁻¹),   M = WᵀW + s² I      exact, for each picture
//     M-step     W ← S W (s² I + M⁻¹ Wᵀ S W)⁻¹,    s² ← tr(S − S W M⁻¹ Wᵀ) / P
//     best       S's two largest eigenvalues λ: wⱼ = √(λⱼ − s²) uⱼ,   s² = the mean of the others
//
// The covariance S of n pictures of P pixels is never written down: S w = Xᵀ(X w) / n. A rotation of z changes no
// picture, so the two columns of W are kept orthogonal, and M diagonal.
//
// Probabilistic Principal Component Analysis (Tipping and Bishop, 1999), https://doi.org/10.1111/1467-9868.00196

import { dot, norm, scaled } from "./latent.js";
import { need } from "./errors.js";
import { sampleNormal } from "./normal.js";

const CLOSE = 1e-9, TURNS = 3000; // of the search for eigenvectors

// n pictures, one after the other -> {n, p, mean, x, total}, x being the pictures less their mean and `total` the
// trace of S.
export function dataOf(images, n) {
  const p = images.length / n, mean = new Float64Array(p), x = Float64Array.from(images);
  x.forEach((v, i) => (mean[i % p] += v / n));
  x.forEach((v, i) => (x[i] = v - mean[i % p]));
  const total = dot(x, x) / n;
  need(total > 0, "These pictures are all the same: there is nothing to explain.");
  return { n, p, mean, x, total };
}

// X w, and S w.
function projected({ n, p, x }, w) {
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0, at = i * p; j < p; j++, at++) sum += x[at] * w[j];
    return sum;
  });
}

function covaried(data, w) {
  const { n, p, x } = data, along = projected(data, w), out = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    const share = along[i] / n;
    for (let j = 0, at = i * p; j < p; j++, at++) out[j] += share * x[at];
  }
  return out;
}

const sum2 = ([a, b], s, t) => a.map((v, i) => s * v + t * b[i]);

// The same plane and the same distribution with the columns orthogonal, the longer one first, and of each the largest
// number positive.
function orthogonal(w, variance) {
  const [a, b, c] = [dot(w[0], w[0]), dot(w[0], w[1]), dot(w[1], w[1])], angle = Math.atan2(2 * b, a - c) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { weight: [sum2(w, cos, sin), sum2(w, -sin, cos)].map(oriented), variance };
}

function oriented(w) {
  const most = w.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
  return most < 0 ? scaled(w, -1) : w;
}

// M's diagonal.
const inner = ({ weight, variance }) => weight.map((w) => dot(w, w) + variance);

// Somewhere to start from: a random W, each of whose columns explains a tenth of the variance, and noise for the rest.
export function beginning({ p, total }, uniform) {
  const each = total / p / 10;
  const weight = [0, 1].map(() => scaled(Float64Array.from(sampleNormal(p, uniform)), Math.sqrt(each)));
  return orthogonal(weight, 8 * each);
}

// One step of EM: the likelihood never falls.
export function emStep(data, { weight, variance }) {
  const m = inner({ weight, variance }), seen = weight.map((w) => covaried(data, w));
  const at = (i, j) => (i === j ? variance : 0) + dot(weight[i], seen[j]) / m[i];
  const [a, b, c, d] = [at(0, 0), at(0, 1), at(1, 0), at(1, 1)], det = a * d - b * c;
  const next = [sum2(seen, d / det, -c / det), sum2(seen, -b / det, a / det)];
  const explained = seen.reduce((sum, s, j) => sum + dot(s, next[j]) / m[j], 0);
  return orthogonal(next, (data.total - explained) / data.p);
}

// The best of all, by orthogonal iteration. A generator that yields between turns and returns the model.
export function* closedForm(data, uniform) {
  const weight = yield* eigenvectors(data, beginning(data, uniform).weight);
  const values = weight.map((u) => dot(u, covaried(data, u)));
  const variance = (data.total - values[0] - values[1]) / (data.p - 2);
  need(variance > 0, "Two numbers say all of these pictures: nothing is left for noise.");
  return orthogonal(weight.map((u, j) => scaled(u, Math.sqrt(Math.max(0, values[j] - variance)))), variance);
}

function* eigenvectors(data, begin) {
  let now = orthonormal(begin);
  for (let turn = 0; turn < TURNS; turn++) {
    const next = orthonormal(orthogonal(now.map((u) => covaried(data, u)), 0).weight);
    const moved = Math.sqrt(Math.max(0, 2 - now.flatMap((u) => next.map((v) => dot(u, v) ** 2)).reduce((s, v) => s + v, 0)));
    now = next;
    yield;
    if (moved < CLOSE) break;
  }
  const [u, v] = now, [a, b, c] = [dot(u, covaried(data, u)), dot(u, covaried(data, v)), dot(v, covaried(data, v))];
  const angle = Math.atan2(2 * b, a - c) / 2;
  return [sum2(now, Math.cos(angle), Math.sin(angle)), sum2(now, -Math.sin(angle), Math.cos(angle))];
}

function orthonormal([a, b]) {
  const u = scaled(a, 1 / norm(a)), rest = sum2([b, u], 1, -dot(b, u));
  return [u, scaled(rest, 1 / norm(rest))];
}

// The mean of log p(x) over the pictures, nats: the density of greys in [0, 1].
export function logLikelihood(data, model) {
  const { p, total } = data, { weight, variance } = model, m = inner(model);
  const along = weight.reduce((sum, w, j) => sum + dot(w, covaried(data, w)) / m[j], 0);
  const logDet = Math.log(m[0]) + Math.log(m[1]) + (p - 2) * Math.log(variance);
  return -0.5 * (p * Math.log(2 * Math.PI) + logDet + (total - along) / variance);
}

// The E-step of every picture: the means of z, [z₁ of all, z₂ of all], in units of the prior.
export function posteriorMeans(data, model) {
  const m = inner(model);
  return model.weight.map((w, j) => scaled(projected(data, w), 1 / m[j]));
}

// The largest angle between two planes, degrees.
export function angleBetween(a, b) {
  const [q, r] = [a, b].map(({ weight }) => orthonormal(weight));
  const [[c, d], [e, f]] = q.map((u) => r.map((v) => dot(u, v)));
  // The smaller singular value of the 2 x 2 matrix, by its square's trace and determinant.
  const [t, det] = [c * c + d * d + e * e + f * f, (c * f - d * e) ** 2];
  const least = Math.max(0, (t - Math.sqrt(Math.max(0, t * t - 4 * det))) / 2);
  return (180 / Math.PI) * Math.acos(Math.min(1, Math.sqrt(least)));
}

// The share of the pictures' variance that lies in the plane.
export function shareOf(data, { weight }) {
  const plane = orthonormal(weight);
  return plane.reduce((sum, u) => sum + dot(u, covaried(data, u)), 0) / data.total;
}

// `start`, then what each of so many steps makes of it.
export function* em(data, start, steps) {
  let now = start;
  yield now;
  for (let i = 0; i < steps; i++) yield now = emStep(data, now);
}
