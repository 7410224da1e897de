// From a place of the map to a code: that of the example that is pointed at, or of the place itself.

import { nearest } from "../core/blend.js";
import { exampleOf } from "../core/origins.js";

const SNAP = 8; // px: a press this near to a point means the point

// `say(place or null)` tells in words what keys point at.
export function createLead({ bench, layout, legend, camera, code, say }) {
  const { atlas, model } = bench;
  const lift = (place) => model.code.normalized(layout.lift(place, code.z));

  function go(place) {
    const { places } = layout, { index: [i] } = nearest(places, place, 1);
    const far = camera.scale() * Math.hypot(places[2 * i] - place[0], places[2 * i + 1] - place[1]);
    const isPoint = far <= SNAP && !legend.hidden.has(atlas.label[i]);
    code.go(isPoint ? exampleOf(bench, i) : { z: lift(place), name: "a place on the map" });
  }

  function look(place, withKeys) {
    code.look(place && lift(place));
    if (withKeys) say(place);
  }

  return { go, look };
}
