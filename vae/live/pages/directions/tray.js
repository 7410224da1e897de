// Thumbnails to sort by hand into “with” and “without”: your pictures and held-out examples.

import { exampleOf, pictureText } from "../../core/origins.js";
import { sfc32 } from "../../core/random.js";
import { h, press } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

const EXAMPLES = 30; // held-out ones, at a time
const SIDES = { with: "+ with", without: "− without" };
const other = { with: "without", without: "with" };

// The two sides are in the page's state.
export function createTray(bench) {
  const { history, yours } = bench;
  let pen = "with", seed = 0, filled = false;
  const pens = Object.entries(SIDES).map(([side, words]) => h("button", { type: "button", "data-pen": side,
    onclick: () => choose(side) }, words));
  const sides = Object.keys(SIDES).map((side) => createSide(bench, side));
  const tray = h("div", { class: "thumbs tray" });
  const element = h("div", { class: "by-hand" },
    h("div", { class: "row" }, h("span", { class: "quiet" }, `${press} pictures`), ...pens,
      h("button", { type: "button", onclick: () => (seed++, fill()) }, "More")),
    tray, ...sides.flatMap((side) => side.elements));
  bench.closing(yours.listen(() => filled && fill()));

  function choose(side) {
    pen = side;
    pens.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.pen === side)));
  }

  function fill() {
    filled = true;
    tray.replaceChildren(...candidates(bench, seed).map((picture) => createThumb(bench, picture,
      picture.name, () => history.change({ name: null, ...toggled(bench, pen, picture) }))));
    mark();
  }

  // A sign beside the colour says on which side a picture is.
  function mark() {
    for (const button of tray.children) {
      const side = Object.keys(SIDES).find((one) =>
        history.now[one].some((picture) => pictureText(picture, bench) === button.dataset.key)) ?? "";
      button.dataset.side = side;
      button.setAttribute("aria-pressed", String(side !== ""));
      button.setAttribute("aria-label", `${button.title}${side && `, ${side}`}`);
    }
  }

  function show() {
    if (history.now.mode === "hand" && !filled) fill();
    sides.forEach((side) => side.show());
    mark();
  }

  choose("with");
  return { element, show };
}

// The pictures on one side; a press takes one out.
function createSide(bench, side) {
  const { history } = bench;
  const box = h("div", { class: "thumbs" });
  let now = null;

  function show() {
    if (history.now[side] === now) return;
    now = history.now[side];
    box.replaceChildren(...now.map((picture) => createThumb(bench, picture, `Take ${picture.name} out`,
      () => history.change({ name: null, ...toggled(bench, side, picture) }))));
  }

  return { elements: [h("p", { class: "quiet" }, side), box], show };
}

function createThumb(bench, item, label, act) {
  const picture = createPicture(bench.model.image);
  picture.paint(bench.model.decode(item.z));
  return h("button", { type: "button", class: "thumb", title: item.name, "aria-label": label,
    "data-key": pictureText(item, bench), onclick: act }, picture.canvas);
}

// Your pictures, then examples drawn with this seed.
function candidates(bench, seed) {
  const { atlas, yours } = bench, uniform = sfc32(seed);
  const rows = Array.from({ length: Math.min(EXAMPLES, atlas.n) }, () => Math.floor(uniform() * atlas.n));
  return [...yours.items.map(({ z, name }) => ({ z, name })),
    ...[...new Set(rows)].map((i) => exampleOf(bench, i))];
}

// The picture on one side only, or on none if it was on that one.
function toggled(bench, side, picture) {
  const state = bench.history.now, key = pictureText(picture, bench);
  const without = (pictures) => pictures.filter((one) => pictureText(one, bench) !== key);
  const here = without(state[side]);
  return { [side]: here.length < state[side].length ? here : [...here, picture],
    [other[side]]: without(state[other[side]]) };
}
