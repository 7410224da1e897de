// The model's input, its reconstruction and the difference between them, as three pictures.

import { createDifference } from "../../widgets/difference.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { isDark } from "../../widgets/palette.js";

export function createReconstruction({ page, model }) {
  const input = createPicture(model.image, { "aria-label": "What the model sees" });
  const rebuilt = createPicture(model.image, { "aria-label": "The reconstruction" });
  const difference = createDifference(model.image);
  const element = h("div", { class: "reconstruction" },
    ...[[input, "what the model sees"], [rebuilt, "its reconstruction"], [difference, "the difference"]]
      .map(([picture, words]) => h("figure", {}, picture.canvas, h("figcaption", {}, words))));
  const pixels = new Float32Array(model.pixels);
  const nothing = new Float32Array(pixels.length);
  let dark = isDark(page);

  // Of one of your pictures (state/pictures.js), or of null. The difference of a code alone is nothing.
  function paint(item) {
    const image = item ? imageOf(item) : nothing;
    input.paint(item?.x ?? nothing);
    rebuilt.paint(image);
    difference.paint(item?.x ?? image, image, dark);
  }

  // At the mean of a posterior it is there already.
  const imageOf = ({ z, mean, rebuilt }) => (z === mean ? rebuilt : model.decode(z, pixels));

  return { element, paint, recolour: () => (dark = isDark(page)) };
}
