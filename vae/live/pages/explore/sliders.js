// One slider for each latent dimension, in units of the prior's sigma, ordered by rate.

import { h, help, svg } from "../../widgets/dom.js";
import { histogram, largest, readDims } from "../../core/reading.js";
import { createPicture } from "../../widgets/picture.js";

const STEP = 0.05, LEAP = 0.5; // arrow keys, without and with Shift, in sigma
const FRAMES = 9; // previews in a filmstrip
const BINS = 48;

// `code` is the picture in use, with its `posterior`.
export function createSliders({ bench, code }) {
  const { model, atlas, idle, history, memory } = bench;
  const d = model.latent;
  const { rates, live, dead } = readDims(atlas, model.code);
  const limits = Array.from(largest(atlas.mean, d), (most) => Math.max(4, Math.ceil(most)));
  const rows = Array.from({ length: d }, (_, j) => createRow(j));
  let film = false;
  let turn = 0; // the slider that is next to move

  const element = h("section", { class: "card sliders", "aria-label": "Latent dimensions" },
    h("header", {},
      h("h2", {}, "Dimensions"), h("span", { class: "quiet" }, "most informative first"),
      help("a dimension", "Each slider is one number of the code, in standard deviations σ of the ",
        "prior. The hills behind a handle show where the held-out examples lie; the bar is the ",
        "posterior, μ ± σ, of the example you started from. The rate, KL(q ‖ p) in nats, is how ",
        "much a dimension tells about a picture on average.")),
    h("div", { class: "rows" }, ...live.map((j) => rows[j].element)),
    dead.length ? h("details", {},
      h("summary", {}, `${dead.length} unused`),
      h("div", { class: "rows" }, ...dead.map((j) => rows[j].element))) : null);

  function createRow(j) {
    const usual = `z${j}`;
    const name = h("input", { class: "name", value: usual, maxlength: 24,
      "aria-label": `Name of dimension ${j}`, title: "Rename", spellcheck: "false" });
    const hand = h("input", { type: "range", min: -limits[j], max: limits[j], step: "any",
      "data-dim": j });
    const band = h("div", { class: "posterior", hidden: true });
    const strip = h("div", { class: "film", "aria-hidden": "true" });
    const value = h("output", { class: "value" });
    const element = h("div", { class: "dim", "data-dim": j },
      name,
      h("div", { class: "track" }, hills(j), band, hand, strip),
      value,
      h("span", { class: "rate", title: "rate of this dimension" }, `${rates[j].toFixed(2)} nats`));
    const row = { element, hand, band, strip, value, pictures: [], shown: NaN, name };

    name.addEventListener("change", () => {
      history.change({ names: { ...history.now.names, [j]: name.value.trim() || usual } });
    });
    hand.addEventListener("input", () => moveTo(j, hand.valueAsNumber));
    hand.addEventListener("change", () => code.settle());
    hand.addEventListener("dblclick", () => set(j, 0));
    hand.addEventListener("keydown", (event) => {
      const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!sign) return;
      event.preventDefault();
      set(j, code.z[j] + sign * (event.shiftKey ? LEAP : STEP));
    });
    return row;
  }

  function moveTo(j, value) {
    const z = Float32Array.from(code.z);
    z[j] = value;
    code.move(z);
  }

  function set(j, value) {
    moveTo(j, value);
    code.settle();
  }

  function hills(j) {
    const counts = histogram(atlas.mean, d, j, limits[j], BINS);
    const top = Math.max(...counts, 1);
    const points = Array.from(counts, (n, i) => `${i},${(20 - (19 * n) / top).toFixed(1)} ` +
      `${i + 1},${(20 - (19 * n) / top).toFixed(1)}`);
    return svg("svg", { class: "hills", viewBox: `0 0 ${BINS} 20`, preserveAspectRatio: "none",
      "aria-hidden": "true" }, svg("polygon", { points: `0,20 ${points.join(" ")} ${BINS},20` }));
  }

  // How far along the track a value lies; the track ends half a handle before the box.
  const along = (j, v) => {
    const share = Math.min(1, Math.max(0, 0.5 + v / (2 * limits[j])));
    return `calc(var(--handle) / 2 + (100% - var(--handle)) * ${share})`;
  };

  // At most `most` sliders move in one call: while the hand hovers over the map all of them do, and
  // laying out sixteen would take a frame. Returns whether some are left for the next frame.
  function show(z, most = d) {
    for (let n = 0; n < d && most > 0; n++) {
      const j = (turn + n) % d, row = rows[j];
      if (row.shown === z[j]) continue;
      most--;
      row.shown = z[j];
      if (Math.abs(z[j]) > limits[j]) widen(row, j, Math.ceil(Math.abs(z[j])));
      row.hand.value = z[j];
      const text = `${z[j] < 0 ? "−" : "+"}${Math.abs(z[j]).toFixed(2)} σ`;
      row.value.textContent = text;
      row.hand.setAttribute("aria-valuetext", text);
      if (!most) turn = (j + 1) % d;
    }
    return rows.some((row, j) => row.shown !== z[j]);
  }

  // A code from a link may lie beyond every example: the slider then reaches there.
  function widen(row, j, limit) {
    limits[j] = limit;
    row.hand.min = -limit;
    row.hand.max = limit;
    row.element.querySelector(".hills").replaceWith(hills(j));
    showPosterior();
  }

  function showPosterior() {
    const { posterior } = code;
    rows.forEach(({ band }, j) => {
      band.hidden = posterior === null;
      if (posterior === null) return;
      const [mu, s] = [posterior.mean[j], posterior.scale[j]];
      band.style.left = along(j, mu - s);
      band.style.right = `calc(100% - ${along(j, mu + s)})`;
    });
  }

  function setFilm(on) {
    film = on;
    element.classList.toggle("with-film", on);
    if (!on) return;
    for (const row of rows) {
      if (row.pictures.length) continue;
      row.pictures = Array.from({ length: FRAMES }, () => createPicture(model.image));
      row.strip.append(...row.pictures.map((p) => p.canvas));
    }
  }

  // What each slider would make of the current code, a picture at a time.
  function drawFilm() {
    if (film) idle.put("film", filmWork(Float32Array.from(code.shown)));
  }

  function* filmWork(z) {
    const code = Float32Array.from(z);
    for (const j of live) {
      for (let f = 0; f < FRAMES; f++) {
        code[j] = limits[j] * (-1 + (2 * f + 1) / FRAMES);
        rows[j].pictures[f].paint(model.decode(code));
        yield;
      }
      code[j] = z[j];
    }
  }

  function showNames(names) {
    rows.forEach(({ name, hand }, j) => {
      name.value = names[j] ?? `z${j}`;
      hand.setAttribute("aria-label", `${name.value}, in sigma`);
    });
    memory.write("names", names);
  }

  // After a step of the page's state.
  function settle({ film: wanted, names }) {
    showPosterior();
    showNames(names);
    if (wanted !== film) setFilm(wanted);
    drawFilm();
  }

  return { element, show, settle };
}
