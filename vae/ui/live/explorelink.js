// The page Explore as a link: which map, its colours, the filmstrip, and the code.

import { formatCode } from "./latent.js";
import { readQuery, unusual, writeQuery } from "./query.js";

const VIEWS = {
  map: ["umap", "pca"],
  colour: ["class", "uncertainty", "distance", "error"],
  film: ["off", "on"],
};

// What is on show: {map, colour, film}.
export const readView = (asked = readQuery()) => asked.choices(VIEWS);

// -> {view, z or null, problems: sentences}
export function readExplore(d) {
  const asked = readQuery();
  const z = asked.code("z", d, " Shown instead: the first example.");
  return { view: readView(asked), z, problems: asked.problems };
}

export function writeExplore(model, view, z) {
  return writeQuery({ model, ...unusual(view, VIEWS), z: formatCode(z) });
}
