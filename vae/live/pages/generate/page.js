// The page Generate: new pictures from codes drawn at random, and more like the one that you like.
//
// All that is shown follows from one state, which the address carries: see generatelink.js.

import { about } from "../../io/provenance.js";
import { action } from "../../widgets/action.js";
import { createDistance } from "./datadistance.js";
import { download, h, select } from "../../widgets/dom.js";
import { newCodes, SIDES, SPREADS, variations } from "./codes.js";
import { refusal } from "../../core/errors.js";
import { readState, writeState } from "./link.js";
import { createGrid } from "./grid.js";
import { nameOfCode } from "../../state/codenames.js";
import { remember } from "../../io/link.js";
import { montage } from "../../widgets/montage.js";
import { SEEDS } from "../../core/random.js";
import { createShown } from "../../widgets/pictureview.js";
import { createSourcePanel } from "./sourcepanel.js";
import { createSources, SOURCES } from "./sources.js";
import { createStore } from "../../state/store.js";
import { createTake } from "../../widgets/downloads.js";
import { createTrail } from "./trail.js";
import { createUndo } from "../../widgets/undo.js";
import { createVariationPanel } from "./variationpanel.js";

const FIRST_FRAME = 8; // ms of a frame that go into the grid; what is left over waits for idle time
const KEYS = [["R", "other pictures (a new seed)"], ["← → ↑ ↓", "go from picture to picture"],
  ["Enter", "more like this one"], ["K", "keep the picture on show"],
  ["E", "carry it into Explore"]];

export async function build(bench, data) {
  const { page, model, atlas, classes, idle, notify } = bench;
  const { state, problems } = readState(model.latent, classes);
  problems.forEach(notify);
  const known = [...classes.keys()].filter((k) => atlas.label.includes(k)); // some may have no example
  if (!known.includes(state.kind)) state.kind = known[0] ?? 0;
  if (state.center) state.center.name = nameOfCode(bench, state.center.z);
  const store = createStore(state); // its "code" is here the whole state of the page
  const sources = createSources(bench, { settled: follow, failed: refused });
  let codes = []; // of the grid, picture after picture
  let pending = 0, stale = true;

  // -- changes of the state
  const move = (more) => store.move({ ...store.z, ...more });
  const settle = () => store.settle();
  const set = (more) => store.go({ ...store.z, ...more });
  const begin = (more) => set({ ...more, center: null, trail: [] });
  const others = () => set({ seed: Math.floor(Math.random() * SEEDS) });

  function around({ z, name }) {
    grid.leave();
    set({ center: { z, name }, trail: [...store.z.trail, store.z] });
  }

  // -- the cards
  const sourcePanel = createSourcePanel({ classes, known, begin, move, settle, set, others });
  const variationPanel = createVariationPanel({ bench, around, move, settle, set });
  const panel = h("section", { class: "card choose", "aria-label": "What is drawn" },
    ...sourcePanel.elements, ...variationPanel.elements);

  const trail = createTrail({ bench, go: (step) => store.go(step) });
  const grid = createGrid({ model, idle, look: wake, choose: (i) => around(pictureAt(i)),
    filled: () => distance.measure(codes) });
  const distance = createDistance(bench);
  const side = select("grid", SIDES.map((n) => [String(n), `${n} × ${n}`]), "8",
    (n) => set({ side: Number(n) }));
  const take = createTake(bench, { walk, link, json, name: `${data.model} new`, what: ["gif"] });
  take.element.prepend(h("button", { type: "button", class: "do-sheet", onclick: saveSheet,
    title: "All pictures on one sheet, as PNG" }, "Sheet"));
  const board = h("section", { class: "card board", "aria-label": "New pictures" },
    h("header", {}, trail.element, h("span", { class: "space" }), side), grid.element,
    h("footer", {}, distance.element, take.element));

  const shown = createShown({ bench, kind: "generated", label: "The picture on show" });
  shown.buttons.prepend(h("button", { type: "button", class: "main do-like",
    onclick: () => around(onShow()) }, "More like this"));
  const view = h("div", { class: "view card shown" }, ...shown.elements,
    h("p", { class: "quiet" }, "Point at a picture to see it large; click it for more like it."));

  const undo = createUndo(store);
  const dialog = bench.keys(KEYS, { ...undo.keys, r: others, k: shown.keep, e: shown.explore });
  page.append(
    bench.bar(h("div", { class: "moves" }, action("random", "Other pictures (R)", others), ...undo.buttons),
      h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices, h("div", { class: "bench generate" }, panel, board, view), dialog);

  // -- what is on show: the picture that is pointed at, else the one that variations are of
  function onShow() {
    const { center } = store.z;
    if (grid.looked === null && center) return { ...center, words: `these are variations of ${center.name}` };
    return pictureAt(grid.looked ?? 0);
  }

  function pictureAt(i) {
    const { center, seed } = store.z;
    return { z: codes[i] ?? new Float32Array(model.latent),
      name: center ? `variation ${i}, seed ${seed}` : `new ${i + 1}, seed ${seed}`,
      words: `picture ${i + 1} of ${codes.length}` };
  }

  // -- one frame
  function wake() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const start = performance.now();
    if (stale) draw();
    const at = onShow();
    shown.show(at, at.words);
    grid.paint(start + FIRST_FRAME);
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: {
      code: at.z, work: performance.now() - start } }));
  }

  // The codes of the grid; as long as their source is not there, the old ones stay.
  function draw() {
    const now = store.z, source = sources.of(now);
    if (!source && !now.center) return;
    stale = false;
    codes = now.center ? variations(now, SPREADS[now.spread].scale(model, now.center.z))
      : newCodes(now, source);
    grid.set(codes, { wide: now.side, middle: now.center !== null, words: now.center
      ? `Variations of ${now.center.name}, radius ${now.radius}`
      : `New pictures from ${SOURCES[now.source].name}` });
    distance.wait();
  }

  // -- what follows a change
  function follow() {
    const now = store.z;
    if (!sources.of(now)) grid.wait();
    sourcePanel.show(now, now.center ? "The grid shows variations; choose one of these for new " +
      "pictures again." : sources.words(now));
    variationPanel.show(now);
    side.querySelector("select").value = String(now.side);
    undo.show();
    stale = true;
    wake();
  }

  function settled() {
    sourcePanel.settled(store.z);
    trail.show(store.z);
    remember(link());
  }

  function refused(error) {
    notify(`${refusal(error)} Shown instead: the prior.`);
    if (store.z.source === "mixture") begin({ source: "prior" });
  }

  store.listen((why) => {
    if (why === "settle") settled();
    follow();
  });

  // -- to take along
  function link() {
    return writeState(data.model, store.z);
  }

  function walk() {
    return codes.map((z) => [{ weight: 1, z }]);
  }

  function json() {
    const { source, kind, t, seed, center, radius, spread } = store.z;
    const drawn = center ? { around: Array.from(center.z), radius, spread }
      : { source, temperature: t, ...(source === "class" ? { class: classes[kind] } : {}) };
    return { ...about(bench, link()), seed, ...drawn, codes: codes.map((z) => Array.from(z)) };
  }

  async function saveSheet() {
    download(`${data.model} sheet.png`, await montage(grid.canvases(), { columns: store.z.side, scale: 4 }));
  }

  bench.closing(() => cancelAnimationFrame(pending));
  settled();
  follow();
}
