// The model's input, its reconstruction and the difference between them, as three pictures.
// The difference is the mean over the channels, on a scale with a true zero.

import { h } from "./dom.js";
import { createPicture } from "./picture.js";
import { asDifference, isDark } from "./theme.js";

export function createTriple({ page, model }) {
  const input = createPicture(model.image, { "aria-label": "What the model sees" });
  const rebuilt = createPicture(model.image, { "aria-label": "The reconstruction" });
  const difference = createPicture([3, ...model.image.slice(1)], { class: "map-of-pixels",
    "aria-label": "The difference: blue where the reconstruction is darker, orange where it is lighter" });
  const element = h("div", { class: "triple" },
    ...[[input, "what the model sees"], [rebuilt, "its reconstruction"], [difference, "the difference"]]
      .map(([picture, words]) => h("figure", {}, picture.canvas, h("figcaption", {}, words))));
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const gap = new Float32Array(pixels.length / model.image[0]);
  const nothing = new Float32Array(pixels.length);
  let dark = isDark(page);

  // Of a picture {z, x}, of a code alone, whose difference is nothing, or of null.
  function paint(item) {
    if (item) model.decode(item.z, pixels);
    else pixels.fill(0);
    input.paint(item?.x ?? nothing);
    rebuilt.paint(pixels);
    difference.paint(asDifference(gapOf(item?.x ?? pixels, pixels, gap), dark));
  }

  return { element, paint, recolour: () => (dark = isDark(page)) };
}

// made − x, each (C * H * W), as the mean over the channels: fills and returns `into` (H * W).
export function gapOf(x, made, into) {
  const n = into.length, c = x.length / n;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < c; k++) sum += (made[k * n + i] - x[k * n + i]) / c;
    into[i] = sum;
  }
  return into;
}
