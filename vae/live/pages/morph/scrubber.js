// How far along the way: a slider over all key frames and a little beyond, with their letters below.
// `move(t)` and `nudge(step)` are told of the hand and of the arrow keys, `settle()` when it has let go.

import { h } from "../../widgets/dom.js";
import { letter } from "./keyframes.js";

export const BEYOND = 0.5; // how far past its ends a morph can be drawn out
const PLACES = 1000; // between two key frames, where a hand can stop: a link names each in full
const SIGNS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

export function createScrubber({ move, nudge, settle }) {
  const hand = h("input", { type: "range", class: "scrubber", step: 1 / PLACES,
    "aria-label": "How far along the way", oninput: () => move(hand.valueAsNumber), onchange: settle,
    onkeydown: (event) => {
      const sign = SIGNS[event.key];
      if (!sign) return;
      event.preventDefault();
      nudge(sign * (event.shiftKey ? 0.1 : 0.01));
    } });
  const ticks = h("div", { class: "ticks", "aria-hidden": "true" });

  // From 0 to `last`, the number of the last key frame.
  function span(last) {
    hand.min = -BEYOND;
    hand.max = last + BEYOND;
    ticks.replaceChildren(...Array.from({ length: last + 1 }, (_, i) => h("span", { style:
      `left:calc(var(--handle) / 2 + (100% - var(--handle)) * ${(i + BEYOND) / (last + 2 * BEYOND)})` },
    letter(i))));
  }

  return { element: h("div", { class: "track" }, hand, ticks), span, show: (t) => (hand.value = t) };
}

// The nearest place to t where a hand can stop.
export function placeAt(t, last) {
  return Math.round(PLACES * Math.min(last + BEYOND, Math.max(-BEYOND, t))) / PLACES;
}
