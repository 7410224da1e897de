// EM's steps from the start that a seed makes, and the closed form: worked out when the page has time for it.

import { drawnData } from "../../core/emdata.js";
import { refusal } from "../../core/errors.js";
import { closedForm, em, beginning, logLikelihood } from "../../core/ppca.js";
import { sfc32 } from "../../core/random.js";
import { STEPS } from "./schema.js";

export class Fit {
  best = null; // the closed form, with its `nats`, once it is there
  #steps = [];
  #seed = null;

  constructor(bench, wake) {
    Object.assign(this, { bench, wake, data: drawnData(bench) });
    bench.idle.put("closed form", this.#closedForm());
  }

  * #closedForm() {
    try {
      const best = yield* closedForm(this.data, sfc32(0));
      this.best = { ...best, nats: logLikelihood(this.data, best) };
      this.wake();
    } catch (error) {
      this.bench.notify(refusal(error)); // EM goes on without it
    }
  }

  * #em(seed) {
    for (const model of em(this.data, beginning(this.data, sfc32(seed)), STEPS)) {
      this.#steps.push({ ...model, nats: logLikelihood(this.data, model) });
      if (this.#steps.length <= this.bench.history.now.steps + 1) this.wake();
      yield;
    }
    this.wake();
  }

  // All steps that are there, of {weight, variance, nats}: the start comes first.
  stepsFrom(seed) {
    if (seed !== this.#seed) {
      [this.#seed, this.#steps] = [seed, []];
      const job = this.#em(seed);
      job.next();
      this.bench.idle.put("EM", job);
    }
    return this.#steps;
  }
}
