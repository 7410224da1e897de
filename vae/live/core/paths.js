// Paths between codes and what else is made of a few codes: the arithmetic of vae/latent.py,
// vae/paths.py and vae/directions.py, which say where it comes from. Many codes stand in one array,
// row after row; a path is a function of time, at its ends at 0 and 1, that goes on beyond.

import { need } from "./errors.js";
import { nearest, norm, row } from "./latent.js";

const PARALLEL = 1e-6; // radians; below, sine and angle agree to 1e-12
const SLOWEST = 1e-3; // share of the mean segment's time that every segment gets, so that none is a jump
const NEIGHBOURS = 10; // of each known code in the graph
export const MOST_KEYS = 8;
const FEWEST = 3; // examples on either side of a direction

function check(...codes) {
  for (const z of codes) {
    need(z.length === codes[0].length, `The codes have ${codes[0].length} and ${z.length} numbers; ` +
      "take codes of the same model.");
    need(z.every(Number.isFinite), "A code holds NaN or infinity; every number must be finite.");
  }
}

const difference = (a, b) => Float64Array.from(a, (v, j) => v - b[j]);
const dot = (a, b) => a.reduce((sum, v, j) => sum + v * b[j], 0);
const scaled = (a, s) => Float64Array.from(a, (v) => v * s);

export function lerp(z0, z1, t) {
  check(z0, z1);
  return Float32Array.from(z0, (v, j) => (1 - t) * v + t * z1[j]);
}

// The direction goes along the great circle, the norm linearly and never below zero.
export function slerp(z0, z1, t) {
  check(z0, z1);
  const [a, b] = [Float64Array.from(z0), Float64Array.from(z1)];
  const [n0, n1] = [norm(a), norm(b)];
  need(n0 > 0 && n1 > 0,
    "slerp has no way from or to the zero code, which has no direction; use line.");
  const along = greatCircle(scaled(a, 1 / n0), scaled(b, 1 / n1), t);
  if (t === 0 || t === 1) return Float32Array.from(t ? z1 : z0);
  return Float32Array.from(scaled(along, Math.max(0, (1 - t) * n0 + t * n1)));
}

function greatCircle(u0, u1, t) {
  // By half chords, exact where the arc cosine loses half its digits (Kahan).
  const sum = u0.map((v, j) => v + u1[j]);
  const angle = 2 * Math.atan2(norm(difference(u1, u0)), norm(sum));
  need(Math.PI - angle >= PARALLEL, "slerp has no single way between codes in opposite " +
    "directions; use line, or go through a third code.");
  if (angle < PARALLEL) return u0.map((v, j) => (1 - t) * v + t * u1[j]);
  const [a, b] = [(1 - t) * angle, t * angle].map((x) => Math.sin(x) / Math.sin(angle));
  return u0.map((v, j) => a * v + b * u1[j]);
}

// What is to c as b is to a.
export function analogy(a, b, c) {
  check(a, b, c);
  return Float32Array.from(c, (v, j) => v + b[j] - a[j]);
}

// Bilinearly between four codes (4 * D), which stand at (u, v) = (0, 0), (1, 0), (0, 1), (1, 1).
export function corners(codes, u, v) {
  const d = codes.length / 4;
  return Float32Array.from({ length: d }, (_, j) => {
    const top = (1 - u) * codes[j] + u * codes[d + j];
    return (1 - v) * top + v * ((1 - u) * codes[2 * d + j] + u * codes[3 * d + j]);
  });
}

// The plane through three codes in orthonormal coordinates: place(z) -> [x, y], lift([x, y]) -> z.
// a lies at (0, 0), b at (|b - a|, 0), c at some y > 0.
export function plane(a, b, c) {
  check(a, b, c);
  const [ab, ac] = [difference(b, a), difference(c, a)];
  const width = norm(ab);
  const x = scaled(ab, 1 / (width || 1));
  const beside = (y) => difference(y, scaled(x, dot(y, x)));
  const foot = beside(beside(ac)); // twice: once leaves rounding when b and c nearly agree
  const height = norm(foot);
  need(width > 0 && height > 1e-9 * norm(ac),
    "The three codes lie on one line; a plane needs a third one beside it.");
  const y = scaled(foot, 1 / height);
  return {
    place: (z) => [x, y].map((axis) => dot(difference(z, a), axis)),
    lift: ([px, py]) => Float32Array.from(a, (v, j) => v + px * x[j] + py * y[j]),
  };
}

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
  if (!steps.length) return { points: flat([rows[0], rows[0]], d), at: [0, 1] };
  return { points: flat(rows, d), at: timesOf(steps) };
}

// When a path meets its points: from 0 to 1 by the lengths of the steps between them.
export function timesOf(steps) {
  const mean = steps.reduce((a, b) => a + b, 0) / steps.length || 1;
  const at = [0];
  for (const step of steps) at.push(at.at(-1) + Math.max(step, SLOWEST * mean));
  return at.map((v) => v / at.at(-1));
}

function flat(rows, d) {
  const out = new Float32Array(rows.length * d);
  rows.forEach((z, i) => out.set(z, i * d));
  return out;
}

