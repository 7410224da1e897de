// Two plots over the whole way, a line for each path: how much the picture changes per step, and how
// far the code is from the nearest known one.

import { h, help } from "../../widgets/dom.js";
import { createPlot } from "../../widgets/lineplot.js";
import { WAYS } from "./paths.js";

export function createWayPlots(colourOf) {
  const change = createPlot("How much the picture changes per step", "image distance");
  const closeness = createPlot("How far the code is from the nearest known one", "σ");
  const element = h("section", { class: "card plots", "aria-label": "Why the paths differ" },
    change.element, closeness.element, help("these plots", "Above, how far each step moves the picture: ",
      "an even line is a morph at an even speed, a peak is a jump. Below, how far the code is from the ",
      "nearest held-out one: where a path leaves the data, the decoder has to invent. The ",
      "geodesic is the way on which the picture changes least; it often follows the data."));

  // `measured`: {name: {changes, distances}}; `chosen` is the path in use.
  function show(measured, chosen, last) {
    const lines = (what) => Object.entries(measured).map(([name, values]) => ({
      name: WAYS[name].name, values: values[what], colour: colourOf(name), strong: name === chosen }));
    change.show(lines("changes"), [0, last]);
    closeness.show(lines("distances"), [0, last]);
  }

  function at(t) {
    change.at(t);
    closeness.at(t);
  }

  function draw() {
    change.draw();
    closeness.draw();
  }

  return { element, show, at, draw };
}
