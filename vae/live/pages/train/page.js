// The page Train: a model trains before your eyes, in a process of its own. What is true of it is on the disk
// of the app, and asked for once a second: so a page that is opened again, here or elsewhere, finds it.

import { refusal } from "../../core/errors.js";
import { Trainings } from "../../io/trainings.js";
import { createMemory } from "../../state/memory.js";
import { h } from "../../widgets/dom.js";
import { createQueue } from "./queue.js";
import { Setup } from "./setup.js";
import { Watch } from "./watch.js";

export { schema } from "./schema.js";

const OFTEN = 1000, SELDOM = 5000; // ms between two looks: while something is under way, and else
const OFFLINE = "Training needs Python: open the app with python app.py, and this page trains there.";

export function build(bench) {
  bench.keys([], {});
  if (bench.offline) return sayWhy(bench, OFFLINE);
  return new Page(bench).begin();
}

const sayWhy = ({ page, notices }, words) => page.append(notices, h("div", { class: "bench" },
  h("section", { class: "card absent" }, h("h2", {}, "Train"), h("p", {}, words))));

class Page {
  #all = []; // trainings, as they were at the last look
  #timer = 0;

  constructor(bench) {
    this.bench = bench;
    this.service = new Trainings(bench.data.root, visitor());
    const wake = bench.frames((now) => {
      if (this.watch.paint(now)) wake();
    });
    this.watch = new Watch({ bench, service: this.service, wake, changed: () => this.#look() });
    this.setup = new Setup({ bench, service: this.service, asked: (training) => this.#choose(training) });
    this.queue = createQueue({ choose: (training) => this.#choose(training) });
    bench.closing(() => {
      this.closed = true;
      clearTimeout(this.#timer);
    });
  }

  async begin() {
    const { bench } = this, { refused } = await this.service.list();
    if (refused) return sayWhy(bench, refused);
    bench.page.append(bench.notices, h("div", { class: "bench train" },
      h("div", { class: "left" }, this.setup.element, this.queue.element), this.watch.element));
    bench.follow((why) => why === "settle" && this.#show());
    bench.onTheme(() => this.watch.formation.draw());
    this.#fill();
    await this.#look();
  }

  async #fill() {
    try {
      this.setup.fill(await this.service.settings());
    } catch (error) {
      this.bench.notify(refusal(error));
    }
  }

  async #choose(training) {
    this.bench.history.change({ training });
    await this.#look();
  }

  // What is the case now; a server that does not answer is asked again.
  async #look() {
    clearTimeout(this.#timer);
    try {
      this.#all = (await this.service.list()).trainings;
      await this.#see();
    } catch (error) {
      if (!this.closed) this.bench.notify(refusal(error));
    }
    const isUnderWay = this.#all.some(({ state }) => state === "training" || state === "waiting");
    clearTimeout(this.#timer);
    if (!this.closed) this.#timer = setTimeout(() => this.#look(), isUnderWay ? OFTEN : SELDOM);
  }

  #show() {
    this.setup.show();
    this.#see().catch((error) => this.bench.notify(refusal(error)));
  }

  // The one that was chosen; else what trains, or the last one.
  #see() {
    const { training } = this.bench.history.now;
    const one = this.#all.find(({ id }) => id === training) ?? this.#all.find(({ state }) => state === "training")
      ?? this.#all.at(-1) ?? null;
    this.queue.show(this.#all, one);
    return this.watch.show(one, this.#all);
  }
}

// This browser, told from others by a number that it has drawn.
function visitor() {
  const memory = createMemory("for all models"), known = memory.read("visitor", null);
  if (known) return known;
  const drawn = Array.from(crypto.getRandomValues(new Uint8Array(8)), (v) => v.toString(16).padStart(2, "0")).join("");
  memory.write("visitor", drawn);
  return drawn;
}
