// The classes and their colours beside points; pressing one hides its points, until it is pressed again.

import { h } from "./dom.js";
import { CLASSES, classColour, isDark } from "./palette.js";

const GROUND = { light: "#ffffff", dark: "#000000" }; // of pictures as ink, and as the model sees them

export function createLegend({ page, classes, change }) {
  const hidden = new Set(); // classes whose codes are left out
  const keys = classes.map((name, k) => h("button", { type: "button", class: "key", "aria-pressed": "true",
    title: `Show or hide ${name}`, onclick: () => toggle(k) }, h("i"), name));
  const element = h("div", { class: "legend", hidden: true }, ...keys);

  function toggle(k) {
    if (!hidden.delete(k)) hidden.add(k);
    keys[k].setAttribute("aria-pressed", String(!hidden.has(k)));
    change();
  }

  // -> {hidden, colours, ground} for the points, in the shades for the pictures' ground, which is not
  // the page's. `coloured`: whether the colours of the points are those of the classes.
  function show(shown, coloured = true) {
    const dark = isDark(page);
    const shade = page.classList.contains("ink") ? "light" : "dark";
    element.hidden = !shown || classes.length < 2;
    keys.forEach((key, k) => {
      key.firstChild.hidden = !coloured;
      key.firstChild.style.background = classColour(k, dark);
    });
    return { hidden, colours: CLASSES[shade], ground: GROUND[shade] };
  }

  return { element, hidden, show };
}
