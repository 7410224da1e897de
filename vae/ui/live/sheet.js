// The page Sheet: a plane of the latent space as one sheet of pictures that a hand moves, and
// traversals of each dimension. All of it is decoded here; Python only writes films.

import { action, createMount } from "./bench.js";
import { download, h, help, more, select } from "./dom.js";
import { InputError } from "./errors.js";
import { contactSheet, gridOver, togetherGif } from "./figure.js";
import { chiCdf, formatCode, norm, sampleNormal } from "./latent.js";
import { anyOf, createPick, firstOf } from "./pick.js";
import { createPicture } from "./picture.js";
import { shelfOf } from "./shelf.js";
import { remember as setAddress } from "./link.js";
import { readSheet, writeSheet } from "./sheetlink.js";
import { evenInCode, evenInProbability, throughThree } from "./spaces.js";
import { createStore } from "./store.js";
import { createSurface } from "./surface.js";
import { createTake } from "./take.js";
import { classColour, isDark } from "./theme.js";
import { createTraversals } from "./traversals.js";

const PLANES = { probability: evenInProbability, code: evenInCode };
const GROUND = ["#ffffff", "#000000"]; // of pictures as ink, and as the model sees them
const KEYS = [["← → ↑ ↓", "move the sheet, once it has the focus"], ["+  −", "closer, farther"],
  ["0", "the whole sheet"], ["Enter", "choose what is under the cross"], ["K", "keep the picture"],
  ["E", "carry the code into Explore"], ["Z  Y", "undo, redo a choice"], ["A", "play, pause the traversals"],
  ["P", "presenter"], ["?", "this list"]];

export const mount = createMount(sheet);

