// What the model sees of a picture and says of it: reconstruction, surprise, posterior, samples, and
// a better posterior by gradient steps. `paint` in each frame, `settle` when the hand rests.

import { Bars } from "../../widgets/bars.js";
import { h, help } from "../../widgets/dom.js";
import { largest, readDims } from "../../core/reading.js";
import { createReconstruction } from "./reconstruction.js";
import { Refine } from "./refine.js";
import { createSamples } from "./samples.js";
import { Styles } from "./styles.js";
import { createVerdict } from "./verdict.js";

// `remedies` are what verdict.js offers for the picture in use, `takeRefined` is as `take` in refine.js, and
// `explore()` opens its code in Explore.
export function createAnalysis({ bench, prices, inUse, remedies, takeRefined, explore }) {
  const { page, model, atlas, idle } = bench;
  const reconstruction = createReconstruction({ page, model });
  const verdict = createVerdict({ bench, prices, ...remedies });
  const { code } = model;
  const bars = new Bars(code, barsOf(code, readDims(atlas, code)), Math.max(...largest(atlas.mean, code.size)));
  const styles = code.isConditional ? new Styles(bench) : null;
  const samples = createSamples({ model, idle });
  const refine = new Refine({ bench, inUse, take: takeRefined });
  const onward = h("button", { type: "button", class: "main do-explore", onclick: explore },
    "Open in Explore →");
  refine.element.firstChild.prepend(onward);
  const element = h("section", { class: "card analysis", "aria-label": "What the model sees and says" },
    reconstruction.element, verdict.element, styles?.element,
    h("p", { class: "quiet" }, code.hasRate ? "The posterior, dimension by dimension " : "The code, number by number ",
      help("the posterior", ...aboutPosterior(code))),
    bars.canvas, samples.element, refine.element);

  // Returns whether something is left for the next frame.
  function paint(item) {
    reconstruction.paint(item);
    if (item) verdict.price(item);
    bars.paint(posteriorOf(item));
    return styles?.paint(item) ?? false;
  }

  function settle(item) {
    onward.disabled = !item;
    refine.show(item);
    bars.describe(posteriorOf(item));
    samples.update(posteriorOf(item));
    verdict.judge(item);
  }

  // After another size; the next frame paints in it.
  function resize() {
    bars.resize();
    verdict.draw();
  }

  // After another theme.
  function recolour() {
    reconstruction.recolour();
    resize();
  }

  return { element, paint, settle, resize, recolour, stop: samples.stop };
}

// The probabilities of a conditional model's classes stand at their pictures.
const barsOf = ({ isConditional, isWeight }, { order }) => order.filter((j) => !(isConditional && isWeight[j]));

function aboutPosterior({ hasRate, hasChoice, isConditional, units }) {
  if (!hasRate) return ["The code that the encoder gives the picture: a line at each number. It is one ",
    "point and does not say how unsure the encoder is."];
  return ["The code that the encoder infers is a Gaussian for each dimension: a line at μ, a bar from ",
    "μ − σ to μ + σ. ", hasChoice && !isConditional ? "The weights of a choice are probabilities, with their spread. " : "",
    units.includes("σ") ? "The grey band is the prior, N(0, 1), which the model expects before it has " +
      "seen anything. A bar as wide as the band says nothing about this picture." : ""];
}

// The posterior in use: the refined one where it was chosen; a code alone has none.
function posteriorOf(item) {
  if (!item?.mean) return null;
  return item.refined?.used ? item.refined : item;
}
