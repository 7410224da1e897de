// The picture on the path, large, with where it stands; where it has a code it can be added to your
// pictures and opened in Explore.

import { frameImage } from "../../core/paths.js";
import { h } from "../../widgets/dom.js";
import { createPictureView } from "../../widgets/pictureview.js";

const NO_CODE = "A blend of pixels has no code: choose a path through the latent space.";

export function createPathView(bench) {
  const { model } = bench;
  const picture = createPictureView({ bench, kind: "morph", label: "The picture on the path" });
  const pixels = new Float32Array(model.pixels);

  // A frame, or null: then the words say why, and the last picture stays. Returns its code, or null
  // where images are blended.
  function paint(frame, name, words) {
    const z = frame?.length === 1 ? frame[0].z : null;
    if (z) picture.show({ z, name }, words);
    else if (frame) picture.show({ x: frameImage(model, frame, pixels), why: NO_CODE }, words);
    else picture.show({ x: null, why: words }, words);
    return z;
  }

  return { element: h("section", { class: "pinned card view" }, ...picture.elements), paint,
    keep: picture.keep, explore: picture.explore };
}
