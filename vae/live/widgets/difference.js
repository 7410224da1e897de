// The difference between a picture and its reconstruction as a picture: the mean over the channels, on a
// scale with a true zero.

import { gapOf } from "../core/gap.js";
import { asDifference } from "./palette.js";
import { createPicture } from "./picture.js";

export function createDifference([, ...plane]) {
  const { canvas, paint } = createPicture([3, ...plane], { class: "map-of-pixels",
    "aria-label": "The difference: blue where the reconstruction is darker, orange where it is lighter" });
  const gap = new Float32Array(plane[0] * plane[1]);
  return { canvas, paint: (x, image, dark) => paint(asDifference(gapOf(x, image, gap), dark)) };
}
