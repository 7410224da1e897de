// A plain autoencoder and the variational one that is most like it: random codes from N(0, I) and from
// Gaussians fitted to each one's own codes, and a walk. N(0, I) alone would be a straw man, as nothing makes
// an autoencoder's codes fill it: From Variational to Deterministic Autoencoders (Ghosh et al., 2020),
// https://arxiv.org/abs/1903.12436

import { refusal } from "../../core/errors.js";
import { gaussianMixture } from "../../core/gaussians.js";
import { twinsOf } from "../../core/ladders.js";
import { anySeed } from "../../core/random.js";
import { postJson } from "../../io/client.js";
import { h, help } from "../../widgets/dom.js";
import { rowsOf } from "./cards.js";
import { sampleRows } from "./cardwords.js";
import { openEntry } from "./catalogue.js";
import { Ends } from "./ends.js";
import { BUDGET, createMessage } from "./part.js";
import { drawsFrom, SampleGrid } from "./samplegrid.js";
import { Walk } from "./walk.js";

const SIDE = 5; // random pictures a side
const NONE = ["There is no plain autoencoder here beside a variational one of the same data and as many dimensions. ",
  "Train one with python -m vae train DATA --out FOLDER --posterior point, with all else the same."];
const ABOUT = ["A plain autoencoder answers with one point for each picture. Training keeps these points near the origin, ",
  "but nothing makes them fill N(0, I), so a code drawn from there may mean nothing. Drawn from Gaussians fitted to its ",
  "own codes it does much better (Ghosh et al., 2020): both are shown for both models, with the same seed. On the walk one ",
  "sees holes: places between two examples where the decoder has never been."];
const UNMEASURED = "How good these samples are has not been measured: python -m vae evaluate FOLDER does it.";

// Of the open model's data, or the first ones; undefined where there are none.
function pairOf({ catalogue, card }) {
  const pairs = twinsOf(catalogue);
  return pairs.find(({ point }) => point.card.data.name === card.data.name) ?? pairs[0];
}

export function createTwins(given) {
  const pair = pairOf(given.bench);
  return pair ? new Twins(given, pair) : createMessage("Autoencoder and VAE", ...NONE);
}

class Twins {
  #turn = 0; // the twin that a frame begins with
  #opened = false; // both are here, or on their way

  constructor({ bench, wake }, { point, vae }) {
    Object.assign(this, { bench, history: bench.history });
    this.ends = new Ends(bench);
    this.twins = [[point, "plain autoencoder"], [vae, "variational autoencoder"]].map(([entry, kind]) =>
      new Twin({ bench, entry, kind, wake }));
    this.element = h("div", { class: "part twins" },
      h("div", { class: "given" }, h("section", { class: "card", "aria-label": "Random codes" },
        h("header", {}, h("h2", {}, "Random codes"), help("comparing them", ...ABOUT)),
        h("button", { type: "button", class: "do-more", title: "Another seed (R)", onclick: () => this.other() }, "More")),
      this.ends.element), h("div", { class: "columns" }, ...this.twins.map(({ element }) => element)));
  }

  other() {
    this.history.change({ seed: anySeed() });
  }

  show() {
    this.ends.show();
  }

  settle() {
    this.ends.settle();
    if (!this.#opened) this.#open();
  }

  // When the part is first looked at. Python fits one mixture after the other.
  async #open() {
    this.#opened = true;
    await Promise.all(this.twins.map((twin) => twin.open()));
    for (const twin of this.twins) await twin.fit();
  }

  paint() {
    const { now } = this.history, until = performance.now() + BUDGET, { inputs } = this.ends;
    this.#turn++;
    const left = this.twins.map((_, i) => this.twins[(i + this.#turn) % 2].paint(now, inputs, until));
    return left.some(Boolean);
  }
}

// One of the two: its codes from both sources, its walk, its figures.
class Twin {
  #context = null;
  #fitted = null; // what draws from Gaussians fitted to its codes

  constructor({ bench, entry, kind, wake }) {
    Object.assign(this, { bench, entry, wake });
    this.content = h("div", { class: "content" }, h("p", { class: "why", role: "status" }, `Opening ${entry.title} …`));
    this.element = h("article", { class: "card twin", "aria-label": entry.title },
      h("header", {}, h("h2", {}, entry.title), h("span", { class: "quiet" }, kind)), this.content);
  }

  async open() {
    const context = await openEntry(this.entry), { title, card } = this.entry;
    if (context.why) return this.content.replaceChildren(h("p", { class: "why" }, context.why));
    this.#context = { ...context, title };
    this.prior = new SampleGrid(context, SIDE, `Codes from N(0, I), as ${title} draws them`);
    this.own = new SampleGrid(context, SIDE, `Codes from its own Gaussians, as ${title} draws them`);
    this.walk = new Walk(this.#context);
    this.status = h("p", { class: "why", role: "status" }, "Fitting Gaussians to its codes …");
    const rows = sampleRows(card.metrics);
    this.content.replaceChildren(h("div", { class: "both" },
      h("figure", {}, h("figcaption", {}, context.model.code.prior.term), this.prior.element),
      h("figure", {}, h("figcaption", {}, "Gaussians fitted to its codes"), this.status, this.own.element)),
    this.walk.element, rows.length ? h("dl", {}, ...rowsOf(rows)) : h("p", { class: "quiet" }, UNMEASURED));
    this.wake();
  }

  async fit() {
    if (!this.#context) return;
    try {
      const mixture = await postJson(this.bench.ask("mixture", this.entry.name));
      this.#fitted = gaussianMixture(mixture);
      this.status.remove();
      this.wake();
    } catch (error) {
      this.status.textContent = refusal(error);
    }
  }

  // One frame. Whether there is more to do.
  paint({ seed, t }, inputs, until) {
    if (!this.#context) return false;
    const { code } = this.#context.model;
    const walking = this.walk.paint(inputs, t, until);
    this.prior.show(seed, drawsFrom(code.prior.sample, seed));
    if (this.#fitted) this.own.show(seed, drawsFrom((uniform) => code.normalized(this.#fitted(uniform, 1)), seed));
    return [this.prior.paint(until), this.own.paint(until), walking].some(Boolean);
  }
}
