// The colours of the map's points: the class that the labels give each, paler the less sure that is.

import { classColour, isDark } from "../../widgets/palette.js";

const SHADES = 4; // of a class
const ALONE = 0.5; // of the way to the class's colour where a class is hardly more probable than others

const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// `answer` is null while nothing is known.
export function tonesOf({ page, classes, atlas }, answer) {
  const dark = isDark(page), grey = dark ? "#4a4f57" : "#c9ccd1";
  const shade = (k, s) => mixed(grey, classColour(k, dark), ALONE + ((1 - ALONE) * s) / (SHADES - 1));
  const palette = [grey, ...classes.flatMap((_, k) => Array.from({ length: SHADES }, (_, s) => shade(k, s)))];
  const tone = new Uint16Array(atlas.n);
  if (answer) {
    const { best, sure } = answer, chance = 1 / classes.length;
    tone.forEach((_, i) => {
      const share = (sure[i] - chance) / (1 - chance);
      tone[i] = share < 0.1 ? 0 : 1 + SHADES * best[i] + Math.min(SHADES - 1, Math.floor(SHADES * share));
    });
  }
  return { tone, palette, bar: null };
}

function mixed(from, to, t) {
  const [a, b] = [parts(from), parts(to)];
  return `#${a.map((v, i) => Math.round(v + t * (b[i] - v)).toString(16).padStart(2, "0")).join("")}`;
}
