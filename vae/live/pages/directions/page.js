// The page Directions: from examples that have something and examples that lack it, the way of the
// latent space that leads over, given to any picture by as much as one likes; and analogies.

import { createAnalogy, usualTerms } from "./analogy.js";
import { createApply, signed } from "./apply.js";
import { action } from "../../widgets/action.js";
import { createComparison } from "./comparison.js";
import { readDirection, toJson } from "./file.js";
import { readState, writeState } from "./link.js";
import { remember } from "../../io/link.js";
import { createDirectionPanel } from "./panel.js";
import { download, h } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { nameOfCode } from "../../state/codenames.js";
import { firstOf } from "../../core/origins.js";
import { createShown } from "../../widgets/pictureview.js";
import { createStore } from "../../state/store.js";
import { createUndo } from "../../widgets/undo.js";
import { createWorth } from "./reliability.js";

const KEYS = [["← →", "strength, while its slider has the focus"], ["0", "strength 0"],
  ["K", "keep the result"], ["E", "carry it into Explore"]];

export async function build(bench, data) {
  const { page, card, model, classes, notify } = bench;
  const weights = card.files["weights.safetensors"];
  const { state, problems } = readState(model.latent, classes, usualState(bench));
  problems.forEach(notify);
  state.subject.name ??= nameOfCode(bench, state.subject.z);
  const store = createStore(state); // its "code" is here the whole state of the page
  const comparison = createComparison(bench, (direction) => direction === found && follow());
  let found = null; // the direction in use: see comparison.js
  let pending = 0;

  // A new source has a name of its own, unless somebody named it.
  function set(more) {
    const renamed = ["mode", "withClass", "withoutClass", "loaded"].some((key) => key in more);
    store.go({ ...store.z, ...(renamed ? { name: null } : {}), ...more });
  }

  // -- the cards
  const panel = createDirectionPanel({ bench, set, load, save });
  const apply = createApply({ bench, picked: store.z.subject, set, link, name: () => nameOf(store.z),
    move: (strength) => store.move({ ...store.z, strength }), settle: () => store.settle() });
  const shown = createShown({ bench, kind: "direction", label: "The result" });
  const view = h("div", { class: "view card shown" }, ...shown.elements);
  const worth = createWorth();
  const { a, b, c } = store.z;
  const analogies = createAnalogy({ bench, terms: { a, b, c }, set });

  const undo = createUndo(store);
  const dialog = bench.keys(KEYS, { ...undo.keys, k: shown.keep, e: shown.explore,
    0: () => set({ strength: 0 }) });
  page.append(
    bench.bar(h("div", { class: "moves" }, ...undo.buttons), h("span", { class: "space" }),
      bench.presenter, action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices, h("div", { class: "bench directions" }, panel.element, view, apply.element, worth.element,
      analogies.element), dialog);

  const UNNAMED = {
    classes: ({ withClass, withoutClass }) => `${classes[withClass]} against ${classes[withoutClass]}`,
    hand: () => "by hand",
    file: ({ loaded }) => loaded?.name ?? "no direction",
  };
  const nameOf = (now) => now.name ?? UNNAMED[now.mode](now);

  // -- one frame
  function wake() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const start = performance.now();
    const now = store.z, by = signed(now.strength);
    const z = apply.paint(now.strength);
    shown.show({ z, name: `${now.subject.name} ${by} × ${nameOf(now)}` }, `${now.subject.name}, strength ${by}`);
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: {
      code: z, work: performance.now() - start } }));
  }

  // -- what follows a change
  function follow() {
    const now = store.z;
    found = comparison.of(now);
    panel.show(now, found, nameOf(now));
    apply.show(now, found);
    worth.show(found);
    analogies.show(now);
    undo.show();
    wake();
  }

  store.listen((why) => {
    if (why === "move") return wake();
    follow();
    return remember(link());
  });

  function link() {
    return writeState(data.model, store.z, found?.vector);
  }

  // -- files
  async function load(file) {
    if (!file) return;
    try {
      set({ mode: "file", loaded: await readDirection(file, weights, model.latent) });
    } catch (error) {
      notify(`${file.name}: ${refusal(error)}`);
    }
  }

  function save() {
    const name = nameOf(store.z);
    download(`${name}.json`, new Blob([toJson(found, weights, name)], { type: "application/json" }));
  }

  bench.closing(() => {
    cancelAnimationFrame(pending);
    apply.stop();
    comparison.stop();
  });
  follow();
}

// Without a link: from one class to another, among digits from 4 to 9.
function usualState(bench) {
  const n = bench.classes.length;
  const withoutClass = Math.max(0, Math.min(4, n - 2));
  return { mode: n > 1 ? "classes" : "hand", withClass: Math.max(0, n - 1), withoutClass, strength: 0,
    subject: firstOf(bench, withoutClass), with: [], without: [], loaded: null, name: null,
    ...usualTerms(bench) };
}
