// The sheet as a part of its page: a two-dimensional model's whole space, or the plane through three
// pictures, with the controls of what is shown and how.

import { action } from "../../widgets/action.js";
import { h, help, select } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { sampleNormal } from "../../core/normal.js";
import { createLegend } from "../../widgets/legend.js";
import { anyOf, exampleOf, firstOf } from "../../core/origins.js";
import { createPick } from "../../widgets/picker.js";
import { createSheetTake } from "./downloads.js";
import { evenInCode, evenInProbability, throughThree } from "../../plane/spaces.js";
import { createSurface } from "../../plane/surface.js";

const PLANES = { probability: evenInProbability, code: evenInCode };
const ABOUT_PLANE = ["The flat piece of the latent space through the three pictures A, B and C: they ",
  "lie exactly at their marks, and every other place is their affine combination, a·A + b·B + c·C with ",
  "a + b + c = 1. Drag it, zoom with the wheel or two fingers: between two pictures there are always others."];
const ABOUT_WHOLE = ["The whole latent space, drawn picture by picture. Even in probability, each ",
  "picture stands for the same share of the prior: its code is the inverse normal distribution function ",
  "of the place, z = Φ⁻¹(u), as in figure 4 of Kingma & Welling (2013). Even in z, equal steps are equal ",
  "steps of the code."];

// `settings` are those of sheetlink.js, `three` the pictures that a plane goes through at first;
// `changed(settings)`, `wake()` and `link()` are the page's.
export function createSheetPanel({ bench, store, settings, three, changed, wake, link }) {
  const { page, model, atlas, classes, notify } = bench;
  const d = model.latent, planar = d > 2;
  let { even, codes } = settings;

  const surface = createSurface({ model, atlas, wake, moved, look: (z) => store.look(z),
    choose: (z) => store.go(z, { words: "a place of the sheet" }) });
  const words = h("span", { class: "quiet words", role: "status" });
  const legend = createLegend({ page, classes, change: showCodes });
  const picks = planar ? three.map((picked, i) => createPick({ bench, label: "ABC"[i], picked,
    change: (next) => setThree(three.with(i, next)) })) : [];
  const which = planar
    ? [...picks.map((pick) => pick.element), action("random", "Three other examples (R)", shuffle)]
    : [select("even in", [["probability", "probability"], ["code", "z"]], even, setEven),
      select("held-out codes", [["off", "hidden"], ["on", "shown"]], codes, setCodes)];
  const zoomButton = (sign, name, title, by) => h("button", { type: "button", class: `action do-${name}`,
    "aria-label": title, title, onclick: () => surface.zoom(by) }, sign);
  const element = h("div", { class: "part" },
    h("div", { class: "row" }, ...which,
      select("pictures", ["small", "middle", "large"].map((v) => [v, v]), settings.pictures, setPictures),
      help("the sheet", ...(planar ? ABOUT_PLANE : ABOUT_WHOLE)), h("span", { class: "space" }),
      h("span", { class: "zoom" },
        zoomButton("+", "in", "Closer (+)", 1), zoomButton("−", "out", "Farther (−)", -1),
        action("fit", "The whole sheet (0)", surface.fit))),
    surface.element, legend.element, h("footer", { class: "row" }, words, h("span", { class: "space" }),
      createSheetTake({ bench, surface, pictures: () => three, link })));

  // -- which space
  function setEven(key) {
    even = key;
    surface.show(PLANES[even](), null);
    showCodes();
    changed({ even });
    moved();
  }

  function setThree(next, at = null) {
    const ends = next.map(({ z }) => z);
    try {
      surface.show(throughThree(ends), ends, at);
      three = next;
    } catch (error) {
      notify(`${refusal(error)} ${surface.space ? "The sheet is as it was." : "Others stand there instead."}`);
      if (!surface.space) return;
    }
    picks.forEach((pick, i) => pick.show(three[i]));
    surface.choose(store.z);
    moved();
  }

  function shuffle() {
    const some = [...classes.keys()].sort(() => Math.random() - 0.5);
    setThree([0, 1, 2].map((i) => anyOf(bench, some[i % Math.max(1, some.length)] ?? 0)));
  }

  // The three of a link may lie on one line, and so may the usual ones; random ones do not.
  function openThree() {
    setThree(three, settings.view);
    if (!surface.space) setThree(usualThree(bench));
    if (!surface.space) setThree([0, 1, 2].map(() => ({ z: sampleNormal(d), name: "from the prior" })));
  }

  // -- what is shown of it
  function setCodes(key) {
    codes = key;
    showCodes();
    changed({ codes });
  }

  function showCodes() {
    const shown = codes === "on" && d === 2;
    const { hidden, colours, ground } = legend.show(shown);
    surface.setPoints(shown ? hidden : null, colours, ground);
  }

  function setPictures(pictures) {
    surface.size(pictures);
    changed({ pictures });
    moved();
  }

  function moved() {
    if (!surface.space) return;
    const [left, low, right, high] = surface.box();
    const range = (from, to) => `from ${from.toFixed(2)} to ${to.toFixed(2)}`;
    words.textContent = surface.words();
    surface.describe(`Pictures of codes; the view goes ${range(left, right)} across and ` +
      `${range(low, high)} up. ${words.textContent}`);
    changed();
  }

  store.listen((why) => why === "settle" && surface.choose(store.z));
  bench.onTheme(showCodes);
  bench.closing(() => surface.destroy());

  return {
    element, showCodes, paint: surface.paint, zoom: surface.zoom, fit: surface.fit,
    shuffle: () => planar && shuffle(),
    open() {
      if (planar) openThree();
      else if (d === 2) surface.show(PLANES[even](), null, settings.view);
      surface.size(settings.pictures);
      surface.choose(store.z);
      showCodes();
    },
    get view() {
      return surface.view;
    },
    // The codes of the three; null where the sheet is the whole space.
    get three() {
      return planar ? three.map(({ z }) => z) : null;
    },
  };
}

// Three pictures far from each other, as far as one can tell: of ten classes 0, 3 and 7.
export function usualThree(bench) {
  const last = bench.classes.length - 1;
  if (last < 2) return [0, 1, 2].map((i) => exampleOf(bench, Math.min(i, bench.atlas.n - 1)));
  return [0, Math.ceil(last / 3), last - 2].map((k) => firstOf(bench, k));
}
