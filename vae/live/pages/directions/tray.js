// Thumbnails to sort by hand into “with” and “without”: pictures at hand and held-out examples.
// An item is {key, z, name}.

import { h } from "../../widgets/dom.js";
import { exampleAt } from "../../core/atlas.js";
import { row } from "../../core/latent.js";
import { createPicture } from "../../widgets/picture.js";
import { sfc32 } from "../../core/random.js";

const OFFERED = 30; // held-out examples, at a time
const SIDES = { with: "+ with", without: "− without" };
const other = { with: "without", without: "with" };

// `change({with, without})` is told of other examples; `show(state)` has them, and the mode.
export function createTray({ bench, change }) {
  const { model, atlas, classes } = bench;
  let pen = "with", seed = 0, state = { with: [], without: [] }, filled = false;
  const pens = Object.entries(SIDES).map(([side, words]) => h("button", { type: "button", "data-pen": side,
    onclick: () => choose(side) }, words));
  const sorted = Object.keys(SIDES).map((side) => [side, h("div", { class: "thumbs" })]);
  const tray = h("div", { class: "thumbs tray" });
  const element = h("div", { class: "by-hand" },
    h("div", { class: "row" }, h("span", { class: "quiet" }, "click pictures"), ...pens,
      h("button", { type: "button", onclick: () => (seed++, fill()) }, "Others")),
    tray, ...sorted.flatMap(([side, box]) => [h("p", { class: "quiet" }, side), box]));
  bench.closing(bench.yours.listen(() => filled && fill()));

  function choose(side) {
    pen = side;
    pens.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.pen === side)));
  }

  function offered() {
    const uniform = sfc32(seed);
    const rows = Array.from({ length: Math.min(OFFERED, atlas.n) }, () => Math.floor(uniform() * atlas.n));
    return [...bench.yours.items.map(({ id, z, name }) => ({ key: `at hand ${id}`, z, name })),
      ...[...new Set(rows)].map((i) => ({ key: `example ${i}`, z: row(atlas.mean, i, model.latent),
        name: exampleAt(atlas, i, classes).words }))];
  }

  function fill() {
    filled = true;
    tray.replaceChildren(...offered().map((item) => thumb(item, item.name, () =>
      change(toggled(state, pen, item)))));
    mark();
  }

  function thumb(item, label, act) {
    const picture = createPicture(model.image);
    picture.paint(model.decode(item.z));
    return h("button", { type: "button", class: "thumb", title: item.name, "aria-label": label,
      "data-key": item.key, onclick: act }, picture.canvas);
  }

  // A sign beside the colour says on which side a picture is.
  function mark() {
    for (const button of tray.children) {
      const side = Object.keys(SIDES).find((one) => has(state[one], button.dataset)) ?? "";
      button.dataset.side = side;
      button.setAttribute("aria-pressed", String(side !== ""));
      button.setAttribute("aria-label", `${button.title}${side && `, ${side}`}`);
    }
  }

  function show(next) {
    const same = next.with === state.with && next.without === state.without;
    state = next;
    if (next.mode === "hand" && !filled) fill();
    if (same) return;
    for (const [side, box] of sorted) {
      box.replaceChildren(...state[side].map((item) => thumb(item, `Take ${item.name} out`, () =>
        change(toggled(state, side, item)))));
    }
    mark();
  }

  choose("with");
  return { element, show };
}

// The item on one side only, or on none if it was on that one.
function toggled(state, side, item) {
  const here = has(state[side], item) ? less(state[side], item) : [...state[side], item];
  return { [side]: here, [other[side]]: less(state[other[side]], item) };
}

const has = (items, { key }) => items.some((item) => item.key === key);
const less = (items, { key }) => items.filter((item) => item.key !== key);
