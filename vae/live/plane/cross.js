// A cross over a stage, where a hand or the arrow keys point.

import { svg } from "../widgets/dom.js";

export function createCross() {
  const element = svg("svg", { class: "cross", viewBox: "-20 -20 40 40", "aria-hidden": "true" },
    ...["under", "over"].map((name) => svg("path", { class: name, d: "M-18 0H-6M6 0H18M0 -18V-6M0 6V18" })));
  return {
    element,
    // At a pixel of the stage, or nowhere.
    put(at) {
      element.style.visibility = at ? "visible" : "hidden";
      if (at) putAt(element, at);
    },
  };
}

export const putAt = (element, [x, y]) =>
  (element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`);
