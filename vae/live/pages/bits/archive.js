// The real file: the chain as .vaez, which Python restores, and any .vaez of this model opened here.

import { checkModel, opened, pushed, restoring, toBytes } from "../../core/bits/file.js";
import { refusal } from "../../core/errors.js";
import { download, h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

const SHOWN = 48; // of the pictures of a file
const SLICE = 12; // ms of work between two frames

export function createArchive(bench, codecs, pictures) {
  const { data, history, model, notify } = bench;
  const words = h("p", { class: "quiet", role: "status" });
  const back = h("div", { class: "back" });
  const input = h("input", { type: "file", accept: ".vaez", class: "unseen", "aria-label": "A .vaez file",
    tabindex: -1, onchange: () => take(input.files[0]) });
  const element = h("section", { class: "card archive", "aria-label": "The file" },
    h("header", {}, h("h2", {}, "The file")),
    h("div", { class: "row" }, h("button", { type: "button", class: "main do-save", onclick: save }, "Download the chain (.vaez)"),
      h("button", { type: "button", class: "do-open", onclick: () => input.click() }, "Open a .vaez file"), input),
    h("p", { class: "quiet" }, "On another computer, with this model's folder: ",
      h("code", {}, `python -m vae decompress ${data.folder ?? data.model} chain.vaez --out pictures`)), words, back);

  async function save() {
    const own = pictures(), { grid } = history.now;
    const block = pushed(codecs.codec(grid), own, 0).toBytes();
    download("chain.vaez", new Blob([await toBytes(aboutOf(bench, codecs, grid, own.length), [block])]));
  }

  async function take(file) {
    if (!file) return;
    input.value = "";
    try {
      history.change({ opened: await read(file) });
    } catch (error) {
      notify(`${file.name}: ${refusal(error)}`);
    }
    words.textContent = "";
    show(true);
  }

  async function read(file) {
    const { about, names, blocks } = await opened(new Uint8Array(await file.arrayBuffer()));
    checkModel({ about }, bench.id, { image: model.image, levels: codecs.levels });
    const codec = codecs.codec(about.grid), all = [];
    for (const [place, block] of blocks.entries()) {
      const before = all.length;
      all.push(...await inSlices(restoring(codec, block, place), (n) =>
        (words.textContent = `${before + n} of ${names.length} pictures restored`)));
      if (all.length >= SHOWN) break;
    }
    return { file: file.name, bytes: file.size, n: names.length, names, pictures: all.slice(0, SHOWN), checked: all.length };
  }

  let painted;
  function show(anew = false) {
    const { opened: held } = history.now;
    if (held === painted && !anew) return;
    painted = held;
    back.replaceChildren(...(held?.pictures ?? []).map((symbols, i) => {
      const view = createPicture(model.image, { "aria-label": held.names[i] });
      view.paint(Float32Array.from(symbols, (v) => v / (codecs.levels - 1)));
      return view.canvas;
    }));
    words.textContent = held ? `${held.file}: ${held.n} pictures in ${held.bytes.toLocaleString("en")} bytes; the first ` +
      `${held.checked} are restored, and their digest is the file's.` : "";
  }

  return { element, show };
}

const aboutOf = ({ card, id, model }, { levels }, grid, n) =>
  ({ model: id, title: card.title, grid, image: model.image, levels, block: n, runs: [["0", n]] });

// A generator's result; `progress` hears what it yields, between frames.
async function inSlices(work, progress) {
  for (let since = performance.now(); ;) {
    const { value, done } = work.next();
    if (done) return value;
    if (performance.now() - since < SLICE) continue;
    progress(value);
    await new Promise((next) => setTimeout(next));
    since = performance.now();
  }
}
