// The picture on the way, large, with where it stands; where it has a code it can be kept and carried
// into Explore.

import { h } from "../../widgets/dom.js";
import { letter } from "./keyframes.js";
import { createShown } from "../../widgets/pictureview.js";
import { mixture } from "../../widgets/downloads.js";

export function createWayView({ bench }) {
  const { model } = bench;
  const shown = createShown({ bench, kind: "morph", label: "The picture on the way" });
  const pixels = new Float32Array(model.pixels);
  const element = h("section", { class: "card view" }, ...shown.elements);

  // A frame of take.js, or null: then the words say why, and the last picture stays. Returns its code,
  // or null where images are blended.
  function paint(frame, name, words) {
    const z = frame?.length === 1 ? frame[0].z : null;
    if (z) shown.show({ z, name }, words);
    else if (frame) shown.show({ x: mixture(model, frame, pixels), why: "A blend of pixels has no code: " +
      "choose a path through the latent space." }, words);
    else shown.show({ x: null, why: words }, words);
    return z;
  }

  return { element, paint };
}

// Where t lies between the key frames 0 to `last`.
export function placeWords(t, last, path) {
  const leg = Math.min(Math.max(Math.floor(t), 0), last - 1);
  const share = Math.round(100 * (t - leg));
  return `${share} % of the way from ${letter(leg)} to ${letter(leg + 1)}, ${path}` +
    (share < 0 || share > 100 ? " (beyond the end)" : "");
}
