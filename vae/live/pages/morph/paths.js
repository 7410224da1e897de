// All paths between the key frames at once: those that the page makes at a stroke, the one that needs
// the neighbour graph (grown in idle time), and the geodesic, which Python searches.

import { need, refusal } from "../../core/errors.js";
import { growGraph } from "../../core/graph.js";
import { join, makePath, PATHS, timesOf } from "../../core/paths.js";
import { streamLines } from "../../io/client.js";
import { imageDistance } from "./measure.js";

const STEPS = 16; // of a geodesic
const graphs = new WeakMap(); // atlas -> its neighbour graph: grown once while the app is open
const geodesics = new Map(); // "codes" -> knots
const REMEMBERED = 100;

export class Paths {
  #keys = [];
  #ready = {}; // path -> (t) -> frame
  #errors = {};
  #news = {}; // of those that are not ready
  #search = null;
  #growing = null;

  // `changed()` is called when a path has become ready or has failed, `said()` when there is news of one
  // that is not.
  constructor(bench, { changed, said }) {
    Object.assign(this, { bench, changed, said });
    bench.closing(() => this.#search?.abort());
  }

  // The key frames' codes.
  set(keys) {
    this.#keys = keys;
    [this.#ready, this.#errors, this.#news] = [{}, {}, {}];
    this.#search?.abort();
    for (const [name, { needs }] of Object.entries(PATHS)) if (!needs) this.#make(name);
    if (graphs.has(this.bench.atlas)) this.#makeOnGraph();
    else this.bench.idle.put("graph", (this.#growing ??= this.#grow()));
    this.#searchGeodesic();
  }

  // The frame at time t, or null while the path is not ready.
  at(name, t) {
    return this.#ready[name]?.(t) ?? null;
  }

  ready(name) {
    return Object.hasOwn(this.#ready, name);
  }

  // Why there is no such path between these pictures; null where there may be.
  error(name) {
    return this.#errors[name] ?? null;
  }

  status(name) {
    return this.#news[name] ?? "working …";
  }

  #make(name, tools = () => ({})) {
    const keys = this.#keys, { normalized } = this.bench.model.code;
    try {
      const path = join(keys.slice(1).map((z, i) => makePath(name, keys[i], z, tools(i))));
      this.#ready[name] = (t) => path(t).map(({ weight, z }) => ({ weight, z: normalized(z) }));
    } catch (error) {
      this.#errors[name] = refusal(error);
    }
  }

  #say(name, words) {
    if (this.#news[name] === words) return;
    this.#news[name] = words;
    this.said();
  }

  // -- through the data
  #makeOnGraph() {
    this.#make("data", () => ({ graph: graphs.get(this.bench.atlas) }));
  }

  * #grow() {
    const { atlas, model } = this.bench;
    const pieces = growGraph(atlas.mean, model.latent);
    let piece = pieces.next();
    for (; !piece.done; piece = pieces.next()) {
      this.#say("data", `finding neighbours: ${Math.round(20 * piece.value) * 5} %`);
      yield;
    }
    graphs.set(atlas, piece.value);
    this.#makeOnGraph();
    this.changed();
  }

  // -- the geodesic
  async #searchGeodesic() {
    const search = (this.#search = new AbortController());
    try {
      const knots = await this.#knots(search.signal);
      if (search.signal.aborted) return;
      this.#make("geodesic", (i) => ({ knots: knots[i] }));
    } catch (error) {
      if (search.signal.aborted) return;
      this.#errors.geodesic = refusal(error);
    }
    this.changed();
  }

  async #knots(signal) {
    const keys = this.#keys, legs = [];
    need(!this.bench.offline, "Python computes the geodesic, and this page runs without it.");
    for (let i = 1; i < keys.length; i++) legs.push(await this.#leg(keys[i - 1], keys[i], signal));
    return legs;
  }

  async #leg(from, to, signal) {
    const key = `${this.bench.id} ${from} ${to}`;
    if (!geodesics.has(key)) remember(key, byImage(this.bench.model, await this.#asked(from, to, signal)));
    return geodesics.get(key);
  }

  async #asked(from, to, signal) {
    const body = JSON.stringify({ from: [...from], to: [...to], steps: STEPS });
    let first = null, last = null;
    for await (const now of streamLines(this.bench.ask("geodesic"), body, signal)) {
      first ??= now;
      last = now;
      this.#say("geodesic",
        first.energy ? `shortening: ${Math.round((100 * now.energy) / first.energy)} %` : "");
    }
    return last.codes;
  }
}

function remember(key, knots) {
  if (geodesics.size >= REMEMBERED) geodesics.delete(geodesics.keys().next().value);
  geodesics.set(key, knots);
}

// Codes as the knots of a polyline, at times by the arc length of their images.
function byImage(model, codes) {
  const images = codes.map((z) => model.decode(Float32Array.from(z)));
  const steps = images.slice(1).map((x, i) => imageDistance(x, images[i]));
  return { points: Float32Array.from(codes.flat()), at: timesOf(steps) };
}
