// One of the models that are compared: which one, and what it makes of what all of them are given.

import { h } from "../../widgets/dom.js";
import { openEntry } from "./catalogue.js";
import { Reconstruction } from "./reconstruction.js";
import { drawsFrom, SampleGrid } from "./samplegrid.js";
import { Walk } from "./walk.js";

const SIDE = 4; // random pictures a side

export class Column {
  #entry = null;
  #views = null; // what it shows, once the model is there

  // `i` is its place; `choose(name)` puts another model there, `remove()` none.
  constructor({ bench, i, choose, remove, wake }) {
    Object.assign(this, { bench, wake });
    this.select = h("select", { "aria-label": `Model ${i + 1}`, onchange: () => choose(this.select.value) },
      ...bench.catalogue.map(({ name, title }) => h("option", { value: name }, title)));
    this.remove = h("button", { type: "button", class: "plain", "aria-label": `Remove model ${i + 1}`,
      onclick: remove }, "×");
    this.content = h("div", { class: "content" });
    this.element = h("article", { class: "card column", "aria-label": `Model ${i + 1}` },
      h("header", {}, this.select, this.remove), this.content);
  }

  show(name, removable) {
    this.remove.hidden = !removable;
    if (name === this.name) return;
    this.name = name;
    this.#views = null;
    this.#entry = this.bench.catalogue.find((entry) => entry.name === name);
    this.select.value = name;
    if (this.#entry) this.#open(this.#entry);
    else this.#say(`There is no model “${name}” here; known are ` +
      `${this.bench.catalogue.map((entry) => entry.name).join(", ")}.`);
  }

  async #open(entry) {
    this.#say(`Opening ${entry.title} …`);
    const context = await openEntry(entry);
    if (this.#entry !== entry) return; // another one stands here by now
    if (context.why) return this.#say(context.why);
    this.context = { ...context, title: entry.title };
    this.#views = viewsOf(this.context, this.bench.page);
    this.content.replaceChildren(...Object.values(this.#views).map(({ element }) => element));
    this.wake();
  }

  #say(words) {
    this.content.replaceChildren(h("p", { class: "why", role: "status" }, words));
  }

  recolour() {
    this.#views?.picture.recolour();
  }

  // One frame. Whether there is more to do.
  paint(now, { input, ends }, until) {
    if (!this.#views) return false;
    for (const [key, { element }] of Object.entries(this.#views)) element.hidden = key !== now.show;
    const { picture, random, walk } = this.#views;
    if (now.show === "picture") return picture.paint(input, until);
    if (now.show === "walk") return walk.paint(ends, now.t, until);
    random.show(`${now.seed} ${now.temperature}`, drawsFrom(this.context.model.code.prior.sample, now.seed, now.temperature));
    return random.paint(until);
  }
}

const viewsOf = (context, page) => ({ picture: new Reconstruction(context, page), walk: new Walk(context),
  random: new SampleGrid(context, SIDE, `Random codes, as ${context.title} draws them`) });
