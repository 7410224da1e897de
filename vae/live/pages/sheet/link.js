// The page Sheet as a link: which part, how it is shown, where one looks, and the codes it stands on.

import { formatCode } from "../../core/codetext.js";
import { readQuery, unusual, writeQuery } from "../../io/query.js";

const CHOICES = {
  part: ["sheet", "traversals"],
  even: ["probability", "code"],
  codes: ["off", "on"],
  pictures: ["small", "middle", "large"],
};
const NUMBERS = { // [usual, least, most, whole]
  range: [3, 0.5, 6, false],
  columns: [9, 3, 15, true],
};
const CORNERS = ["a", "b", "c"];

const instead = (words) => ` That was ${words}; the usual one stands there instead.`;

// -> {part, even, codes, pictures, range, columns, view, z, base, three, problems}
export function readSheet(d) {
  const asked = readQuery();
  const state = asked.choices(CHOICES);
  for (const [key, [usual, least, most, whole]] of Object.entries(NUMBERS)) {
    state[key] = asked.number(key, usual, [least, most], { whole });
  }
  const z = asked.code("z", d, instead("the code shown"));
  const base = asked.code("base", d, instead("the picture that the traversals start from"));
  return { ...state, z, base, view: view(asked), three: three(asked, d), problems: asked.problems };
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
  const keys = CORNERS.filter((key) => text(key) !== null);
  if (!keys.length) return null;
  const codes = CORNERS.map((key) => code(key, d, instead(`picture ${key.toUpperCase()}`)));
  if (keys.length < 3) {
    problems.push("The link names fewer than three pictures for the sheet; the usual three stand there.");
  }
  return codes.every(Boolean) ? codes : null;
}

export function writeSheet(model, state) {
  const { z, base, view, three } = state;
  const corners = Object.fromEntries(CORNERS.map((key, i) => [key, three && formatCode(three[i])]));
  return writeQuery({ model, at: view && [view.x, view.y, view.wide].map(short).join(","),
    ...unusual(state, { ...CHOICES, ...NUMBERS }), z: formatCode(z), base: base && formatCode(base), ...corners });
}

const short = (v) => Number(v.toPrecision(10)); // far finer than a pixel
