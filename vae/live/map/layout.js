// Where the points are drawn now: on the map that is chosen, or on the way to it.

import { boxAround } from "../plane/camera.js";
import { createGlide } from "./glide.js";
import { MAPS } from "./projections.js";

// `changed()` hears of each step of the way, and of the arrival: see `arrived`.
export function createLayout({ atlas, camera, changed }) {
  const projections = {}; // of the maps that were asked for
  let chosen = null, places = null, from = null, to = null, arrived = true;

  const glide = createGlide((mix, t) => {
    places = mix(from.places, to.places);
    camera.show(mix(from.box, to.box));
    arrived = t === 1;
    changed();
  });

  function show(name) {
    chosen = projections[name] ??= MAPS[name].project(atlas);
    to = { places: chosen.coordinates, box: boxAround(chosen.coordinates) };
    if (places && camera.size[0]) {
      from = { places, box: camera.box() };
      arrived = false;
      glide.begin();
    } else { // nobody sees it yet
      places = to.places;
      camera.show(to.box);
      changed();
    }
  }

  return {
    show, stop: glide.stop,
    // Another map under this name, from now on.
    replace(name, projection) {
      projections[name] = projection;
    },
    // Whether a place is the code itself.
    get isCode() {
      return chosen.isCode === true;
    },
    place: (z) => chosen.place(z),
    lift: (place, z) => chosen.lift(place, z),
    get places() {
      return places;
    },
    get arrived() {
      return arrived;
    },
  };
}
