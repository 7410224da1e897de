// Analogies: A is to B as C is to the picture of the code C + B − A.

import { h, help } from "../../widgets/dom.js";
import { analogy, row } from "../../core/latent.js";
import { exampleOf, firstOf } from "../../core/origins.js";
import { createPick } from "../../widgets/picker.js";
import { createPictureView } from "../../widgets/pictureview.js";

const COMPARED = 12; // examples among which the first analogy looks for a thin and a bold one

// The terms are a, b and c of the page's state.
export function createAnalogy({ bench }) {
  const { history } = bench;
  const picks = ["a", "b", "c"].map((key) => [key, createPick({ bench, picked: history.now[key],
    label: key.toUpperCase(), change: (picture) => history.change({ [key]: picture }) })]);
  const [a, b, c] = picks.map(([, pick]) => pick.element);
  const fourth = createPictureView({ bench, kind: "analogy", label: "The fourth picture" });
  const sign = (text) => h("span", { class: "sign", "aria-hidden": "true" }, text);
  const element = h("section", { class: "card analogies", "aria-label": "Analogies" },
    h("h2", {}, "A is to B as C is to … ", help("an analogy", "What changes from A to B is applied to C: ",
      "the code C + B − A, decoded. It works where the model keeps that change apart from the rest.")),
    h("div", { class: "terms" }, a, sign(":"), b, sign("="), c, sign(":"),
      h("div", { class: "fourth result" }, ...fourth.elements)));

  function show() {
    const { now } = history;
    for (const [key, pick] of picks) pick.show(now[key]);
    fourth.show({ z: bench.model.code.normalized(analogy(now.a.z, now.b.z, now.c.z)), name: "analogy" }, "C + B − A");
  }

  return { element, show };
}

// To begin with: from a thin 1 to a bold one, done to a 7; or what stands there in other data.
export function initialTerms(bench) {
  const last = Math.max(0, bench.classes.length - 1);
  const [a, b] = thinAndBold(bench, Math.min(1, last));
  return { a, b, c: firstOf(bench, Math.min(7, last)) };
}

// Two held-out examples of class k, one with little ink and one with much: a change that shows.
function thinAndBold(bench, k) {
  const { atlas, model } = bench;
  const rows = [];
  atlas.label.forEach((of, i) => of === k && rows.length < COMPARED && rows.push(i));
  const ink = (i) => model.decode(row(atlas.mean, i, model.latent)).reduce((sum, v) => sum + v, 0);
  const sorted = (rows.length ? rows : [0]).map((i) => [ink(i), i]).sort((a, b) => a[0] - b[0]);
  return [sorted[0][1], sorted.at(-1)[1]].map((i) => exampleOf(bench, i));
}
