// The state of Sheet: which part is shown and how, where one looks, and the codes it stands on.

import { need, refusal } from "../../core/errors.js";
import { drawnOf, exampleOf, firstOf } from "../../core/origins.js";
import { choice, flag, number, optional, picture, pictures } from "../../io/schema.js";
import { throughThree } from "../../plane/spaces.js";
import { film } from "../../widgets/film.js";

export const REACH = { min: 0.5, max: 6 }; // of a traversal, in sigma
export const COLUMNS = { min: 3, max: 15 }; // of its pictures
export const ACROSS = { min: 2, max: 60 }; // pictures of the sheet as a file
export const PIXEL = { min: 1, max: 16 };
const FARTHEST = 1e4; // of a view

export function schema(bench) {
  const d = bench.model.latent, corners = firstCorners(bench);
  const base = { z: new Float32Array(d), name: "the origin" };
  const { fps, scale } = film({ fps: 12 }); // a traversal goes there and back by itself
  return {
    part: choice(d < 2 ? ["traversals"] : ["sheet", "traversals"]),
    code: { ...picture(bench, corners[0]), as: "z" },
    ...(d > 2 ? { corners: cornersField(bench, corners) } : { even: choice(["probability", "code"]) }),
    examples: flag(),
    size: { ...choice(["small", "middle", "large"]), as: "pictures" },
    view: optional(viewField),
    base: picture(bench, base),
    range: number({ initial: 3, ...REACH }),
    columns: number({ initial: 9, ...COLUMNS, whole: true }),
    movement: choice(["all", "one"]),
    filmed: choice(["all", ...Array.from({ length: d }, (_, j) => String(j))]),
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
    planeOf(three);
    return three;
  } };
}

export const planeOf = (three) => throughThree(three.map(({ z }) => z));

// Three pictures far from each other, as far as one can tell: of ten classes 0, 3 and 7. Where these
// lie on one line, draws do not.
function firstCorners(bench) {
  const last = bench.classes.length - 1;
  const three = last < 2 ? [0, 1, 2].map((i) => exampleOf(bench, Math.min(i, bench.atlas.n - 1)))
    : [0, Math.ceil(last / 3), last - 2].map((k) => firstOf(bench, k));
  return bench.model.latent > 2 && onOneLine(three) ? [0, 1, 2].map((seed) => drawnOf(bench, seed)) : three;
}

function onOneLine(three) {
  try {
    planeOf(three);
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
