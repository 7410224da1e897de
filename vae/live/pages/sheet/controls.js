// The controls of the sheet: which pictures its plane goes through, or how the whole space is laid out;
// how large its pictures are; closer and farther.

import { refusal } from "../../core/errors.js";
import { anyOf } from "../../core/origins.js";
import { action } from "../../widgets/action.js";
import { h, help } from "../../widgets/dom.js";
import { createSelect } from "../../widgets/form.js";
import { createPick } from "../../widgets/picker.js";
import { planeOf } from "./schema.js";

const ABOUT_PLANE = ["The flat piece of the latent space through the three pictures A, B and C: they ",
  "lie exactly at their marks, and every other place is their affine combination, a·A + b·B + c·C with ",
  "a + b + c = 1. Drag it, zoom with the wheel or two fingers: between two pictures there are always others."];
const ABOUT_CODE = ["The whole latent space, drawn picture by picture: equal steps are equal steps of the code."];
const ABOUT_WHOLE = ["The whole latent space, drawn picture by picture. Even in probability, each ",
  "picture stands for the same share of the prior: its code is the inverse normal distribution function ",
  "of the place, z = Φ⁻¹(u), as in figure 4 of Kingma & Welling (2013). Even in z, equal steps are equal ",
  "steps of the code."];
const SIZES = [["small", "small"], ["middle", "medium"], ["large", "large"]];

// For a plane through the state's three `corners`.
export function planeControls(bench) {
  const { history, classes, notify } = bench;
  const picks = history.now.corners.map((picked, i) => createPick({ bench, label: "ABC"[i], picked,
    change: (next) => put(history.now.corners.with(i, next)) }));

  function put(corners) {
    try {
      planeOf(bench, corners);
      history.change({ corners, view: null });
    } catch (error) {
      notify(`${refusal(error)} The sheet is as it was.`);
      show();
    }
  }

  function shuffle() {
    const some = [...classes.keys()].sort(() => Math.random() - 0.5);
    put([0, 1, 2].map((i) => anyOf(bench, some[i % Math.max(1, some.length)] ?? 0)));
  }

  function show() {
    picks.forEach((pick, i) => pick.show(history.now.corners[i]));
  }

  return { about: ABOUT_PLANE, shuffle, show, elements: [...picks.map((pick) => pick.element),
    action("random", "Three other examples (R)", shuffle)] };
}

// For a space of two dimensions, all of it.
export const spaceControls = (bench) => ({ about: bench.model.code.unit ? ABOUT_WHOLE : ABOUT_CODE,
  shuffle() {}, show() {}, elements: [
  ...(bench.model.code.unit ? [createSelect(bench, "even", "even in",
    [["probability", "probability"], ["code", "z"]], { view: null })] : []),
  createSelect(bench, "examples", "held-out examples", [[false, "hidden"], [true, "shown"]])] });

export function createControls({ bench, which, surface }) {
  const button = (sign, name, title, by) => h("button", { type: "button", class: `action do-${name}`,
    "aria-label": title, title, onclick: () => surface.zoom(by) }, sign);
  return h("div", { class: "row" }, ...which.elements, createSelect(bench, "size", "pictures", SIZES),
    help("the sheet", ...which.about), h("span", { class: "space" }),
    h("span", { class: "zoom" }, button("+", "in", "Closer (+)", 1), button("−", "out", "Farther (−)", -1),
      action("fit", "The whole sheet (0)", () => surface.fit())));
}
