// What a code that came with a link is called here: a picture at hand or a held-out example has a
// name already.

import { exampleAt } from "../core/atlas.js";
import { nearest } from "../core/blend.js";

export function nameOfCode({ atlas, classes, yours }, z) {
  const item = yours.items.find((item) => item.z.every((v, j) => v === z[j]));
  if (item) return item.name;
  const { index, distance } = nearest(atlas.mean, z, 1);
  return distance[0] === 0 ? exampleAt(atlas, index[0], classes).words : "a linked picture";
}
