// Paths between codes: the arithmetic of vae/paths.py, which says where it comes from. A path is a
// function of time, at its ends at 0 and 1, that goes on beyond.

import { need } from "./errors.js";
import { dataPath } from "./graph.js";
import { check, difference, lerp, norm, row, slerp, stacked } from "./latent.js";

const SLOWEST = 1e-3; // share of the mean segment's time that every segment gets, so that none is a jump
export const MOST_KEYS = 8;

// Straight segments through the rows of `points`, each met at its time `at`, rising from 0 to 1;
// without `at`, by arc length. Straight on, at the last speed, beyond the ends.
export function polyline(points, d, at) {
  if (!at) ({ points, at } = byLength(points, d));
  need(at.length >= 2 && points.length === at.length * d,
    `A path of ${at.length} times needs as many codes of ${d} numbers, at least 2.`);
  return (t) => {
    let i = 0;
    while (i < at.length - 2 && at[i + 1] <= t) i++;
    const s = (t - at[i]) / (at[i + 1] - at[i]);
    const from = points.subarray(i * d, (i + 1) * d), to = points.subarray((i + 1) * d);
    return Float32Array.from(from, (v, j) => (1 - s) * v + s * to[j]);
  };
}

function byLength(points, d) {
  const rows = [row(points, 0, d)], steps = [];
  for (let i = 1; i < points.length / d; i++) {
    const next = row(points, i, d), step = norm(difference(next, rows.at(-1)));
    if (step > 0) rows.push(next), steps.push(step);
  }
  if (!steps.length) return { points: stacked([rows[0], rows[0]], d), at: [0, 1] };
  return { points: stacked(rows, d), at: timesOf(steps) };
}

// When a path meets its points: from 0 to 1 by the lengths of the steps between them.
export function timesOf(steps) {
  const mean = steps.reduce((a, b) => a + b, 0) / steps.length || 1;
  const at = [0];
  for (const step of steps) at.push(at.at(-1) + Math.max(step, SLOWEST * mean));
  return at.map((v) => v / at.at(-1));
}

const single = (path) => (t) => [{ weight: 1, z: path(t) }];

// All paths, each with its name, what it is, the number of its colour, and `make(z0, z1, tools)`
// -> at(t) -> a frame [{weight, z}], whose image is the weighted sum of the decoded codes. `needs` says
// which tool it cannot do without: the `graph`, a dataGraph; or `knots`, the {points, at} of the geodesic
// between these two codes, which vae/paths.py finds.
export const PATHS = {
  line: {
    name: "straight line", colour: 0,
    words: "straight through the latent space; its middle may lie nearer to the origin than both ends.",
    make: (z0, z1) => single((t) => lerp(z0, z1, t)),
  },
  slerp: {
    name: "slerp", colour: 3,
    words: "about the origin: the direction turns, the distance from the origin changes evenly.",
    make(z0, z1) {
      slerp(z0, z1, 0); // refuses now what it would refuse later
      return single((t) => slerp(z0, z1, t));
    },
  },
  geodesic: {
    name: "geodesic", colour: 2, needs: "knots",
    words: "the path on which the picture changes least, as the decoder measures it (Arvanitidis et al., " +
      "2018; Shao et al., 2018); the code's own length counts a little too, or it would cut through empty pictures.",
    make(z0, z1, { knots } = {}) {
      need(knots, "The geodesic between these codes is not computed yet.");
      return single(polyline(knots.points, z0.length, knots.at));
    },
  },
  data: {
    name: "through the data", colour: 4, needs: "graph",
    words: "from example to example, by the shortest path on the graph of neighbours.",
    make(z0, z1, { graph } = {}) {
      need(graph, "The graph of the examples is not computed yet.");
      return single(polyline(dataPath(graph, z0, z1), z0.length));
    },
  },
  pixels: {
    name: "pixel blend", colour: 9,
    words: "no model at all: one image fades into the other.",
    make: (z0, z1) => (t) => [{ weight: 1 - t, z: z0 }, { weight: t, z: z1 }],
  },
};

export function makePath(kind, z0, z1, tools) {
  need(Object.hasOwn(PATHS, kind),
    `Unknown path ${JSON.stringify(kind)}; it must be one of ${Object.keys(PATHS).join(", ")}.`);
  check(z0, z1);
  return PATHS[kind].make(z0, z1, tools);
}

// The image (C * H * W) of one frame.
export function frameImage(model, frame, into = new Float32Array(model.pixels)) {
  if (frame.length === 1) return model.decode(frame[0].z, into);
  into.fill(0);
  for (const { weight, z } of frame) {
    const x = model.decode(z);
    for (let i = 0; i < into.length; i++) into[i] += weight * x[i];
  }
  for (let i = 0; i < into.length; i++) into[i] = Math.min(1, Math.max(0, into[i]));
  return into;
}

// Paths from key frame to key frame as one: key i at time i.
export function join(legs) {
  need(legs.length >= 1 && legs.length < MOST_KEYS,
    `A path joins 2 to ${MOST_KEYS} key frames; these are ${legs.length + 1}.`);
  return (t) => {
    const i = Math.min(Math.max(Math.floor(t), 0), legs.length - 1);
    return legs[i](t - i);
  };
}