// The graph that joins each code to its nearest, made in pieces: yields the share that is done, so
// that a page can go on in its idle time (10,000 codes in 16 dimensions take seconds), and returns
// the graph.
export function* growGraph(codes, d, k = NEIGHBOURS, piece = 16) {
  const n = codes.length / d;
  const degree = new Uint32Array(n + 1);
  const edges = [];
  for (let i = 0; i < n; i++) {
    const { index, distance } = nearest(codes, codes.subarray(i * d, (i + 1) * d), k + 1);
    let kept = 0;
    for (let m = 0; m < index.length && kept < k; m++) {
      if (index[m] === i) continue;
      edges.push([i, index[m], distance[m] ** 2]);
      degree[i]++, degree[index[m]]++, kept++;
    }
    if (i % piece === piece - 1) yield (i + 1) / n;
  }
  return bothWays(codes, d, k, degree, edges);
}

// Edges of node i: `to` and `cost` from start[i] to start[i + 1].
function bothWays(codes, d, k, degree, edges) {
  const start = new Uint32Array(degree.length);
  for (let i = 1; i < start.length; i++) start[i] = start[i - 1] + degree[i - 1];
  const next = start.slice();
  const to = new Int32Array(2 * edges.length), cost = new Float64Array(2 * edges.length);
  const put = (a, b, c) => ((to[next[a]] = b), (cost[next[a]++] = c));
  for (const [a, b, c] of edges) put(a, b, c), put(b, a, c);
  return { codes, d, k, start, to, cost };
}

export function dataGraph(codes, d, k = NEIGHBOURS) {
  const growing = growGraph(codes, d, k);
  for (;;) {
    const { done, value } = growing.next();
    if (done) return value;
  }
}

// The way from z0 to z1 over known codes with the least sum of squared hops, ends included: rows of
// one array. An end is joined to its nearest codes, and to the other end where that is as near;
// where no edges lead over, the way is straight.
export function dataPath(graph, z0, z1) {
  check(z0, z1);
  const [first, last] = [z0, z1].map((z) => nearest(graph.codes, z, graph.k));
  const apart = norm(difference(z1, z0));
  const reach = Math.max(first.distance.at(-1), last.distance.at(-1));
  const nodes = cheapest(graph, ends(first), ends(last), apart <= reach ? apart ** 2 : Infinity);
  return flat([z0, ...nodes.map((i) => row(graph.codes, i, graph.d)), z1], graph.d);
}

const ends = ({ index, distance }) => new Map(Array.from(index, (i, m) => [i, distance[m] ** 2]));

// The nodes from one of `entries` to one of `exits`, both node -> cost, that together cost less
// than `limit`, or none. Dijkstra (1959), doi.org/10.1007/BF01386390
function cheapest({ codes, d, start, to, cost }, entries, exits, limit) {
  const best = new Float64Array(codes.length / d).fill(Infinity);
  const before = new Int32Array(best.length);
  const queue = heap();
  const reach = (i, from, sum) => {
    if (sum >= best[i]) return;
    best[i] = sum, before[i] = from;
    queue.push(sum, i);
  };
  for (const [i, sum] of entries) reach(i, -1, sum);
  let end = -1;
  for (let top; (top = queue.pop()) && top[0] < limit; ) {
    const [sum, i] = top;
    if (sum > best[i]) continue;
    const whole = sum + (exits.get(i) ?? Infinity);
    if (whole < limit) limit = whole, end = i;
    for (let e = start[i]; e < start[i + 1]; e++) reach(to[e], i, sum + cost[e]);
  }
  const way = [];
  for (let i = end; i >= 0; i = before[i]) way.unshift(i);
  return way;
}

// A binary heap of [cost, node], the least on top.
function heap() {
  const items = [];
  const swap = (a, b) => ([items[a], items[b]] = [items[b], items[a]]);
  const sink = (i) => {
    for (;;) {
      let least = i;
      for (const c of [2 * i + 1, 2 * i + 2]) {
        if (c < items.length && items[c][0] < items[least][0]) least = c;
      }
      if (least === i) return;
      swap(i, least);
      i = least;
    }
  };
  return {
    push(cost, node) {
      let i = items.push([cost, node]) - 1;
      for (let up; i > 0 && items[(up = (i - 1) >> 1)][0] > items[i][0]; i = up) swap(i, up);
    },
    pop() {
      if (items.length < 2) return items.pop();
      swap(0, items.length - 1);
      const top = items.pop();
      sink(0);
      return top;
    },
  };
}

const single = (path) => (t) => [{ weight: 1, z: path(t) }];

