// Three ways to the derivative of a mean cost, E[f(z)] with z = μ + σ ε, by one number of μ. From one draw of ε:
//
//     pathwise   ∂f/∂zⱼ                       the noise is held, and z moved: reparameterization
//     score      f(z) εⱼ / σⱼ                 the cost of the draw, and on which side of μ it lies: REINFORCE
//     baseline   (f(z) − f(μ)) εⱼ / σⱼ        the same, less what the middle costs
//
// All three are right on average; they differ in how far a single draw is off.
//
// Auto-Encoding Variational Bayes (Kingma and Welling, 2013), https://arxiv.org/abs/1312.6114
// Simple Statistical Gradient-Following Algorithms … (Williams, 1992), https://doi.org/10.1007/BF00992696

import { stacked } from "./latent.js";
import { sampleNormal } from "./normal.js";
import { average, deviation } from "./statistics.js";

export const ESTIMATORS = ["pathwise", "score", "baseline"];

const STEP = 0.01; // to either side, for the derivative by z
const SLICE = 32; // draws between two rests

// `costs(codes, n)` are those of n codes, one after the other. A generator that yields between slices and returns
// {pathwise, score, baseline}, each (n).
export function* gradientDraws(costs, { mean, scale }, j, n, uniform) {
  const draws = Object.fromEntries(ESTIMATORS.map((name) => [name, new Float64Array(n)]));
  const [middle] = costs(Float32Array.from(mean), 1);
  for (let from = 0; from < n; from += SLICE) {
    const count = Math.min(SLICE, n - from);
    const noises = Array.from({ length: count }, () => sampleNormal(mean.length, uniform));
    const codes = noises.flatMap((noise) => threeCodes({ mean, scale }, noise, j));
    const cost = costs(stacked(codes, mean.length), 3 * count);
    noises.forEach((noise, i) => {
      const [below, here, above] = cost.slice(3 * i, 3 * i + 3), weight = noise[j] / scale[j];
      const moved = codes[3 * i + 2][j] - codes[3 * i][j]; // as float32 has it
      draws.pathwise[from + i] = (above - below) / moved;
      draws.score[from + i] = here * weight;
      draws.baseline[from + i] = (here - middle) * weight;
    });
    yield;
  }
  return draws;
}

// z, and number j a step below and above.
function threeCodes({ mean, scale }, noise, j) {
  const z = mean.map((m, i) => m + scale[i] * noise[i]);
  return [z.with(j, z[j] - STEP), z, z.with(j, z[j] + STEP)];
}

// The standard deviation of means of n draws each.
export function errorOf(draws, n) {
  const groups = Math.floor(draws.length / n);
  return deviation(Float64Array.from({ length: groups }, (_, g) => average(draws.subarray(g * n, (g + 1) * n))));
}
