// Up to four models side by side: one picture through all of them, random codes of one seed, or a walk from
// one picture to another.

import { anySeed } from "../../core/random.js";
import { createChoice } from "../../widgets/choice.js";
import { h, help } from "../../widgets/dom.js";
import { createSlider } from "../../widgets/slider.js";
import { Column } from "./column.js";
import { Ends } from "./ends.js";
import { BUDGET } from "./part.js";
import { MOST, SHOWS, TEMPERATURES } from "./schema.js";

export class Compare {
  #turn = 0; // the column that a frame begins with

  constructor({ bench, wake, input }) {
    Object.assign(this, { bench, wake, input, history: bench.history, columns: [] });
    this.ends = new Ends(bench);
    this.choice = createChoice({ name: "show", label: "What is compared", choices: Object.entries(SHOWS),
      choose: (show) => this.history.change({ show }) });
    this.panels = { picture: h("div", { class: "slot" }), random: this.#createRandom(), walk: this.ends.element };
    this.notes = h("p", { class: "quiet", role: "status" });
    this.add = h("button", { type: "button", class: "do-add", onclick: () => this.#put(MOST, this.#another()) }, "+ another model");
    this.board = h("div", { class: "columns" });
    this.element = h("div", { class: "part compare" },
      h("div", { class: "given" }, h("section", { class: "card", "aria-label": "What is compared" },
        h("div", { class: "row" }, this.choice.element, help("comparing", ...ABOUT))),
      ...Object.values(this.panels), this.add, this.notes), this.board);
    bench.onTheme(() => {
      this.columns.forEach((column) => column.recolour());
      wake();
    });
  }

  #createRandom() {
    this.temperature = createSlider({ label: "temperature", range: [TEMPERATURES.min, TEMPERATURES.max],
      move: (temperature) => this.history.move({ temperature }), settle: () => this.history.settle(),
      about: ["Random codes are stretched away from the centre of the prior by this factor."] });
    return h("section", { class: "card", "aria-label": "Random codes" }, h("p", {}, "Each model draws from its own ",
      "prior, with the same seed: models of as many dimensions and one prior get the same codes."),
    this.temperature.element, h("button", { type: "button", class: "do-more", onclick: () => this.#more() }, "More"));
  }

  // Another example, or other random codes.
  other() {
    const { show } = this.history.now;
    if (show === "picture") this.input.other();
    if (show === "random") this.#more();
  }

  #more() {
    this.history.change({ seed: anySeed() });
  }

  // Another model in place i, or one more.
  #put(i, name) {
    const { compared } = this.history.now;
    this.history.change({ compared: i < compared.length ? compared.with(i, name) : [...compared, name] });
  }

  #another() {
    const { compared } = this.history.now, { catalogue } = this.bench;
    return (catalogue.find(({ name }) => !compared.includes(name)) ?? catalogue[0]).name;
  }

  #remove(i) {
    this.history.change({ compared: this.history.now.compared.toSpliced(i, 1) });
    this.add.focus();
  }

  show() {
    this.temperature.show(this.history.now.temperature);
    this.ends.show();
    this.input.show();
  }

  settle() {
    const { show, compared } = this.history.now;
    this.choice.show(show);
    this.input.place(this.panels.picture);
    for (const [key, panel] of Object.entries(this.panels)) panel.hidden = key !== show;
    this.ends.settle();
    while (this.columns.length > compared.length) this.columns.pop().element.remove();
    while (this.columns.length < compared.length) this.#append();
    this.columns.forEach((column, i) => column.show(compared[i], compared.length > 1));
    this.board.style.setProperty("--count", compared.length);
    this.add.hidden = compared.length >= MOST;
    this.notes.textContent = notesOf(this.bench.catalogue, this.history.now);
  }

  #append() {
    const i = this.columns.length;
    const column = new Column({ bench: this.bench, i, wake: this.wake, choose: (name) => this.#put(i, name),
      remove: () => this.#remove(i) });
    this.columns.push(column);
    this.board.append(column.element);
  }

  // One frame: what the hand moves in all columns, then as many figures as there is time for.
  paint() {
    const { now } = this.history, until = performance.now() + BUDGET;
    const given = { ends: now.show === "walk" && this.ends.inputs, input: now.show === "picture" && this.input.now };
    this.#turn++;
    const left = this.columns.map((_, n) => this.columns[(n + this.#turn) % this.columns.length].paint(now, given, until));
    return left.some(Boolean);
  }
}

const ABOUT = ["Rate, KL(q ‖ p), is what the code costs; distortion, −log p(x|z), what it leaves out; their sum is ",
  "−ELBO. A grey picture under a likelihood of black and white is the chance of white at each pixel: the surprise is ",
  "−ELBO less the picture's own entropy, which every model has to pay."];

// What does not compare, in words.
function notesOf(catalogue, { compared, show }) {
  const likelihoods = compared.map((name) => catalogue.find((entry) => entry.name === name)?.card?.model.likelihood);
  return show === "picture" && new Set(likelihoods.filter(Boolean)).size > 1
    ? "These models have different likelihoods: their nats do not compare." : "";
}
