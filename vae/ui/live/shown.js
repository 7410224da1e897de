// A picture large, with what can be done with it: keep it, carry it into Explore, show it as ink.
// `show({z, name}, words)` in each frame; `kind` says on the shelf where it came from.

import { h } from "./dom.js";
import { InputError } from "./errors.js";
import { formatCode } from "./latent.js";
import { createPicture } from "./picture.js";

export function createShown({ bench, shelf, kind, label }) {
  const { model, data, notify } = bench;
  const picture = createPicture(model.image, { "aria-label": label });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const caption = h("figcaption", { class: "where" });
  let now = null;

  const kept = h("button", { type: "button", class: "do-keep", onclick: keep,
    title: "Put it with the pictures at hand, for all pages" }, "Keep");
  const buttons = h("div", { class: "keep" }, kept,
    h("button", { type: "button", class: "do-explore", onclick: explore,
      title: "Move it there, dimension by dimension" }, "Explore →"));
  const figure = h("figure", {}, h("button", { type: "button", class: "frame",
    onclick: bench.toggleInk, title: "Show as ink on paper, or as the model sees it" },
  picture.canvas), caption);

  function keep() {
    if (!now) return;
    try {
      shelf.addCode(now.name, kind, Float32Array.from(now.z));
      kept.textContent = "Kept";
      setTimeout(() => (kept.textContent = "Keep"), 1500);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      notify(error.message);
    }
  }

  function explore() {
    if (now) bench.send("go", { title: "Explore", model: data.model, z: formatCode(now.z) });
  }

  function show(next, words) {
    now = next;
    picture.paint(model.decode(now.z, pixels));
    caption.textContent = words;
    picture.canvas.setAttribute("aria-label", `${label}: ${words}`);
  }

  return { elements: [figure, buttons], buttons, show, keep, explore };
}
