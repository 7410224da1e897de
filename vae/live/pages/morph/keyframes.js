// The row of key frames: the pictures that a morph leads through, each to be exchanged or removed.
// `change(keys)` is told of other ones, each {z, name}.

import { action } from "../../widgets/action.js";
import { h } from "../../widgets/dom.js";
import { MOST_KEYS } from "../../core/paths.js";
import { anyOf } from "../../core/origins.js";
import { createPick } from "../../widgets/picker.js";

export const letter = (i) => String.fromCharCode(65 + i);

export function createKeyFrames({ bench, change }) {
  const add = h("button", { type: "button", class: "do-add", onclick: addOne }, "+ another");
  const swap = action("swap", "Exchange the ends (X)", () => change([...keys].reverse()));
  const element = h("div", { class: "keys-row" }, add, swap);
  const places = []; // they stay in the page as long as they can, and so the focus stays too
  let keys = [];

  function addOne() {
    const { length } = bench.classes;
    change([...keys, anyOf(bench, Math.floor(Math.random() * Math.max(length, 1)))]);
  }

  function remove(i) {
    change(keys.toSpliced(i, 1));
    places[Math.min(i, keys.length - 1)].element.querySelector(".thumb").focus();
  }

  function show(next) {
    keys = next;
    while (places.length > keys.length) places.pop().element.remove();
    places.forEach((place, i) => place.show(keys[i]));
    while (places.length < keys.length) places.push(createPlace(places.length));
    element.classList.toggle("two", keys.length === 2);
    add.disabled = keys.length >= MOST_KEYS;
  }

  function createPlace(i) {
    const place = createPick({ bench, label: letter(i), picked: keys[i],
      change: (next) => change(keys.with(i, next)) });
    place.element.append(h("button", { type: "button", class: "remove",
      "aria-label": `Remove ${letter(i)}`, onclick: () => remove(i) }, "×"));
    add.before(place.element);
    return place;
  }

  return { element, show, swap: () => swap.click() };
}
