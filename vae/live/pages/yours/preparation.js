// How an uploaded picture becomes the model's input, step by step, each with its controls.

import { h } from "../../widgets/dom.js";
import { createInput } from "../../widgets/form.js";
import { WHOLE, croppable } from "./crop.js";

// Which settings of vae/data/prepare/ belong to which step.
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
const LABELS = {
  ground: "Paper or screen",
  white: "Brightest value",
  rotate: "Degrees clockwise",
  exif: "Turn as the camera says",
  fit: "Fit",
  invert: "Swap light and dark",
  threshold: "Separate ink from paper",
  specks: "Remove specks smaller than",
};

export class Preparation {
  #settings = {}; // that were asked for last
  #open = new Set(["grey"]); // steps whose settings are open

  // `fields` describe the settings, `change(settings)` hears of others.
  constructor({ fields, model, digits, change }) {
    Object.assign(this, { model, digits, change });
    this.fields = Object.fromEntries(fields.map((field) => [field.name, field]));
    this.stages = h("div", { class: "stages" });
    this.notes = h("ul", { class: "notes" });
    this.element = h("div", {}, this.stages, this.notes);
  }

  // The steps of a picture that came as a file; others have none.
  show(picture) {
    this.element.hidden = !picture?.file;
    if (!picture?.file) return;
    this.#settings = picture.settings;
    const { name } = document.activeElement ?? {}, within = this.stages.contains(document.activeElement);
    this.stages.replaceChildren(...picture.stages.map((stage) => this.#createStage(stage)));
    if (within && name) this.stages.querySelector(`[name="${name}"]`)?.focus();
    this.notes.replaceChildren(...picture.notes.map((sentence) => h("li", {}, sentence)));
  }

  set(changes) {
    this.#settings = { ...this.#settings, ...changes };
    this.change(this.#settings);
  }

  turn(degrees) {
    this.set({ rotate: ((this.#settings.rotate ?? 0) + degrees + 540) % 360 - 180 });
  }

  #createStage({ name, src }) {
    const image = h("img", { src, alt: `The picture, ${name}`, draggable: "false",
      class: name === "model's input" ? "pixels" : "" });
    const frame = h("div", { class: "frame" }, image);
    if (name === "oriented") croppable(frame, image, this.#settings.crop, (crop) => this.set({ crop }));
    return h("figure", { "data-stage": name }, frame, h("figcaption", {}, name),
      name === "oriented" ? this.#quarters() : null, name === "cropped" ? this.#wholeAgain() : null,
      this.#details(name));
  }

  #details(name) {
    const settings = CONTROLS[name].filter((key) => this.fields[key]
      && (this.digits ? key !== "fit" : !DIGITS_ONLY.includes(key)));
    if (!settings.length) return null;
    const details = h("details", { open: this.#open.has(name),
      ontoggle: () => this.#open[details.open ? "add" : "delete"](name) }, h("summary", {}, "Settings"),
    ...settings.map((key) => this.#createControl(key)));
    return details;
  }

  #createControl(key) {
    if (key === "ground") return this.#ground();
    if (key === "box") return this.#box();
    const field = this.fields[key];
    const input = createInput(field, this.#settings[key] ?? field.default);
    input.element.firstChild.textContent = LABELS[key];
    input.control.addEventListener("change", () => {
      if (input.control.reportValidity()) this.set({ [key]: input.read() });
    });
    return input.element;
  }

  // Read from the picture, or a colour of one's own.
  #ground() {
    const value = this.#settings.ground ?? "auto";
    const control = h("select", { name: "ground", onchange: () => this.set({ ground: control.value }) },
      ...["auto", "white", "black"].map((c) => h("option", { value: c, selected: c === value }, c)));
    return h("label", { title: this.fields.ground.help }, h("span", {}, LABELS.ground), control);
  }

  // A share of the input's side, as pixels.
  #box() {
    const { default: initial, min, max, help } = this.fields.box;
    const side = Math.min(...this.model.image.slice(1));
    const control = h("input", { name: "box", type: "number", step: 1, required: true,
      min: Math.ceil(min * side), max: Math.floor(max * side),
      value: Math.round((this.#settings.box ?? initial) * side),
      onchange: () => control.reportValidity() && this.set({ box: control.valueAsNumber / side }) });
    return h("label", { title: help }, h("span", {}, `Size of the digit, of ${side} pixels`), control);
  }

  #quarters() {
    return h("div", { class: "row" },
      h("button", { type: "button", title: "A quarter to the left", onclick: () => this.turn(-90) }, "⟲"),
      h("button", { type: "button", title: "A quarter to the right", onclick: () => this.turn(90) }, "⟳"));
  }

  #wholeAgain() {
    const whole = String(this.#settings.crop ?? WHOLE) === String(WHOLE);
    return h("div", { class: "row quiet" }, whole ? "drag on “oriented” to cut out a part"
      : h("button", { type: "button", onclick: () => this.set({ crop: WHOLE }) }, "use all of it"));
  }
}