async function sheet(bench, data) {
  const { page, card, model, atlas, classes, spare, notify } = bench;
  const d = model.latent;
  const shelf = shelfOf(data.files["weights.safetensors"], model);
  const wanted = readSheet(d);
  const state = { ...wanted, part: d < 2 ? "traversals" : wanted.part };
  let three = state.three?.map((z) => ({ z, name: nameOf(z) })) ?? usualThree();
  let base = state.base ? { z: state.base, name: nameOf(state.base) }
    : { z: new Float32Array(d), name: "the origin" };
  wanted.problems.forEach(notify);

  // -- the picture at the side
  const first = three[0];
  const store = createStore(state.z ?? first.z, { words: state.z ? nameOf(state.z) : first.name });
  const picture = createPicture(model.image, { "aria-label": "The decoded picture" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const where = h("figcaption", { class: "where" });
  const code = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const usual = h("span", { class: "usual" });
  const kept = h("p", { class: "quiet", role: "status" });
  const view = h("section", { class: "card view", "aria-label": "The picture" },
    h("figure", {}, h("button", { type: "button", class: "frame", onclick: toggleInk,
      title: "Show as ink on paper, or as the model sees it" }, picture.canvas), where),
    h("div", { class: "facts" }, code, h("p", { class: "quiet" }, usual, " ", help("the distance",
      "How far the code lies from the origin, ‖z‖, in standard deviations σ of the prior; and the share ",
      "of the prior's own codes that lie nearer. Far above 99 % the model has hardly learned anything.")),
    h("div", { class: "row" },
      h("button", { type: "button", class: "main do-explore", onclick: toExplore }, "Explore →"),
      h("button", { type: "button", class: "do-keep", onclick: keep,
        title: "Put it with the pictures at hand (K)" }, "Keep"),
      h("button", { type: "button", class: "do-traverse", onclick: traverse,
        title: "Show what each dimension does to it" }, "Traverse")), kept));

  // -- the sheet
  const surface = createSurface({ model, atlas, wake: invalidate,
    look: (z) => store.look(z), choose: (z) => store.go(z, { words: "a place of the sheet" }), moved });
  const words = h("span", { class: "quiet words", role: "status" });
  const seen = new Set(); // classes whose codes are left out
  const legend = h("div", { class: "legend", hidden: true }, ...classes.map((name, k) => {
    const key = h("button", { type: "button", class: "key", "aria-pressed": "true",
      onclick: () => togglePoints(key, k) }, h("i"), name);
    return key;
  }));
  const picks = d > 2 ? three.map((picked, i) => createPick({ bench, shelf, label: "ABC"[i], picked,
    change: (next) => setThree(three.map((one, k) => (k === i ? next : one))) })) : [];
  const sheetHelp = d > 2
    ? help("the sheet", "The flat piece of the latent space through the three pictures A, B and C: they ",
      "lie exactly at their marks, and every other place is their affine combination, a·A + b·B + c·C with ",
      "a + b + c = 1. Drag it, zoom with the wheel or two fingers: between two pictures there are always others.")
    : help("the sheet", "The whole latent space, drawn picture by picture. Even in probability, each ",
      "picture stands for the same share of the prior: its code is the inverse normal distribution function ",
      "of the place, z = Φ⁻¹(u), as in figure 4 of Kingma & Welling (2013). Even in z, equal steps are equal ",
      "steps of the code.");
  const sheetPart = h("div", { class: "part" },
    h("div", { class: "row" },
      ...(d > 2 ? [...picks.map((p) => p.element), action("random", "Three other examples (R)", shuffle)]
        : [select("even in", [["probability", "probability"], ["code", "z"]], state.even, setEven),
          select("held-out codes", [["off", "hidden"], ["on", "shown"]], state.codes, setCodes)]),
      select("pictures", ["small", "middle", "large"].map((v) => [v, v]), state.pictures, setPictures),
      sheetHelp, h("span", { class: "space" }),
      h("span", { class: "zoom" },
        zoomButton("+", "in", "Closer (+)", 1), zoomButton("−", "out", "Farther (−)", -1),
        action("fit", "The whole sheet (0)", () => surface.fit()))),
    surface.element, legend, h("footer", { class: "row" }, words, h("span", { class: "space" }), createSheetTake()));

  // -- the traversals
  const traversals = createTraversals({ model, atlas, spare, settings: state, wake: invalidate,
    look: (z) => store.look(z), choose: (z) => store.go(z, { words: "a traversal" }),
    changed: (changes) => remember(changes) });
  const basePick = createPick({ bench, shelf, label: "around", picked: base, change: setBase });
  const traversePart = h("div", { class: "part" },
    h("div", { class: "row" }, basePick.element, traversals.controls),
    traversals.element, createTraverseTake());

  // -- the page
  const parts = { sheet: sheetPart, traversals: traversePart };
  const choice = h("nav", { class: "parts", "aria-label": "Parts of the page" },
    ...[["sheet", "Sheet"], ["traversals", "Traversals"]].map(([key, name]) => h("button", { type: "button",
      "data-part": key, disabled: key === "sheet" && d < 2, onclick: () => setPart(key) }, name)));
  const dialog = bench.keys(KEYS, { r: () => d > 2 && state.part === "sheet" && shuffle(), k: keep, e: toExplore,
    z: () => store.undo(), y: () => store.redo(), "+": () => surface.zoom(1), "=": () => surface.zoom(1),
    "-": () => surface.zoom(-1), 0: () => surface.fit(),
    a: () => state.part === "traversals" && traversals.play.click() });
  page.append(
    bench.bar(choice, h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices,
    h("div", { class: "bench sheet" }, h("section", { class: "card parted", "aria-label": "Sheet and traversals" },
      sheetPart, traversePart), view), dialog);

  function zoomButton(sign, name, words, by) {
    return h("button", { type: "button", class: `action do-${name}`, "aria-label": words, title: words,
      onclick: () => surface.zoom(by) }, sign);
  }

  // One frame: the newest code first, then as much of the sheet or the traversals as time allows.
  let pending = 0, painted = null;
  function invalidate() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const begin = performance.now();
    const shown = store.shown;
    const fresh = shown !== painted;
    if (fresh) paintCode(shown);
    const goesOn = state.part === "sheet" ? surface.paint(begin) : traversals.paint(begin);
    if (goesOn) invalidate();
    const work = performance.now() - begin;
    if (fresh) page.dispatchEvent(new CustomEvent("atelier:painted", { detail: { code: shown, work } }));
    page.dispatchEvent(new CustomEvent("atelier:drawn", { detail: { work, left: goesOn } }));
  }

  function paintCode(z) {
    painted = z;
    picture.paint(model.decode(z, pixels));
    code.textContent = Array.from(z, (v) => v.toFixed(3)).join(" ");
    const far = norm(z);
    usual.textContent = `${far.toFixed(2)} σ from the middle, farther than ${percent(chiCdf(far, d))} of the prior.`;
  }

  const percent = (share) => (share > 0.999 ? "99.9 %" : `${Math.round(100 * share)} %`);

  store.listen((why) => {
    invalidate();
    if (why === "settle") settled();
    describe();
  });

  function settled() {
    surface.choose(store.z);
    kept.textContent = "";
    remember({});
  }

  function describe() {
    where.textContent = store.previewing ? "preview: click to choose it"
      : `your choice: ${store.source?.words ?? "a code"}`;
    where.classList.toggle("preview", store.previewing);
    picture.canvas.setAttribute("aria-label", `The decoded picture of ${where.textContent}`);
  }

  function link() {
    return writeSheet(data.model, { ...state, z: store.z,
      view: d < 2 ? null : surface.view, base: norm(base.z) ? base.z : null,
      three: d > 2 ? three.map(({ z }) => z) : null });
  }

  function remember(changes) {
    Object.assign(state, changes);
    setAddress(link());
  }

  function moved() {
    if (d < 2) return;
    const [left, low, right, high] = surface.box();
    const range = (from, to) => `from ${from.toFixed(2)} to ${to.toFixed(2)}`;
    words.textContent = surface.words();
    surface.describe(`Pictures of codes; the view goes ${range(left, right)} across and ` +
      `${range(low, high)} up. ${words.textContent}`);
    remember({});
  }

  // -- choices
  function setPart(key) {
    state.part = key;
    page.dataset.part = key;
    for (const [name, part] of Object.entries(parts)) part.hidden = name !== key;
    for (const button of choice.children) button.setAttribute("aria-pressed", String(button.dataset.part === key));
    if (key === "sheet" && traversals.playing) traversals.stop();
    store.look(null);
    remember({});
    invalidate();
  }

  function setEven(key) {
    surface.show(PLANES[key](), null);
    setCodes(state.codes);
    remember({ even: key });
    moved();
  }

  function setCodes(key) {
    const dark = isDark(page), night = !page.classList.contains("ink");
    const shown = key === "on" && d === 2;
    legend.hidden = !shown || classes.length < 2;
    [...legend.children].forEach((button, k) => (button.firstChild.style.background = classColour(k, dark)));
    surface.setPoints(shown ? seen : null, Array.from({ length: 10 }, (_, k) => classColour(k, night)),
      GROUND[Number(night)]); // in the shades for the pictures' ground, which is not the page's
    remember({ codes: key });
  }

  function toggleInk() {
    bench.toggleInk();
    setCodes(state.codes);
  }

  function togglePoints(button, k) {
    if (!seen.delete(k)) seen.add(k);
    button.setAttribute("aria-pressed", String(!seen.has(k)));
    setCodes(state.codes);
  }

  function setPictures(key) {
    surface.size(key);
    remember({ pictures: key });
    moved();
  }

  function setThree(next, at = null) {
    try {
      surface.show(throughThree(next.map(({ z }) => z)), next.map(({ z }) => z), at);
      three = next;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      notify(`${error.message} ${surface.space ? "The sheet is as it was." : "Others stand there instead."}`);
      if (!surface.space) return;
    }
    picks.forEach((pick, i) => pick.show(three[i]));
    surface.choose(store.z);
    moved();
  }

  function shuffle() {
    const some = [...classes.keys()].sort(() => Math.random() - 0.5);
    setThree([0, 1, 2].map((i) => anyOf(bench, some[i % Math.max(1, some.length)] ?? 0)));
  }

  function usualThree() {
    const last = classes.length - 1;
    if (last < 2) return [0, 1, 2].map((i) => example(i));
    return [0, Math.ceil(last / 3), last - 2].map((k) => firstOf(bench, k)); // of ten: 0, 3, 7
  }

  function example(i) {
    const at = Math.min(i, atlas.n - 1);
    return { z: atlas.mean.slice(at * d, (at + 1) * d), name: `example ${atlas.index[at]}` };
  }

  // What a code from a link is called here.
  function nameOf(z) {
    const same = (other) => other.every((v, j) => v === z[j]);
    const item = shelf.items.find((one) => same(one.z));
    if (item) return item.name;
    for (let i = 0; i < atlas.n; i++) {
      if (atlas.mean[i * d] === z[0] && same(atlas.mean.subarray(i * d, (i + 1) * d))) {
        return `example ${atlas.index[i]}${classes.length ? ` (${classes[atlas.label[i]]})` : ""}`;
      }
    }
    return "from the link";
  }

  function setBase(next) {
    base = next;
    basePick.show(next);
    traversals.from(next.z);
    remember({});
  }

  function traverse() {
    setBase({ z: store.z, name: store.source?.words ?? "your choice" });
    setPart("traversals");
  }

  function keep() {
    const n = shelf.items.filter(({ name }) => name.startsWith("sheet ")).length + 1;
    try {
      shelf.addCode(`sheet ${n}`, "code", store.z);
      kept.textContent = `Kept as “sheet ${n}”; ${shelf.items.length} pictures are at hand on every page.`;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      notify(error.message);
    }
  }

  function toExplore() {
    bench.send("go", { title: "Explore", model: data.model, z: formatCode(store.z) });
  }

  // -- taking it along
  // Work that takes a while: says how far it is, can be stopped, and is refused in one sentence.
  function createBusy() {
    const status = h("output", { class: "quiet" });
    const stop = h("button", { type: "button", hidden: true }, "Stop");
    async function run(words, name, make) {
      const control = new AbortController();
      stop.onclick = () => control.abort();
      stop.hidden = false;
      try {
        download(name, await make({ signal: control.signal,
          progress: (share) => (status.textContent = `${words}: ${Math.round(100 * share)} %`) }));
      } catch (error) {
        if (error instanceof InputError) notify(error.message);
        else if (error.name !== "AbortError") throw error;
      } finally {
        status.textContent = "";
        stop.hidden = true;
      }
    }
    return { elements: [status, stop], run };
  }

  function createSheetTake() {
    const settings = { columns: 20, scale: 2, what: "view" };
    const number = (key, least, most) => h("label", {}, h("span", {}, key), h("input", { type: "number", min: least,
      max: most, step: 1, value: settings[key], onchange: (event) => {
        if (event.target.reportValidity()) settings[key] = event.target.valueAsNumber;
      } }));
    const { elements, run } = createBusy();
    const shape = () => {
      const box = settings.what === "view" ? surface.box() : surface.space.home;
      const rows = Math.max(1, Math.round((settings.columns * (box[3] - box[1])) / (box[2] - box[0])));
      return { places: gridOver(box, settings.columns, rows), rows };
    };
    const png = () => run("Drawing the sheet", `${data.model} sheet.png`, (how) => contactSheet(model,
      shape().places.map(surface.space.lift), { columns: settings.columns, scale: settings.scale, ...how }));
    return h("div", { class: "take" }, ...elements,
      h("button", { type: "button", title: "A link to exactly this",
        onclick: (event) => bench.copy(event.target, link()) }, "Link"),
      h("button", { type: "button", class: "do-sheet-png", title: "The sheet as a picture", onclick: png }, "PNG"),
      h("button", { type: "button", class: "do-sheet-json", title: "The codes of the sheet",
        onclick: () => save("sheet", sheetJson(shape(), settings)) }, "JSON"),
      more("⚙", { "aria-label": "Settings of the sheet's picture", title: "Settings" },
        h("div", { class: "film-settings" }, number("columns", 2, 60), number("scale", 1, 16),
          select("of", [["view", "what is seen"], ["whole", "the whole sheet"]], "view",
            (v) => (settings.what = v)))));
  }

  const about = () => ({ format: 1, model: data.model, weights: card.files["weights.safetensors"], link: link() });

  function sheetJson({ places, rows }, { columns }) {
    const { kind, marks } = surface.space;
    return { ...about(), kind, columns, rows, pictures: marks && three.map(({ name, z }, i) =>
      ({ name, place: marks[i], z: Array.from(z) })),
    places, codes: places.map((at) => surface.space.lift(at)).map((z) => z && Array.from(z)) };
  }

  function save(what, content) {
    download(`${data.model} ${what}.json`, new Blob([JSON.stringify(content)], { type: "application/json" }));
  }

  function createTraverseTake() {
    let filmed = "all";
    const name = `${data.model} traversals`;
    const { elements, run } = createBusy();
    const take = createTake(bench, { name, link, what: ["gif", "webp", "mp4"],
      walk: () => traversals.film(filmed === "all" ? traversals.live : [Number(filmed)])
        .map((z) => [{ weight: 1, z }]),
      json: traverseJson });
    const figure = () => run("Drawing the figure", `${name}.png`, (how) => {
      const { codes, columns, values, dims } = traversals.figure();
      return contactSheet(model, codes, { columns, scale: 2, gap: 2, heads: values.map((v) => `${v.toFixed(1)} σ`),
        labels: dims.map((j) => `z${j}  ${traversals.rates[j].toFixed(2)} nats`), ...how });
    });
    const together = () => run("Drawing the film", `${name} together.gif`, (how) =>
      togetherGif(model, traversals.together(), how));
    return h("footer", { class: "row" },
      select("film of", [["all", "each in turn"], ...traversals.live.map((j) => [String(j), `z${j}`])], "all",
        (v) => (filmed = v)), take.element,
      h("button", { type: "button", class: "do-figure", title: "All rows as one picture, with names and values",
        onclick: figure }, "Figure"),
      h("button", { type: "button", class: "do-together", title: "All rows swinging side by side, as a GIF",
        onclick: together }, "All together"), ...elements);
  }

  function traverseJson() {
    const { values, dims } = traversals.figure();
    return { ...about(), base: Array.from(base.z), values,
      rows: dims.map((j) => ({ dimension: j, rate: traversals.rates[j] })) };
  }

  bench.onTheme(() => setCodes(state.codes));
  bench.closing(() => surface.destroy());
  if (d > 2) openThree();
  else if (d === 2) surface.show(PLANES[state.even](), null, state.view);
  surface.size(state.pictures);
  surface.choose(store.z);
  setCodes(state.codes);
  traversals.from(base.z);
  setPart(state.part);
  describe();
  invalidate();
  return {};

  // The three of a link may lie on one line, and so may the usual ones; random ones do not.
  function openThree() {
    setThree(three, state.view);
    if (!surface.space) setThree(usualThree());
    if (!surface.space) setThree([0, 1, 2].map(() => ({ z: sampleNormal(d), name: "from the prior" })));
  }
}
