// What a page begins with for who does not see it: its name, and the way past the bar to its controls.

import { h } from "./dom.js";

const FIRST = ".bench input[type=range]"; // what a hand wants first
const ANY = ".bench :is(button, input, select, a[href], [tabindex='0'])";

export function createHeading(page, title) {
  const skip = h("button", { type: "button", class: "skip", onclick: () => firstOf(page)?.focus() },
    "Skip to the controls");
  return [h("h1", { class: "unseen" }, title), skip];
}

function firstOf(page) {
  const seen = (selector) =>
    [...page.querySelectorAll(selector)].find((element) => element.checkVisibility() && !element.disabled);
  return seen(FIRST) ?? seen(ANY);
}
