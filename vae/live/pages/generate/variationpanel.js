// Variations of one picture, as controls: which picture, how far from it, and in which directions.

import { h, help, select } from "../../widgets/dom.js";
import { RADII, SPREADS } from "./codes.js";
import { createPick } from "../../widgets/picker.js";
import { createSlider } from "../../widgets/slider.js";

// Told are: `around(picked)`, `move({radius})` and `settle()` of the slider, `set({spread, radius})`.
export function createVariationPanel({ bench, around, move, settle, set }) {
  const radius = createSlider({ label: "radius", range: RADII, settle,
    move: (r) => move({ radius: r }), about: ["How far the variations lie from their picture: the code ",
      "plus this many σ of the prior, or of the encoder, in a random direction (z + radius · σ · ε)."] });
  const spread = select("spread", Object.entries(SPREADS).map(([key, { name }]) => [key, name]), "even",
    (key) => set({ spread: key, radius: SPREADS[key].radius }));
  const pick = createPick({ bench, label: "around", change: around,
    picked: { z: new Float32Array(bench.model.latent), name: "no picture yet" } });
  const starting = h("div", { class: "around" }, pick.element);
  const far = h("div", {}, radius.element, spread);
  const elements = [
    h("h2", {}, "Variations ", help("variations", "The grid is filled with pictures around one: ",
      "click a picture, or take one that you brought or a held-out example. Click on in the ",
      "grid as often as you like; the trail above it leads back.")),
    starting, far];

  function show({ center, radius: r, spread: key }) {
    far.hidden = !center;
    starting.classList.toggle("none", !center);
    if (center && pick.picked !== center) pick.show(center);
    radius.show(r);
    spread.querySelector("select").value = key;
  }

  return { elements, show };
}
