// The page Generate as a link: where codes are drawn from, at which temperature and from which seed,
// or around which picture and how far from it.

import { formatCode } from "../../core/codetext.js";
import { RADII, SIDES, SPREADS, TEMPERATURES } from "./codes.js";
import { readQuery, writeQuery } from "../../io/query.js";
import { SEEDS } from "../../core/random.js";
import { SOURCES } from "./sources.js";

const USUAL = { source: "prior", kind: 0, t: 1, seed: 0, side: 8, radius: SPREADS.even.radius,
  spread: "even" };
const NAMES = { source: "from", kind: "class", t: "t", seed: "seed", side: "grid", radius: "radius",
  spread: "spread" };

// -> {state, problems: sentences}
export function readState(d, classes) {
  const asked = readQuery();
  const known = Object.keys(SOURCES).filter((key) => key !== "class" || classes.length > 1);
  const state = {
    source: asked.oneOf("from", USUAL.source, known),
    kind: asked.number("class", USUAL.kind, [0, classes.length - 1],
      { whole: true, wanted: "the place of a class in the list" }),
    t: asked.number("t", USUAL.t, TEMPERATURES),
    radius: asked.number("radius", USUAL.radius, RADII),
    seed: asked.number("seed", USUAL.seed, [0, SEEDS - 1], { whole: true }),
    side: asked.oneOf("grid", USUAL.side, SIDES),
    spread: asked.oneOf("spread", USUAL.spread, Object.keys(SPREADS)),
  };
  const z = asked.code("z", d, " Shown instead: new pictures.");
  return { state: { ...state, center: z && { z }, trail: [] }, problems: asked.problems };
}

export function writeState(model, state) {
  const said = Object.entries(NAMES).map(([key, name]) =>
    [name, state[key] === USUAL[key] ? null : state[key]]);
  return writeQuery({ model, ...Object.fromEntries(said),
    z: state.center && formatCode(state.center.z) });
}
