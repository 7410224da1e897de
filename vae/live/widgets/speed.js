// How fast pictures follow: milliseconds of a decode, and frames per second while something moves.

import { action } from "./action.js";
import { h } from "./dom.js";

const PAUSE = 200; // ms without a frame after which nothing counts as moving
const KEPT = 0.9; // of the running mean, in each frame

export function createSpeed() {
  const element = h("output", { class: "speed", hidden: true });
  const button = action("timer", "Speed: milliseconds and frames per second", () => {
    element.hidden = !element.hidden;
    button.setAttribute("aria-pressed", String(!element.hidden));
  }, "Speed");
  let last = 0, rate = 0;

  // In each frame, which began at `now`.
  function show(decode, now) {
    if (element.hidden) return;
    const gap = now - last;
    last = now;
    if (gap < PAUSE) rate = rate ? KEPT * rate + ((1 - KEPT) * 1000) / gap : 1000 / gap;
    element.textContent = `${decode.toFixed(1)} ms a decode, ${rate.toFixed(0)} frames/s`;
  }

  return { element, button, show };
}
