// The examples nearest to a picture's code, as buttons with what the decoder draws of each.
// `find(z)` fills them piece by piece, in idle time; `pick(code)` hears of the one that is chosen.
// Where there are none their room stays: another height would move the map, which is drawn anew then.

import { h, help, Press } from "../../widgets/dom.js";
import { exampleAt } from "../../core/atlas.js";
import { nearest } from "../../core/blend.js";
import { row } from "../../core/latent.js";
import { distanceText } from "../../widgets/format.js";
import { createPicture } from "../../widgets/picture.js";

const NEAR = 8;

export function createNearest({ bench, pick }) {
  const { model, atlas, classes } = bench, d = model.latent;
  const near = Array.from({ length: NEAR }, createNear);
  const elements = [
    h("p", { class: "quiet" }, "Nearest examples ", help("a nearest example",
      "The examples whose codes are closest to your picture's, as the decoder draws them, with their ",
      "distance", model.code.unit && " in σ of the prior", ". ", Press, " one to open it in Explore.")),
    h("div", { class: "thumbs" }, ...near.map(({ button }) => button))];

  function createNear() {
    const picture = createPicture(model.image);
    const caption = h("span", { class: "quiet" }, "\u00a0");
    const entry = { picture, caption, at: -1 }; // its row of the atlas
    entry.button = h("button", { type: "button", class: "thumb away",
      onclick: () => pick(row(atlas.mean, entry.at, d)) }, picture.canvas, caption);
    return entry;
  }

  function* find(z) {
    const { index, distance } = z ? nearest(atlas.mean, z, NEAR) : { index: [], distance: [] };
    yield;
    for (const [k, entry] of near.entries()) {
      entry.button.classList.toggle("away", index[k] === undefined);
      if (index[k] === undefined) continue;
      show(entry, index[k], distance[k]);
      yield;
    }
  }

  function show(entry, i, distance) {
    entry.at = i;
    entry.picture.paint(model.decode(row(atlas.mean, i, d)));
    const name = classes.length > 1 ? `${classes[atlas.label[i]]}, ` : "";
    entry.caption.textContent = `${name}${distanceText(distance, model.code.unit)}`;
    entry.button.setAttribute("aria-label", `${entry.caption.textContent} away: ` +
      `open ${exampleAt(atlas, i, classes).words} in Explore`);
  }

  return { elements, find };
}
