// One training as it goes on: how far it is, its curves, its map and its pictures, and what can be done.

import { refusal } from "../../core/errors.js";
import { download, h } from "../../widgets/dom.js";
import { createCurves } from "./curves.js";
import { Formation } from "./formation.js";
import { createPairs } from "./pairs.js";
import { shareOf, stateWords } from "./words.js";

const ACTS = { // what, its word, and the states in which it is possible
  pause: ["Pause", (one) => ["training", "waiting"].includes(one.state) && one.phase !== "map"],
  "go-on": ["Go on", ({ state }) => ["paused", "ended"].includes(state)],
  finish: ["Finish now", ({ state, phase }) => state === "training" && phase === "training"],
  remove: ["Remove", () => true],
};

const SECOND_PRESS = 5000; // ms within which it must come

export class Watch {
  #id = null; // of the training that is shown,
  #begun = false; // whether what its frames share is here,
  #known = [0, 0]; // and how many frames and points of it are
  #points = [];

  constructor({ bench, service, wake, changed }) {
    Object.assign(this, { bench, service, changed });
    this.formation = new Formation(bench, wake);
    this.curves = createCurves();
    this.pairs = createPairs();
    this.title = h("h2", {});
    this.words = h("p", { role: "status" });
    this.bar = h("progress", { max: 1, "aria-label": "Progress" });
    this.buttons = Object.fromEntries(Object.entries(ACTS).map(([what, [word]]) =>
      [what, h("button", { type: "button", class: `do-${what}`, onclick: () => this.#act(what) }, word)]));
    this.film = h("button", { type: "button", class: "do-film", onclick: () => this.#saveFilm() }, "Film (GIF)");
    this.command = h("code", { class: "code", tabindex: 0, "aria-label": "The command that repeats it" });
    this.element = h("section", { class: "card watch", "aria-label": "The training", hidden: true },
      h("header", {}, this.title, h("div", { class: "row" }, ...Object.values(this.buttons), this.film)), this.words, this.bar, this.#keeping(),
      this.formation.element, this.pairs.element, this.curves.element, this.command);
  }

  #keeping() {
    this.name = h("input", { type: "text", required: true, pattern: "[\\p{L}\\p{N}_][\\p{L}\\p{N}_.\\-]{0,63}", "aria-label": "Name",
      title: "letters, digits, '.', '_' and '-'" });
    this.keep = h("form", { class: "row keep-as", onsubmit: (event) => {
      event.preventDefault();
      this.#keep();
    } }, h("label", { class: "setting" }, h("span", {}, "name"), this.name),
    h("button", { type: "submit", class: "main do-keep" }, "Keep, and open in Explore →"));
    this.open = h("button", { type: "button", class: "main do-explore", onclick: () => this.#explore(this.one.kept) },
      "Open in Explore →");
    return h("div", {}, this.keep, this.open);
  }

  // `one` of the trainings `all`, or null.
  async show(one, all) {
    this.element.hidden = !one;
    if (!one) return;
    this.one = one;
    this.title.textContent = one.title;
    this.words.textContent = stateWords(one, all);
    this.bar.value = one.phase === "map" ? one.share : shareOf(one);
    for (const [what, [, isPossible]] of Object.entries(ACTS)) this.buttons[what].hidden = !isPossible(one);
    this.film.hidden = !one.frames;
    this.keep.hidden = one.state !== "done";
    this.open.hidden = one.state !== "kept";
    this.command.textContent = one.command;
    if (one.id !== this.#id) this.#begin(one);
    await this.#load(one);
  }

  #begin({ id, title }) {
    Object.assign(this.name, { value: slug(title) });
    this.#id = id;
    this.#begun = false;
    this.#known = [0, 0];
    this.#points = [];
    this.formation.clear();
    this.pairs.clear();
    this.curves.show([], 1);
  }

  // What has come since the last time; a training that continued from a checkpoint has lost some.
  async #load({ id, frames, points, steps, phase }) {
    if (!frames || (frames === this.#known[0] && points === this.#known[1])) return;
    if (!this.#begun) {
      const about = await this.service.about(id);
      if (id !== this.#id) return;
      this.about = about;
      this.#begun = true;
      this.formation.begin(about);
      this.pairs.begin(about);
    }
    if (points < this.#points.length) this.#points = [];
    const [more, frame] = await Promise.all([this.service.curve(id, this.#points.length), this.service.frame(id, this.about.n)]);
    if (id !== this.#id) return;
    this.#known = [frames, points];
    this.#points.push(...more);
    this.curves.show(this.#points, steps);
    this.formation.to(frame.places, phase === "done");
    this.pairs.show(frame.pictures);
  }

  // What is removed cannot be brought back, so a second press is asked for.
  #isMeant(what) {
    const button = this.buttons[what], [word] = ACTS[what];
    if (what !== "remove" || button.textContent !== word) return true;
    button.textContent = "Remove for good";
    setTimeout(() => (button.textContent = word), SECOND_PRESS);
    return false;
  }

  async #act(what) {
    if (!this.#isMeant(what)) return;
    await this.#try(() => this.service.act(this.#id, what));
    await this.changed();
  }

  async #keep() {
    const name = this.name.value.trim(), { title } = this.one;
    if (await this.#try(() => this.service.act(this.#id, "keep", { name, title }))) this.#explore(name);
  }

  #explore = (model) => this.bench.send("go", { page: "explore", model });

  async #saveFilm() {
    this.film.disabled = true;
    await this.#try(async () => download(`${this.name.value || "training"}.gif`, await this.service.film(this.#id)));
    this.film.disabled = false;
  }

  async #try(act) {
    try {
      await act();
      return true;
    } catch (error) {
      this.bench.notify(refusal(error));
      return false;
    }
  }

  paint = (now) => this.formation.paint(now);
}

const slug = (title) => title.toLowerCase().replace(/[^\p{L}\p{N}_.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
