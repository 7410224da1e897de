// Why paths differ: how far each step of a path moves the picture, and how far its codes lie from the
// nearest example.

import { nearest } from "../../core/blend.js";
import { frameImage } from "../../core/paths.js";

export const STEPS = 33; // a leg, as it is measured, filmed and played

// The frames of a whole path.
export const framesOf = (paths, name, legs) =>
  Array.from({ length: STEPS * legs + 1 }, (_, i) => paths.at(name, i / STEPS));

// `at(t)` gives the frames of a path over so many legs. It decodes them all: a generator, so that it
// can wait its turn. -> {changes, distances, length}; a frame without a code has no distance.
export function* measurePath({ model, atlas }, at, legs) {
  const changes = [], distances = [];
  let before = null;
  for (let i = 0; i <= STEPS * legs; i++) {
    const frame = at(i / STEPS);
    const x = frameImage(model, frame);
    if (before) changes.push(imageDistance(x, before));
    before = x;
    if (i % 2 === 0) distances.push(frame.length === 1
      ? nearest(atlas.mean, frame[0].z, 1).distance[0] : NaN);
    yield;
  }
  return { changes, distances, length: changes.reduce((a, b) => a + b, 0) };
}

export const imageDistance = (x, y) => Math.sqrt(x.reduce((sum, v, k) => sum + (v - y[k]) ** 2, 0));
