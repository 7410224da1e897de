// Two plots over the whole path, a line for each kind: how much the picture changes per step, and how
// far the code is from the nearest example.

import { PATHS } from "../../core/paths.js";
import { h, more } from "../../widgets/dom.js";
import { createPlot } from "../../widgets/lineplot.js";

export function createPathPlots(colourOf, unit) {
  const change = createPlot("How much the picture changes per step", "image distance");
  const closeness = createPlot("How far the code is from the nearest example", unit || "distance");
  const element = h("section", { class: "card plots", "aria-label": "Why the paths differ" },
    change.element, closeness.element, more("?", { class: "ask", "aria-label": "About these plots" },
      "Above, how far each step moves the picture: an even line is a morph at an even speed, a peak is a ",
      "jump. Below, how far the code is from the nearest held-out example: where a path leaves the data, ",
      "the decoder has to invent. The geodesic is the path on which the picture changes least, with a share ",
      "for the code's own length; nothing in it asks for examples nearby."));

  // `measured`: {name: {changes, distances}}; `chosen` is the path in use.
  function show(measured, chosen, last) {
    const lines = (what) => Object.entries(measured).map(([name, values]) => ({
      name: PATHS[name].name, values: values[what], colour: colourOf(name), strong: name === chosen }));
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
