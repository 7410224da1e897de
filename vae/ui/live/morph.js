// The page Morph: from one picture to another, by several paths at once; and among four at a corner
// each. The scrubber follows the hand; only the geodesic is worked out by Python.

import { action, createMount, createTabs, mapQuality } from "./bench.js";
import { createCorners } from "./corners.js";
import { h, help, select } from "./dom.js";
import { InputError } from "./errors.js";
import { formatCode, nearest, parseCode } from "./latent.js";
import { address, asked, readLink, remember as setAddress } from "./link.js";
import { createMap } from "./map.js";
import { WAYS, createWays } from "./ways.js";
import { anyOf, createPick, firstOf } from "./pick.js";
import { createPicture } from "./picture.js";
import { createPlot } from "./plot.js";
import { shelfOf, KEPT } from "./shelf.js";
import { createStore } from "./store.js";
import { createTake, mixture } from "./take.js";
import { classColour, isDark } from "./theme.js";

const MOST = 8; // key frames
const BEYOND = 0.5; // how far past its ends a morph can be drawn out
const FRAMES = 11; // in a filmstrip
const STEPS = 33; // of a film, a leg; and of the plots
const REST = 150; // ms
const PLACES = 1000; // between two key frames, where a hand can stop: a link names each in full
const KEYS = [["Space", "play, pause"], ["← →", "move along (Shift: further)"],
  ["X", "exchange the ends"], ["P", "presenter"], ["?", "this list"]];

export const mount = createMount(morph);

