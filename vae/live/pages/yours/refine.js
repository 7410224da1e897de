// A better posterior for one picture, by gradient steps on its own ELBO: Python takes them.

import { h, help, svg } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { streamLines } from "../../io/client.js";

const WIDTH = 200, HEIGHT = 44;
export const BEYOND = "beyond what this model can price";

export class Refine {
  #running = null;
  #item = null;

  // `take(refined, item)`: {mean, scale, curve, gain, used} of this picture, whose code is used or not.
  constructor({ bench, inUse, take }) {
    const { ceiling } = bench.model;
    Object.assign(this, { url: bench.ask("refine"), refuse: bench.notify, inUse, take, ceiling,
      curve: createCurve(), said: h("output", { class: "quiet" }) });
    this.start = h("button", { type: "button", class: "do-refine", onclick: () => this.#run() },
      "Refine this posterior");
    const { hasRate } = bench.model.code; // without one there is no ELBO to improve
    this.start.hidden = bench.offline || !hasRate; // Python takes the gradient steps
    this.stop = h("button", { type: "button", hidden: true,
      onclick: () => this.#running?.abort() }, "Stop");
    this.which = this.#createWhich();
    this.element = h("section", { class: "refine", "aria-label": "Refine" },
      h("div", { class: "row" }, this.start, this.stop, this.said, hasRate ? help("refining",
        "The encoder is one network for all pictures and answers at once: amortized inference. ",
        "Gradient steps on this picture's own ELBO lead to a better posterior; what they gain is a ",
        "lower bound on the amortization gap (Cremer et al., 2018). The gain is measured on fresh ",
        "noise; the curve shows the best so far on the noise of the search.") : null),
      this.curve.element, this.which);
  }

  #createWhich() {
    const choices = [["encoder", "the encoder's code"], ["refined", "the refined code"]];
    return h("div", { class: "row", role: "radiogroup", "aria-label": "Code in use", hidden: true },
      ...choices.map(([value, text]) => h("label", { class: "choice" },
        h("input", { type: "radio", name: "code-in-use", value, onchange: () =>
          this.take({ ...this.#item.refined, used: value === "refined" }, this.#item) }), text)));
  }

  // What there is to say of a picture: {x, refined}.
  show(item) {
    if (item !== this.#item) this.#running?.abort();
    this.#item = item;
    this.start.disabled = !item?.x;
    const refined = item?.refined ?? null;
    this.which.hidden = !refined;
    this.curve.draw(refined?.curve ?? []);
    this.said.textContent = refined ? this.#gainWords(refined.gain) : "";
    if (!refined) return;
    this.which.querySelector(`[value=${refined.used ? "refined" : "encoder"}]`).checked = true;
  }

  async #run() {
    this.show(this.inUse.item); // it may have changed in this very moment
    const item = this.#item;
    if (!item?.x) return;
    this.#running = new AbortController();
    this.#busy(true);
    this.said.textContent = "Asking Python …";
    try {
      const refined = await this.#search(item);
      if (refined) this.take(refined, item);
    } catch (error) {
      if (error.name !== "AbortError") this.refuse(refusal(error));
      this.show(this.#item);
    } finally {
      this.#running = null;
      this.#busy(false);
      this.element.scrollIntoView({ block: "nearest" });
    }
  }

  // Null where the gain was not measured.
  async #search({ x }) {
    const curve = [], body = Uint8Array.from(x, (v) => Math.round(255 * v));
    let best = null, gain = null;
    for await (const line of streamLines(this.url, body, this.#running.signal)) {
      if (line.gain) {
        gain = line.gain;
        continue;
      }
      best = line;
      curve.push([line.step, line.elbo]);
      this.curve.draw(curve);
      this.said.textContent = `step ${line.step}: ${this.#elboWords(line.elbo)}`;
    }
    return gain && { mean: Float32Array.from(best.mean), scale: Float32Array.from(best.scale), curve,
      gain, used: true };
  }

  #gainWords({ nats, stderr, before, after }) {
    if (!this.#priced(before)) {
      return `The encoder's posterior: ${BEYOND}; refined: ${this.#elboWords(after)}`;
    }
    return `ELBO ${before.toFixed(2)} → ${after.toFixed(2)} nats: ${nats >= 0 ? "gained" : "lost"} ` +
      `${Math.abs(nats).toFixed(2)} ± ${stderr.toFixed(2)} (1,000 draws)`;
  }

  #elboWords = (elbo) => (this.#priced(elbo) ? `ELBO ${elbo.toFixed(2)} nats` : BEYOND);

  #priced = (elbo) => -elbo <= this.ceiling;

  #busy(on) {
    this.start.hidden = on;
    this.stop.hidden = !on;
  }
}

// `draw(points)` of [step, ELBO].
function createCurve() {
  const line = svg("polyline", { points: "" });
  const element = svg("svg", { class: "curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
    preserveAspectRatio: "none", "aria-label": "ELBO after each step" }, line);

  function draw(points) {
    element.classList.toggle("empty", !points.length);
    if (!points.length) return;
    const [first, last] = [points[0][1], points.at(-1)[1]];
    const end = Math.max(points.at(-1)[0], 1), rise = Math.max(last - first, 0.1);
    const across = (step) => ((WIDTH * step) / end).toFixed(1);
    const down = (elbo) => (HEIGHT - 4 - ((HEIGHT - 8) * (elbo - first)) / rise).toFixed(1);
    line.setAttribute("points", points.map(([step, elbo]) => `${across(step)},${down(elbo)}`).join(" "));
  }

  return { element, draw };
}

