// All paths between the key frames at once: those that the page makes at a stroke, the one that needs
// the neighbour graph (grown in idle time), and the geodesic, which Python searches.

import { refusal } from "../../core/errors.js";
import { growGraph } from "../../core/graph.js";
import { join, makePath, timesOf } from "../../core/paths.js";
import { streamLines } from "../../io/client.js";
import { imageDistance } from "./measure.js";

const STEPS = 16; // of a geodesic

export const WAYS = {
  line: { name: "straight line", colour: 0,
    words: "straight through the latent space; the middle lies nearer to the origin than most pictures." },
  slerp: { name: "slerp", colour: 3,
    words: "about the origin: the direction turns, the distance from the origin changes evenly." },
  geodesic: { name: "geodesic", colour: 2,
    words: "the way on which the picture changes least, as the decoder measures it (Arvanitidis et al., " +
      "2018; Shao et al., 2018); the code's own way counts a little too, or it would cut through empty pictures." },
  data: { name: "through the data", colour: 4,
    words: "from known picture to known picture, by the shortest way on the graph of neighbours." },
  pixels: { name: "pixel blend", colour: 9,
    words: "no model at all: one image fades into the other." },
};

const graphs = new WeakMap(); // atlas -> its neighbour graph: grown once while the app is open
const geodesics = new Map(); // "codes" -> knots
const REMEMBERED = 100;

// `changed()` is called when a path has become ready or has failed, `told()` when there is news of one
// that is not.
export function createWays(bench, { changed, told }) {
  const { model, atlas, idle, data } = bench;
  const d = model.latent;
  let keys = [], paths = {}, errors = {}, says = {}, search = null, growing = null;

  function set(next) {
    keys = next;
    paths = {};
    errors = {};
    says = {};
    search?.abort();
    for (const kind of ["line", "slerp", "pixels"]) make(kind, () => ({}));
    if (graphs.has(atlas)) makeData();
    else idle.put("graph", (growing ??= grow()));
    searchAll();
  }

  // A path of one kind over all legs, or the reason why there is none.
  function make(kind, tools) {
    try {
      paths[kind] = join(keys.slice(1).map((z, i) => makePath(kind, keys[i], z, tools(i))));
    } catch (error) {
      errors[kind] = refusal(error);
    }
  }

  function makeData() {
    make("data", () => ({ graph: graphs.get(atlas) }));
  }

  function* grow() {
    const pieces = growGraph(atlas.mean, d);
    for (;;) {
      const { done, value } = pieces.next();
      if (done) {
        graphs.set(atlas, value);
        break;
      }
      const words = `finding neighbours: ${Math.round(20 * value) * 5} %`;
      if (words !== says.data) {
        says.data = words;
        told();
      }
      yield;
    }
    makeData();
    changed();
  }

  async function searchAll() {
    const mine = (search = new AbortController());
    if (bench.offline) {
      errors.geodesic = "Python searches the geodesic; this page has none behind it.";
      return;
    }
    try {
      const found = [];
      for (let i = 1; i < keys.length; i++) {
        found.push(await knotsOf(keys[i - 1], keys[i], mine.signal));
      }
      if (mine.signal.aborted) return;
      make("geodesic", (i) => ({ knots: found[i] }));
    } catch (error) {
      if (error.name === "AbortError" || mine.signal.aborted) return;
      errors.geodesic = refusal(error);
    }
    changed();
  }

  async function knotsOf(from, to, signal) {
    const key = `${data.files["weights.safetensors"]} ${from} ${to}`;
    if (geodesics.has(key)) return geodesics.get(key);
    const body = JSON.stringify({ from: [...from], to: [...to], steps: STEPS });
    let first = null, last = null;
    for await (const now of streamLines(bench.ask("geodesic"), body, signal)) {
      first ??= now;
      last = now;
      says.geodesic = first.energy ? `shortening: ${Math.round((100 * now.energy) / first.energy)} %` : "";
      told();
    }
    const knots = byImage(model, last.codes);
    if (geodesics.size >= REMEMBERED) geodesics.delete(geodesics.keys().next().value);
    geodesics.set(key, knots);
    return knots;
  }

  return {
    set,
    // The frame at time t, or null while the path is not ready.
    at: (kind, t) => paths[kind]?.(t) ?? null,
    ready: (kind) => Boolean(paths[kind]),
    error: (kind) => errors[kind] ?? null,
    status: (kind) => says[kind] ?? "working …",
    stop: () => search?.abort(),
  };
}

// Codes as the knots of a polyline, at times by the arc length of their images.
function byImage(model, codes) {
  const images = codes.map((z) => model.decode(Float32Array.from(z)));
  const steps = images.slice(1).map((x, i) => imageDistance(x, images[i]));
  return { points: Float32Array.from(codes.flat()), at: timesOf(steps) };
}
