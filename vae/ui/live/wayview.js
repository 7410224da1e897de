// The picture on the way, large, with where it stands; where it has a code it can be kept and carried
// into Explore. `current()` is {z, name, missing}: its code, or null and the reason why.

import { h } from "./dom.js";
import { letter } from "./keyframes.js";
import { formatCode } from "./latent.js";
import { createPicture } from "./picture.js";
import { KEPT } from "./shelf.js";
import { mixture } from "./take.js";

export function createWayView({ bench, shelf, current }) {
  const { model, data, notify } = bench;
  const picture = createPicture(model.image, { "aria-label": "The picture on the way" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  // Room for its longest words: another height would move the map, which is drawn anew for each size.
  const where = h("figcaption", { class: "where", style: "min-height:3lh" });
  const kept = h("button", { type: "button", onclick: keep }, "Keep");
  const element = h("section", { class: "card view" },
    h("figure", {}, h("button", { type: "button", class: "frame", onclick: bench.toggleInk,
      title: "Show as ink on paper, or as the model sees it" }, picture.canvas), where),
    h("div", { class: "row" }, kept,
      h("button", { type: "button", class: "do-explore", onclick: explore }, "Explore →")));

  // A frame of take.js, or null: then the words say why, and the last picture stays.
  function paint(frame, words) {
    if (frame) picture.paint(mixture(model, frame, pixels));
    where.textContent = words;
  }

  function keep() {
    const { z, name, missing } = current();
    if (!z) return notify(missing);
    if (shelf.items.length >= KEPT) return notify(`${KEPT} pictures are at hand: remove some first.`);
    shelf.addCode(name, "morph", Float32Array.from(z));
    kept.textContent = "Kept";
    setTimeout(() => (kept.textContent = "Keep"), 1200);
  }

  function explore() {
    const { z, missing } = current();
    if (!z) return notify(missing);
    bench.send("go", { title: "Explore", model: data.model, z: formatCode(z) });
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
