// The pictures by which EM is shown: what a model draws of its first held-out examples.

import { dataOf } from "./ppca.js";

const MOST = 400, NUMBERS = 1.2e6; // pictures, and numbers in all of them

export const countFor = ({ model, atlas }) =>
  Math.min(MOST, atlas.n, Math.max(50, Math.floor(NUMBERS / model.pixels)));

export function drawnData({ model, atlas }) {
  const n = countFor({ model, atlas });
  return dataOf(model.decodeMany(atlas.mean.subarray(0, n * model.latent), n), n);
}
