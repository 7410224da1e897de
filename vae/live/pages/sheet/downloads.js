// Take the sheet with you: a link, a picture of it, and its codes.

import { about } from "../../io/provenance.js";
import { createBusy } from "../../widgets/task.js";
import { h, more, saveJson, select } from "../../widgets/dom.js";
import { contactSheet, gridOver } from "../../widgets/figure.js";

// `pictures()` are the three that the sheet goes through, where it does, and `link()` the page's.
export function createSheetTake({ bench, surface, pictures, link }) {
  const { model, data } = bench;
  const name = `${data.model} sheet`;
  const settings = { columns: 20, scale: 2, what: "view" };
  const busy = createBusy(bench);

  // As many rows as make its pictures square.
  function grid() {
    const { columns, what } = settings;
    const box = what === "view" ? surface.box() : surface.space.home;
    const [left, low, right, high] = box;
    const rows = Math.max(1, Math.round((columns * (high - low)) / (right - left)));
    return { columns, rows, places: gridOver(box, columns, rows) };
  }

  function png() {
    const { columns, places } = grid();
    return busy.run("Drawing the sheet", `${name}.png`, (how) =>
      contactSheet(model, places.map(surface.space.lift), { columns, scale: settings.scale, ...how }));
  }

  function json() {
    const { kind, marks, lift } = surface.space;
    const { columns, rows, places } = grid();
    saveJson(name, { ...about(bench, link()), kind, columns, rows,
      pictures: marks && pictures().map((one, i) => ({ name: one.name, place: marks[i], z: Array.from(one.z) })),
      places, codes: places.map((at) => lift(at)).map((z) => z && Array.from(z)) });
  }

  return h("div", { class: "take" }, ...busy.elements,
    h("button", { type: "button", title: "A link to exactly this",
      onclick: (event) => bench.copy(event.target, link()) }, "Link"),
    h("button", { type: "button", class: "do-sheet-png", title: "The sheet as a picture", onclick: png }, "PNG"),
    h("button", { type: "button", class: "do-sheet-json", title: "The codes of the sheet", onclick: json }, "JSON"),
    more("⚙", { "aria-label": "Settings of the sheet's picture", title: "Settings" },
      h("div", { class: "film-settings" }, createNumber(settings, "columns", 2, 60),
        createNumber(settings, "scale", 1, 16),
        select("of", [["view", "what is seen"], ["whole", "the whole sheet"]], "view",
          (what) => (settings.what = what)))));
}

const createNumber = (settings, name, min, max) => h("label", {}, h("span", {}, name),
  h("input", { type: "number", min, max, step: 1, value: settings[name], onchange: ({ target }) => {
    if (target.reportValidity()) settings[name] = target.valueAsNumber;
  } }));
