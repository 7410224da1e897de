// One dimension of the code as a slider, with what stands around it: its name, its rate, where examples
// lie, the posterior, and a filmstrip of where it would lead.

import { h, svg } from "../../widgets/dom.js";
import { distanceText } from "../../widgets/format.js";
import { createPicture } from "../../widgets/picture.js";

const STEP = 0.05, LEAP = 0.5; // arrow keys, without and with Shift, in sigma
const REACH = 4; // of a slider in sigma; one without a unit has steps as large for its own reach
const FRAMES = 9; // previews in a filmstrip
const SIGNS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

export class Dimension {
  value = NaN; // that the slider shows
  pictures = []; // of the filmstrip

  // `initial` is its first name, `title` what there is to say of it, `unit` that of its number ("σ" or ""), `worth` what it tells about
  // pictures, {text, title}. `counts(limit)` are those of the examples' codes in equal steps from -limit
  // to limit. The slider calls `move(value)` while the hand moves it and `settle()` when it lets go;
  // `rename(name)`.
  constructor({ j, initial, title, unit, worth, limit, counts, move, settle, rename }) {
    Object.assign(this, { j, initial, unit, limit, counts });
    const scale = unit ? 1 : limit / REACH;
    this.name = h("input", { class: "name", value: initial, maxlength: 24, title,
      "aria-label": `Name of dimension ${j}`, spellcheck: "false",
      onchange: () => rename(this.name.value.trim() || initial) });
    const set = (value) => {
      move(value);
      settle();
    };
    this.hand = h("input", { type: "range", min: -limit, max: limit, step: "any", "data-dim": j,
      oninput: () => move(this.hand.valueAsNumber), onchange: settle, ondblclick: () => set(0),
      onkeydown: (event) => {
        const sign = SIGNS[event.key];
        if (!sign) return;
        event.preventDefault();
        set(this.value + sign * scale * (event.shiftKey ? LEAP : STEP));
      } });
    this.band = h("div", { class: "posterior", hidden: true });
    this.film = h("div", { class: "film", "aria-hidden": "true" });
    this.output = h("output", { class: "value" });
    this.hills = this.#hills();
    this.element = h("div", { class: "dim", "data-dim": j }, this.name,
      h("div", { class: "track" }, this.hills, this.band, this.hand, this.film), this.output,
      h("span", { class: "rate", title: worth.title }, worth.text));
  }

  show(value) {
    this.value = value;
    if (Math.abs(value) > this.limit) this.#widen(Math.ceil(Math.abs(value)));
    this.hand.value = value;
    const text = `${value < 0 ? "−" : "+"}${distanceText(Math.abs(value), this.unit, 2)}`;
    this.output.textContent = text;
    this.hand.setAttribute("aria-valuetext", text);
  }

  // As a bar, μ ± σ; null for none.
  showPosterior(posterior) {
    this.posterior = posterior;
    this.band.hidden = posterior === null;
    if (posterior === null) return;
    const { mean, scale } = posterior;
    this.band.style.left = this.#along(mean[this.j] - scale[this.j]);
    this.band.style.right = `calc(100% - ${this.#along(mean[this.j] + scale[this.j])})`;
  }

  showName(name = this.initial) {
    this.name.value = name;
    this.hand.setAttribute("aria-label", `${name}${this.unit && ", in sigma"}`);
  }

  // Room for the filmstrip's pictures.
  openFilm(image) {
    if (this.pictures.length) return;
    this.pictures = Array.from({ length: FRAMES }, () => createPicture(image));
    this.film.append(...this.pictures.map((picture) => picture.canvas));
  }

  // The value at which picture `f` of the filmstrip stands.
  valueAt(f) {
    return this.limit * (-1 + (2 * f + 1) / FRAMES);
  }

  // A code from a link may lie beyond every example: the slider then reaches there.
  #widen(limit) {
    this.limit = limit;
    this.hand.min = -limit;
    this.hand.max = limit;
    const hills = this.#hills();
    this.hills.replaceWith(hills);
    this.hills = hills;
    if (this.posterior) this.showPosterior(this.posterior);
  }

  #hills() {
    const counts = this.counts(this.limit), top = Math.max(...counts, 1);
    const points = Array.from(counts, (n, i) => `${i},${(20 - (19 * n) / top).toFixed(1)} ` +
      `${i + 1},${(20 - (19 * n) / top).toFixed(1)}`);
    return svg("svg", { class: "hills", viewBox: `0 0 ${counts.length} 20`, preserveAspectRatio: "none",
      "aria-hidden": "true" },
    svg("polygon", { points: `0,20 ${points.join(" ")} ${counts.length},20` }));
  }

  // How far along the track a value lies; the track ends half a handle before the box.
  #along(value) {
    const share = Math.min(1, Math.max(0, 0.5 + value / (2 * this.limit)));
    return `calc(var(--handle) / 2 + (100% - var(--handle)) * ${share})`;
  }
}
