// The trail of variations: from which grid to which picture to which picture; each step leads back.

import { h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { SOURCES } from "./sources.js";

const CRUMBS = 6; // steps that are shown, the last ones

// A step is a state of the page Generate; `go(step)` returns to it.
export function createTrail({ bench, go }) {
  const { model, classes } = bench;
  const element = h("nav", { class: "trail", "aria-label": "How you came here" });
  const quiet = (text) => h("span", { class: "quiet" }, text);

  function show(now) {
    const steps = [...now.trail, now];
    const hidden = Math.max(0, steps.length - CRUMBS);
    element.replaceChildren(hidden ? quiet("… ›") : "", ...steps.slice(hidden).flatMap((step, i) =>
      [i ? quiet("›") : "", createCrumb(step, step === now)]));
  }

  const createCrumb = (step, here) => h("button", { type: "button", "aria-current": here && "step",
    onclick: () => go(step), "aria-label": step.center && `Variations of ${step.center.name}` },
  ...(step.center ? [small(step.center.z), quiet(`± ${step.radius.toFixed(2)}`)] : [wordsOf(step)]));

  const wordsOf = ({ source, kind, seed }) =>
    `${source === "class" ? classes[kind] : SOURCES[source].name}, seed ${seed}`;

  function small(z) {
    const picture = createPicture(model.image, { "aria-hidden": "true" });
    picture.paint(model.decode(z));
    return picture.canvas;
  }

  return { element, show };
}
