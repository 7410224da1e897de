// The page Sheet: a plane of the latent space as one sheet of pictures that a hand moves, and
// traversals of each dimension. All of it is decoded here; Python only writes films.

import { pictureIn } from "../../state/history.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { SheetPanel } from "./panel.js";
import { hasSheet } from "./schema.js";
import { createTraversalPanel } from "./traversalpanel.js";
import { createSheetView } from "./view.js";

export { schema } from "./schema.js";

const KEYS = [["← → ↑ ↓", "move the sheet, once it has the focus"], ["+  −", "closer, farther"],
  ["0", "the whole sheet"], ["Enter", "choose what is under the cross"], ["R", "three other examples"],
  ["K", "add to your pictures"], ["E", "open in Explore"], ["A", "play, pause the traversals"]];

export function build(bench) {
  const { page, model, history } = bench;
  const code = pictureIn(history, "code");
  const wake = bench.frames(paint);
  const sheet = new SheetPanel({ bench, code, wake });
  const traversals = createTraversalPanel({ bench, code, wake });
  const parts = { sheet, traversals };
  const view = createSheetView({ bench, code, toggleInk, traverse: () =>
    history.change({ base: history.now.code, part: "traversals" }) });
  const choice = createChoice({ name: "part", label: "Parts of the page", kind: "parts",
    choices: [["sheet", "Sheet"], ["traversals", "Traversals"]], choose: (part) => history.change({ part }) });
  choice.element.firstChild.disabled = !hasSheet(model.code);
  bench.keys(KEYS, keysOf({ history, sheet, traversals, view }));
  bench.head.fill(choice.element);
  page.append(bench.notices,
    h("div", { class: "bench sheet" }, h("section", { class: "card panels", "aria-label": "Sheet and traversals" },
      sheet.element, traversals.element), view.element));

  // One frame: the newest code first, then as much of the sheet or the traversals as time allows.
  let painted = null;
  function paint() {
    const begin = performance.now(), shown = history.shown.code, fresh = shown !== painted;
    if (fresh) view.paint();
    painted = shown;
    const left = parts[history.now.part].paint(begin);
    if (left) wake();
    page.dispatchEvent(new CustomEvent("atelier:drawn", { detail: { work: performance.now() - begin, left } }));
    return fresh && { code: shown.z };
  }

  function toggleInk() {
    bench.toggleInk();
    sheet.showPoints();
  }

  function show(why) {
    wake();
    if (why !== "look") traversals.show();
    if (why === "settle") settled();
  }

  function settled() {
    const { part } = history.now;
    page.dataset.part = part;
    choice.show(part);
    for (const [key, { element }] of Object.entries(parts)) element.hidden = key !== part;
    if (part === "sheet") traversals.stop();
    sheet.settle();
    view.settle();
  }

  bench.follow(show);
  show("settle");
}

function keysOf({ history, sheet, traversals, view }) {
  const during = (part, act) => () => history.now.part === part && act();
  const zoom = (sign) => during("sheet", () => sheet.surface.zoom(sign));
  return { k: view.keep, e: view.explore, r: during("sheet", () => sheet.which.shuffle()),
    "+": zoom(1), "=": zoom(1), "-": zoom(-1), 0: during("sheet", () => sheet.surface.fit()),
    a: during("traversals", traversals.play) };
}
