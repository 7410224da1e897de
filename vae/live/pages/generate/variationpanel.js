// Variations of one picture, as controls: which picture, how far from it, and in which directions.

import { originOf } from "../../core/origins.js";
import { h, help, press, select } from "../../widgets/dom.js";
import { RADII, SPREADS, spreadsFor } from "./codes.js";
import { createPick } from "../../widgets/picker.js";
import { createSlider } from "../../widgets/slider.js";
import { around, spreadAs } from "./steps.js";

export function createVariationPanel({ bench }) {
  const { history } = bench;
  const radius = createSlider({ label: "radius", range: [RADII.min, RADII.max],
    move: (r) => history.move({ radius: r }), settle: () => history.settle(),
    about: ["How far the variations lie from their picture: the code plus this many σ of the prior, ",
      "or of the encoder, in a random direction (z + radius · σ · ε)."] });
  const spread = select("spread", spreadsFor(bench.model).map((key) => [key, SPREADS[key].name]), "even",
    (key) => history.change(spreadAs(key)));
  const pick = createPick({ bench, label: "around",
    change: (picture) => history.change(around(history.now, picture)),
    picked: { ...originOf(bench), name: "no picture yet" } });
  const starting = h("div", { class: "around" }, pick.element);
  const far = h("div", {}, radius.element, spread);
  const elements = [
    h("h2", {}, "Variations ", help("variations", "The grid is filled with pictures around one: ",
      press, " a picture, or choose one of your pictures or a held-out example. Do it again to go ",
      "further; the trail above the grid leads back.")),
    starting, far];

  function show(now) {
    far.hidden = !now.centre;
    starting.classList.toggle("none", !now.centre);
    if (now.centre && pick.picked !== now.centre) pick.show(now.centre);
    radius.show(now.radius);
    spread.querySelector("select").value = now.spread;
  }

  return { elements, show };
}
