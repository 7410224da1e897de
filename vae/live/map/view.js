// How the map is looked at, as a link says it: which map, and what its colours mean.

import { readQuery } from "../io/query.js";

export const VIEWS = {
  map: ["umap", "pca"],
  colour: ["class", "uncertainty", "distance", "error"],
};

// -> {map, colour}
export const readView = (asked = readQuery()) => asked.choices(VIEWS);
