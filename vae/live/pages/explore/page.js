// The page Explore: a map, a picture, a slider for each dimension. All of it runs here in the
// browser; Python is asked only for another model or another UMAP.

import { about } from "../../io/provenance.js";
import { action } from "../../widgets/action.js";
import { createTabs } from "../../widgets/tabs.js";
import { mapQuality } from "../../map/quality.js";
import { createCheck } from "./datacheck.js";
import { download, h, more, saveJson, select } from "../../widgets/dom.js";
import { refusal } from "../../core/errors.js";
import { readExplore, writeExplore } from "./link.js";
import { createLarge } from "../../widgets/large.js";
import { exampleAt } from "../../core/atlas.js";
import { sampleNormal } from "../../core/normal.js";
import { remember } from "../../io/link.js";
import { createMap } from "../../map/map.js";
import { randomExample } from "../../widgets/picker.js";
import { toPng } from "../../widgets/picture.js";
import { getBlob } from "../../io/client.js";
import { createSliders } from "./sliders.js";
import { createSpeed } from "../../widgets/speed.js";
import { createStore } from "../../state/store.js";
import { createThumb } from "../../widgets/thumb.js";
import { createUmapForm } from "../../map/umap.js";
import { createUndo } from "../../widgets/undo.js";

const PNG_SCALE = 16;
const AT_ONCE = 4; // sliders that follow in one frame of a preview
const KEYS = [["← →", "move a slider (Shift: further)"], ["R", "random"], ["O", "origin"],
  ["Z  Y", "undo, redo"], ["F", "filmstrip"], ["P", "presenter"], ["?", "this list"]];

