// All pictures of the class as one, by the mean of their codes and by that of their pixels; and a morph between two
// of them.

import { refusal } from "../../core/errors.js";
import { makePath } from "../../core/paths.js";
import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { createPictureView } from "../../widgets/pictureview.js";
import { createSlider } from "../../widgets/slider.js";

const STEPS = 24; // of the line on the map
const NOTHING = "Nothing was sent yet.";
const CHOOSE = "Press two pictures on the wall.";

export class Together {
  #mean = null; // {z, x, words}, or null where nothing is shown
  #morph = null; // {at(t) -> code, words}, or null
  #refused = CHOOSE; // why there is no morph

  constructor(bench, sent) {
    const { model, history } = bench;
    Object.assign(this, { bench, sent, history });
    this.view = createPictureView({ bench, kind: "class", label: "The class's picture" });
    this.pixels = createPicture(model.image, { "aria-label": "The mean of the pixels" });
    this.beside = h("figure", { class: "pixels" }, this.pixels.canvas,
      h("figcaption", { class: "quiet" }, "the mean of the pixels, without a model"));
    this.slider = createSlider({ label: "between the two", range: [0, 1], move: (t) => history.move({ t }),
      settle: () => history.settle(), about: ["Where between both codes: 0 is the first picture, 1 the second."] });
    this.onward = h("button", { type: "button", class: "do-morph", onclick: () => this.#openMorph() }, "Open in Morph →");
    this.element = h("div", { class: "together" }, ...this.view.elements, this.beside, this.slider.element, this.onward);
  }

  get #isMorph() {
    return this.history.now.show === "morph";
  }

  get #ends() {
    return this.history.now.pair.map(this.sent.find);
  }

  // After a step, or when the room is another.
  settle() {
    this.#readMean();
    this.#readMorph();
    for (const one of [this.slider.element, this.onward]) one.hidden = !this.#isMorph || !this.#morph;
    this.beside.hidden = this.#isMorph || !this.#mean;
  }

  #readMean() {
    const mean = this.sent.mean(), n = this.sent.shown.length;
    this.#mean = mean && { ...mean, words: `the mean of ${n === 1 ? "1 code" : `${n} codes`}, decoded` };
    if (mean) this.pixels.paint(mean.x);
  }

  #readMorph() {
    const [a, b] = this.#ends, { code } = this.bench.model;
    [this.#morph, this.#refused] = [null, CHOOSE];
    if (!a || !b) return;
    try {
      const path = makePath("slerp", a.z, b.z);
      this.#morph = { at: (t) => code.normalized(path(t)[0].z), words: `${nameOf(a)} → ${nameOf(b)}` };
    } catch (error) {
      this.#refused = refusal(error);
    }
  }

  // In each frame; `map` marks the code.
  paint(map) {
    const { show, t } = this.history.now;
    this.slider.show(t);
    if (show === "join") return {};
    const words = this.#isMorph ? this.#morph?.words ?? this.#refused : this.#mean?.words ?? NOTHING;
    const z = this.#isMorph ? this.#morph?.at(t) : this.#mean?.z;
    if (z) this.view.show({ z, name: words }, words);
    else this.view.show({ x: null, why: words }, words);
    if (z) map.mark(z, !this.#isMorph);
    return { code: z };
  }

  // The morph's path over the map.
  lines() {
    if (!this.#isMorph || !this.#morph) return [];
    return [{ codes: Array.from({ length: STEPS + 1 }, (_, i) => this.#morph.at(i / STEPS)), colour: null }];
  }

  #openMorph() {
    const keys = this.#ends.map(({ z }) => this.bench.model.code.text(z)).join(";");
    this.bench.send("go", { page: "morph", model: this.bench.data.model, keys });
  }
}

const nameOf = ({ name, id }) => name || `picture ${id}`;
