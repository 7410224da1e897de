// The page Models: a card for each model that the app knows, and models side by side. All of it runs here,
// on the bundles' own files.

import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { createCards } from "./cards.js";
import { Compare } from "./compare.js";
import { createDial } from "./dial.js";
import { Input } from "./input.js";
import { createNoise } from "./noise.js";
import { createPlane } from "./plane.js";
import { partsOf } from "./schema.js";
import { createTwins } from "./twins.js";

export { load } from "./catalogue.js";
export { schema } from "./schema.js";

const KEYS = [["R", "another example, or other random codes"]];
const CREATORS = { cards: createCards, compare: (given) => new Compare(given), plane: createPlane,
  dial: createDial, twins: createTwins, noise: createNoise };

export function build(bench) {
  const { page, history } = bench;
  const wake = bench.frames(paint);
  const input = new Input(bench, wake);
  const titles = partsOf(bench);
  const parts = Object.fromEntries(Object.keys(titles).map((key) => [key, CREATORS[key]({ bench, wake, input })]));
  const choice = createChoice({ name: "part", label: "Parts of the page", kind: "parts",
    choices: Object.entries(titles), choose: (part) => history.change({ part }) });
  choice.element.hidden = bench.offline;
  bench.keys(bench.offline ? [] : KEYS, { r: () => parts[history.now.part].other() });
  page.append(bench.notices, choice.element,
    h("div", { class: "bench models" }, ...Object.values(parts).map(({ element }) => element)));

  function paint(now) {
    if (parts[history.now.part].paint(now)) wake();
    return { part: history.now.part };
  }

  function show(why) {
    const { part } = history.now;
    wake();
    parts[part].show();
    if (why !== "settle") return;
    page.dataset.part = part;
    choice.show(part);
    for (const [key, { element }] of Object.entries(parts)) element.hidden = key !== part;
    input.settle();
    parts[part].settle();
  }

  bench.follow(show);
  show("settle");
}
