// What the model sees of a picture and says of it: reconstruction, surprise, posterior, samples, and
// a better posterior by gradient steps. `paint` in each frame, `settle` when the hand rests.

import { createBars } from "../../widgets/bars.js";
import { h, help } from "../../widgets/dom.js";
import { readDims } from "../../core/reading.js";
import { createRefine } from "./refine.js";
import { createSamples } from "./samples.js";
import { createTriple } from "./reconstruction.js";
import { createVerdict } from "./verdict.js";

// `current()` is the picture on show; `mend(change)` prepares it otherwise, `useRefined` is as
// `choose` in refine.js, and `explore()` carries its code into Explore.
export function createSeeing({ bench, prices, current, mend, useRefined, explore }) {
  const { page, model, atlas, idle, notify } = bench;
  const triple = createTriple({ page, model });
  const verdict = createVerdict({ model, atlas, prices, idle, apply: mend });
  const bars = createBars(model.latent, readDims(atlas, model.code).order);
  const samples = createSamples({ model, idle });
  const refine = createRefine({ url: bench.ask("refine"), current, refuse: notify, choose: useRefined });
  const onward = h("button", { type: "button", class: "main do-explore", onclick: explore },
    "Move it in Explore →");
  refine.element.firstChild.prepend(onward);
  if (bench.offline) refine.start.hidden = true; // Python takes the gradient steps
  const element = h("section", { class: "card seeing", "aria-label": "What the model sees and says" },
    triple.element, verdict.element,
    h("p", { class: "quiet" }, "The posterior, dimension by dimension ", help("the posterior",
      "The code that the encoder infers is a Gaussian for each dimension: a line at μ, a bar from ",
      "μ − σ to μ + σ. The grey band is the prior, N(0, 1), which the model expects before it has ",
      "seen anything. A bar as wide as the band says nothing about this picture.")),
    bars.canvas, samples.element, refine.element);

  function paint(item) {
    triple.paint(item);
    if (item) verdict.price(item);
    bars.paint(posteriorOf(item));
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
    triple.recolour();
    resize();
  }

  return { element, paint, settle, resize, recolour, stop: samples.stop };
}

// The posterior in use: the refined one where it was chosen; a code alone has none.
function posteriorOf(item) {
  if (!item?.mean) return null;
  return item.refined?.used ? item.refined : item;
}
