// Models that differ in nothing but the noise of their likelihood: σ = 1, one σ for all pixels, a σ for each
// pixel. One picture through all of them: its mean, a sample with noise, and where σ is large.

import { noisesOf } from "../../core/ladders.js";
import { sampleNormal } from "../../core/normal.js";
import { anySeed, sfc32 } from "../../core/random.js";
import { action } from "../../widgets/action.js";
import { createChoice } from "../../widgets/choice.js";
import { h, help } from "../../widgets/dom.js";
import { asCss, VIRIDIS } from "../../widgets/palette.js";
import { NOISES } from "./cardwords.js";
import { openEntry } from "./catalogue.js";
import { Noisy } from "./noisy.js";
import { Original } from "./original.js";
import { BUDGET, createMessage } from "./part.js";

export const SUBJECTS = { example: "Held-out example", picture: "Another picture" };
const NONE = ["There are no models here that differ in their noise alone. Train some with ",
  "python -m vae train DATA --out FOLDER --likelihood gaussian --noise unit, then with --noise shared and ",
  "--noise pixel, with all else the same."];
const ABOUT = ["A pixel of 256 grey levels is a Gaussian, rounded: its mean is what other pages show, and σ is its noise, as a ",
  "share of the way from black to white. All models here are scored by the same likelihood, so their nats compare. With σ = 1 ",
  "every error is cheap and a code has little to say; one σ, learned, is as large as the usual error; a σ for each pixel is ",
  "small where the model is sure and large where it is not, as at an outline. A quite black pixel has the mass of all that ",
  "lies below it, so where a model is sure of black no noise shows, whatever σ is."];

// Of the open model's data, or the first ones; undefined where there are none.
export function noisesFor({ catalogue, card }) {
  const known = noisesOf(catalogue), dataOf = (arms) => anyOf(arms).card.data.name;
  return known.find((arms) => dataOf(arms) === card.data.name) ?? known[0];
}

export const anyOf = (arms) => Object.values(arms).find(Boolean);

export function createNoise(given) {
  const arms = noisesFor(given.bench);
  return arms ? new NoisePart(given, arms) : createMessage("Noise", ...NONE);
}

class NoisePart {
  #opened = false;
  #turn = 0; // the arm that a frame begins with
  #held = null; // the example that is on the screen
  #noise = { seed: null, numbers: null };

  constructor({ bench, wake, input }, arms) {
    const some = anyOf(arms), { image } = some.card.model;
    Object.assign(this, { bench, input, some, history: bench.history, size: image[0] * image[1] * image[2] });
    this.arms = Object.entries(NOISES).map(([kind, words]) => new Arm({ entry: arms[kind], kind, words, some, wake }));
    this.choice = createChoice({ name: "subject", label: "What goes through the models", choices: Object.entries(SUBJECTS),
      choose: (subject) => this.history.change({ subject }) });
    this.original = new Original({ bench, image, wake, model: some.name });
    this.panels = { example: this.#createExample(), picture: h("div", { class: "slot" }) };
    this.element = h("div", { class: "part noise" },
      h("div", { class: "given" }, this.#createNoise(), ...Object.values(this.panels)),
      h("div", { class: "arms" }, ...this.arms.map(({ element }) => element)));
  }

  #createNoise() {
    return h("section", { class: "card", "aria-label": "Noise" },
      h("header", {}, h("h2", {}, "Noise"), help("the noise of a picture", ...ABOUT)), this.choice.element,
      h("button", { type: "button", class: "do-more", onclick: () => this.history.change({ seed: anySeed() }) }, "Fresh noise"),
      h("div", { class: "sigmas" }, h("i", { style: `background:${asCss(VIRIDIS)}` }),
        ...["σ = 0.004", "0.016", "0.06", "0.25", "1"].map((words) => h("span", {}, words))));
  }

  #createExample() {
    return h("section", { class: "card drawing", "aria-label": "The example" }, this.original.canvas,
      h("div", { class: "row" }, action("random", "Another example (R)", () => this.other())), this.original.words);
  }

  // Another example, of the models' own data.
  other() {
    if (this.history.now.subject === "picture") return this.input.other();
    this.history.change({ held: Math.floor(Math.random() * this.some.card.atlas.n) });
  }

  show() {
    this.input.show();
  }

  settle() {
    const { subject, held } = this.history.now;
    if (!this.#opened) this.#open();
    this.choice.show(subject);
    for (const [key, panel] of Object.entries(this.panels)) panel.hidden = key !== subject;
    this.input.place(this.panels.picture);
    if (subject === "example" && held !== this.#held) this.original.show(this.#exampleOf(this.#held = held));
  }

  #open() {
    this.#opened = true;
    this.arms.forEach((arm) => arm.open());
  }

  #exampleOf(index) {
    const { data, atlas } = this.some.card;
    return { index, data: data.name, split: atlas.split, title: data.title };
  }

  // The same numbers for all models, as long as it is the same seed.
  #numbers(seed) {
    if (seed !== this.#noise.seed) this.#noise = { seed, numbers: sampleNormal(this.size, sfc32(seed)) };
    return this.#noise.numbers;
  }

  paint() {
    const { subject, seed } = this.history.now, until = performance.now() + BUDGET, numbers = this.#numbers(seed);
    const input = subject === "picture" ? this.input.now : this.original.now;
    this.#turn++;
    const left = this.arms.map((_, i) => this.arms[(i + this.#turn) % this.arms.length].paint(numbers, input, until));
    return left.some(Boolean);
  }
}

// One of the models, or a sentence in its place.
class Arm {
  #view = null; // as soon as its model is there

  constructor({ entry, kind, words, some, wake }) {
    Object.assign(this, { entry, wake });
    this.content = h("div", { class: "content" }, h("p", { class: "why", role: "status" },
      entry ? `Opening ${entry.title} …` : missingWords(kind, some)));
    this.element = h("article", { class: "card arm", "data-noise": kind, "aria-label": words },
      h("header", {}, h("h2", {}, words), h("span", { class: "quiet" }, entry?.title ?? "")), this.content);
  }

  async open() {
    if (!this.entry) return;
    const context = await openEntry(this.entry);
    if (!context.why) this.#view = new Noisy({ ...context, title: this.entry.title });
    this.content.replaceChildren(this.#view?.element ?? h("p", { class: "why" }, context.why));
    this.wake();
  }

  // One frame. Whether there is more to do.
  paint(noise, input, until) {
    return this.#view ? this.#view.paintWith(noise, input, until) : false;
  }
}

const missingWords = (kind, { title, card }) => `There is no such model of ${card.data.title} here: python -m vae train with ` +
  `--noise ${kind} and all else as “${title}” has it makes one.`;
