// The row of key frames: the pictures that a morph leads through, each to be replaced or removed.

import { anyOf } from "../../core/origins.js";
import { MOST_KEYS } from "../../core/paths.js";
import { action } from "../../widgets/action.js";
import { h } from "../../widgets/dom.js";
import { createPick } from "../../widgets/picker.js";
import { letter, placeAt } from "./places.js";

export function createKeyFrames(bench) {
  const { history, classes } = bench;
  const add = h("button", { type: "button", class: "do-add", onclick: addOne }, "+ another");
  const element = h("div", { class: "keys-row" }, add, action("swap", "Swap (X)", swap));
  const places = []; // they stay in the page as long as they can, and so the focus stays too

  const keys = () => history.now.keys;

  // The place stays on the path, which may have become shorter.
  function change(next) {
    history.change({ keys: next, t: placeAt(history.now.t, next.length - 1) });
  }

  function addOne() {
    change([...keys(), anyOf(bench, Math.floor(Math.random() * Math.max(classes.length, 1)))]);
  }

  function swap() {
    change([...keys()].reverse());
  }

  function remove(i) {
    change(keys().toSpliced(i, 1));
    places[Math.min(i, keys().length - 1)].element.querySelector(".thumb").focus();
  }

  function show() {
    while (places.length > keys().length) places.pop().element.remove();
    places.forEach((place, i) => place.show(keys()[i]));
    while (places.length < keys().length) places.push(createPlace(places.length));
    element.classList.toggle("two", keys().length === 2);
    add.disabled = keys().length >= MOST_KEYS;
  }

  function createPlace(i) {
    const place = createPick({ bench, label: letter(i), picked: keys()[i],
      change: (next) => change(keys().with(i, next)) });
    place.element.append(h("button", { type: "button", class: "remove",
      "aria-label": `Remove ${letter(i)}`, onclick: () => remove(i) }, "×"));
    add.before(place.element);
    return place;
  }

  return { element, show, swap };
}
