// The sliders of a round, without names: what each does is to be seen. A filmstrip under each is the hint.

import { REACH } from "../../core/rounds.js";
import { h, help } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

const FRAMES = 9; // of a filmstrip

// `move(i, value)` while a hand moves a slider, `settle()` when it lets go.
export function createSliders({ model, idle }, size, { move, settle }) {
  const sliders = Array.from({ length: size }, (_, i) => new Slider(i, (value) => move(i, value), settle));
  const title = h("h2", {});
  const element = h("section", { class: "card sliders", "aria-label": "Sliders" },
    h("header", {}, title, help("a slider", "Each moves the code along one axis, by at most 4 standard deviations of the ",
      "examples' codes. With some of them each axis is a dimension of the model, with the others the same space was turned at ",
      "random. Which is which stands here when all rounds are over.")),
    h("div", { class: "rows scrolls" }, ...sliders.map((slider) => slider.element)));

  // What each slider would make of the code, a picture at a time. `codeOf(values)` is that of the sliders.
  function* drawFilms(values, codeOf) {
    for (const [i, { pictures }] of sliders.entries()) {
      for (const [f, picture] of pictures.entries()) {
        picture.paint(model.decode(codeOf(values.with(i, REACH * (-1 + (2 * f + 1) / FRAMES)))));
        yield;
      }
    }
  }

  return {
    element,
    show: (values) => sliders.forEach((slider, i) => slider.show(values[i])),
    settle({ film, values }, { letter }, codeOf) {
      title.textContent = `Sliders ${letter}`;
      sliders.forEach((slider) => slider.settle(letter, film && model.image));
      if (film) idle.put("film", drawFilms(values, codeOf));
      else idle.drop("film");
    },
  };
}

class Slider {
  pictures = [];

  constructor(i, move, settle) {
    this.i = i;
    this.name = h("span", { class: "name" });
    this.film = h("div", { class: "film", "aria-hidden": "true" });
    this.value = h("output", {});
    this.hand = h("input", { type: "range", min: -REACH, max: REACH, step: 0.05,
      oninput: () => move(this.hand.valueAsNumber), onchange: settle,
      ondblclick: () => {
        move(0);
        settle();
      } });
    this.element = h("div", { class: "axis" }, this.name, this.hand, this.value, this.film);
  }

  show(value) {
    this.hand.value = value;
    this.value.textContent = `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  }

  // `image` is the shape of the filmstrip's pictures, or false where there is none.
  settle(letter, image) {
    this.name.textContent = `${letter}${this.i + 1}`;
    this.hand.setAttribute("aria-label", `Slider ${letter}${this.i + 1}`);
    this.film.hidden = !image;
    if (!image || this.pictures.length) return;
    this.pictures = Array.from({ length: FRAMES }, () => createPicture(image));
    this.film.append(...this.pictures.map(({ canvas }) => canvas));
  }
}