// Each makes a path (z0, z1, tools) -> at(t) -> [{weight, z}], whose image is the weighted sum of
// the decoded codes. `tools.graph` is a dataGraph; `tools.knots` the {points, at} of the geodesic
// between these two codes, which vae/paths.py finds.
export const PATHS = {
  line: (z0, z1) => single((t) => lerp(z0, z1, t)),
  slerp(z0, z1) {
    slerp(z0, z1, 0); // refuses now what it would refuse later
    return single((t) => slerp(z0, z1, t));
  },
  geodesic(z0, z1, { knots } = {}) {
    need(knots, "The geodesic between these codes is not computed yet.");
    return single(polyline(knots.points, z0.length, knots.at));
  },
  data(z0, z1, { graph } = {}) {
    need(graph, "The graph of the known codes is not made yet.");
    return single(polyline(dataPath(graph, z0, z1), z0.length));
  },
  pixels: (z0, z1) => (t) => [{ weight: 1 - t, z: z0 }, { weight: t, z: z1 }],
};

export function makePath(kind, z0, z1, tools) {
  need(Object.hasOwn(PATHS, kind),
    `Unknown path ${JSON.stringify(kind)}; known are ${Object.keys(PATHS).join(", ")}.`);
  check(z0, z1);
  return PATHS[kind](z0, z1, tools);
}

// Paths from key frame to key frame as one: key i at time i.
export function join(legs) {
  need(legs.length >= 1 && legs.length < MOST_KEYS,
    `A walk joins 2 to ${MOST_KEYS} key frames; these are ${legs.length + 1}.`);
  return (t) => {
    const i = Math.min(Math.max(Math.floor(t), 0), legs.length - 1);
    return legs[i](t - i);
  };
}

// Percentage points of the normal distribution, algorithm AS 241, to 1e-15: the ratio of two
// polynomials, highest power first. Wichura (1988), doi.org/10.2307/2347330
const CENTRE = [[
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
    13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ], [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597,
    5394.196021424751, 687.1870074920579, 42.31333070160091, 1.0,
  ]];
const TAIL = [[
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,
    3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ], [
    1.0507500716444169e-09, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008,
    0.6897673349851, 1.6763848301838038, 2.053191626637759, 1.0,
  ]];
const FAR_TAIL = [[
    2.0103343992922881e-07, 2.7115555687434876e-05, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ], [
    2.0442631033899397e-15, 1.421511758316446e-07, 1.8463183175100548e-05, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1.0,
  ]];

export function inverseNormal(p) {
  need(p > 0 && p < 1, `A share of the normal distribution lies between 0 and 1; this is ${p}.`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  return Math.sign(q) * (r <= 5 ? ratio(TAIL, r - 1.6) : ratio(FAR_TAIL, r - 5));
}

const ratio = (polynomials, r) => {
  const [top, bottom] = polynomials.map((c) => c.reduce((sum, v) => sum * r + v, 0));
  return top / bottom;
};

// The direction from the mean of the rows without something to the mean of those with it, and two
// readings of its worth: see vae/directions.py.
export function direction(withRows, withoutRows, d) {
  const x = examples(withRows, d), y = examples(withoutRows, d);
  need(Math.min(x.length, y.length) >= FEWEST, `A direction needs at least ${FEWEST} examples ` +
    `with and ${FEWEST} without; these are ${x.length} and ${y.length}.`);
  check(...x, ...y);
  const [sx, sy] = [total(x), total(y)];
  const vector = sx.map((v, j) => v / x.length - sy[j] / y.length);
  need(vector.some((v) => v !== 0),
    "Both sets of examples have the same mean, so no direction leads over.");
  return { vector, auc: aucLeftOut(x, y, sx, sy), ...alignment(x, y),
    nWith: x.length, nWithout: y.length };
}

function examples(rows, d) {
  need(rows.length % d === 0, `${rows.length} numbers are no whole codes of ${d}.`);
  return Array.from({ length: rows.length / d }, (_, i) =>
    Float64Array.from(rows.subarray(i * d, (i + 1) * d)));
}

function total(rows) {
  const sum = new Float64Array(rows[0].length);
  for (const z of rows) z.forEach((v, j) => (sum[j] += v));
  return sum;
}

// The share of pairs that the direction of all other examples puts in order; ties half.
function aucLeftOut(x, y, sx, sy) {
  const without = (sum, z, n) => sum.map((v, j) => (v - z[j]) / (n - 1));
  const mx = x.map((z) => without(sx, z, x.length)), my = y.map((z) => without(sy, z, y.length));
  const own = (m, rows) => rows.map((z, i) => dot(m[i], z));
  const ox = own(mx, x), oy = own(my, y);
  let wins = 0;
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < y.length; k++) {
      const margin = ox[i] + oy[k] - dot(mx[i], y[k]) - dot(x[i], my[k]);
      wins += margin > 0 ? 1 : margin === 0 ? 0.5 : 0;
    }
  }
  return wins / (x.length * y.length);
}

function alignment(x, y) {
  const m = Math.min(x.length, y.length);
  const u = Array.from({ length: m }, (_, i) => {
    const pair = difference(x[i], y[i]);
    return scaled(pair, 1 / (norm(pair) || 1));
  });
  let sum = 0, squares = 0;
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < i; k++) {
      const cos = dot(u[i], u[k]);
      sum += 2 * cos, squares += 2 * cos * cos;
    }
  }
  const pairs = m * (m - 1);
  return { alignment: sum / pairs, randomAlignment: Math.sqrt(2 * squares) / pairs };
}