async function morph(bench, data) {
  const { page, model, atlas, classes, plotly, spare, notify } = bench;
  const shelf = shelfOf(data.files["weights.safetensors"], model);
  const wanted = readMorph(asked(), model.latent, notify);
  const { view } = readLink(asked(), model.latent);
  let keys = wanted.keys ?? startingKeys();
  let kind = wanted.path ?? "slerp";
  let t = wanted.t ?? 0.5;
  let playing = 0, direction = 1, speed = 0.5, bounce = true;

  function startingKeys() {
    const own = shelf.items.slice(-2).map(({ z, name }) => ({ z, name }));
    const two = [firstOf(bench, Math.min(3, Math.max(0, classes.length - 1))), firstOf(bench, 0)];
    return own.length === 2 ? own : [...own, ...two].slice(0, 2);
  }

  const store = createStore(keys[0].z);
  const ways = createWays(bench, { changed: () => {
    if (kind && !ways.error(kind)) invalidate();
    refresh();
  }, told: () => {
    for (const { name, said } of strips) if (!ways.ready(name)) said.textContent = ways.status(name);
  } });

  // -- the key frames
  const row = h("div", { class: "keys-row" });
  const add = h("button", { type: "button", class: "do-add", onclick: () => {
    setKeys([...keys, anyOf(bench, Math.floor(Math.random() * Math.max(classes.length, 1)))]);
  } }, "+ another");
  const swap = action("swap", "Exchange the ends (X)", () => setKeys([...keys].reverse()));

  function showKeys() {
    row.replaceChildren(...keys.map((picked, i) => {
      const pick = createPick({ bench, shelf, label: String.fromCharCode(65 + i), picked,
        change: (next) => setKeys(keys.map((key, at) => (at === i ? next : key))) });
      if (keys.length > 2) {
        pick.element.append(h("button", { type: "button", class: "remove",
          "aria-label": `Remove ${String.fromCharCode(65 + i)}`,
          onclick: () => setKeys(keys.filter((_, at) => at !== i)) }, "×"));
      }
      return pick.element;
    }), add, swap);
    add.disabled = keys.length >= MOST;
  }

  function setKeys(next) {
    keys = next;
    t = Math.min(t, last() + BEYOND);
    remember();
    showKeys();
    ranged();
    ways.set(keys.map(({ z }) => z));
    refresh();
    invalidate();
  }

  const last = () => keys.length - 1;

  // -- the picture and the hand
  const picture = createPicture(model.image, { "aria-label": "The picture on the way" });
  const pixels = new Float32Array(model.image.reduce((a, b) => a * b));
  // Room for its longest words: another height would move the map, which is drawn anew for each size.
  const where = h("figcaption", { class: "where", style: "min-height:3lh" });
  const hand = h("input", { type: "range", class: "scrubber", step: 1 / PLACES,
    "aria-label": "How far along the way", oninput: () => {
      pause();
      go(hand.valueAsNumber);
    }, onchange: remember });
  hand.addEventListener("keydown", (event) => {
    const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!sign) return;
    event.preventDefault();
    pause();
    go(t + sign * (event.shiftKey ? 0.1 : 0.01));
    remember();
  });
  const ticks = h("div", { class: "ticks", "aria-hidden": "true" });
  const play = h("button", { type: "button", class: "main do-play", onclick: toggle }, "▶ Play");
  const pace = select("speed", [["0.25", "slow"], ["0.5", "usual"], ["1", "fast"]], "0.5",
    (value) => (speed = Number(value)));
  const turning = select("at the end", [["bounce", "turn back"], ["again", "start again"]], "bounce",
    (value) => (bounce = value === "bounce"));
  const keep = h("button", { type: "button", onclick: keepIt }, "Keep");
  const explore = h("button", { type: "button", class: "do-explore", onclick: () => {
    const z = codeAt(t);
    if (!z) return notify(noCode());
    bench.send("go", { title: "Explore", model: data.model, z: formatCode(z) });
  } }, "Explore →");

  function ranged() {
    hand.min = -BEYOND;
    hand.max = last() + BEYOND;
    const share = (v) => `${(100 * (v + BEYOND)) / (last() + 2 * BEYOND)}%`;
    ticks.replaceChildren(...keys.map((_, i) => h("span", { style: `left:calc(var(--handle) / 2 + ` +
      `(100% - var(--handle)) * ${parseFloat(share(i)) / 100})` }, String.fromCharCode(65 + i))));
  }

  function go(next) {
    t = Math.round(PLACES * Math.min(last() + BEYOND, Math.max(-BEYOND, next))) / PLACES;
    invalidate();
  }

  // The code of a frame, or null where there is none because two images are blended.
  const codeAt = (at) => {
    const frame = ways.at(kind, at);
    return frame?.length === 1 ? frame[0].z : null;
  };

  // Why the path in use shows nothing yet, or never will between these pictures.
  const missing = () => ways.error(kind) ?? `The path “${WAYS[kind].name}” is not found yet: wait a moment.`;
  const noCode = () => (ways.ready(kind)
    ? "A blend of pixels has no code: choose a path through the latent space." : missing());

  let pending = 0;
  function invalidate() {
    pending ||= requestAnimationFrame(paint);
  }

  function paint() {
    pending = 0;
    const begin = performance.now();
    const frame = ways.at(kind, t);
    if (frame) {
      mixture(model, frame, pixels);
      picture.paint(pixels);
      if (frame.length === 1) {
        store.move(frame[0].z);
        map.mark(frame[0].z, true);
      }
    }
    hand.value = t;
    change.at(t);
    closeness.at(t);
    where.textContent = frame ? placeWords(t) : missing();
    page.dispatchEvent(new CustomEvent("atelier:painted", { detail: { value: t, code: codeAt(t),
      work: performance.now() - begin } }));
  }

  function placeWords(at) {
    const leg = Math.min(Math.max(Math.floor(at), 0), last() - 1);
    const [a, b] = [leg, leg + 1].map((i) => String.fromCharCode(65 + i));
    const share = Math.round(100 * (at - leg));
    return `${share} % of the way from ${a} to ${b}, ${WAYS[kind].name}` +
      (share < 0 || share > 100 ? " (beyond the end)" : "");
  }

  // -- playing
  function toggle() {
    if (playing) return pause();
    let before = 0;
    if (!bounce && t >= last()) t = 0;
    const step = (now) => {
      const passed = before ? Math.min(0.1, (now - before) / 1000) : 0;
      before = now;
      let next = t + direction * speed * passed;
      if (next > last() || next < 0) {
        if (bounce) direction = next > last() ? -1 : 1;
        next = bounce ? Math.min(last(), Math.max(0, next)) : 0;
      }
      t = next;
      invalidate();
      playing = requestAnimationFrame(step);
    };
    direction = bounce && t >= last() ? -1 : 1;
    playing = requestAnimationFrame(step);
    play.textContent = "❚❚ Pause";
  }

  function pause() {
    if (!playing) return;
    cancelAnimationFrame(playing);
    playing = 0;
    play.textContent = "▶ Play";
    go(t);
    remember();
  }

  // -- the paths, side by side
  const strips = Object.keys(WAYS).map(createStrip);
  const compare = h("section", { class: "card compare", "aria-label": "The paths, side by side" },
    h("header", {}, h("h2", {}, "Five ways from A to B"), help("a path",
      ...Object.values(WAYS).map(({ name, words }) => `${name}: ${words} `))),
    h("div", { class: "strips" }, ...strips.map((s) => s.element)));
  const change = createPlot("How much the picture changes per step", "image distance");
  const closeness = createPlot("How far the code is from the nearest known one", "σ");

  function createStrip(name) {
    const pictures = Array.from({ length: FRAMES }, () => createPicture(model.image));
    const said = h("span", { class: "quiet" });
    const choose = h("button", { type: "button", class: "way", title: WAYS[name].words,
      onclick: () => choosePath(name) }, h("i", { class: "swatch" }), WAYS[name].name);
    const element = h("div", { class: "way-row", "data-way": name }, h("div", {}, choose, said),
      h("div", { class: "frames" }, ...pictures.map((p, i) => h("button", { type: "button",
        class: "plain", "aria-label": `Go to step ${i + 1} of ${FRAMES}, ${WAYS[name].name}`,
        onclick: () => {
          pause();
          choosePath(name);
          go((i * last()) / (FRAMES - 1));
          remember();
        } }, p.canvas))));
    return { name, element, pictures, said, choose };
  }

  function choosePath(name) {
    if (ways.error(name)) return notify(ways.error(name));
    kind = name;
    showChoice();
    refresh();
    invalidate();
    remember();
  }

  function showChoice() {
    for (const strip of strips) {
      strip.choose.setAttribute("aria-pressed", String(strip.name === kind));
      strip.choose.querySelector("i").style.background = colourOf(strip.name);
    }
  }

  const colourOf = (name) => classColour(WAYS[name].colour, isDark(page));

  // Everything that may wait until the hand rests: strips, plots, the lines on the map.
  let waiting = 0;
  function refresh() {
    clearTimeout(waiting);
    waiting = setTimeout(() => spare.put("ways", work()), REST);
  }

  function* work() {
    const measured = {};
    for (const strip of strips) {
      const { name, pictures, said } = strip;
      const reason = ways.error(name) ?? (ways.ready(name) ? null : ways.status(name));
      strip.element.classList.toggle("empty", Boolean(reason));
      said.textContent = reason ?? "";
      if (reason) continue;
      for (let i = 0; i < FRAMES; i++) {
        pictures[i].paint(mixture(model, ways.at(name, (i * last()) / (FRAMES - 1))));
        yield;
      }
      measured[name] = yield* measure(name);
      said.textContent = `length ${measured[name].length.toFixed(1)}`;
    }
    showPlots(measured);
    drawLines();
  }

  // Image change at each step and distance to the nearest known code, over the whole way.
  function* measure(name) {
    const n = STEPS * last();
    const changes = [], distances = [];
    let before = null, length = 0;
    for (let i = 0; i <= n; i++) {
      const frame = ways.at(name, (i * last()) / n);
      const x = Float32Array.from(mixture(model, frame));
      if (before) {
        const step = Math.sqrt(x.reduce((sum, v, k) => sum + (v - before[k]) ** 2, 0));
        changes.push(step);
        length += step;
      }
      before = x;
      if (i % 2 === 0) distances.push(frame.length === 1
        ? nearest(atlas.mean, frame[0].z, 1).distance[0] : NaN);
      yield;
    }
    return { changes, distances, length };
  }

  function showPlots(measured) {
    const lines = (what) => Object.entries(measured).map(([name, values]) => ({
      name: WAYS[name].name, values: values[what], colour: colourOf(name), strong: name === kind }));
    change.show(lines("changes"), [0, last()]);
    closeness.show(lines("distances"), [0, last()]);
    change.at(t);
    closeness.at(t);
  }

  function drawLines() {
    const names = ["line", "slerp", "geodesic", "data"].filter((n) => ways.ready(n) && !ways.error(n));
    const along = (name) => Array.from({ length: STEPS * last() + 1 }, (_, i) =>
      ways.at(name, i / STEPS)[0].z);
    map.show({ lines: names.sort((a, b) => (a === kind) - (b === kind))
      .map((name) => ({ codes: along(name), colour: colourOf(name) })),
    pins: keys.map(({ z }, i) => ({ z, word: String.fromCharCode(65 + i) })) });
  }

  // -- keeping and taking
  function keepIt() {
    const z = codeAt(t);
    if (!z) return notify(noCode());
    if (shelf.items.length >= KEPT) return notify(`${KEPT} pictures are at hand: remove some first.`);
    shelf.addCode(`morph ${Math.round(100 * t)} %`, "morph", Float32Array.from(z));
    keep.textContent = "Kept";
    setTimeout(() => (keep.textContent = "Keep"), 1200);
  }

  function film() {
    if (!ways.ready(kind)) throw new InputError(missing());
    return Array.from({ length: STEPS * last() + 1 }, (_, i) => ways.at(kind, i / STEPS));
  }

  const link = () => {
    const query = new URLSearchParams(asked());
    const state = { model: data.model, path: kind, t,
      keys: keys.map(({ z }) => formatCode(z)).join(";") };
    for (const [name, value] of Object.entries(state)) query.set(name, value);
    if (between()) query.delete("mode");
    else query.set("mode", "four");
    return address(query);
  };
  const take = createTake(bench, { walk: film, name: `${data.model} morph`, link, json: () => ({
    format: 1, model: data.model, weights: bench.card.files["weights.safetensors"], path: kind,
    keys: keys.map(({ z, name }) => ({ name, z: [...z] })),
    frames: film().map((frame) => frame.map(({ weight, z }) => ({ weight, z: [...z] }))),
    link: link() }) });

  function remember() {
    setAddress(link());
  }

  const between = () => page.dataset.mode === "two"; // not among four

  // -- the page
  const map = createMap({ model, atlas, store, classes, plotly, view, umapForm: null, follow: false,
    quality: mapQuality(bench.card.metrics), change: (key, value) => {
      view[key] = value;
      drawLines();
    } });
  const corners = createCorners(bench, { shelf, starts: [0, 1, 2, 3].map((k) =>
    firstOf(bench, classes.length ? (k * 3 + 1) % classes.length : 0)) });
  const dialog = bench.keys(KEYS, { " ": () => between() && toggle(),
    x: () => between() && swap.click() });
  const modes = h("nav", { class: "sources modes", "aria-label": "How many pictures" },
    ...[["two", "Two or more"], ["four", "Four corners"]].map(([key, name]) =>
      h("button", { type: "button", "data-mode": key, onclick: () => showMode(key) }, name)));

  function showMode(mode) {
    page.dataset.mode = mode;
    for (const button of modes.children) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
    two.hidden = mode !== "two";
    corners.element.hidden = mode !== "four";
    if (mode === "four") {
      pause();
      corners.show();
    }
    remember();
  }

  const two = h("div", { class: "bench morph" },
    h("section", { class: "card ends", "aria-label": "Key frames" }, row),
    h("section", { class: "card view" },
      h("figure", {}, h("button", { type: "button", class: "frame", onclick: bench.toggleInk,
        title: "Show as ink on paper, or as the model sees it" }, picture.canvas), where),
      h("div", { class: "row" }, keep, explore)),
    h("section", { class: "card scrub", "aria-label": "Along the way" },
      h("div", { class: "track" }, hand, ticks),
      h("div", { class: "row" }, play, pace, turning),
      take.element),
    compare,
    h("section", { class: "card plots", "aria-label": "Why the paths differ" }, change.element,
      closeness.element, help("these plots", "Above, how far each step moves the picture: an even ",
        "line is a morph at an even speed, a peak is a jump. Below, how far the code is from the ",
        "nearest held-out one: where a path leaves the data, the decoder has to invent. The ",
        "geodesic is the way on which the picture changes least; it often follows the data.")),
    map.element);
  page.append(
    bench.bar(modes, h("span", { class: "space" }), bench.presenter,
      action("keys", "Keys (?)", () => dialog.showModal())),
    bench.notices, two, corners.element,
    createTabs(page, [["ways", "Paths"], ["map", "Map"]]), dialog);

  bench.onTheme(() => {
    map.recolour();
    showChoice();
    refresh();
  });
  bench.closing(() => {
    pause();
    ways.stop();
    map.destroy();
    clearTimeout(waiting);
  });
  const sized = new ResizeObserver(() => {
    change.draw();
    closeness.draw();
  });
  sized.observe(compare);
  bench.closing(() => sized.disconnect());

  showMode(wanted.mode);
  showChoice();
  setKeys(keys);
  map.draw().catch((error) => notify(`The map could not be drawn (${error.message}).`));
  return {};
}

