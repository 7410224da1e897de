// The lesson beside the page: a panel on a wide screen, a sheet at the bottom of a narrow one. It sets the page's
// state as a step says, sees what is done there, and goes along from page to page.

import { refusal } from "../core/errors.js";
import { asked, remember } from "../io/link.js";
import { fieldText, keyOf } from "../io/schema.js";
import { h } from "../widgets/dom.js";
import { Lab } from "./lab.js";
import { readCourse } from "./library.js";
import { parsePlace, place, placeText, titleOf } from "./place.js";
import { isReady, restart, stepOf, stopAt } from "./progress.js";
import { Step } from "./step.js";

export const KEYS = [["[  ]", "in a lesson: one step back, one on"]];

export class Panel {
  #lessons = [];
  #lesson = null;
  #i = 0;
  #view = null; // of the step
  #trail = []; // the page's states since the step began

  // `bench` is the page's, with `set(query)`, which sets its state as a link would.
  constructor(bench) {
    this.bench = bench;
    this.#askedFor(new URLSearchParams(asked()));
    this.title = h("strong", {});
    this.fold = h("button", { type: "button", class: "plain do-fold", onclick: () => this.#fold(!place.isFolded) });
    this.steps = h("nav", { class: "steps", "aria-label": "Steps of the lesson" });
    this.body = h("div", { class: "body scrolls" });
    this.back = h("button", { type: "button", class: "do-back", title: "One step back ([)", onclick: () => this.by(-1) }, "Back");
    this.next = h("button", { type: "button", class: "do-next", title: "One step on (])", onclick: () => this.by(1) }, "Next");
    this.element = h("section", { class: "lesson", "aria-label": "Lesson" },
      h("header", {}, this.title, this.fold, h("button", { type: "button", class: "plain do-leave",
        "aria-label": "Leave the lesson", title: "Leave the lesson", onclick: () => this.leave() }, "×")),
      this.steps, this.body, h("footer", {}, this.back,
        h("button", { type: "button", class: "plain do-restart", onclick: () => this.#restart() }, "Start again"), this.next));
    this.keys = { "[": () => this.by(-1), "]": () => this.by(1) };
    bench.follow((why) => why === "settle" && this.#settled());
    if (bench.room) bench.closing(bench.room.listen(() => this.#view?.count?.show()));
  }

  // A link to a step that says nothing of the page's state opens the step as it begins.
  #askedFor(query) {
    const wanted = query.has("lesson") ? query.get("lesson") : null, fields = Object.entries(this.bench.schema).map(([key, { as = key }]) => as);
    if (wanted === null || wanted === place.text) return;
    place.text = wanted;
    place.isEntered = !fields.some((name) => query.has(name));
  }

  // Once the page is there.
  async begin() {
    if (place.text === null) return;
    try {
      const found = parsePlace(place.text, (await this.course()).lessons);
      if (!this.bench.page.isConnected) return;
      if (found) this.#open(found);
      else this.#refuse();
    } catch (error) {
      this.bench.notify(refusal(error));
    }
  }

  // {lessons, plans}
  async course() {
    const course = await readCourse(this.bench.data.lessons);
    this.#lessons = course.lessons;
    return course;
  }

  // Goes to the step that a plan names.
  async enterAt(text) {
    const { lesson, i } = parsePlace(text, (await this.course()).lessons);
    this.enter(lesson, i);
  }

  #refuse() {
    this.bench.notify(`There is no step “${place.text.slice(0, 40)}”; lessons here are ` +
      `${this.#lessons.map(({ key }) => key).join(", ")}, and 1.2 is step 2 of lesson 1.`);
    this.leave();
  }

  #open({ lesson, i }) {
    const [isEntered, step] = [place.isEntered, lesson.steps[i]];
    if (isEntered && !this.#isOn(step)) return this.#goTo(step);
    place.isEntered = false;
    if (isEntered) this.bench.set(queryAt(lesson, i));
    this.#show(lesson, i);
    if (isEntered) this.#view.heading.focus({ preventScroll: true });
  }

  // Goes to a step, on its page.
  enter(lesson, i) {
    const step = lesson.steps[i];
    place.text = placeText(lesson.key, i);
    place.isEntered = true;
    if (this.#isOn(step) && step.query === null && lesson === this.#lesson && i > this.#i) { // from where one is
      place.isEntered = false;
      this.#show(lesson, i);
      this.#view.heading.focus({ preventScroll: true });
    } else {
      this.#open({ lesson, i });
    }
    remember(this.bench.link());
  }

  by(steps) {
    const i = this.#i + steps;
    if (!this.#lesson) return;
    if (i >= this.#lesson.steps.length) this.#toList();
    else if (i >= 0) this.enter(this.#lesson, i);
  }

  #toList() {
    this.leave();
    this.bench.send("go", { page: "lessons", model: this.bench.data.model });
  }

  leave() {
    [place.text, place.isEntered, this.#lesson] = [null, false, null];
    delete this.bench.page.dataset.lesson;
    this.element.remove();
    remember(this.bench.link());
  }

  #restart() {
    restart(this.#lesson.key);
    this.enter(this.#lesson, 0);
  }

  #fold(isFolded) {
    place.isFolded = isFolded;
    this.bench.page.dataset.lesson = isFolded ? "folded" : "open";
    this.fold.textContent = isFolded ? "Open" : "Fold";
    this.fold.setAttribute("aria-expanded", String(!isFolded));
  }

  #isOn({ page, model }) {
    const { data } = this.bench;
    return data.page === page && (data.model === model || !this.#has(model));
  }

  #has(model) {
    return this.bench.data.models.some(({ name }) => name === model);
  }

  #goTo({ page, model }) {
    const { data, send } = this.bench;
    if (data.page === page) send("model", model);
    else send("go", { page, model });
  }

  // -- on the screen
  #show(lesson, i) {
    [this.#lesson, this.#i, this.#trail] = [lesson, i, [this.bench.history.now]];
    stopAt(lesson.key, i);
    this.title.textContent = titleOf(lesson);
    this.#view = new Step({ lesson, i, lab: new Lab(this.bench.data.models, lesson.models),
      bench: this.bench, changed: () => this.#mark() });
    this.#mark();
    this.body.replaceChildren(this.#view.element, ...this.#elsewhere(lesson.steps[i]));
    this.body.scrollTop = 0;
    this.back.disabled = i === 0;
    this.next.textContent = i === lesson.steps.length - 1 ? "To the list" : "Next";
    this.#fold(place.isFolded);
    if (!this.element.isConnected) this.bench.page.append(this.element);
  }

  // What stands there where the step is about something else than the page that is open.
  #elsewhere(step) {
    if (!this.#has(step.model)) return [h("p", { class: "elsewhere" }, `This step is about the model “${step.model}”, ` +
      "which is not here: read it, and do it where the whole app runs.")];
    if (this.#isOn(step)) return [];
    return [h("p", { class: "elsewhere" }, "This step is about another page or model. ", h("button", { type: "button",
      class: "do-return", onclick: () => this.enter(this.#lesson, this.#i) }, "Go there"))];
  }

  #mark() {
    const { key, steps } = this.#lesson, i = this.#i;
    this.steps.replaceChildren(...steps.map((step, at) => h("button", { type: "button", title: step.title,
      "aria-label": `Step ${at + 1}: ${step.title}`, "aria-current": at === i ? "step" : null,
      class: stepOf(key, at).seen && isReady(step, stepOf(key, at)) ? "done" : null,
      onclick: () => this.enter(this.#lesson, at) }, String(at + 1))));
    this.next.classList.toggle("main", isReady(steps[i], stepOf(key, i)));
  }

  // A field since the step began, as predicates take it.
  #trailOf(name) {
    const { schema, model, atlas } = this.bench, key = keyOf(schema, name);
    return { model, atlas, texts: this.#trail.map((state) => fieldText(schema, name, state)),
      codes: this.#trail.map((state) => state[key]?.z) };
  }

  #settled() {
    if (!this.#lesson || !this.#isOn(this.#lesson.steps[this.#i])) return;
    this.#trail.push(this.bench.history.now);
    this.#view.check((field) => this.#trailOf(field));
  }
}

// What a step's page is set to: its own link, or that of the step before.
function queryAt({ steps }, i) {
  const { page, model } = steps[i];
  const before = steps.slice(0, i + 1).filter((step) => step.page === page && step.model === model && step.query !== null);
  return before.at(-1)?.query ?? "";
}
