// The state of Sheet: which part is shown and how, where one looks, and the codes it is made of.

import { need, refusal } from "../../core/errors.js";
import { drawnOf, exampleOf, firstOf, originOf } from "../../core/origins.js";
import { largest } from "../../core/reading.js";
import { choice, flag, number, optional, picture, pictures } from "../../io/schema.js";
import { throughThree } from "../../plane/spaces.js";
import { film } from "../../widgets/film.js";

export const COLUMNS = { min: 3, max: 15 }; // of its pictures
export const ACROSS = { min: 2, max: 60 }; // pictures of the sheet as a file
export const PIXEL = { min: 1, max: 16 };
const FARTHEST = 1e4; // of a view

// How far a traversal goes: in sigma, or as far as examples do.
export function reachOf({ atlas, model: { code } }) {
  if (code.numberUnit) return { initial: 3, min: 0.5, max: 6, step: 0.25 };
  const most = Number(Math.max(1e-3, ...largest(atlas.mean, code.size)).toPrecision(2));
  return { initial: most, min: most / 8, max: 2 * most, step: most / 16 };
}

// Whether the whole space is one sheet; and whether there is any.
export const isWhole = (code) => code.size === 2 && !code.hasChoice;
export const hasSheet = (code) => code.size > 2 || isWhole(code);

export function schema(bench) {
  const { model: { code } } = bench, corners = firstCorners(bench);
  const { initial, min, max } = reachOf(bench);
  const { fps, scale } = film({ fps: 12 }); // a traversal goes there and back by itself
  return {
    part: choice(hasSheet(code) ? ["sheet", "traversals"] : ["traversals"]),
    code: { ...picture(bench, corners[0]), as: "z" },
    ...(isWhole(code) ? { even: choice(code.unit ? ["probability", "code"] : ["code"]) }
      : { corners: cornersField(bench, corners) }),
    examples: flag(),
    size: { ...choice(["small", "middle", "large"]), as: "pictures" },
    view: optional(viewField),
    base: picture(bench, originOf(bench)),
    range: number({ initial, min, max }),
    columns: number({ initial: 9, ...COLUMNS, whole: true }),
    movement: choice(["all", "one"]),
    filmed: choice(["all", ...code.names.map((_, j) => String(j))]),
    fps, scale,
    across: number({ initial: 20, ...ACROSS, whole: true }),
    pixel: number({ initial: 2, ...PIXEL, whole: true }),
    area: choice(["view", "whole"]),
  };
}

// The three pictures that a plane goes through.
function cornersField(bench, initial) {
  const field = pictures(bench, { initial, min: 3, max: 3 });
  return { ...field, read(text) {
    const three = field.read(text);
    planeOf(bench, three);
    return three;
  } };
}

export const planeOf = ({ model }, three) => throughThree(three.map(({ z }) => z), model.code);

// Three pictures far from each other, as far as one can tell: of ten classes 0, 3 and 7. Where these
// lie on one line, draws do not.
function firstCorners(bench) {
  const last = bench.classes.length - 1;
  const three = last < 2 ? [0, 1, 2].map((i) => exampleOf(bench, Math.min(i, bench.atlas.n - 1)))
    : [0, Math.ceil(last / 3), last - 2].map((k) => firstOf(bench, k));
  return bench.model.latent > 2 && onOneLine(bench, three) ? [0, 1, 2].map((seed) => drawnOf(bench, seed)) : three;
}

function onOneLine(bench, three) {
  try {
    planeOf(bench, three);
    return false;
  } catch (error) {
    refusal(error); // anything else is thrown on
    return true;
  }
}

// The middle of the view and how much of the sheet its shorter side shows.
const viewField = {
  as: "at",
  read(text) {
    const [x, y, wide, ...rest] = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
    const near = [x, y, wide].every((v) => Math.abs(v) < FARTHEST);
    need(near && wide > 0 && !rest.length, `“${text}” must be three numbers: where the middle lies, and ` +
      "how wide a piece to show");
    return { x, y, wide };
  },
  write: ({ x, y, wide }) => [x, y, wide].join(","),
};

// A view as a link holds it: far finer than a pixel.
export const rounded = (view) =>
  view && Object.fromEntries(Object.entries(view).map(([key, v]) => [key, Number(v.toPrecision(10))]));
