// From key frame to key frame: the picture at a place of the path in use, a scrubber and a player that
// move along it, all paths compared, and the map.

import { need } from "../../core/errors.js";
import { PATHS } from "../../core/paths.js";
import { about } from "../../io/provenance.js";
import { createMap } from "../../map/map.js";
import { h } from "../../widgets/dom.js";
import { createFilmDownloads } from "../../widgets/downloads.js";
import { Player } from "../../widgets/player.js";
import { createComparison } from "./comparison.js";
import { createKeyFrames } from "./keyframes.js";
import { framesOf, STEPS } from "./measure.js";
import { Paths } from "./paths.js";
import { placeAt, placeWords } from "./places.js";
import { createScrubber } from "./scrubber.js";
import { createPathView } from "./view.js";

export class Between {
  #drawn = {}; // the state that the strips, plots and pictures show

  constructor(bench) {
    this.bench = bench;
    this.paths = new Paths(bench, { changed: () => this.#pathChanged(), said: () => this.comparison.say() });
    this.keyFrames = createKeyFrames(bench);
    this.view = createPathView(bench);
    this.scrubber = createScrubber(bench);
    this.player = new Player(bench, { last: () => this.last, perUnit: STEPS,
      rounded: (t) => placeAt(t, this.last) });
    this.map = createMap({ bench });
    this.comparison = createComparison({ bench, paths: this.paths, map: this.map,
      choose: (name) => this.#take(name, {}),
      go: (name, share) => this.#take(name, { t: placeAt(share * this.last, this.last) }) });
    this.element = this.#assemble();
  }

  #assemble() {
    const downloads = createFilmDownloads(this.bench, { frames: () => this.#frames(), json: () => this.#json(),
      name: `${this.bench.data.model} morph`, settings: ["scale"] });
    return h("div", { class: "bench morph" },
      h("section", { class: "card ends", "aria-label": "Key frames" }, this.keyFrames.element),
      this.view.element,
      h("section", { class: "card scrub", "aria-label": "Along the path" },
        this.scrubber.element, h("div", { class: "row" }, ...this.player.elements), downloads.element),
      ...this.comparison.elements, this.map.element);
  }

  // The number of the last key frame.
  get last() {
    return this.bench.history.now.keys.length - 1;
  }

  #take(path, more) {
    const error = this.paths.error(path);
    if (error) this.bench.notify(error);
    else this.bench.history.change({ path, ...more });
  }

  // After a step of the page's state.
  settle() {
    const { keys, path } = this.bench.history.now, before = this.#drawn;
    this.#drawn = { keys, path };
    if (keys !== before.keys) {
      this.keyFrames.show();
      this.scrubber.settle();
      this.paths.set(keys.map(({ z }) => z));
      this.comparison.measure();
    }
    if (keys !== before.keys || path !== before.path) this.comparison.show();
    this.map.show();
  }

  #pathChanged() {
    this.bench.request();
    this.comparison.measure();
  }

  // One frame; returns what it shows.
  paint() {
    const { t, path } = this.bench.history.now;
    const frame = this.paths.at(path, t);
    const code = this.view.paint(frame, `morph ${Math.round(100 * t)} %`,
      frame ? placeWords(t, this.last, PATHS[path].name) : this.#missing());
    if (code) this.map.mark(code, true);
    this.scrubber.show();
    this.comparison.at(t);
    return { value: t, code };
  }

  // Why the path in use shows nothing yet, or never will between these pictures.
  #missing() {
    const { path } = this.bench.history.now;
    return this.paths.error(path) ?? `The path “${PATHS[path].name}” is not ready yet: wait a moment.`;
  }

  // -- to take along
  #frames() {
    const { path } = this.bench.history.now;
    need(this.paths.ready(path), this.#missing());
    return framesOf(this.paths, path, this.last);
  }

  #json() {
    const { keys, path } = this.bench.history.now;
    return { ...about(this.bench, this.bench.link()), path,
      keys: keys.map(({ z, name }) => ({ name, z: [...z] })),
      frames: this.#frames().map((frame) => frame.map(({ weight, z }) => ({ weight, z: [...z] }))) };
  }
}
