// The page Directions as a link: the direction, the picture it is given to, and how much of it. A
// direction that is not one between two classes stands there in full.

import { formatCode } from "../../core/codetext.js";
import { readQuery, writeQuery } from "../../io/query.js";

export const STRENGTHS = [-3, 3];

// -> {state: `usual` with what the link names, problems: sentences}
export function readState(d, classes, usual) {
  const asked = readQuery();
  const one = (name, key) => (classes.length > 1
    ? asked.number(name, usual[key], [0, classes.length - 1], { whole: true }) : usual[key]);
  const state = { ...usual, withClass: one("with", "withClass"), withoutClass: one("without", "withoutClass"),
    strength: asked.number("strength", usual.strength, STRENGTHS) };
  const z = asked.code("z", d), vector = asked.code("direction", d);
  if (z) state.subject = { z };
  if (vector) Object.assign(state, { mode: "file", loaded: linked(vector) });
  return { state, problems: asked.problems };
}

const linked = (vector) => ({ vector: Float64Array.from(vector), auc: null, name: "a linked direction" });

export function writeState(model, { mode, withClass, withoutClass, strength, subject }, vector) {
  const between = mode === "classes";
  return writeQuery({ model, with: between ? withClass : null, without: between ? withoutClass : null,
    strength: strength || null, z: formatCode(subject.z),
    direction: !between && vector ? formatCode(Float32Array.from(vector)) : null });
}
