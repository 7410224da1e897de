// A direction given to a picture, z + strength · direction: by a slider, as seven pictures in a row
// and as a film.

import { nearest } from "../../core/blend.js";
import { download, h, help } from "../../widgets/dom.js";
import { createFilmDownloads } from "../../widgets/downloads.js";
import { distanceText } from "../../widgets/format.js";
import { montage } from "../../widgets/montage.js";
import { createPick } from "../../widgets/picker.js";
import { createPicture } from "../../widgets/picture.js";
import { createSlider } from "../../widgets/slider.js";
import { STRENGTHS } from "./schema.js";

const STEPS = [-3, -2, -1, 0, 1, 2, 3];
const FRAMES = 31; // of a film from end to end
const NEAR = 8;
const REST = 120; // ms after which what may wait is worked out

// `subject` is the picture that it is given to, a lens on the state; `nameOf()` that of the direction.
export function createApply({ bench, subject, nameOf }) {
  const { model, data, history, idle } = bench;
  let vector = null, rest = 0;
  const row = createRow(bench, (s) => model.decode(at(s)));
  const near = h("output", { class: "near" });
  const controls = createControls(bench, subject);
  const take = createFilmDownloads(bench, { frames: film, kinds: ["gif", "webp", "mp4"],
    name: `${data.model} direction` });
  take.element.prepend(h("button", { type: "button", class: "do-strip", onclick: () => row.save(nameOf()),
    title: "The seven pictures in a row, as PNG" }, "Strip"));
  const element = h("section", { class: "card apply", "aria-label": "Apply it to a picture" },
    controls.element, row.element,
    h("p", { class: "quiet" }, near, " ", help("the nearest examples", "Of the result's code, the 8 ",
      "nearest codes of held-out examples (Euclidean distance) and how often each class is among ",
      "them: a hint of what the picture has become.")),
    take.element);

  // The code with so much of the direction; without one, the picture's own.
  const at = (s) => (vector ? model.code.normalized(moved(subject.z, vector, s)) : subject.z);

  function film() {
    const [low, high] = STRENGTHS;
    return Array.from({ length: FRAMES }, (_, i) =>
      [{ weight: 1, z: at(low + ((high - low) * i) / (FRAMES - 1)) }]);
  }

  function show(direction) {
    vector = direction?.vector;
    controls.show(Boolean(vector));
  }

  // In each frame; returns the result's code.
  function paint(strength) {
    controls.paint(strength);
    clearTimeout(rest);
    rest = setTimeout(rested, REST);
    return at(strength);
  }

  function rested() {
    const { strength } = history.now;
    near.textContent = nearestWords(bench, at(strength));
    row.mark(strength);
    idle.put("strip", row.draw());
  }

  return { element, show, paint, stop: () => clearTimeout(rest) };
}

// The picture, and the slider of the strength between its two ends.
function createControls(bench, subject) {
  const { classes, history } = bench;
  const pick = createPick({ bench, label: "picture", picked: subject.picture, change: subject.go });
  const slider = createSlider({ label: "strength", range: STRENGTHS,
    move: (strength) => history.move({ strength }), settle: () => history.settle(),
    about: ["How many times the direction is added to the picture's code (z + strength · direction): 1 is ",
      "the distance from the mean of the examples without to the mean of those with it, less than 0 leads ",
      "away from it."] });
  slider.input.addEventListener("dblclick", () => history.change({ strength: 0 }));
  const ends = [h("span", {}), h("span", {})];
  const element = h("div", { class: "row" }, pick.element, h("div", { class: "slide" }, slider.element,
    h("div", { class: "row quiet ends" }, ends[0], h("span", { class: "space" }), ends[1])));

  function show(possible) {
    const { mode, withClass, withoutClass } = history.now;
    pick.show(subject.picture);
    slider.input.disabled = !possible;
    [ends[0].textContent, ends[1].textContent] = mode === "classes"
      ? [`← ${classes[withoutClass]}`, `${classes[withClass]} →`] : ["← less", "more →"];
  }

  return { element, show, paint: slider.show };
}

// Seven strengths as pictures; a press takes one. `imageAt(s)` decodes.
function createRow({ model, history }, imageAt) {
  const frames = STEPS.map((s) => {
    const picture = createPicture(model.image);
    const button = h("button", { type: "button", class: "thumb", "aria-label": `Strength ${signed(s)}`,
      onclick: () => history.change({ strength: s }) }, picture.canvas,
    h("span", { class: "quiet" }, signed(s)));
    return { button, picture, s };
  });

  function* draw() {
    for (const { picture, s } of frames) {
      picture.paint(imageAt(s));
      yield;
    }
  }

  function mark(strength) {
    for (const { button, s } of frames) {
      button.setAttribute("aria-pressed", String(Math.abs(s - strength) < 0.005));
    }
  }

  async function save(name) {
    frames.forEach(({ picture, s }) => picture.paint(imageAt(s)));
    const canvases = frames.map(({ picture }) => picture.canvas);
    download(`${name}.png`, await montage(canvases, { columns: canvases.length, scale: 8 }));
  }

  return { element: h("div", { class: "seven" }, ...frames.map(({ button }) => button)), draw, mark, save };
}

const moved = (z, vector, strength) => Float32Array.from(z, (v, j) => v + strength * vector[j]);

export function signed(v) {
  const size = Math.abs(v).toFixed(Number.isInteger(v) ? 0 : 2);
  return `${v > 0 ? "+" : v < 0 ? "−" : ""}${size}`;
}

function nearestWords({ model, atlas, classes }, z) {
  const { index, distance } = nearest(atlas.mean, z, NEAR);
  const far = `the nearest is ${distanceText(distance[0], model.code.unit, 1)} away`;
  if (classes.length < 2) return `Of the examples ${far}.`;
  const counts = new Map();
  for (const i of index) counts.set(atlas.label[i], (counts.get(atlas.label[i]) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]).map(([k, n]) => `${n} × “${classes[k]}”`);
  return `Nearest examples: ${most.join(", ")}; ${far}.`;
}
