// β as a slider over models that differ in nothing else: the same picture and the same noise while β moves,
// and where it stands on the curve of rate and distortion. Each model is trained at its own β; between two
// of them there is none, so the slider goes from one to the next.

import { laddersOf } from "../../core/ladders.js";
import { anySeed } from "../../core/random.js";
import { h, help } from "../../widgets/dom.js";
import { openEntry } from "./catalogue.js";
import { BUDGET, createMessage } from "./part.js";
import { createScatter, pointOf } from "./plane.js";
import { Reconstruction } from "./reconstruction.js";
import { drawsFrom, SampleGrid } from "./samplegrid.js";

const SIDE = 5; // random pictures a side
const NONE = ["A ladder is three or more models that differ in β alone, and there is none here. Train some with ",
  "python -m vae train DATA --out FOLDER --beta 0.5, once for each β, with all else the same."];
const ABOUT = ["β is the weight of the rate in training (β-VAE, Higgins et al., 2017). The smaller it is, the more a code ",
  "may say of its picture: reconstructions become sharper, while codes drawn from the prior fit the decoder less. The ",
  "slider stops at the β that a model was trained with."];

// The ladder of the open model's data, or the first one; null where there is none.
export function ladderOf({ catalogue, card }) {
  const ladders = laddersOf(catalogue);
  return ladders.find(([entry]) => entry.card.data.name === card.data.name) ?? ladders[0] ?? null;
}

const betaOf = ({ card }) => card.training.beta;

export function createDial(given) {
  const rungs = ladderOf(given.bench);
  return rungs ? new Dial(given, rungs) : createMessage("β", ...NONE);
}

class Dial {
  #views = null; // of each rung, made when the part is first looked at

  constructor({ bench, wake, input }, rungs) {
    Object.assign(this, { bench, wake, input, rungs, history: bench.history });
    this.slot = h("div", { class: "slot" });
    this.hand = h("input", { type: "range", min: 0, max: rungs.length - 1, step: 1, "aria-label": "β",
      oninput: () => this.history.move({ beta: betaOf(rungs[this.hand.valueAsNumber]) }),
      onchange: () => this.history.settle() });
    this.value = h("output", {});
    this.rebuilt = h("section", { class: "card", "aria-label": "The same picture" }, h("h2", {}, "The same picture"));
    this.random = h("section", { class: "card", "aria-label": "The same noise" }, h("header", {}, h("h2", {}, "The same noise"),
      h("button", { type: "button", class: "do-more", onclick: () => this.#more() }, "More")));
    this.scatter = createScatter(bench, "Rate and distortion of each β", (name) =>
      this.history.change({ beta: betaOf(rungs.find((rung) => rung.name === name)) }));
    this.measured = rungs.filter(({ card }) => card.metrics.rate && card.metrics.distortion);
    this.element = h("div", { class: "part dial" },
      h("div", { class: "given" }, this.#createSlider(), this.slot),
      h("div", { class: "columns" }, this.rebuilt, this.random, h("section", { class: "card curve", "aria-label": "The curve" },
        h("h2", {}, "Rate and distortion"), this.measured.length ? this.scatter.element
          : h("p", {}, "Not measured yet: python -m vae evaluate FOLDER measures each model."))));
    bench.onTheme(() => {
      this.#views?.forEach((view) => view.picture?.recolour());
      wake();
    });
  }

  #createSlider() {
    const last = this.rungs.length - 1;
    const ticks = this.rungs.map((rung, i) => h("span",
      { style: `left:calc(var(--handle) / 2 + (100% - var(--handle)) * ${i / last})` }, String(betaOf(rung))));
    return h("section", { class: "card beta", "aria-label": "β" },
      h("header", {}, h("h2", {}, "β"), help("β", ...ABOUT), this.value),
      h("div", { class: "track" }, this.hand, h("div", { class: "ticks", "aria-hidden": "true" }, ...ticks)));
  }

  #open() {
    this.#views = this.rungs.map(() => ({ element: null, picture: null, random: null }));
    this.rungs.forEach((rung, i) => this.#openRung(rung, this.#views[i]));
  }

  async #openRung(rung, view) {
    const context = await openEntry(rung);
    if (context.why) view.why = h("p", { class: "why" }, context.why);
    else Object.assign(view, { context, picture: new Reconstruction({ ...context, title: rung.title }, this.bench.page),
      random: new SampleGrid(context, SIDE, `The same noise, as ${rung.title} draws it`) });
    this.rebuilt.append(view.picture?.element ?? view.why);
    if (view.random) this.random.append(view.random.element);
    this.wake();
  }

  #more() {
    this.history.change({ seed: anySeed() });
  }

  other() {
    this.input.other();
  }

  get #i() {
    return this.rungs.findIndex((rung) => betaOf(rung) === this.history.now.beta);
  }

  show() {
    const i = this.#i, words = `β = ${betaOf(this.rungs[i])}`;
    this.hand.value = i;
    this.hand.setAttribute("aria-valuetext", words);
    this.value.textContent = words;
    this.scatter.mark(this.rungs[i].name);
    this.input.show();
  }

  settle() {
    if (!this.#views) this.#open();
    this.input.place(this.slot);
    const { beta } = this.history.now;
    const points = this.measured.map((rung) => pointOf(rung, betaOf(rung) === beta, `β ${betaOf(rung)}`));
    this.scatter.show(points, [points.map(({ key }) => key)]);
  }

  // One frame: this rung's picture and noise; the others rest.
  paint() {
    const until = performance.now() + BUDGET, here = this.#views[this.#i];
    for (const view of this.#views) {
      for (const element of [view.picture?.element, view.random?.element, view.why]) {
        if (element) element.hidden = view !== here;
      }
    }
    if (!here.context) return false;
    const { seed } = this.history.now, left = here.picture.paint(this.input.now, until);
    here.random.show(seed, drawsFrom(here.context.model.code.prior.sample, seed));
    return here.random.paint(until) || left;
  }
}
