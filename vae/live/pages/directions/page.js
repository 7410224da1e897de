// The page Directions: from examples that have something and examples that lack it, the direction of the
// latent space from one to the other, given to any picture by as much as one likes; and analogies.

import { refusal } from "../../core/errors.js";
import { pictureIn } from "../../state/history.js";
import { download, h } from "../../widgets/dom.js";
import { createPictureView } from "../../widgets/pictureview.js";
import { createAnalogy } from "./analogy.js";
import { createApply, signed } from "./apply.js";
import { createComparison } from "./comparison.js";
import { readDirection, toJson } from "./file.js";
import { createDirectionPanel } from "./panel.js";
import { createReliability } from "./reliability.js";

export { schema } from "./schema.js";

const KEYS = [["← →", "strength, while its slider has the focus"], ["0", "strength 0"],
  ["K", "add the result to your pictures"], ["E", "open it in Explore"]];

export function build(bench) {
  const { page, card, model, history, notify } = bench;
  const weights = card.files["weights.safetensors"];
  const comparison = createComparison(bench, (direction) => direction === current && show());
  let current = null; // the direction of the state: derived from it, and measured beside the page

  const panel = createDirectionPanel({ bench, load, save });
  const apply = createApply({ bench, subject: pictureIn(history, "subject"), nameOf: () => nameOf(bench) });
  const result = createPictureView({ bench, kind: "direction", label: "The result" });
  const reliability = createReliability();
  const analogies = createAnalogy({ bench });
  const request = bench.frames(paint);
  bench.keys(KEYS, { k: result.keep, e: result.explore,
    0: () => history.change({ strength: 0 }) });
  page.append(bench.notices, h("div", { class: "bench directions" }, panel.element,
      h("div", { class: "pinned view card result" }, ...result.elements), apply.element, reliability.element,
      analogies.element));

  function paint() {
    const { subject, strength } = history.now, by = signed(strength);
    const z = apply.paint(strength);
    result.show({ z, name: `${subject.name} ${by} × ${nameOf(bench)}` }, `${subject.name}, strength ${by}`);
    return { code: z };
  }

  function show() {
    current = comparison.of(history.now);
    panel.show(current, nameOf(bench));
    apply.show(current);
    reliability.show(current);
    analogies.show();
    request();
  }

  async function load(file) {
    if (!file) return;
    try {
      history.change({ mode: "file", name: null, loaded: await readDirection(file, weights, model.latent) });
    } catch (error) {
      notify(`${file.name}: ${refusal(error)}`);
    }
  }

  function save() {
    const name = nameOf(bench);
    download(`${name}.json`, new Blob([toJson(current, weights, name)], { type: "application/json" }));
  }

  bench.follow((why) => (why === "move" ? request() : show()));
  bench.closing(() => {
    apply.stop();
    comparison.stop();
  });
  show();
}

const UNNAMED = {
  classes: ({ withClass, withoutClass }, classes) => `${classes[withClass]} against ${classes[withoutClass]}`,
  hand: () => "by hand",
  file: ({ loaded }) => loaded?.name ?? "no direction",
};

// What the direction is called: as somebody named it, or by what it is made of.
const nameOf = ({ history: { now }, classes }) => now.name ?? UNNAMED[now.mode](now, classes);
