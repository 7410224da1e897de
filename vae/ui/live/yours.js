// The page Your image: bring a picture or draw one, and see at once what the model sees.
//
// Drawing, encoding, decoding and placing run here, at each frame; Python prepares files and refines.

import { action, createMount, createTabs, mapQuality } from "./bench.js";
import { createBars } from "./bars.js";
import { createBring } from "./bring.js";
import { h, help } from "./dom.js";
import { InputError } from "./errors.js";
import { createGallery } from "./gallery.js";
import { exampleAt, formatCode, nearest, ratePerDim, row } from "./latent.js";
import { asked, readLink } from "./link.js";
import { createMap } from "./map.js";
import { createPad } from "./pad.js";
import { createPicture } from "./picture.js";
import { createRefine } from "./refine.js";
import { createSamples } from "./samples.js";
import { getJson, postJson } from "./server.js";
import { KEPT, read, shelfOf, unpack } from "./shelf.js";
import { createStore } from "./store.js";
import { createStrip } from "./strip.js";
import { DRAWINGS } from "./strokes.js";
import { asDifference, isDark } from "./theme.js";
import { createUsual } from "./verdict.js";
import { pricesOf } from "./usual.js";

const REST = 120; // ms after which what may wait is worked out
const NEAR = 8;
const KEYS = [["Z  Y", "undo, redo a stroke"], ["E", "carry the code into Explore"],
  ["P", "presenter"], ["?", "this list"]];

export const mount = createMount(yours);

