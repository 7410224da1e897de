// A search for the posterior of one picture, step by step, beside what the encoder says of it at once.

import { CHANGES } from "../../core/changes.js";
import { refusal } from "../../core/errors.js";
import { inputOf } from "../../core/machine.js";
import { anyExample } from "../../core/origins.js";
import { EVERY, Search } from "../../core/search.js";
import { h, help } from "../../widgets/dom.js";
import { createSelect } from "../../widgets/form.js";
import { createPlot } from "../../widgets/lineplot.js";
import { createPicture } from "../../widgets/picture.js";
import { lengthOf } from "./schema.js";

const ABOUT = ["The encoder is one network for all pictures: it answers at once, and for none of them as well as could be. A search ",
  "looks for the μ and σ that fit this picture: gradient steps on its own ELBO, backwards through the decoder, eight codes a step ",
  "(Cremer et al., 2018). What it gains is what one network for all costs, the amortization gap, or a lower bound on it. Each ELBO ",
  "here is over the same 64 ε."];
const PARTS = ["rate", "distortion", "loss"], WORDS = ["rate", "distortion", "−ELBO"];

// The part of the page; of a model that cannot be searched for, the reason.
export function createInference(bench, wake) {
  try {
    return new Inference(bench, wake, new Search(bench, bench.tensors));
  } catch (error) {
    return { element: h("div", { class: "bench" }, h("section", { class: "card absent" },
      h("h2", {}, "No search here"), h("p", {}, refusal(error)))), paint() {}, other() {}, by() {}, recolour() {} };
  }
}

class Inference {
  #path = { key: null, found: [] };
  #seen = {};

  constructor(bench, wake, search) {
    Object.assign(this, { bench, wake, search, history: bench.history });
    const { image } = bench.model;
    this.pictures = ["what the model sees", "the encoder's", "the search's"].map((words) => ({ words, ...createPicture(image, { "aria-label": words }) }));
    this.plot = createPlot("What −ELBO is lower than at the beginning, nats", "nats");
    const sized = new ResizeObserver(() => this.plot.draw());
    sized.observe(this.plot.element);
    bench.closing(() => sized.disconnect());
    this.element = h("div", { class: "bench ancestors inference" }, this.#createGiven(), this.#createPrices(), this.#createPath());
  }

  #createGiven() {
    const { bench, history } = this, { classes } = bench;
    this.name = h("p", { class: "quiet", role: "status" });
    this.flip = h("button", { type: "button", class: "do-flip", onclick: () => history.change({ flip: !history.now.flip, searched: 0 }) }, "Upside down");
    return h("section", { class: "card given", "aria-label": "The picture" }, h("h2", {}, "The picture"),
      h("div", { class: "three" }, ...this.pictures.map(({ canvas, words }) => h("figure", {}, canvas, h("figcaption", {}, words)))),
      h("div", { class: "row" }, ...classes.map((name, k) => h("button", { type: "button", class: "class",
        onclick: () => this.#take(anyExample(bench, k)) }, name)), this.flip), this.name);
  }

  #createPrices() {
    const { history } = this, button = (words, attributes, act) => h("button", { type: "button", ...attributes, onclick: act }, words);
    this.slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Steps of the search",
      oninput: () => history.move({ searched: this.slider.valueAsNumber }), onchange: () => history.settle() });
    this.count = h("output", {});
    this.cells = PARTS.map(() => [h("td", {}), h("td", {})]);
    this.gained = h("p", { class: "gained", role: "status" });
    return h("section", { class: "card prices", "aria-label": "Search" },
      h("header", {}, h("h2", {}, "A search for this picture"), help("a search", ...ABOUT),
        createSelect(this.bench, "begin", "begin with", [["encoder", "the encoder's answer"], ["prior", "the prior"]], { searched: 0 })),
      h("div", { class: "row" }, button("Search", { class: "main do-search" }, () => history.change({ searched: this.#last() })),
        button("Five steps", { class: "do-five", title: "Five steps (.)" }, () => this.by(1)),
        button("To the beginning", { class: "do-begin-again" }, () => history.change({ searched: 0 }))),
      h("div", { class: "slider" }, h("span", {}, "Steps"), h("span", {}), this.count, this.slider),
      h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "nats"), h("th", { scope: "col" }, "encoder"), h("th", { scope: "col" }, "search"))),
        h("tbody", {}, ...WORDS.map((words, i) => h("tr", {}, h("th", { scope: "row" }, words), ...this.cells[i])))), this.gained);
  }

  #createPath() {
    return h("section", { class: "card path-of-search", "aria-label": "The search so far" }, this.plot.element);
  }

