// What can be taken from the sheet: a link, a picture of it, and its codes.

import { about } from "../../io/provenance.js";
import { h, more, saveJson } from "../../widgets/dom.js";
import { contactSheet, gridOver } from "../../widgets/figure.js";
import { createNumber, createSelect } from "../../widgets/form.js";
import { createTask } from "../../widgets/task.js";
import { ACROSS, PIXEL } from "./schema.js";

export function createSheetDownloads({ bench, surface }) {
  const { model, data, history } = bench;
  const name = `${data.model} sheet`;
  const task = createTask(bench);

  // As many rows as make its pictures square.
  function grid() {
    const { across, area } = history.now;
    const box = area === "view" ? surface.box() : surface.space.home;
    const [left, low, right, high] = box;
    const rows = Math.max(1, Math.round((across * (high - low)) / (right - left)));
    return { columns: across, rows, places: gridOver(box, across, rows) };
  }

  function savePng() {
    const { columns, places } = grid();
    return task.run("Drawing the sheet", `${name}.png`, (how) => contactSheet(model,
      places.map(surface.space.lift), { columns, scale: history.now.pixel, ...how }));
  }

  function saveCodes() {
    const { kind, marks, lift } = surface.space;
    const { columns, rows, places } = grid();
    saveJson(name, { ...about(bench, bench.link()), kind, columns, rows,
      pictures: marks && history.now.corners.map((picture, i) =>
        ({ name: picture.name, place: marks[i], z: Array.from(picture.z) })),
      places, codes: places.map((at) => lift(at)).map((z) => z && Array.from(z)) });
  }

  return h("div", { class: "take" }, ...task.elements,
    h("button", { type: "button", title: "A link to exactly this",
      onclick: (event) => bench.copy(event.target, bench.link()) }, "Link"),
    h("button", { type: "button", class: "do-sheet-png", title: "The sheet as a picture", onclick: savePng }, "PNG"),
    h("button", { type: "button", class: "do-sheet-json", title: "The codes of the sheet", onclick: saveCodes }, "JSON"),
    more("Settings", { "aria-label": "Settings of the sheet's picture" },
      h("div", { class: "film-settings" }, createNumber(bench, "across", "Columns", ACROSS),
        createNumber(bench, "pixel", "Size of a pixel", PIXEL),
        createSelect(bench, "area", "Area", [["view", "what is seen"], ["whole", "the whole sheet"]]))));
}