export async function build(bench, data) {
  const { page, card, model, atlas, classes, plotly, idle, memory, yours, notify } = bench;
  const d = model.latent;
  const { view, z, problems } = readExplore(d);
  problems.forEach(notify);
  const first = exampleAt(atlas, 0, classes);
  const store = z ? createStore(z, broughtAs(z)) : createStore(first.mean, first);
  const parts = { model, atlas, store, idle, classes };

  const picture = createLarge(bench, "The decoded image");
  const pixels = new Float32Array(model.pixels);
  const code = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const speed = createSpeed();
  const umapForm = bench.offline ? null : createUmapForm(bench, { fields: data.umap, refuse: notify,
    show: (coordinates) => map.setUmap(coordinates ?? atlas.umap) });
  const map = createMap({ ...parts, plotly, view, change: changeView, umapForm: umapForm?.element,
    quality: mapQuality(card.metrics) });
  const names = memory.read("names", {});
  const sliders = createSliders({ ...parts, names, rename: (j, name) => {
    names[j] = name;
    memory.write("names", names);
  } });
  const check = createCheck(parts);

  const undo = createUndo(store);
  const film = action("film", "Filmstrip: what each slider would do (F)", () =>
    changeView("film", view.film === "on" ? "off" : "on"));
  let temperature = 1;
  const brought = yours.items.map((item) => createThumb(model, item, `Go to ${item.name}`,
    () => store.go(item.z, broughtAs(item.z))));
  const moves = h("div", { class: "moves" },
    action("random", "Random, from the prior (R)", random),
    select("temperature", ["0.5", "0.7", "1", "1.3"].map((t) => [t, t]), "1", (t) => {
      temperature = Number(t);
    }),
    action("origin", "Origin (O)", origin), ...undo.buttons,
    brought.length ? more("at hand", { class: "do-shelf", title: "Your pictures" },
      h("div", { class: "thumbs" }, ...brought)) : null,
    h("span", { class: "classes" }, ...classes.map((name, k) =>
      h("button", { type: "button", class: "class", title: `Go to an example of ${name}`,
        onclick: () => toClass(k) }, name))));
  const keep = h("div", { class: "keep" },
    h("button", { type: "button", onclick: (event) => bench.copy(event.target, link()),
      title: "A link to exactly this" }, "Link"),
    h("button", { type: "button", onclick: savePng, title: "The image as PNG" }, "PNG"),
    h("button", { type: "button", onclick: saveCode, title: "The code as JSON" }, "JSON"),
    bench.offline ? null : h("button", { type: "button", class: "do-html", onclick: saveHtml,
      title: "All of this as one file that needs no Python and no network" }, "HTML"));
  const keys = bench.keys(KEYS, { ...undo.keys, r: random, o: origin, f: () => film.click() });

  page.append(
    bench.bar(moves, h("span", { class: "space" }), film, bench.presenter, speed.button,
      action("keys", "Keys (?)", () => keys.showModal())),
    bench.notices,
    h("div", { class: "bench" },
      h("div", { class: "view card" }, picture.element, speed.element, code, keep),
      map.element, check.element, sliders.element),
    createTabs(page, [["sliders", "Sliders"], ["map", "Map"], ["check", "On the data?"]]), keys);

  // One frame: whatever happened since the last one, the newest code is decoded and painted once.
  let pending = 0;
  function invalidate() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint(now) {
    pending = 0;
    const begin = performance.now();
    const shown = store.shown;
    model.decode(shown, pixels);
    const decoded = performance.now();
    picture.paint(pixels);
    if (sliders.show(shown, store.previewing ? AT_ONCE : d)) invalidate();
    code.textContent = Array.from(shown, (v) => v.toFixed(3)).join(" ");
    map.mark(shown, store.previewing);
    speed.show(decoded - begin, now);
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: {
      code: shown, decode: decoded - begin, work: performance.now() - begin } }));
  }

  store.listen((why) => {
    invalidate();
    check.update();
    if (why === "settle") settled();
    describe();
  });

  function settled() {
    undo.show();
    sliders.showPosterior(store.source);
    sliders.drawFilm();
    map.announce();
    remember(link());
  }

  function describe() {
    const from = store.source ? `, from ${store.source.words}` : "";
    const words = store.previewing ? "preview: click to go there" : `your code${from}`;
    if (picture.caption.textContent === words) return;
    picture.caption.textContent = words;
    picture.caption.classList.toggle("preview", store.previewing);
    picture.canvas.setAttribute("aria-label", `The decoded image of ${words}`);
  }

  function changeView(key, value) {
    view[key] = value;
    if (key === "film") applyFilm();
    remember(link());
  }

  function applyFilm() {
    film.setAttribute("aria-pressed", String(view.film === "on"));
    sliders.setFilm(view.film === "on");
  }

  const link = () => writeExplore(data.model, view, store.z);

  function random() {
    store.go(sampleNormal(d).map((v) => v * temperature));
  }

  function origin() {
    store.go(new Float32Array(d));
  }

  function toClass(k) {
    const found = randomExample(bench, k);
    if (found) store.go(found.mean, found);
    else notify(`There is no held-out example of “${classes[k]}”.`);
  }

  // The picture at hand whose code this is, as a source.
  function broughtAs(z) {
    const item = yours.items.find((item) => item.x && item.z.every((v, j) => v === z[j]));
    if (!item) return null;
    const { mean, scale } = item.refined?.used ? item.refined : item;
    return { words: `your picture “${item.name}”`, mean, scale, example: null };
  }

  async function savePng() {
    download(`${data.model}.png`, await toPng(picture.canvas, PNG_SCALE));
  }

  async function saveHtml({ target: button }) {
    button.disabled = true;
    button.textContent = "Writing …";
    try {
      download(`${data.model}.html`, await getBlob(bench.ask("export")));
    } catch (error) {
      notify(refusal(error));
    } finally {
      button.disabled = false;
      button.textContent = "HTML";
    }
  }

  function saveCode() {
    const row = store.source?.example ?? null;
    const example = row === null ? null : { split: card.atlas.split, index: atlas.index[row] };
    saveJson(data.model, { ...about(bench, link()), z: Array.from(store.z), names: sliders.names(), example });
  }

  bench.onTheme(() => map.recolour());
  bench.closing(() => map.destroy());
  applyFilm();
  settled();
  describe();
  check.update();
  invalidate();
  map.draw().catch((error) => notify(`The map could not be drawn (${error.message}).`));
  umapForm?.begin();
}
