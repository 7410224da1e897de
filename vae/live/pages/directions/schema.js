// The state of Directions: where the direction comes from, the picture it is given to and how much of
// it, and the three terms of an analogy.

import { formatVector, parseVector } from "../../core/text.js";
import { firstOf } from "../../core/origins.js";
import { choice, number, optional, picture, pictures, words } from "../../io/schema.js";
import { film } from "../../widgets/film.js";
import { initialTerms } from "./analogy.js";
import { LONGEST_NAME } from "./file.js";

export const STRENGTHS = [-3, 3];
const MOST = 200; // examples on a side, sorted by hand

// To begin with: from one class to another, among digits from 4 to 9.
export function schema(bench) {
  const { model, classes } = bench;
  const last = Math.max(0, classes.length - 1), fourth = Math.max(0, Math.min(4, classes.length - 2));
  const ofClass = (initial, as) => ({ ...number({ initial, min: 0, max: last, whole: true }), as });
  const sorted = (as) => ({ ...pictures(bench, { initial: [], min: 0, max: MOST }), as });
  const [low, high] = STRENGTHS;
  const terms = initialTerms(bench);
  return {
    mode: choice(["classes", "hand", "file"], classes.length > 1 ? "classes" : "hand"),
    withClass: ofClass(last, "with"),
    withoutClass: ofClass(fourth, "without"),
    with: sorted("has"),
    without: sorted("lacks"),
    loaded: optional(linkedDirection(model.latent)),
    name: optional(words(LONGEST_NAME)),
    strength: number({ initial: 0, min: low, max: high }),
    subject: { ...picture(bench, firstOf(bench, fourth)), as: "z" },
    a: picture(bench, terms.a),
    b: picture(bench, terms.b),
    c: picture(bench, terms.c),
    ...film(),
  };
}

// A direction from a file, in full; how reliable it is does not travel with a link.
const linkedDirection = (d) => ({
  as: "direction",
  read: (text) => ({ vector: Float64Array.from(parseVector(text, d)), auc: null, name: "a linked direction" }),
  write: ({ vector }) => formatVector(Float32Array.from(vector)),
});
