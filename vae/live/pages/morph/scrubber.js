// How far along the path: a slider over all key frames, marked by their letters, and a little beyond,
// which is hatched.

import { PATHS } from "../../core/paths.js";
import { h } from "../../widgets/dom.js";
import { BEYOND, letter, placeAt, PLACES, placeWords } from "./places.js";

const SIGNS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

export function createScrubber({ history }) {
  const last = () => history.now.keys.length - 1;
  const hand = h("input", { type: "range", class: "scrubber", step: 1 / PLACES,
    "aria-label": "How far along the path", oninput: () => history.move({ t: placeAt(hand.valueAsNumber, last()) }),
    onchange: () => history.settle(), onkeydown: nudge });
  const marks = h("div", { class: "ticks", "aria-hidden": "true" });

  function nudge(event) {
    const sign = SIGNS[event.key];
    if (!sign) return;
    event.preventDefault();
    history.change({ t: placeAt(history.now.t + sign * (event.shiftKey ? 0.1 : 0.01), last()) });
  }

  // After a step of the page's state.
  function settle() {
    hand.min = -BEYOND;
    hand.max = last() + BEYOND;
    const left = (t) => `calc(var(--handle) / 2 + (100% - var(--handle)) * ${(t + BEYOND) / (last() + 2 * BEYOND)})`;
    marks.replaceChildren(
      h("i", { class: "beyond", style: `left:0;right:calc(100% - ${left(0)})` }),
      h("i", { class: "beyond", style: `left:${left(last())};right:0` }),
      ...Array.from({ length: last() + 1 }, (_, i) => h("span", { style: `left:${left(i)}` }, letter(i))));
  }

  function show() {
    const { t, path } = history.now;
    hand.value = t;
    hand.setAttribute("aria-valuetext", placeWords(t, last(), PATHS[path].name));
  }

  return { element: h("div", { class: "track" }, marks, hand), settle, show };
}
