// The map in words, for who cannot see it.

import { nearest } from "../core/blend.js";
import { exampleOf } from "../core/origins.js";
import { MAPS } from "./projections.js";

const asPlace = (place) => Array.from(place, (v) => v.toFixed(1)).join(", ");

// `shown` is the current code, `pointed` the place that keys point at; each may be null.
export function describe({ bench, layout, map, leads, shown, pointed }) {
  if (pointed) {
    const { index: [i] } = nearest(layout.places, pointed, 1);
    return `Preview at ${asPlace(pointed)}, nearest to ${exampleOf(bench, i).name}. ` +
      "Enter goes there, Escape leaves.";
  }
  const at = shown ? `; the current code lies at ${asPlace(layout.place(shown))}` : "";
  return `Map of ${bench.atlas.n} examples, ${MAPS[map].title}${at}.` +
    (leads ? " Arrow keys point at places." : "");
}
