// The examples nearest to a picture by their codes, and in a fold those by their pixels, as buttons with what
// the decoder draws of each. Where there are none their room stays: another height would move the map, which
// is drawn anew then.

import { h, help, Press } from "../../widgets/dom.js";
import { exampleAt } from "../../core/atlas.js";
import { nearest } from "../../core/blend.js";
import { row } from "../../core/latent.js";
import { PixelSpace } from "../../core/pixelspace.js";
import { distanceText } from "../../widgets/format.js";
import { createPicture } from "../../widgets/picture.js";

const NEAR = 8;

// `find(item)` shows those of a picture piece by piece, in idle time; `pick(code)` hears of the one that is
// chosen.
export function createNearest({ bench, pick }) {
  const { atlas, history, model: { code } } = bench;
  const byCode = new NearRow(bench, pick, (distance) => distanceText(distance, code.unit));
  const byPixels = new NearRow(bench, pick, (distance) => distance.toFixed(3));
  const space = new PixelSpace(bench);
  const fold = h("details", { ontoggle: () => {
    if (fold.open !== history.now.pixels) history.change({ pixels: fold.open });
  } }, h("summary", {}, "Nearest in pixels"),
  h("p", { class: "quiet" }, "by what the decoder draws of each ",
    help("a distance in pixels", ...aboutPixels(space.n))), byPixels.element);
  const elements = [
    h("p", { class: "quiet" }, "Nearest examples ", help("a nearest example",
      "The examples whose codes are closest to your picture's, as the decoder draws them, with their ",
      "distance", code.unit && " in σ of the prior", ". ", Press, " one to open it in Explore.")),
    byCode.element, fold];

  function* find(item) {
    yield* byCode.show(item && nearest(atlas.mean, item.z, NEAR));
    if (!fold.open) return;
    yield* space.draw();
    yield* byPixels.show(item?.x && space.nearest(item.x, NEAR));
  }

  return { elements, find, show: ({ pixels }) => (fold.open = pixels) };
}

const aboutPixels = (n) => ["The examples whose pixels are closest to your picture's: the root mean square of the ",
  "differences, 1 from black to white. The examples' own pictures are not shipped with the model, only their codes, ",
  `so each of the ${n.toLocaleString("en")} compared is what the decoder draws of its code. Two strokes side by side `,
  "share no pixel, so a shift or another slant is far in pixels and may be near in code."];

// Eight places for examples.
class NearRow {
  // `words(distance)` says how far one is.
  constructor(bench, pick, words) {
    Object.assign(this, { bench, words });
    this.entries = Array.from({ length: NEAR }, () => this.#createEntry(pick));
    this.element = h("div", { class: "thumbs" }, ...this.entries.map(({ button }) => button));
  }

  #createEntry(pick) {
    const { model, atlas } = this.bench;
    const picture = createPicture(model.image);
    const caption = h("span", { class: "quiet" }, "\u00a0");
    const entry = { picture, caption, at: -1 }; // its row of the atlas
    entry.button = h("button", { type: "button", class: "thumb away",
      onclick: () => pick(row(atlas.mean, entry.at, model.latent)) }, picture.canvas, caption);
    return entry;
  }

  // `found` {index, distance}, or nothing.
  *show(found) {
    const { index, distance } = found || { index: [], distance: [] };
    yield;
    for (const [k, entry] of this.entries.entries()) {
      entry.button.classList.toggle("away", index[k] === undefined);
      if (index[k] === undefined) continue;
      this.#showOne(entry, index[k], this.words(distance[k]));
      yield;
    }
  }

  #showOne(entry, i, words) {
    const { model, atlas, classes } = this.bench;
    entry.at = i;
    entry.picture.paint(model.decode(row(atlas.mean, i, model.latent)));
    const name = classes.length > 1 ? `${classes[atlas.label[i]]}, ` : "";
    entry.caption.textContent = `${name}${words}`;
    entry.button.setAttribute("aria-label", `${entry.caption.textContent} away: ` +
      `open ${exampleAt(atlas, i, classes).words} in Explore`);
  }
}
