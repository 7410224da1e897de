// A direction as a JSON file, there and back: the format of vae/directions.py. What a file says is
// checked, and refused in one sentence.

import { FEWEST } from "./comparison.js";
import { InputError, need } from "../../core/errors.js";

const FORMAT = 1;
const LARGEST = 1e6; // bytes
export const LONGEST_NAME = 60;

export function toJson({ vector, auc, alignment, randomAlignment, nWith, nWithout }, weights, name) {
  return JSON.stringify({ format: FORMAT, weights, name, vector: Array.from(vector), auc, alignment,
    random_alignment: randomAlignment, n_with: nWith, n_without: nWithout });
}

// The inverse, for a model with these `weights` and `d` dimensions.
function fromJson(text, weights, d) {
  const raw = parsed(text);
  need(raw?.format === FORMAT,
    `This is not a direction of format ${FORMAT}; save it again with this program.`);
  need(raw.weights === weights, "This direction belongs to another model; open that one to use it.");
  need(Array.isArray(raw.vector) && raw.vector.length === d,
    `This direction needs a vector of ${d} numbers, one per dimension.`);
  const vector = Float64Array.from(raw.vector, (v, i) =>
    number(v, `number ${i + 1} of the vector`, -1e6, 1e6));
  const name = typeof raw.name === "string" ? raw.name.slice(0, LONGEST_NAME) : null;
  return { vector, name, auc: number(raw.auc, "auc", 0, 1),
    alignment: number(raw.alignment, "alignment", -1, 1),
    randomAlignment: number(raw.random_alignment, "random_alignment", 0, 1),
    nWith: Math.trunc(number(raw.n_with, "n_with", FEWEST, 1e9)),
    nWithout: Math.trunc(number(raw.n_without, "n_without", FEWEST, 1e9)) };
}

// A file as it was chosen; without a name inside, it is called as the file is.
export async function readDirection(file, weights, d) {
  need(file.size <= LARGEST, "This file is too large to be a direction, which is a few kilobytes of JSON.");
  const direction = fromJson(await file.text(), weights, d);
  return { ...direction, name: direction.name ?? file.name.replace(/\.json$/i, "") };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`This direction is not readable as JSON (${error.message}).`);
  }
}

function number(value, name, low, high) {
  need(typeof value === "number" && value >= low && value <= high,
    `In this direction, ${name} must be between ${low} and ${high}.`);
  return value;
}
