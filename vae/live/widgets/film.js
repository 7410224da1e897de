// How frames are shown as a film, as fields of a page's state: `vae/film.py` has the same. What the page
// plays and what its files hold follow the same settings.

import { flag, number } from "../io/schema.js";
import { createNumber, createSelect } from "./form.js";

const LIMITS = { fps: { min: 1, max: 50 }, scale: { min: 1, max: 64 } };
const START = { fps: 20, scale: 8, bounce: false };

// For the page's schema: `film({ fps: 2 })` begins with two frames a second.
export function film(start = {}) {
  const { fps, scale, bounce } = { ...START, ...start };
  return {
    fps: number({ initial: fps, whole: true, ...LIMITS.fps }),
    scale: number({ initial: scale, whole: true, ...LIMITS.scale }),
    bounce: flag(bounce),
  };
}

// Those that the page's state has, the usual ones for the others.
export const filmSettings = (state) =>
  Object.fromEntries(Object.entries(START).map(([key, start]) => [key, state[key] ?? start]));

const CONTROLS = {
  fps: (bench) => createNumber(bench, "fps", "Frames per second", LIMITS.fps),
  scale: (bench) => createNumber(bench, "scale", "Size of a pixel", LIMITS.scale),
  bounce: (bench) => createSelect(bench, "bounce", "At the end",
    [[true, "back and forth"], [false, "start again"]]),
};

// The controls of these settings, where the page's state has them.
export const filmControls = (bench, names = Object.keys(CONTROLS)) =>
  names.filter((name) => name in bench.history.now).map((name) => CONTROLS[name](bench));