// What a link asks for: {keys, path, t, mode}; what is not usable becomes a sentence.
function readMorph(search, latent, refuse) {
  const given = new URLSearchParams(search);
  const read = (name, parse) => {
    if (!given.has(name)) return undefined;
    try {
      return parse(given.get(name));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refuse(`${error.message} Shown instead: the usual start.`);
      return undefined;
    }
  };
  const keys = read("keys", (text) => {
    const parts = text.split(";");
    if (parts.length < 2 || parts.length > MOST) {
      throw new InputError(`The link asks for ${parts.length} pictures; a morph has 2 to ${MOST}.`);
    }
    return parts.map((part, i) => ({ z: parseCode(part, latent),
      name: `${String.fromCharCode(65 + i)} of the link` }));
  });
  const path = read("path", (text) => {
    if (Object.hasOwn(WAYS, text)) return text;
    throw new InputError(`The link asks for the path “${text}”; known are ${Object.keys(WAYS).join(", ")}.`);
  });
  const t = read("t", (text) => {
    const value = Number(text);
    const most = (keys?.length ?? 2) - 1 + BEYOND;
    if (value >= -BEYOND && value <= most) return value;
    throw new InputError(`The link asks for the place ${text}; it lies between -${BEYOND} and ${most}.`);
  });
  return { keys, path, t, mode: given.get("mode") === "four" ? "four" : "two" };
}
