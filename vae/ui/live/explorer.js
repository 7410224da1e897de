// The page Explore: a map, a picture, a slider for each dimension. All of it runs here in the
// browser; Python is told only what it has to answer (another model, another UMAP).

import { createCheck } from "./check.js";
import { download, h, help, more, select } from "./dom.js";
import { InputError } from "./errors.js";
import { icon } from "./icons.js";
import { row, sampleNormal } from "./latent.js";
import { readLink, writeLink } from "./link.js";
import { createMap } from "./map.js";
import { openBundle } from "./model.js";
import { createPicture, toPng } from "./picture.js";
import { parse } from "./safetensors.js";
import { createSliders } from "./sliders.js";
import { createSpare } from "./spare.js";
import { createStore } from "./store.js";
import { createUmapForm } from "./umap.js";

const PNG_SCALE = 16;
const KEYS = [["← →", "move a slider (Shift: further)"], ["R", "random"], ["O", "origin"],
  ["Z  Y", "undo, redo"], ["F", "filmstrip"], ["P", "presenter"], ["?", "this list"]];

// Mount into `root`. `data` is what Python says, `send(name, value)` tells it something.
export async function mount(root, data, send) {
  const page = h("div", { class: "atelier", "aria-busy": "true" },
    h("p", { class: "waiting quiet" }, "Opening the model …"));
  root.append(page);
  const plotly = import(data.plotly).then(() => window.Plotly);
  try {
    const bundle = await openBundle(data.files);
    page.replaceChildren();
    return await explorer(page, bundle, data, send, plotly);
  } catch (error) {
    page.replaceChildren(h("p", { class: "notice", role: "alert" }, sentence(error, data)));
    return { update() {}, destroy: () => page.remove() };
  } finally {
    page.removeAttribute("aria-busy");
  }
}

function sentence(error, data) {
  if (!(error instanceof InputError)) console.error(error);
  return error instanceof InputError
    ? `The model “${data.model}” cannot be shown: ${error.message}`
    : `The model “${data.model}” cannot be shown: its files could not be read (${error.message}).`;
}

