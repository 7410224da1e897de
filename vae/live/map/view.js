// How a map is looked at, as a part of a page's schema: which map, and what its colours mean.

import { choice } from "../io/schema.js";

export const mapView = {
  map: choice(["umap", "pca"]),
  colour: choice(["class", "uncertainty", "distance", "error"]),
};
