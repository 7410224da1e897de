// The row of key frames: the pictures that a morph leads through, each to be exchanged or removed.
// `change(keys)` is told of other ones, each {z, name}.

import { action } from "./bench.js";
import { h } from "./dom.js";
import { anyOf, createPick } from "./pick.js";

export const MOST = 8;

export const letter = (i) => String.fromCharCode(65 + i);

export function createKeyFrames({ bench, shelf, change }) {
  const element = h("div", { class: "keys-row" });
  const add = h("button", { type: "button", class: "do-add", onclick: addOne }, "+ another");
  const swap = action("swap", "Exchange the ends (X)", () => change([...keys].reverse()));
  let keys = [];

  function addOne() {
    const { length } = bench.classes;
    change([...keys, anyOf(bench, Math.floor(Math.random() * Math.max(length, 1)))]);
  }

  function show(next) {
    keys = next;
    element.replaceChildren(...keys.map(createPlace), add, swap);
    add.disabled = keys.length >= MOST;
  }

  function createPlace(picked, i) {
    const { element: place } = createPick({ bench, shelf, label: letter(i), picked,
      change: (next) => change(keys.map((key, at) => (at === i ? next : key))) });
    if (keys.length > 2) {
      place.append(h("button", { type: "button", class: "remove", "aria-label": `Remove ${letter(i)}`,
        onclick: () => change(keys.filter((_, at) => at !== i)) }, "×"));
    }
    return place;
  }

  return { element, show, swap: () => swap.click() };
}
