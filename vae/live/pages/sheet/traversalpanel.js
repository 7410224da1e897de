// Traversals as a part of the page Sheet: the picture that they start from, the rows, and what can
// be taken along.

import { h, help } from "../../widgets/dom.js";
import { createSelect } from "../../widgets/form.js";
import { createPick } from "../../widgets/picker.js";
import { COLUMNS, reachOf } from "./schema.js";
import { createTraversalDownloads } from "./traversaldownloads.js";
import { Traversals } from "./traversals.js";

const aboutOf = ({ numberUnit, hasRate }) => ["Each row changes one number of the code and leaves all others ",
  "as they are. From left to right that number goes from −reach to +reach",
  numberUnit && ", in standard deviations σ of the prior", "; the short line marks the value of the picture ",
  "itself. ", hasRate ? "The rate, KL(q ‖ p) in nats, is the most that a dimension says of a picture on " +
    "average: rows stand in its order." : "The numbers that vary most among the examples' codes come first."];

// `code` is the picture in use, `wake()` asks for a frame.
export function createTraversalPanel({ bench, code, wake }) {
  const { history, model } = bench, { numberUnit } = model.code, { min, max, step } = reachOf(bench);
  const traversals = new Traversals({ bench, code, wake });
  const { swing } = traversals;
  const pick = createPick({ bench, label: "around", picked: history.now.base,
    change: (base) => history.change({ base }) });
  const words = h("output", { class: "reach-words" });
  const reach = h("input", { type: "range", class: "reach", min, max, step,
    "aria-label": `Reach${numberUnit && ", in sigma"}`,
    oninput: () => history.move({ range: reach.valueAsNumber }), onchange: () => history.settle() });
  const counts = Array.from({ length: COLUMNS.max - COLUMNS.min + 1 }, (_, i) => COLUMNS.min + i);
  const element = h("div", { class: "part" },
    h("div", { class: "row" }, pick.element, h("div", { class: "row" }, swing.button,
      createSelect(bench, "movement", "move", [["all", "all together"], ["one", "one at a time"]]),
      h("label", { class: "choice" }, h("span", { class: "quiet" }, "reach"), reach, words),
      createSelect(bench, "columns", "columns", counts.map((n) => [n, String(n)])),
      help("a traversal", ...aboutOf(model.code)), swing.status)),
    traversals.element, createTraversalDownloads({ bench, traversals }));

  // The state has changed.
  function show() {
    const { base, range } = history.now;
    if (pick.picked !== base) pick.show(base);
    reach.value = range;
    words.textContent = `± ${numberUnit ? `${range} σ` : range.toPrecision(2)}`;
    traversals.show();
  }

  return { element, show, paint: (begin) => swing.paint(begin), play: () => swing.toggle(),
    stop: () => swing.stop() };
}
