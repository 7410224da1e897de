// A direction given to a picture, z + strength · direction: by a slider, as seven pictures in a row
// and as a film.

import { download, h, help } from "../../widgets/dom.js";
import { STRENGTHS } from "./link.js";
import { nearest } from "../../core/blend.js";
import { montage } from "../../widgets/montage.js";
import { createPick } from "../../widgets/picker.js";
import { createPicture } from "../../widgets/picture.js";
import { createSlider } from "../../widgets/slider.js";
import { createTake } from "../../widgets/downloads.js";

const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const FRAMES = 31; // of a film from end to end
const NEAR = 8;
const REST = 120; // ms after which what may wait is worked out

// `set(changes)` is told of another state, `move(strength)` and `settle()` of the slider; `link()`
// and `name()` are of what is taken along.
export function createApply({ bench, picked, set, move, settle, link, name }) {
  const { model, atlas, classes, data, idle } = bench;
  let subject = picked, vector = null, strength = 0, rest = 0;

  const pick = createPick({ bench, label: "picture", picked, change: (next) => set({ subject: next }) });
  const slider = createSlider({ label: "strength", range: STRENGTHS, move, settle, about: ["How many ",
    "times the direction is added to the picture's code (z + strength · direction): 1 is the way from the ",
    "mean of the examples without to the mean of those with it, less than 0 leads away from it."] });
  slider.input.addEventListener("dblclick", () => set({ strength: 0 }));
  const ends = [h("span", {}), h("span", {})];
  const strip = STEPS.map((s) => createFrame(s));
  const near = h("output", { class: "near" });
  const take = createTake(bench, { walk, link, what: ["gif", "webp", "mp4"], name: `${data.model} direction` });
  take.element.prepend(h("button", { type: "button", class: "do-strip", onclick: saveStrip,
    title: "The seven pictures in a row, as PNG" }, "Strip"));
  const element = h("section", { class: "card apply", "aria-label": "Give it to a picture" },
    h("div", { class: "row" }, pick.element, h("div", { class: "slide" }, slider.element,
      h("div", { class: "row quiet ends" }, ends[0], h("span", { class: "space" }), ends[1]))),
    h("div", { class: "seven" }, ...strip.map(({ button }) => button)),
    h("p", { class: "quiet" }, near, " ", help("the nearest codes", "Of the result's code, the 8 ",
      "nearest codes of held-out examples (Euclidean distance) and how often each class is among ",
      "them: a hint of what the picture has become.")),
    take.element);

  function createFrame(s) {
    const picture = createPicture(model.image);
    const button = h("button", { type: "button", class: "thumb", "aria-label": `Strength ${signed(s)}`,
      onclick: () => set({ strength: s }) }, picture.canvas, h("span", { class: "quiet" }, signed(s)));
    return { button, picture, s };
  }

  // The code with so much of the direction; without one, the picture's own.
  const at = (s) => (vector ? moved(subject.z, vector, s) : subject.z);

  function show(now, direction) {
    subject = now.subject;
    vector = direction?.vector;
    pick.show(subject);
    slider.input.disabled = !vector;
    [ends[0].textContent, ends[1].textContent] = now.mode === "classes"
      ? [`← ${classes[now.withoutClass]}`, `${classes[now.withClass]} →`] : ["← less", "more →"];
  }

  // In each frame; returns the result's code.
  function paint(s) {
    strength = s;
    slider.show(s);
    clearTimeout(rest);
    rest = setTimeout(rested, REST);
    return at(s);
  }

  function rested() {
    near.textContent = nearWords(atlas, classes, at(strength));
    for (const { button, s } of strip) {
      button.setAttribute("aria-pressed", String(Math.abs(s - strength) < 0.005));
    }
    idle.put("strip", drawStrip());
  }

  function* drawStrip() {
    for (const { picture, s } of strip) {
      picture.paint(model.decode(at(s)));
      yield;
    }
  }

  async function saveStrip() {
    for (const _ of drawStrip());
    const pictures = strip.map(({ picture }) => picture.canvas);
    download(`${name()}.png`, await montage(pictures, { columns: pictures.length, scale: 8 }));
  }

  function walk() {
    const [low, high] = STRENGTHS;
    return Array.from({ length: FRAMES }, (_, i) =>
      [{ weight: 1, z: at(low + ((high - low) * i) / (FRAMES - 1)) }]);
  }

  return { element, show, paint, stop: () => clearTimeout(rest) };
}

export const moved = (z, vector, strength) => Float32Array.from(z, (v, j) => v + strength * vector[j]);

export function signed(v) {
  const size = Math.abs(v).toFixed(Number.isInteger(v) ? 0 : 2);
  return `${v > 0 ? "+" : v < 0 ? "−" : ""}${size}`;
}

function nearWords(atlas, classes, z) {
  const { index, distance } = nearest(atlas.mean, z, NEAR);
  const far = `the nearest is ${distance[0].toFixed(1)} σ away`;
  if (classes.length < 2) return `Of the known codes ${far}.`;
  const counts = new Map();
  for (const i of index) counts.set(atlas.label[i], (counts.get(atlas.label[i]) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]).map(([k, n]) => `${n} × “${classes[k]}”`);
  return `Nearest known codes: ${most.join(", ")}; ${far}.`;
}
