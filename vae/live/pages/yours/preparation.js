// The way of an uploaded picture to the model's input, step by step, each with its controls.

import { h } from "../../widgets/dom.js";
import { createInput } from "../../widgets/form.js";

// Which settings of vae/data/prepare.py belong to which step.
const CONTROLS = {
  uploaded: ["ground", "white"],
  oriented: ["rotate", "exif"],
  cropped: ["fit"],
  grey: ["invert"],
  colours: ["invert"],
  ink: ["threshold", "specks"],
  "model's input": ["box"],
};
const DIGITS_ONLY = ["threshold", "specks", "box"];
const WHOLE = [0, 0, 1, 1];

// `fields` describe the settings, `change(settings)` is told when one is changed.
export function createStrip({ fields, digits, change }) {
  const known = Object.fromEntries(fields.map((field) => [field.name, field]));
  const element = h("div", { class: "strip" });
  const notes = h("ul", { class: "notes" });
  let settings = {};

  // `stages`: [{name, src}] of the picture prepared with `given`.
  function show({ stages, notes: words }, given) {
    settings = { ...given };
    element.replaceChildren(...stages.map(createStage));
    notes.replaceChildren(...words.map((sentence) => h("li", {}, sentence)));
  }

  function set(more) {
    settings = { ...settings, ...more };
    change(settings);
  }

  function createStage({ name, src }) {
    const image = h("img", { src, alt: `The picture, ${name}`, draggable: "false",
      class: name === "model's input" ? "pixels" : "" });
    const frame = h("div", { class: "frame" }, image);
    if (name === "oriented") cropBy(frame, image);
    const inputs = CONTROLS[name].filter((key) => known[key] && (digits ? key !== "fit"
      : !DIGITS_ONLY.includes(key)));
    return h("figure", { "data-stage": name }, frame, h("figcaption", {}, name),
      name === "oriented" ? quarters() : null, name === "cropped" ? wholeAgain() : null,
      inputs.length ? h("details", { open: name === "grey" }, h("summary", {}, "settings"),
        ...inputs.map(createControl)) : null);
  }

  function createControl(name) {
    const field = known[name];
    if (name === "ground") return groundControl();
    const input = createInput(field, settings[name] ?? field.default);
    input.control.addEventListener("change", () => {
      if (input.control.reportValidity()) set({ [name]: input.read() });
    });
    return input.element;
  }

  // Found from the picture, or a colour of one's own.
  function groundControl() {
    const value = settings.ground ?? "auto";
    const choose = h("select", { name: "ground", onchange: () => set({ ground: choose.value }) },
      ...["auto", "white", "black"].map((c) => h("option", { value: c, selected: c === value }, c)));
    return h("label", { title: known.ground.help }, h("span", {}, "ground"), choose);
  }

  function quarters() {
    const turn = (degrees) => () => set({ rotate: ((settings.rotate ?? 0) + degrees + 540) % 360 - 180 });
    return h("div", { class: "row" },
      h("button", { type: "button", title: "A quarter to the left", onclick: turn(-90) }, "⟲"),
      h("button", { type: "button", title: "A quarter to the right", onclick: turn(90) }, "⟳"));
  }

  function wholeAgain() {
    const whole = String(settings.crop ?? WHOLE) === String(WHOLE);
    return h("div", { class: "row quiet" }, whole ? "drag on “oriented” to cut out a part"
      : h("button", { type: "button", onclick: () => set({ crop: WHOLE }) }, "use all of it"));
  }

  // Drag a rectangle on the picture to use that part.
  function cropBy(frame, image) {
    const box = h("div", { class: "crop", hidden: true });
    const [left, top, right, bottom] = settings.crop ?? WHOLE;
    frame.append(box);
    frame.classList.add("croppable");
    if (String(settings.crop ?? WHOLE) !== String(WHOLE)) draw([left, top, right, bottom]);
    let from = null;
    const at = (event) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      const clip = (v) => Math.min(1, Math.max(0, v));
      return [clip((event.clientX - left) / width), clip((event.clientY - top) / height)];
    };
    const area = ([a, b], [c, d]) =>
      [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)].map((v) => Number(v.toFixed(4)));
    function draw([a, b, c, d]) {
      box.hidden = false;
      Object.assign(box.style, { left: `${100 * a}%`, top: `${100 * b}%`, width: `${100 * (c - a)}%`,
        height: `${100 * (d - b)}%` });
    }
    frame.addEventListener("pointerdown", (event) => {
      from = at(event);
      frame.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    frame.addEventListener("pointermove", (event) => from && draw(area(from, at(event))));
    frame.addEventListener("pointercancel", () => (from = null));
    frame.addEventListener("pointerup", (event) => {
      if (!from) return; // pressed somewhere else
      const part = area(from, at(event));
      from = null;
      if (part[2] - part[0] > 0.02 && part[3] - part[1] > 0.02) set({ crop: part });
      else box.hidden = true;
    });
  }

  return { element: h("div", {}, element, notes), show, set };
}
