// The graph over examples' codes, and the cheapest path through it: see vae/paths.py.

import { nearest } from "./blend.js";
import { check, difference, norm, row, stacked } from "./latent.js";

const NEIGHBOURS = 10; // of each example

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

// The path from z0 to z1 over examples' codes with the least sum of squared hops, ends included: rows of
// one array. An end is joined to its nearest codes, and to the other end where that is as near;
// where no edges lead over, the way is straight.
export function dataPath(graph, z0, z1) {
  check(z0, z1);
  const [first, last] = [z0, z1].map((z) => nearest(graph.codes, z, graph.k));
  const apart = norm(difference(z1, z0));
  const reach = Math.max(first.distance.at(-1), last.distance.at(-1));
  const nodes = cheapest(graph, ends(first), ends(last), apart <= reach ? apart ** 2 : Infinity);
  return stacked([z0, ...nodes.map((i) => row(graph.codes, i, graph.d)), z1], graph.d);
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