async function yours(bench, data) {
  const { page, card, model, atlas, classes, plotly, spare, notify } = bench;
  const d = model.latent;
  const { view } = readLink(asked(), d);
  const shelf = shelfOf(data.files["weights.safetensors"], model);
  const prices = pricesOf(atlas);
  const store = createStore(row(atlas.mean, 0, d));
  let now = null; // the picture on show: {name, kind, x, mean, scale, z, rate, distortion, refined, id}
  let stale = false; // whether the pad has changed since it was read
  let dark = isDark(page);
  let pending = 0, rest = 0;
  let fresh = true; // whether the marker jumps or leaves a trail

  // -- bringing a picture
  const pad = createPad({ image: model.image, digits: Boolean(card.prepare.digits), change: drawn });
  const strip = createStrip({ fields: data.prepare, digits: Boolean(card.prepare.digits),
    change: prepareAnew });
  const bring = bench.offline ? null
    : createBring({ page, listen: bench.listen, take, refuse: notify });
  const progress = h("p", { class: "quiet", role: "status", hidden: true });
  const offered = h("div", { class: "offered" });
  const panels = {
    draw: h("div", {}, pad.element,
      h("div", { class: "row drawings" }, h("span", { class: "quiet" }, "draw me"),
        ...Object.entries(DRAWINGS).map(([name, lines]) => h("button", { type: "button",
          onclick: () => pad.play(lines) }, name))),
      h("p", { class: "quiet" }, card.prepare.digits
        ? "The model gets your strokes as MNIST has its digits: fitted into 20 × 20 pixels, centred by mass."
        : "The model gets the pad, reduced to its own size.",
      " ", h("button", { type: "button", class: "do-keep", onclick: keepDrawing }, "Keep this drawing"))),
    picture: h("div", {}, bring?.element, progress, strip.element),
    examples: h("div", {}, offered),
  };
  const choice = h("nav", { class: "sources", "aria-label": "Where the picture comes from" },
    ...[["draw", "Draw"], ...bench.offline ? [] : [["picture", "Open"], ["examples", "Examples"]]]
      .map(([key, name]) => h("button", { type: "button", "data-source": key,
        onclick: () => from(key) }, name)));
  const bringing = h("section", { class: "card bringing", "aria-label": "Your picture" }, choice,
    ...Object.values(panels));

  // -- what the model sees, and says
  const seen = createPicture(model.image, { "aria-label": "What the model sees" });
  const rebuilt = createPicture(model.image, { "aria-label": "The reconstruction" });
  const difference = createPicture([3, ...model.image.slice(1)], { class: "map-of-pixels",
    "aria-label": "The difference: blue where the reconstruction is darker, orange where it is lighter" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  const gap = new Float32Array(pixels.length / model.image[0]);
  const nothing = new Float32Array(pixels.length);
  const verdict = createUsual({ model, atlas, prices, spare, apply: mend });
  const order = [...ratePerDim(atlas, d).entries()].sort((a, b) => b[1] - a[1]).map(([j]) => j);
  const bars = createBars(d, order);
  const samples = createSamples({ model, spare });
  const refine = createRefine({ url: bench.ask("refine"), current: () => now, refuse: notify,
    choose: useRefined });
  const explore = h("button", { type: "button", class: "main do-explore", onclick: toExplore },
    "Move it in Explore →");
  const seeing = h("section", { class: "card seeing", "aria-label": "What the model sees and says" },
    h("div", { class: "triple" },
      ...[[seen, "what the model sees"], [rebuilt, "its reconstruction"], [difference, "the difference"]]
        .map(([picture, words]) => h("figure", {}, picture.canvas, h("figcaption", {}, words)))),
    verdict.element,
    h("p", { class: "quiet" }, "The posterior, dimension by dimension ", help("the posterior",
      "The code that the encoder infers is a Gaussian for each dimension: a line at μ, a bar from ",
      "μ − σ to μ + σ. The grey band is the prior, N(0, 1), which the model expects before it has ",
      "seen anything. A bar as wide as the band says nothing about this picture.")),
    bars.canvas, samples.element, refine.element);
  refine.element.firstChild.prepend(explore);
  if (bench.offline) refine.start.hidden = true; // Python takes the gradient steps

  // -- its place
  const map = createMap({ model, atlas, store, classes, plotly, view, umapForm: null, follow: false,
    quality: mapQuality(card.metrics), change: (key, value) => (view[key] = value) });
  const near = Array.from({ length: NEAR }, () => createNear());
  map.element.append(
    h("p", { class: "quiet" }, "Nearest known codes ", help("a nearest example",
      "The held-out codes closest to your picture's code, as the decoder draws them, with their ",
      "distance in σ of the prior. Click one to take it into Explore.")),
    h("div", { class: "thumbs" }, ...near.map((n) => n.button)));
  const gallery = createGallery({ shelf, model, prices, name: data.model, pick: select });
  bench.closing(shelf.listen(shelved));

  const dialog = bench.keys(KEYS, { z: pad.undo, y: pad.redo, e: toExplore });
  page.append(
    bench.bar(h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices,
    h("div", { class: "bench yours" }, bringing, seeing, map.element, gallery.element),
    createTabs(page, [["see", "See"], ["map", "Map"]]), dialog);

  function createNear() {
    const picture = createPicture(model.image);
    const caption = h("span", { class: "quiet" });
    const entry = { picture, caption, at: -1 };
    entry.button = h("button", { type: "button", class: "thumb", hidden: true,
      onclick: () => go(row(atlas.mean, entry.at, d)) }, picture.canvas, caption);
    return entry;
  }

  // -- one frame
  function drawn() {
    stale = true;
    invalidate();
  }

  function invalidate() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const begin = performance.now();
    if (stale) readDrawing();
    if (now) model.decode(now.z, pixels);
    else pixels.fill(0);
    seen.paint(now?.x ?? nothing);
    rebuilt.paint(pixels);
    paintDifference(now?.x ?? pixels);
    if (now) {
      store.move(now.z);
      map.mark(now.z, fresh);
      verdict.price(now);
    }
    bars.paint(now?.mean ? inUse(now) : null);
    fresh = false;
    clearTimeout(rest);
    rest = setTimeout(settle, REST);
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: {
      code: now?.z, work: performance.now() - begin } }));
  }

  function readDrawing() {
    stale = false;
    const x = pad.x();
    if (now?.kind !== "drawing") fresh = true;
    now = x && { ...read(model, x), name: "drawing", kind: "drawing", x, notes: [], refined: null };
    gallery.choose(null);
  }

  function paintDifference(x) {
    const [c] = model.image, n = gap.length;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < c; k++) sum += (pixels[k * n + i] - x[k * n + i]) / c;
      gap[i] = sum;
    }
    difference.paint(asDifference(gap, dark));
  }

  const inUse = (item) => (item.refined?.used ? item.refined : item);

  // What may wait until the hand rests.
  function settle() {
    const posterior = now && now.mean ? inUse(now) : null;
    explore.disabled = !now;
    refine.show(now);
    bars.describe(posterior);
    samples.update(posterior);
    verdict.judge(now);
    map.announce();
    spare.put("near", findNear());
  }

  function* findNear() {
    const found = now ? nearest(atlas.mean, now.z, NEAR) : { index: [], distance: [] };
    yield;
    for (const [at, entry] of near.entries()) {
      const i = found.index[at];
      entry.button.hidden = i === undefined;
      if (i === undefined) continue;
      entry.at = i;
      entry.picture.paint(model.decode(row(atlas.mean, i, d)));
      entry.caption.textContent = `${classes.length > 1 ? `${classes[atlas.label[i]]}, ` : ""}` +
        `${found.distance[at].toFixed(found.distance[at] < 1 ? 2 : 1)} σ`;
      entry.button.setAttribute("aria-label", `Take ${exampleAt(atlas, i, classes).words} into Explore`);
      yield;
    }
  }

  // -- pictures
  function from(key) {
    page.dataset.source = key;
    for (const button of choice.children) {
      button.setAttribute("aria-pressed", String(button.dataset.source === key));
    }
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== key;
    if (key === "examples" && !offered.children.length) offer();
    if (key === "draw" && now?.kind !== "drawing" && !pad.blank) drawn();
  }

  function select(item) {
    pad.stop();
    now = item;
    stale = false;
    fresh = true;
    gallery.choose(item.id);
    strip.element.hidden = !item.file;
    if (item.file) {
      from("picture");
      strip.show(item, item.settings);
    }
    invalidate();
  }

  function shelved() {
    gallery.show();
    gallery.choose(now?.id ?? null);
    map.show({ pins: shelf.items.filter(({ id }) => id !== now?.id)
      .map(({ z, name }) => ({ z, word: name.slice(0, 12) })) });
    if (now?.id && !shelf.get(now.id)) {
      now = null;
      strip.element.hidden = true;
      invalidate();
    }
  }

  // Files, one after the other; what is refused is said and the others go on.
  async function take(files) {
    from("picture");
    progress.hidden = false;
    const room = KEPT - shelf.items.length;
    if (files.length > room) {
      notify(`${KEPT} pictures fit on the shelf and ${room} places are free: the first ${room} are taken.`);
    }
    let last = null;
    for (const [i, file] of files.slice(0, Math.max(room, 0)).entries()) {
      progress.textContent = `Preparing ${i + 1} of ${files.length}: ${file.name}`;
      try {
        const made = await prepareFile(file, {});
        last = shelf.addPicture(file.name, "picture", made.x, { ...made, file, settings: {} });
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        notify(`${file.name}: ${error.message}`);
      }
    }
    progress.hidden = true;
    if (last) select(last);
  }

  async function prepareFile(file, settings) {
    const query = new URLSearchParams({ settings: JSON.stringify(settings) });
    const { x, ...made } = await postJson(`${bench.ask("pictures")}?${query}`, file);
    return { ...made, x: unpack(x) };
  }

  let wishes = 0;
  async function prepareAnew(settings) {
    const item = now, mine = ++wishes;
    try {
      const made = await prepareFile(item.file, settings);
      if (mine !== wishes || !shelf.get(item.id)) return; // a newer wish is on its way, or it is gone
      const changed = shelf.change(item.id, { ...read(model, made.x), ...made, settings, refined: null });
      if (now?.id === item.id) select(changed);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      notify(`${item.name}: ${error.message} The picture is as it was.`);
      if (mine === wishes) strip.show(item, item.settings);
    }
  }

  // A better preparation that the verdict found: {turn: quarters} or {swap: true}.
  function mend({ turn, swap }) {
    if (now.kind === "drawing" && turn) return pad.turn(turn);
    if (!now.file) return;
    if (turn) strip.set({ rotate: (((now.settings.rotate ?? 0) + 90 * turn + 540) % 360) - 180 });
    if (swap) strip.set({ invert: now.notes.some((n) => n.startsWith("Light and dark were swapped"))
      ? "no" : "yes" });
  }

  function keepDrawing() {
    const x = pad.x();
    if (!x) return notify("The pad is empty: draw something first.");
    const n = shelf.items.filter(({ kind }) => kind === "drawing").length + 1;
    try {
      select(shelf.addPicture(`drawing ${n}`, "drawing", x));
    } catch (error) {
      notify(error.message);
    }
  }

  async function offer(seed = 0) {
    offered.replaceChildren(h("p", { class: "quiet", role: "status" }, "Looking for examples …"));
    try {
      const groups = await getJson(`${bench.ask("examples")}?seed=${seed}`);
      const known = groups["held out"];
      offered.replaceChildren(
        ...section("Held out: the model has never seen them", known, `${card.data.title} is not on ` +
          "this computer; once a data set is, some of its held-out pictures stand here."),
        known.length ? h("button", { type: "button", onclick: () => offer(seed + 1) }, "Others") : "",
        ...groups["scikit-learn"].length ? section("scikit-learn's digits, 8 × 8 pixels each",
          groups["scikit-learn"], "") : []);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      offered.replaceChildren(h("p", {}, error.message));
    }
  }

  function section(title, items, otherwise) {
    return [h("p", { class: "quiet" }, items.length ? title : otherwise),
      h("div", { class: "thumbs" }, ...items.map(({ name, x }) => {
        const picture = createPicture(model.image);
        const values = unpack(x);
        picture.paint(values);
        return h("button", { type: "button", class: "thumb", title: name, "aria-label": `Take ${name}`,
          onclick: () => takeExample(name, values) }, picture.canvas);
      }))];
  }

  function takeExample(name, x) {
    const there = shelf.items.find((item) => item.name === name);
    try {
      select(there ?? shelf.addPicture(name, "example", x));
    } catch (error) {
      notify(error.message);
    }
  }

  function useRefined(used, found = now.refined, item = now) {
    if (item !== now) return; // another picture is on show by now
    const refined = { ...found, used };
    const changes = { refined, z: used ? refined.mean : now.mean };
    now = now.id ? shelf.change(now.id, changes) : { ...now, ...changes };
    invalidate();
  }

  function toExplore() {
    if (!now) return;
    if (!now.id && now.x && shelf.items.length < KEPT) keepAs(now);
    go(now.z);
  }

  function keepAs({ name, kind, x, refined, z }) {
    now = shelf.addPicture(`${name} ${shelf.items.length + 1}`, kind, x, { refined, z });
  }

  const go = (z) => bench.send("go", { title: "Explore", model: data.model, z: formatCode(z) });

  const recolour = () => {
    dark = isDark(page);
    bars.resize();
    verdict.recolour();
    map.recolour();
    invalidate();
  };
  bench.onTheme(recolour);
  const sized = new ResizeObserver(() => {
    bars.resize();
    verdict.recolour();
    invalidate();
  });
  sized.observe(bars.canvas.parentElement);
  bench.closing(() => {
    sized.disconnect();
    samples.stop();
    pad.stop();
    map.destroy();
  });

  from("draw");
  shelved();
  bars.resize();
  map.draw().catch((error) => notify(`The map could not be drawn (${error.message}).`));
  if (shelf.items.length) select(shelf.items.at(-1));
  else pad.play(Object.values(DRAWINGS)[1]);
  return {};
}
