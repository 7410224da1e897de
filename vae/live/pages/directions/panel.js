// Where a direction comes from, as controls: two classes, examples sorted by hand, or a file; with
// the mean picture of either side, its name, and a file to save.

import { createChoice } from "../../widgets/choice.js";
import { h, help, select } from "../../widgets/dom.js";
import { LONGEST_NAME } from "./file.js";
import { createPicture } from "../../widgets/picture.js";
import { createTray } from "./tray.js";

const MODES = { classes: "Two classes", hand: "By hand", file: "From a file" };

// `load(file)` and `save()` are of files.
export function createDirectionPanel({ bench, load, save }) {
  const { classes, history } = bench;
  // Another source has a name of its own, unless somebody gives it one.
  const set = (changes) => history.change({ name: null, ...changes });
  const modes = createChoice({ name: "mode", label: "Where the direction comes from",
    choices: Object.entries(MODES).filter(([key]) => key !== "classes" || classes.length > 1),
    choose: (mode) => set({ mode }) });
  const pair = createPair(classes, set);
  const tray = createTray(bench);
  const panels = { classes: pair.element, hand: tray.element, file: createFile(load) };
  const words = h("p", { role: "status", class: "direction-words" });
  const means = ["with", "without"].map((side) => createMean(bench, side));
  const name = h("input", { maxlength: LONGEST_NAME, "aria-label": "Name of the direction",
    spellcheck: "false", onchange: () => history.change({ name: name.value.trim() || null }) });
  const saving = h("button", { type: "button", class: "do-save", onclick: save,
    title: "The direction with its figures, for this page or for Python" }, "Save");
  const element = h("section", { class: "card from", "aria-label": "A direction from examples" },
    h("h2", {}, "A direction from examples ", help("a direction", "The mean of the codes that have ",
      "something, minus the mean of the codes that lack it. Added to any code it gives the picture ",
      "what the examples share, as far as the model keeps such things apart.")),
    modes.element, ...Object.values(panels), words,
    h("div", { class: "means" }, ...means.map((mean) => mean.element)),
    h("div", { class: "naming row" }, h("span", { class: "quiet" }, "name"), name, saving));

  function show(direction, title) {
    const { now } = history;
    modes.show(now.mode);
    for (const [key, panel] of Object.entries(panels)) panel.hidden = key !== now.mode;
    pair.show(now);
    tray.show();
    words.textContent = direction?.words ?? "";
    words.hidden = !direction?.words;
    means.forEach((mean, i) => mean.show(direction?.means?.[i], [direction?.x, direction?.y][i]));
    if (document.activeElement !== name) name.value = title;
    name.disabled = !direction?.vector;
    saving.disabled = typeof direction?.auc !== "number";
  }

  return { element, show };
}

function createPair(classes, set) {
  let now = null;
  const byName = (label, key) => select(label, classes.map((name, k) => [String(k), name]), "0",
    (k) => set({ [key]: Number(k) }));
  const [has, lacks] = [byName("with", "withClass"), byName("without", "withoutClass")];
  const element = h("div", { class: "row" }, has, lacks, h("button", { type: "button", onclick: () =>
    set({ withClass: now.withoutClass, withoutClass: now.withClass }) }, "⇄ Swap"));
  return { element, show(next) {
    now = next;
    has.querySelector("select").value = String(now.withClass);
    lacks.querySelector("select").value = String(now.withoutClass);
  } };
}

function createFile(load) {
  const file = h("input", { type: "file", accept: ".json,application/json", class: "do-load",
    "aria-label": "A direction saved as JSON", onchange: async () => {
      await load(file.files[0]);
      file.value = ""; // so that the same file can be chosen again
    } });
  return h("div", { class: "naming" }, h("p", { class: "quiet" },
    "A direction that was saved here or by Python, of this same model."), file);
}

// What the examples of one side have in common: the picture of their mean code.
function createMean({ model }, side) {
  const picture = createPicture(model.image, { "aria-label": `The mean of the examples ${side}` });
  const caption = h("figcaption", {});
  const element = h("figure", {}, picture.canvas, caption);
  return { element, show(mean, rows) {
    element.hidden = !mean;
    if (!mean) return;
    picture.paint(model.decode(Float32Array.from(mean)));
    caption.textContent = `mean of ${(rows.length / model.latent).toLocaleString("en")} ${side}`;
  } };
}
