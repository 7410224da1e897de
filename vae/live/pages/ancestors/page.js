// The page Ancestors: how it was done before there were encoders. EM on the pictures that the model draws, step by step,
// and a search for the posterior of one picture.

import { refusal } from "../../core/errors.js";
import { parse } from "../../core/safetensors.js";
import { action } from "../../widgets/action.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { Em } from "./em.js";
import { createInference } from "./inference.js";
import { PARTS } from "./schema.js";

export { schema } from "./schema.js";

const WEIGHTS = "weights.safetensors";
const KEYS = [["R", "another start of EM, another picture for a search"], [",  .", "one step back, one on"]];
const CREATORS = { em: createEm, search: createInference };

// The weights, whose way back is made of them too.
export async function load({ files }) {
  const response = await fetch(files[WEIGHTS]);
  return { tensors: parse(await response.arrayBuffer(), WEIGHTS) };
}

function createEm(bench, wake) {
  try {
    return new Em(bench, wake);
  } catch (error) {
    return createAbsent(refusal(error));
  }
}

// What stands where a part has nothing to show.
function createAbsent(why) {
  const nothing = () => {};
  return { element: h("div", { class: "bench ancestors" }, h("section", { class: "card absent" }, h("h2", {}, "Nothing to learn here"),
    h("p", {}, why, " Open another model here, for example digits."))), paint: nothing, other: nothing, by: nothing, recolour: nothing };
}

export function build(bench) {
  const { page, history, head } = bench;
  const wake = bench.frames(() => current().paint());
  const parts = {};
  const place = h("div", { class: "parts-of-page" });
  const choice = createChoice({ name: "part", label: "Parts of the page", kind: "parts",
    choices: Object.entries(PARTS), choose: (part) => history.change({ part }) });

  // The part that is open; it is made when it is first opened.
  function current() {
    const { part } = history.now;
    if (!parts[part]) {
      parts[part] = CREATORS[part](bench, wake);
      place.append(parts[part].element);
    }
    return parts[part];
  }

  function show() {
    const open = current();
    choice.show(history.now.part);
    for (const part of Object.values(parts)) part.element.hidden = part !== open;
    wake();
  }

  head.fill(action("random", "Another start, or another picture (R)", () => current().other()));
  bench.keys(KEYS, { r: () => current().other(), ",": () => current().by(-1), ".": () => current().by(1) });
  page.append(bench.notices, choice.element, place);
  bench.follow(show);
  bench.onTheme(() => current().recolour());
  show();
}
