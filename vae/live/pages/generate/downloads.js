// What can be taken from Generate: a link, a film, the codes, all pictures on one sheet.

import { about } from "../../io/provenance.js";
import { download, h } from "../../widgets/dom.js";
import { createFilmDownloads } from "../../widgets/downloads.js";
import { montage } from "../../widgets/montage.js";

const SHEET_SCALE = 4;

export function createDownloads({ bench, batch, grid }) {
  const { data, classes, history } = bench;
  const frames = () => batch.codes.map((z) => [{ weight: 1, z }]);

  function json() {
    const { source, class: k, temperature, seed, centre, radius, spread } = history.now;
    const drawn = centre ? { around: Array.from(centre.z), radius, spread }
      : { source, temperature, ...(source === "class" ? { class: classes[k] } : {}) };
    return { ...about(bench, bench.link()), seed, ...drawn, codes: batch.codes.map((z) => Array.from(z)) };
  }

  async function saveSheet() {
    if (!batch.codes.length) return bench.notify("The pictures are not there yet.");
    return download(`${data.model} sheet.png`,
      await montage(grid.canvases(), { columns: batch.side, scale: SHEET_SCALE }));
  }

  const { element } = createFilmDownloads(bench, { frames, json, name: `${data.model} new`, kinds: ["gif"] });
  element.prepend(h("button", { type: "button", class: "do-sheet", onclick: saveSheet,
    title: "All pictures on one sheet, as PNG" }, "Contact sheet"));
  return element;
}
