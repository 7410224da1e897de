// What stands around the stage of a map: which map, what its colours mean, the legend, and help.

import { asCss } from "../widgets/palette.js";
import { h, help, hovers, press, select } from "../widgets/dom.js";
import { icon } from "../widgets/icons.js";
import { MAPS, mapNames } from "./projections.js";
import { mapQuality } from "./quality.js";

const HOW_TO_LEAD = `${hovers ? "Point at" : "Touch"} a place to see what the model would ` +
  `draw there; ${press} to go there. `;

export function createFrame({ bench, colourings, leads, stage, legend, umapForm, fit }) {
  const { model, atlas, card, history } = bench;
  const map = select("map", mapNames(model.code).map((name) => [name, MAPS[name].title]),
    history.now.map, (value) => history.change({ map: value }));
  const colour = colourings.length ? select("colour", colourings.map(({ name, title }) => [name, title]),
    history.now.colour, (value) => history.change({ colour: value })) : null;
  const whole = h("button", { type: "button", class: "action", title: "Show the whole map (0)",
    "aria-label": "Show the whole map", onclick: fit }, icon("fit"));
  const axes = h("span", { class: "quiet axes" });
  const bar = h("span", { class: "scale", hidden: true });
  const element = h("section", { class: "card map", "aria-label": "Map of the latent space" },
    h("header", {}, map, colour, whole, umapForm, help("the map",
      "Each point is a held-out example, placed so that similar codes lie together. ", leads ? HOW_TO_LEAD : "",
      "Scroll or pinch to zoom, drag (on a touch screen with two fingers) to pan; arrow keys work too. ",
      mapQuality(card.metrics))),
    stage, h("footer", {}, h("div", { class: "row" }, legend.element, bar), axes));

  return {
    element,
    show(now) {
      map.querySelector("select").value = now.map;
      if (colour) colour.querySelector("select").value = now.colour;
      axes.textContent = MAPS[now.map].axes(atlas, model.code);
    },
    // The scale of continuous colours {low, high, unit, colours}, or null.
    showBar(scale) {
      bar.hidden = !scale;
      if (scale) {
        bar.replaceChildren(scale.low.toFixed(2), h("i", { style: `background:${asCss(scale.colours)}` }),
          `${scale.high.toFixed(2)} ${scale.unit}`);
      }
    },
  };
}
