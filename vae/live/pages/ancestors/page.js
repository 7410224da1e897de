// The page Ancestors: how it was done before there were encoders. EM on the pictures that the model draws, step by step.

import { anySeed } from "../../core/random.js";
import { action } from "../../widgets/action.js";
import { h } from "../../widgets/dom.js";
import { Em } from "./em.js";
import { Fit } from "./fit.js";
import { STEPS } from "./schema.js";

export { schema } from "./schema.js";

const KEYS = [["R", "another start"], [",  .", "one step of EM back, one on"]];

export function build(bench) {
  const { page, history, head } = bench;
  const wake = bench.frames(() => view.paint());
  const fit = new Fit(bench, wake), view = new Em(bench, fit);
  const again = () => history.change({ seed: anySeed(), steps: 0 });
  const by = (steps) => history.change({ steps: Math.min(STEPS, Math.max(0, history.now.steps + steps)) });
  head.fill(action("random", "Another start (R)", again));
  bench.keys(KEYS, { r: again, ",": () => by(-1), ".": () => by(1) });
  page.append(bench.notices, h("div", { class: "bench ancestors" }, ...view.elements(by)));
  bench.follow(wake);
  bench.onTheme(() => view.recolour());
  wake();
}
