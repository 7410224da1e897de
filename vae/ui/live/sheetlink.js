// The page Sheet as a link: which part, how it is shown, where one looks, and the codes it stands on.

import { formatCode } from "./latent.js";
import { readQuery, writeQuery } from "./query.js";

export const CHOICES = {
  part: ["sheet", "traversals"],
  even: ["probability", "code"],
  codes: ["off", "on"],
  pictures: ["small", "middle", "large"],
};
export const NUMBERS = { // [usual, least, most, whole]
  range: [3, 0.5, 6, false],
  columns: [9, 3, 15, true],
};
const instead = (words) => ` That was ${words}; the usual one stands there instead.`;

// -> {part, even, codes, pictures, range, columns, view, z, base, three, problems}
export function readSheet(d) {
  const asked = readQuery();
  const state = {};
  for (const [key, allowed] of Object.entries(CHOICES)) state[key] = asked.oneOf(key, allowed[0], allowed);
  for (const [key, [usual, least, most, whole]] of Object.entries(NUMBERS)) {
    state[key] = asked.number(key, usual, [least, most], { whole });
  }
  return { ...state, view: view(asked), z: asked.code("z", d, instead("the code shown")),
    base: asked.code("base", d, instead("the picture that the traversals start from")), three: three(asked, d), problems: asked.problems };
}

// The middle of the view and how much of the sheet its shorter side shows: at=x,y,wide
function view({ text, problems }) {
  const words = text("at");
  if (words === null) return null;
  const [x, y, wide, ...rest] = words.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  const near = [x, y, wide].every((v) => Math.abs(v) < 1e4);
  if (near && wide > 0 && !rest.length) return { x, y, wide };
  problems.push(`The link's place “${words}” must be three numbers: where the middle lies, and ` +
    "how wide a piece to show. Shown instead: the whole sheet.");
  return null;
}

function three({ text, code, problems }, d) {
  const keys = ["a", "b", "c"].filter((key) => text(key) !== null);
  if (!keys.length) return null;
  const codes = ["a", "b", "c"].map((key) => code(key, d, instead(`picture ${key.toUpperCase()}`)));
  if (keys.length < 3) {
    problems.push("The link names fewer than three pictures for the sheet; the usual three stand there.");
  }
  return codes.every(Boolean) ? codes : null;
}

export function writeSheet(model, state) {
  const usual = { ...CHOICES, ...NUMBERS };
  const shown = Object.entries(usual).map(([key, [value]]) => [key, state[key] === value ? null : state[key]]);
  const codes = ["z", "base"].map((key) => [key, state[key] ? formatCode(state[key]) : null]);
  const corners = [..."abc"].map((key, i) => [key, state.three ? formatCode(state.three[i]) : null]);
  const at = state.view ? [state.view.x, state.view.y, state.view.wide].map(short).join(",") : null;
  return writeQuery({ model, at, ...Object.fromEntries([...shown, ...codes, ...corners]) });
}

const short = (v) => Number(v.toPrecision(10)); // far finer than a pixel
