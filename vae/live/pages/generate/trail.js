// The trail of variations: from which grid to which picture to which picture; each step leads back.

import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { SOURCES } from "./sources.js";
import { alongTheTrail } from "./steps.js";

const CRUMBS = 6; // steps that are shown, the last ones

export function createTrail({ bench }) {
  const { model, classes, history } = bench;
  const element = h("nav", { class: "trail", "aria-label": "How you came here" });
  const quiet = (text) => h("span", { class: "quiet" }, text);

  function show() {
    const { now } = history, steps = [...now.trail, now];
    const hidden = Math.max(0, steps.length - CRUMBS);
    element.replaceChildren(hidden ? quiet("… ›") : "", ...steps.slice(hidden).flatMap((step, i) =>
      [i ? quiet("›") : "", createCrumb(step, hidden + i)]));
  }

  function createCrumb(step, i) {
    const here = i === history.now.trail.length;
    return h("button", { type: "button", "aria-current": here && "step",
      onclick: () => here || history.change(alongTheTrail(history.now, i)),
      "aria-label": step.centre && `Variations of ${step.centre.name}, ${spreadOf(step)}` },
    ...(step.centre ? [small(step.centre.z), quiet(spreadOf(step))] : [wordsOf(step)]));
  }

  const spreadOf = ({ radius }) => `± ${radius.toFixed(2)}`;

  const wordsOf = ({ source, class: k, seed }) =>
    `${source === "class" ? classes[k] : SOURCES[source].name}, seed ${seed}`;

  function small(z) {
    const picture = createPicture(model.image);
    picture.paint(model.decode(z));
    return picture.canvas;
  }

  return { element, show };
}