async function explorer(page, { card, model, atlas }, data, send, plotly) {
  const d = model.latent;
  const classes = card.data.classes ?? [];
  const memory = createMemory(data.files["weights.safetensors"]);
  const { view, z, problems } = readLink(location.search, d);
  const store = z ? createStore(z) : createStore(row(atlas.mean, 0, d), 0);
  const spare = createSpare();
  const parts = { model, atlas, store, spare, classes };

  const notices = h("div", { class: "notices", "aria-live": "polite" });
  const notify = (text) => {
    const note = h("p", { class: "notice" }, text,
      h("button", { type: "button", class: "plain", "aria-label": "Dismiss",
        onclick: () => note.remove() }, "×"));
    notices.append(note);
  };
  [...data.notices, ...problems].forEach(notify);

  const picture = createPicture(model.image, { "aria-label": "The decoded image" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const where = h("figcaption", { class: "where" });
  const code = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const speed = h("output", { class: "speed", hidden: true });
  const umapForm = createUmapForm(data.umap, (request) => send("umap", request));
  const map = createMap({ ...parts, plotly, view, change: changeView, umapForm: umapForm.element,
    quality: qualityWords(card.metrics) });
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
  const presenter = action("presenter", "Presenter: larger (P)", () => {
    presenter.setAttribute("aria-pressed", String(page.classList.toggle("presenter")));
  });
  let temperature = 1;
  const moves = h("div", { class: "moves" },
    action("random", "Random, from the prior (R)", random),
    select("temperature", ["0.5", "0.7", "1", "1.3"].map((t) => [t, t]), "1", (t) => {
      temperature = Number(t);
    }),
    action("origin", "Origin (O)", origin), undo, redo,
    h("span", { class: "classes" }, ...classes.map((name, k) =>
      h("button", { type: "button", class: "class", title: `Go to an example of ${name}`,
        onclick: () => toClass(k) }, name))));
  const keep = h("div", { class: "keep" },
    h("button", { type: "button", onclick: copyLink, title: "A link to exactly this" }, "Link"),
    h("button", { type: "button", onclick: savePng, title: "The image as PNG" }, "PNG"),
    h("button", { type: "button", onclick: saveJson, title: "The code as JSON" }, "JSON"));
  const keys = h("dialog", { class: "keys" }, h("h2", {}, "Keys"),
    h("dl", {}, ...KEYS.flatMap(([key, what]) => [h("dt", {}, key), h("dd", {}, what)])),
    h("form", { method: "dialog" }, h("button", {}, "Close")));
  const tabs = h("nav", { class: "tabs", "aria-label": "Parts of the page" },
    ...[["sliders", "Sliders"], ["map", "Map"], ["check", "On the data?"]].map(([key, name]) =>
      h("button", { type: "button", "data-tab": key, onclick: () => showTab(key) }, name)));

  page.append(
    h("header", { class: "bar" },
      select("model", data.models.map(({ name, title }) => [name, title]), data.model,
        (name) => send("model", name)),
      help("this model", card.description, " ", figures(card.metrics)),
      data.refusals.length ? more(`${data.refusals.length} left out`, { class: "left-out" },
        h("ul", {}, ...data.refusals.map((sentence) => h("li", {}, sentence)))) : null,
      moves, h("span", { class: "space" }), film, presenter,
      action("timer", "Milliseconds and frames per second", (button) => {
        speed.hidden = !speed.hidden;
        button.setAttribute("aria-pressed", String(!speed.hidden));
      }),
      action("keys", "Keys (?)", () => keys.showModal())),
    notices,
    h("div", { class: "bench" },
      h("div", { class: "view card" },
        h("figure", {}, h("button", { type: "button", class: "frame", onclick: toggleInk,
          title: "Show as ink on paper, or as the model sees it" }, picture.canvas), where),
        speed, code, keep),
      map.element, check.element, sliders.element),
    tabs, keys);

  function action(sign, name, act) {
    const button = h("button", { type: "button", class: `action do-${sign}`, title: name, "aria-label": name,
      onclick: () => act(button) }, icon(sign));
    return button;
  }

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
    sliders.show(shown);
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
    sliders.showPosterior(store.example);
    sliders.drawFilm();
    map.announce();
    history.replaceState(history.state, "", link());
  }

  function describe() {
    const example = store.example;
    const name = classes[atlas.label[example]];
    const from = example === null ? "" : `, from example ${atlas.index[example]}` +
      (name === undefined ? "" : ` (${name})`);
    where.textContent = store.previewing ? "preview: click to go there" : `your code${from}`;
    where.classList.toggle("preview", store.previewing);
    picture.canvas.setAttribute("aria-label", `The decoded image of ${where.textContent}`);
  }

  function changeView(key, value) {
    view[key] = value;
    if (key === "film") applyFilm();
    history.replaceState(history.state, "", link());
  }

  function applyFilm() {
    film.setAttribute("aria-pressed", String(view.film === "on"));
    sliders.setFilm(view.film === "on");
  }

  const link = () => writeLink(location.href, data.model, view, store.z);

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
    store.go(row(atlas.mean, i, d), i);
  }

  async function copyLink(event) {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(link());
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Link"), 1500);
    } catch { // without https a page may not write the clipboard
      notify(`Copy this link: ${link()}`);
    }
  }

  async function savePng() {
    download(`${data.model}.png`, await toPng(picture.canvas, PNG_SCALE));
  }

  function saveJson() {
    const content = { format: 1, model: data.model, weights: card.files["weights.safetensors"],
      z: Array.from(store.z), names: sliders.names(), example: store.example === null ? null
        : { split: card.atlas.split, index: atlas.index[store.example] }, link: link() };
    const text = JSON.stringify(content, null, 1);
    download(`${data.model}.json`, new Blob([text], { type: "application/json" }));
  }

  function toggleInk() {
    page.classList.toggle("ink");
    memory.write("ink", page.classList.contains("ink"));
  }

  function showTab(key) {
    page.dataset.tab = key;
    for (const tab of tabs.children) {
      tab.setAttribute("aria-pressed", String(tab.dataset.tab === key));
    }
  }

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = { r: random, o: origin, z: () => store.undo(), y: () => store.redo(),
      f: () => film.click(), p: () => presenter.click(), "?": () => keys.showModal() }[
      event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  };
  addEventListener("keydown", onKey);
  // The theme may change while the page is open; the data's colours follow.
  const scheme = new MutationObserver(() => map.recolour());
  scheme.observe(page.parentElement, { attributes: true, attributeFilter: ["style", "class"] });

  if (model.image[0] === 1) page.classList.toggle("ink", memory.read("ink", false));
  else page.classList.add("colour");
  showTab("sliders");
  applyFilm();
  settled();
  describe();
  check.update();
  invalidate();
  map.draw().catch((error) => notify(`The map could not be drawn (${error.message}).`));
  let mapped = null;
  await update(data);

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

  return {
    update: (next) => update(next).catch((error) => notify(error.message)),
    destroy() {
      removeEventListener("keydown", onKey);
      scheme.disconnect();
      spare.stop();
      map.destroy();
      page.remove();
    },
  };
}

const typing = (element) => element.closest?.("input:not([type=range]), select, textarea, dialog") !== null;

// What a person said about a model stays in this browser, under the model's own sum.
function createMemory(id) {
  const key = (name) => `atelier ${name} ${id}`;
  return {
    read(name, otherwise) {
      try {
        return JSON.parse(localStorage.getItem(key(name))) ?? otherwise;
      } catch { // storage may be switched off, or hold something else
        return otherwise;
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(key(name), JSON.stringify(value));
      } catch {
        console.info("This browser keeps nothing: names are forgotten when the page closes.");
      }
    },
  };
}

function figures(metrics) {
  const say = (m, digits) => `${m.value.toFixed(digits)} ${m.unit} (n = ${m.n}` +
    `${m.k ? `, K = ${m.k}` : ""}, seed ${m.seed})`;
  const parts = [["nll", "negative log-likelihood", 2], ["elbo", "ELBO", 2],
    ["active_units", "active units", 0]];
  return parts.filter(([key]) => metrics[key])
    .map(([key, name, digits]) => `${name} ${say(metrics[key], digits)}`).join("; ");
}

function qualityWords({ umap_trustworthiness: trust, umap_lift_error: error }) {
  if (!trust || !error) return "How good that is for this model has not been measured.";
  return `Measured here: trustworthiness ${trust.value.toFixed(3)} (n = ${trust.n}); going to the ` +
    `map and back misses by ${Math.round(100 * error.value)} % of the distance between two random ` +
    `codes (n = ${error.n}). PCA is exact both ways.`;
}
