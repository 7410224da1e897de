// What is to be trained: pictures and settings. Names, limits and starting values of settings come from Python.

import { refusal } from "../../core/errors.js";
import { h, select } from "../../widgets/dom.js";
import { createInput } from "../../widgets/form.js";
import { createDrop } from "./drop.js";

const FIRST = ["latent", "beta", "likelihood", "width", "steps"]; // the others are in a fold

// `service` is as in io/trainings.js; `asked(id)` hears of the training that was asked for.
export class Setup {
  #options = { sets: [], fields: [] };

  constructor({ bench, service, asked }) {
    Object.assign(this, { bench, service, asked });
    this.data = h("div", {});
    this.main = h("div", { class: "settings" }, h("p", { class: "quiet" }, "Python begins …"));
    this.others = h("div", { class: "settings" });
    this.title = h("input", { type: "text", maxlength: 80, name: "title", "aria-label": "title",
      onchange: () => bench.history.change({ title: this.title.value }) });
    this.begin = h("button", { type: "button", class: "main do-train", disabled: true, onclick: () => this.#ask() }, "Train");
    const drop = createDrop({ bench, bring: (name, files) => service.bring(name, files), take: (set) => this.#take(set) });
    this.element = h("section", { class: "card setup", "aria-label": "A training" }, h("h2", {}, "Train a model"),
      this.data, drop, this.main, h("details", {}, h("summary", {}, "All settings"), this.others),
      h("label", { class: "setting" }, h("span", {}, "title"), this.title), this.begin);
  }

  // What there is: {sets, fields}, as Python has them.
  fill(options) {
    const { history, notify } = this.bench, { data } = history.now;
    this.#options = options;
    this.begin.disabled = false;
    if (!options.sets.some(({ name }) => name === data)) {
      notify(`There are no pictures “${data}” here; those of ${options.sets[0].title} are chosen instead.`);
    }
    this.show();
  }

  show() {
    const { history } = this.bench, { sets, fields } = this.#options, set = this.#set;
    if (!set) return;
    this.data.replaceChildren(select("data", sets.map(({ name, title, n }) =>
      [name, n ? `${title} (${n.toLocaleString("en")} of your own)` : title]), set.name, (data) => history.change({ data })));
    this.title.value = history.now.title;
    this.title.placeholder = set.title;
    const rows = new Map(fields.map((field) => [field.name, this.#row(field)]));
    this.main.replaceChildren(...FIRST.map((name) => rows.get(name)));
    this.others.replaceChildren(...[...rows].filter(([name]) => !FIRST.includes(name)).map(([, row]) => row));
  }

  get #set() {
    const { sets } = this.#options, { data } = this.bench.history.now;
    return sets.find(({ name }) => name === data) ?? sets[0];
  }

  #start = ({ name, default: initial }) => this.#set.start[name] ?? initial;

  #take(set) {
    this.#options.sets = [...this.#options.sets, set];
    this.bench.history.change({ data: set.name });
  }

  #row(field) {
    const input = createInput(field, this.bench.history.now.settings[field.name] ?? this.#start(field));
    input.control.addEventListener("change", () => this.#change(field, input));
    return input.element;
  }

  // What is as it is to begin with is not in the state.
  #change(field, input) {
    if (!input.control.reportValidity()) return;
    const { history } = this.bench, settings = { ...history.now.settings, [field.name]: input.read() };
    if (settings[field.name] === this.#start(field)) delete settings[field.name];
    history.change({ settings });
  }

  async #ask() {
    const { history, notify } = this.bench, { title, settings } = history.now, { name, start } = this.#set;
    this.begin.disabled = true;
    try {
      const { id } = await this.service.ask({ data: name, title, settings: { ...start, ...settings } });
      await this.asked(id);
    } catch (error) {
      notify(refusal(error));
    }
    this.begin.disabled = false;
  }
}
