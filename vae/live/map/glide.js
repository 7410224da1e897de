// Points that glide from where they are to where they belong on another map.

import { calm } from "../widgets/dom.js";

const LASTS = 600; // ms

// `step(mix, t)` draws the state at t in [0, 1]: mix(a, b) lies that far between two numbers or lists
// of numbers. A new glide ends the one before it.
export function createGlide(step) {
  let pending = 0;

  function begin() {
    cancelAnimationFrame(pending);
    const start = performance.now(), lasts = calm() ? 0 : LASTS;
    const frame = (now) => {
      const t = lasts ? Math.min(1, Math.max(0, now - start) / lasts) : 1;
      if (t < 1) pending = requestAnimationFrame(frame);
      step(mixer(t * t * (3 - 2 * t)), t);
    };
    pending = requestAnimationFrame(frame);
  }

  return { begin, stop: () => cancelAnimationFrame(pending) };
}

export const mixer = (share) => (from, to) => from.map((v, i) => v + share * (to[i] - v));
