// Pictures that move: held-out examples of each model, one turning into the next, decoded as long as they
// are in view. Where the system asks for less motion the first one stands still.

import { lerp, row } from "../../core/latent.js";
import { calm } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { openEntry } from "./catalogue.js";

const STOPS = 6; // examples
const LEG = 1600; // ms from one to the next
const BUDGET = 6; // ms of a frame

export class MovingPictures {
  #all = new Map(); // element -> one of them
  #seen = new Set();
  #turn = 0; // which one is painted first
  #opening = Promise.resolve(); // one model after the other

  constructor({ closing, wake }) {
    this.wake = wake;
    this.observer = new IntersectionObserver((changes) => changes.forEach((one) => this.#turned(one)));
    closing(() => {
      this.observer.disconnect();
      this.#seen.clear();
    });
  }

  // The picture of one entry of the catalogue; `failed(why)` where its model cannot be opened.
  add(entry, failed) {
    const { canvas, paint } = createPicture(entry.card.model.image,
      { "aria-label": `Held-out examples as “${entry.title}” draws them` });
    this.#all.set(canvas, { entry, paint, failed, stops: null, model: null, asked: false });
    this.observer.observe(canvas);
    return canvas;
  }

  #turned({ target, isIntersecting }) {
    const one = this.#all.get(target);
    if (!isIntersecting) return this.#seen.delete(one);
    this.#seen.add(one);
    if (one.asked) return this.wake();
    one.asked = true;
    this.#opening = this.#opening.then(() => this.#open(one));
  }

  // Unless it has been scrolled by meanwhile, or the page has been left.
  async #open(one) {
    if (!this.#seen.has(one)) return (one.asked = false);
    const { why, model, atlas } = await openEntry(one.entry);
    if (why) return one.failed(why);
    const stops = Array.from({ length: STOPS }, (_, i) => Math.floor((i * atlas.n) / STOPS));
    Object.assign(one, { model, stops: stops.map((i) => row(atlas.mean, i, model.latent)) });
    one.paint(model.decode(one.stops[0]));
    this.wake();
  }

  // One frame at `now` ms: as many as there is time for. Whether there is more to do.
  paint(now) {
    const moving = [...this.#seen].filter(({ stops }) => stops), until = performance.now() + BUDGET;
    if (calm() || !moving.length) return false;
    for (let n = 0; n < moving.length && performance.now() < until; n++, this.#turn++) {
      const { model, stops, paint } = moving[this.#turn % moving.length];
      paint(model.decode(model.code.normalized(codeAt(stops, now / LEG))));
    }
    return true;
  }
}

// From stop to stop, slower where one stands.
function codeAt(stops, t) {
  const i = Math.floor(t) % stops.length, share = t % 1;
  return lerp(stops[i], stops[(i + 1) % stops.length], share ** 2 * (3 - 2 * share));
}
