// The same held-out pictures, and below each what the model makes of it by now.

import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

export function createPairs() {
  const element = h("figure", { class: "pairs" });
  let rebuilt = [], pixels = 0;

  // `about` is {image, originals}: the bytes of all of them.
  function begin({ image, originals }) {
    pixels = image[0] * image[1] * image[2];
    const row = (words) => Array.from({ length: originals.length / pixels }, (_, i) =>
      createPicture(image, { "aria-label": `${words} ${i + 1}` }));
    const given = row("Held-out picture");
    rebuilt = row("Its reconstruction, of picture");
    given.forEach((picture, i) => picture.paint(part(originals, i)));
    element.replaceChildren(h("figcaption", {}, "Held-out pictures, and their reconstructions by now"),
      h("div", { class: "row-of-pictures" }, ...given.map(({ canvas }) => canvas)),
      h("div", { class: "row-of-pictures now" }, ...rebuilt.map(({ canvas }) => canvas)));
  }

  const part = (bytes, i) => Float32Array.from(bytes.subarray(i * pixels, (i + 1) * pixels), (v) => v / 255);

  return { element, begin, clear: () => element.replaceChildren(),
    show: (bytes) => rebuilt.forEach((picture, i) => picture.paint(part(bytes, i))) };
}
