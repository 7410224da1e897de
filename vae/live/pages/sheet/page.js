// The page Sheet: a plane of the latent space as one sheet of pictures that a hand moves, and
// traversals of each dimension. All of it is decoded here; Python only writes films.

import { action } from "../../widgets/action.js";
import { createChoice } from "../../widgets/choice.js";
import { h } from "../../widgets/dom.js";
import { nameOfCode } from "../../state/codenames.js";
import { remember as setAddress } from "../../io/link.js";
import { readSheet, writeSheet } from "./link.js";
import { createSheetPanel, usualThree } from "./panel.js";
import { createSheetView } from "./view.js";
import { createStore } from "../../state/store.js";
import { createTraversalPanel } from "./traversalpanel.js";
import { createUndo } from "../../widgets/undo.js";

const KEYS = [["← → ↑ ↓", "move the sheet, once it has the focus"], ["+  −", "closer, farther"],
  ["0", "the whole sheet"], ["Enter", "choose what is under the cross"], ["K", "keep the picture"],
  ["E", "carry the code into Explore"], ["A", "play, pause the traversals"]];

export async function build(bench, data) {
  const { page, model, notify } = bench;
  const d = model.latent;
  const settings = readSheet(d);
  settings.problems.forEach(notify);
  const named = (z) => ({ z, name: nameOfCode(bench, z) });
  const three = settings.three?.map(named) ?? usualThree(bench);
  const first = settings.z ? named(settings.z) : three[0];
  const base = settings.base ? named(settings.base) : { z: new Float32Array(d), name: "the origin" };
  const store = createStore(first.z, { words: first.name });
  let part = null, pending = 0, painted = null;

  // -- the cards
  const told = { bench, store, settings, changed: remember, wake, link };
  const plane = createSheetPanel({ ...told, three });
  const traversals = createTraversalPanel({ ...told, base });
  const parts = { sheet: plane, traversals };
  const view = createSheetView({ bench, store, toggleInk, traverse });

  // -- the page
  const choice = createChoice({ name: "part", label: "Parts of the page", kind: "parts", choose: setPart,
    choices: [["sheet", "Sheet"], ["traversals", "Traversals"]] });
  choice.element.firstChild.disabled = d < 2;
  const during = (name, act) => () => part === name && act();
  const closer = during("sheet", () => plane.zoom(1)), farther = during("sheet", () => plane.zoom(-1));
  const dialog = bench.keys(KEYS, { ...createUndo(store).keys, k: view.keep, e: view.explore,
    r: during("sheet", plane.shuffle), "+": closer, "=": closer, "-": farther,
    0: during("sheet", plane.fit), a: during("traversals", traversals.play) });
  page.append(
    bench.bar(choice.element, h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices,
    h("div", { class: "bench sheet" }, h("section", { class: "card parted", "aria-label": "Sheet and traversals" },
      plane.element, traversals.element), view.element), dialog);

  // One frame: the newest code first, then as much of the sheet or the traversals as time allows.
  function wake() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const begin = performance.now();
    const shown = store.shown, fresh = shown !== painted;
    if (fresh) view.paint(shown);
    painted = shown;
    const left = parts[part].paint(begin);
    if (left) wake();
    const work = performance.now() - begin;
    if (fresh) page.dispatchEvent(new CustomEvent("atelier:painted", { detail: { code: shown, work } }));
    page.dispatchEvent(new CustomEvent("atelier:drawn", { detail: { work, left } }));
  }

  store.listen((why) => {
    wake();
    if (why === "settle") remember();
  });

  function link() {
    return writeSheet(data.model, { ...settings, part, z: store.z, base: traversals.base, view: plane.view,
      three: plane.three });
  }

  function remember(changes) {
    Object.assign(settings, changes);
    setAddress(link());
  }

  // -- choices
  function setPart(name) {
    part = name;
    page.dataset.part = part;
    choice.show(part);
    for (const [key, { element }] of Object.entries(parts)) element.hidden = key !== part;
    if (part === "sheet") traversals.stop();
    store.look(null);
    remember();
    wake();
  }

  function toggleInk() {
    bench.toggleInk();
    plane.showCodes();
  }

  function traverse() {
    traversals.from({ z: store.z, name: store.source?.words ?? "your choice" });
    setPart("traversals");
  }

  part = d < 2 ? "traversals" : settings.part;
  plane.open();
  traversals.open();
  setPart(part);
  wake();
}
