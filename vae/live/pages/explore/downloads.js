// What can be taken from Explore: a link, the picture, the code, all of it as one HTML file.

import { refusal } from "../../core/errors.js";
import { postBlob } from "../../io/client.js";
import { about } from "../../io/provenance.js";
import { download, h, saveJson } from "../../widgets/dom.js";
import { toPng } from "../../widgets/picture.js";

const PNG_SCALE = 16;

export function createDownloads({ bench, code, canvas }) {
  const { data, card, atlas, history, notify } = bench;

  async function savePng() {
    download(`${data.model}.png`, await toPng(canvas, PNG_SCALE));
  }

  function saveCode() {
    const { example: row } = code.picture;
    const example = row === undefined ? null : { split: card.atlas.split, index: atlas.index[row] };
    saveJson(data.model, { ...about(bench, bench.link()), z: Array.from(code.z),
      names: named(history.now.names, code.z.length), example });
  }

  async function saveHtml({ target: button }) {
    button.disabled = true;
    button.textContent = "Writing …";
    try {
      download(`${data.model}.html`, await postBlob(bench.ask("export")));
    } catch (error) {
      notify(refusal(error));
    } finally {
      button.disabled = false;
      button.textContent = "HTML";
    }
  }

  return h("div", { class: "keep" },
    h("button", { type: "button", onclick: (event) => bench.copy(event.target, bench.link()),
      title: "A link to exactly this" }, "Link"),
    h("button", { type: "button", onclick: savePng, title: "The image as PNG" }, "PNG"),
    h("button", { type: "button", onclick: saveCode, title: "The code as JSON" }, "JSON"),
    bench.offline ? null : h("button", { type: "button", class: "do-html", onclick: saveHtml,
      title: "All of this as one file that needs no Python and no network" }, "HTML"));
}

const named = (names, d) =>
  Object.fromEntries(Array.from({ length: d }, (_, j) => [`z${j}`, names[j] ?? `z${j}`]));
