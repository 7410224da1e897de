// The page Explore: a map, a picture, a slider for each dimension. All of it runs here in the
// browser; Python is told only what it has to answer (another model, another UMAP).

import { action, createMount, createTabs, mapQuality } from "./bench.js";
import { createCheck } from "./check.js";
import { download, h, more, select } from "./dom.js";
import { exampleAt, row, sampleNormal } from "./latent.js";
import { asked, readLink, remember, writeLink } from "./link.js";
import { createMap } from "./map.js";
import { createPicture, toPng } from "./picture.js";
import { parse } from "./safetensors.js";
import { getBlob } from "./server.js";
import { shelfOf } from "./shelf.js";
import { createSliders } from "./sliders.js";
import { createStore } from "./store.js";
import { createUmapForm } from "./umap.js";

const PNG_SCALE = 16;
const AT_ONCE = 4; // sliders that follow in one frame of a preview
const KEYS = [["← →", "move a slider (Shift: further)"], ["R", "random"], ["O", "origin"],
  ["Z  Y", "undo, redo"], ["F", "filmstrip"], ["P", "presenter"], ["?", "this list"]];

export const mount = createMount(explorer);

async function explorer(bench, data) {
  const { page, card, model, atlas, classes, send, plotly, spare, memory, notify } = bench;
  const d = model.latent;
  const { view, z, problems } = readLink(asked(), d);
  problems.forEach(notify);
  const shelf = shelfOf(data.files["weights.safetensors"], model);
  const first = exampleAt(atlas, 0, classes);
  const store = z ? createStore(z, broughtAs(z)) : createStore(first.mean, first);
  const parts = { model, atlas, store, spare, classes };

  const picture = createPicture(model.image, { "aria-label": "The decoded image" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const where = h("figcaption", { class: "where" });
  const code = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const speed = h("output", { class: "speed", hidden: true });
  const umapForm = bench.offline ? null
    : createUmapForm(data.umap, (request) => send("umap", request));
  const map = createMap({ ...parts, plotly, view, change: changeView, umapForm: umapForm?.element,
    quality: mapQuality(card.metrics) });
  const names = memory.read("names", {});
  const sliders = createSliders({ ...parts, names, rename: (j, name) => {
    names[j] = name;
    memory.write("names", names);
  } });
  const check = createCheck(parts);

  const undo = action("undo", "Undo (Z)", () => store.undo());
  const redo = action("redo", "Redo (Y)", () => store.redo());
  const film = action("film", "Filmstrip: what each slider would do (F)", () =>
    changeView("film", view.film === "on" ? "off" : "on"));
  let temperature = 1;
  const moves = h("div", { class: "moves" },
    action("random", "Random, from the prior (R)", random),
    select("temperature", ["0.5", "0.7", "1", "1.3"].map((t) => [t, t]), "1", (t) => {
      temperature = Number(t);
    }),
    action("origin", "Origin (O)", origin), undo, redo,
    shelf.items.length ? more("at hand", { class: "do-shelf", title: "Your pictures" },
      h("div", { class: "thumbs" }, ...shelf.items.map(createBrought))) : null,
    h("span", { class: "classes" }, ...classes.map((name, k) =>
      h("button", { type: "button", class: "class", title: `Go to an example of ${name}`,
        onclick: () => toClass(k) }, name))));
  const keep = h("div", { class: "keep" },
    h("button", { type: "button", onclick: (e) => bench.copy(e.target, link()), title: "A link to exactly this" }, "Link"),
    h("button", { type: "button", onclick: savePng, title: "The image as PNG" }, "PNG"),
    h("button", { type: "button", onclick: saveJson, title: "The code as JSON" }, "JSON"),
    bench.offline ? null : h("button", { type: "button", class: "do-html", onclick: saveHtml,
      title: "All of this as one file that needs no Python and no network" }, "HTML"));
  const keys = bench.keys(KEYS, { r: random, o: origin, z: () => store.undo(),
    y: () => store.redo(), f: () => film.click() });

  page.append(
    bench.bar(moves, h("span", { class: "space" }), film, bench.presenter,
      action("timer", "Milliseconds and frames per second", (button) => {
        speed.hidden = !speed.hidden;
        button.setAttribute("aria-pressed", String(!speed.hidden));
      }),
      action("keys", "Keys (?)", () => keys.showModal())),
    bench.notices,
    h("div", { class: "bench" },
      h("div", { class: "view card" },
        h("figure", {}, h("button", { type: "button", class: "frame", onclick: bench.toggleInk,
          title: "Show as ink on paper, or as the model sees it" }, picture.canvas), where),
        speed, code, keep),
      map.element, check.element, sliders.element),
    createTabs(page, [["sliders", "Sliders"], ["map", "Map"], ["check", "On the data?"]]), keys);

  // One frame: whatever happened since the last one, the newest code is decoded and painted once.
  let pending = 0, last = 0, rate = 0;
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
    if (!speed.hidden) showSpeed(decoded - begin, now);
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: {
      code: shown, decode: decoded - begin, work: performance.now() - begin } }));
  }

  function showSpeed(decode, now) {
    const gap = now - last;
    last = now;
    if (gap < 200) rate = rate ? 0.9 * rate + 0.1 * (1000 / gap) : 1000 / gap;
    speed.textContent = `${decode.toFixed(1)} ms a decode, ${rate.toFixed(0)} frames/s`;
  }

  store.listen((why) => {
    invalidate();
    check.update();
    if (why === "settle") settled();
    describe();
  });

  function settled() {
    undo.disabled = !store.canUndo;
    redo.disabled = !store.canRedo;
    sliders.showPosterior(store.source);
    sliders.drawFilm();
    map.announce();
    remember(link());
  }

  function describe() {
    const from = store.source ? `, from ${store.source.words}` : "";
    const words = store.previewing ? "preview: click to go there" : `your code${from}`;
    if (where.textContent === words) return;
    where.textContent = words;
    where.classList.toggle("preview", store.previewing);
    picture.canvas.setAttribute("aria-label", `The decoded image of ${where.textContent}`);
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

  const link = () => writeLink(data.model, view, store.z);

  function random() {
    store.go(sampleNormal(d).map((v) => v * temperature));
  }

  function origin() {
    store.go(new Float32Array(d));
  }

  function toClass(k) {
    const rows = [];
    atlas.label.forEach((label, i) => label === k && rows.push(i));
    if (!rows.length) return notify(`There is no held-out example of “${classes[k]}”.`);
    const i = rows[Math.floor(Math.random() * rows.length)];
    store.go(row(atlas.mean, i, d), exampleAt(atlas, i, classes));
  }

  // A picture at hand, to go to.
  function createBrought(item) {
    const small = createPicture(model.image);
    small.paint(item.x ?? model.decode(item.z));
    return h("button", { type: "button", class: "thumb", title: item.name,
      "aria-label": `Go to ${item.name}`, onclick: () => store.go(item.z, broughtAs(item.z)) },
    small.canvas, h("span", { class: "name quiet" }, item.name));
  }

  // The picture at hand whose code this is, as a source.
  function broughtAs(z) {
    const item = shelf.items.find((item) => item.x && item.z.every((v, j) => v === z[j]));
    if (!item) return null;
    const { mean, scale } = item.refined?.used ? item.refined : item;
    return { words: `your picture “${item.name}”`, mean, scale, example: null };
  }

  async function savePng() {
    download(`${data.model}.png`, await toPng(picture.canvas, PNG_SCALE));
  }

  async function saveHtml() {
    try {
      download(`${data.model}.html`, await getBlob(bench.ask("export")));
    } catch (error) {
      notify(error.message);
    }
  }

  function saveJson() {
    const example = store.source?.example ?? null;
    const content = { format: 1, model: data.model, weights: card.files["weights.safetensors"],
      z: Array.from(store.z), names: sliders.names(), example: example === null ? null
        : { split: card.atlas.split, index: atlas.index[example] }, link: link() };
    const text = JSON.stringify(content, null, 1);
    download(`${data.model}.json`, new Blob([text], { type: "application/json" }));
  }

  bench.onTheme(() => map.recolour());
  bench.closing(() => map.destroy());
  applyFilm();
  settled();
  describe();
  check.update();
  invalidate();
  map.draw().catch((error) => notify(`The map could not be drawn (${error.message}).`));
  let mapped = null;
  if (umapForm) await update(data);

  async function update(next) {
    umapForm.update(next.umap);
    const url = next.umap.coordinates;
    if (url === mapped) return;
    mapped = url;
    if (!url) return map.setUmap(atlas.umap);
    const response = await fetch(url);
    if (!response.ok) return notify(`The new map could not be loaded (${response.status}).`);
    map.setUmap(parse(await response.arrayBuffer(), "the new map").umap.data);
  }

  return { update };
}
