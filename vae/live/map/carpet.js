// Decoded pictures below the points of a map whose places are codes themselves: what is at a place
// is what the model draws there. They are drawn piece by piece, the middle first.

import { evenInCode } from "../plane/spaces.js";
import { Tiles } from "../plane/tiles.js";
import { h } from "../widgets/dom.js";

const WIDE = 32; // CSS pixels of a picture at least
const BUDGET = 6; // ms of a frame

export function createCarpet(model) {
  const canvas = h("canvas", { class: "carpet", "aria-hidden": "true" });
  const context = canvas.getContext("2d"), tiles = new Tiles(model);
  let view = null, pending = 0;
  tiles.show(evenInCode());

  function refine() {
    pending = 0;
    if (tiles.refine(context, view, performance.now() + BUDGET, 1)) tiles.draw(context, view, [view.x, view.y]);
    else if (tiles.left()) pending = requestAnimationFrame(refine);
  }

  function stop() {
    cancelAnimationFrame(pending);
    pending = 0;
  }

  return {
    canvas, stop,
    // `frame` as a camera gives it, of `dpr` pixels to a CSS pixel.
    draw(frame, dpr) {
      view = { ...frame, wanted: WIDE * dpr };
      tiles.draw(context, view, [view.x, view.y]);
      pending ||= requestAnimationFrame(refine);
    },
    clear() {
      stop();
      context.clearRect(0, 0, canvas.width, canvas.height);
    },
    // As ink on paper, or as the model sees it.
    tone: (ink) => canvas.classList.toggle("as-ink", ink),
  };
}