  #last() {
    return lengthOf(this.history.now.begin);
  }

  #take(of) {
    if (of) this.history.change({ of, searched: 0 });
  }

  by(steps) {
    this.history.change({ searched: Math.min(this.#last(), Math.max(0, this.history.now.searched + steps)) });
  }

  other() {
    const { classes } = this.bench;
    this.#take(anyExample(this.bench, Math.floor(Math.random() * Math.max(1, classes.length))));
  }

  recolour() {
    this.#seen = {};
    this.paint();
  }

  #input({ of, flip }) {
    const { model } = this.bench, x = inputOf(model, Float32Array.from(model.decode(of.z)));
    return flip ? CHANGES["upside-down"](x, model.image) : x;
  }

  // What the search has found so far for the state; it goes on where there is time, as far as it is asked for.
  #found({ of, flip, begin }) {
    const path = this.#path;
    if (path.of !== of || path.flip !== flip || path.begin !== begin) {
      const x = this.#input({ of, flip }), encoder = this.bench.model.encode(x);
      this.#path = { of, flip, begin, x, found: [], job: this.search.priced(x, begin), encoder: { ...encoder, ...this.search.price(x, encoder) } };
    }
    this.bench.idle.put("search", this.#on(this.#path));
    return this.#path;
  }

  * #on(path) {
    while (path === this.#path && path.found.length <= this.history.now.searched) {
      const { done, value } = path.job.next();
      if (done) return;
      path.found.push(value);
      this.wake();
      yield;
    }
  }

  paint() {
    const { now } = this.history, path = this.#found(now), at = Math.min(now.searched, path.found.length - 1);
    this.slider.max = this.#last();
    this.slider.value = now.searched;
    this.count.textContent = String(EVERY * now.searched);
    this.flip.setAttribute("aria-pressed", String(now.flip));
    this.name.textContent = `In goes ${now.of.name}${now.flip ? ", upside down" : ""}.`;
    if (at < 0) return;
    if (this.#seen.path !== path || this.#seen.at !== at) this.#show(path, at);
    this.#seen = { path, at };
    return { steps: EVERY * at };
  }

  #show({ x, encoder, found }, at) {
    const { model } = this.bench, here = found[at], write = (v) => v.toFixed(2).replace("-", "−");
    [x, model.decode(encoder.mean).slice(), model.decode(here.mean).slice()].forEach((image, i) => this.pictures[i].paint(image));
    PARTS.forEach((part, i) => [encoder, here].forEach((one, j) => (this.cells[i][j].textContent = write(one[part]))));
    const gain = encoder.loss - here.loss;
    this.gained.textContent = gain >= 0 ? `${write(gain)} nats better than the encoder` : `${write(-gain)} nats worse than the encoder`;
    this.gained.dataset.steps = EVERY * at;
    const style = getComputedStyle(this.plot.element), [colour, soft] = ["--accent", "--soft"].map((name) => style.getPropertyValue(name));
    const begin = found[0].loss, row = found.map(({ loss }) => Math.max(0, begin - loss));
    this.plot.show([{ name: "the search", values: row, strong: true, colour },
      { name: "the encoder", values: row.map(() => Math.max(0, begin - encoder.loss)), colour: soft }], [-0.5, found.length - 0.5]);
    this.plot.at(at);
  }
}
