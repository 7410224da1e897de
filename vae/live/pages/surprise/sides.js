// Held-out pictures on either side of the threshold, nearest to it first, as the decoder draws their codes: a
// bundle has no pixels of a data set.

import { countBelow } from "../../core/detection.js";
import { exampleOf } from "../../core/origins.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

const EACH = 8;

export function createSides(bench) {
  const sides = { below: createSide(bench, "Just not flagged"), above: createSide(bench, "Just flagged: false alarms") };
  const element = h("section", { class: "card sides", "aria-label": "On either side of the threshold" },
    ...Object.values(sides).map(({ element }) => element),
    h("p", { class: "quiet" }, "Other held-out pictures, nearest to the threshold first, as the model draws their codes: ",
      "their own pixels are in no bundle, but their scores are of those pixels."));
  let order = null, of = null;

  // Rows of the atlas by their score.
  function ordered({ rows, values }) {
    if (of !== rows) order = rows.slice().sort((a, b) => values[a] - values[b]);
    of = rows;
    return order;
  }

  function show(scores, threshold, words) {
    const { values, checked } = scores, all = ordered(scores), k = countBelow(checked, threshold, true);
    sides.below.show(Array.from(all.subarray(Math.max(0, k - EACH), k)).reverse(), values, words);
    sides.above.show(Array.from(all.subarray(k, k + EACH)), values, words);
  }

  return { element, show };
}

function createSide(bench, title) {
  const places = Array.from({ length: EACH }, () => {
    const picture = createPicture(bench.model.image), name = h("figcaption", {});
    return { picture, name, row: null, element: h("figure", { class: "one" }, picture.canvas, name) };
  });
  const element = h("div", { class: "side" }, h("h2", {}, title),
    h("div", { class: "thumbs" }, ...places.map((place) => place.element)));

  function show(rows, values, words) {
    places.forEach((place, i) => {
      const row = rows[i];
      place.element.hidden = row === undefined;
      if (row === undefined || row === place.row) return;
      const { z, name } = exampleOf(bench, row);
      place.row = row;
      place.picture.paint(bench.model.decode(z));
      place.name.textContent = words(values[row]);
      place.element.title = name;
    });
  }

  return { element, show };
}
