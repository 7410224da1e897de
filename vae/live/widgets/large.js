// The large picture of a page and its caption; a press shows it as ink on paper, or as the model
// sees it.

import { h } from "./dom.js";
import { createPicture } from "./picture.js";

const MOST_EVEN = 40; // pixels a side; more would leave too much room beside a picture of whole pixels

// The attributes of a figure whose picture is drawn with all pixels of one size.
export const evenly = ([, , width]) => (width > MOST_EVEN ? {} : { class: "even", style: `--pixels:${width}px` });

export function createLarge({ model, toggleInk }, label) {
  const { canvas, paint } = createPicture(model.image, { "aria-label": label });
  const caption = h("figcaption", { class: "where" });
  const element = h("figure", evenly(model.image), h("button", { type: "button", class: "frame", onclick: toggleInk,
    title: "Show as ink on paper, or as the model sees it" }, canvas), caption);

  function say(words, preview = false) {
    if (caption.textContent === words) return;
    caption.textContent = words;
    caption.classList.toggle("preview", preview);
    canvas.setAttribute("aria-label", `${label}: ${words}`);
  }

  return { element, canvas, caption, paint, say };
}
