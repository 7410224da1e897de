// How a map is looked at, as a part of a page's schema: which map, and what its colours mean.

import { choice } from "../io/schema.js";
import { colourNames } from "./colouring.js";
import { mapNames } from "./projections.js";

const BEFORE = { error: "distortion" }; // names in older links

export function mapView(bench) {
  const colour = choice(colourNames(bench));
  return {
    map: choice(mapNames(bench.model.code)),
    colour: { ...colour, read: (text) => colour.read(BEFORE[text] ?? text) },
  };
}
