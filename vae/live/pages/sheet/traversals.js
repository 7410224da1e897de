// Traversals: what each dimension does alone, as rows of pictures and as a movement.
//
// Row j shows the base code with dimension j set to values from -range to range, evenly; the rows
// stand in the order of their rate, as vae/latent.py's `traverse` would make them.

import { calm, h, help, select } from "../../widgets/dom.js";
import { readDims } from "../../core/reading.js";
import { createPicture, fillPixels } from "../../widgets/picture.js";

const BUDGET = 8; // ms of a frame
const PERIOD = 4000; // ms of one swing, there and back
const PAUSE = 700; // ms at each stop, where less motion is asked for
export const STEPS = 24; // frames of a film, a dimension

// `look(z or null)`, `choose(z)`, `changed(settings)` and `wake()` tell the page.
export function createTraversals({ model, atlas, idle, settings, look, choose, changed, wake }) {
  const d = model.latent;
  const [channels, height, width] = model.image;
  const { rates, live, dead } = readDims(atlas, model.code);
  const pixels = new Float32Array(channels * height * width);
  const stamp = new ImageData(width, height);
  let { range, columns } = settings;
  let base = new Float32Array(d);
  let playing = false, together = true, elapsed = 0, last = 0, turn = 0, stop = -1;

  const rows = Array.from({ length: d }, (_, j) => createRow(j));
  const busy = h("output", { class: "quiet", role: "status" });
  const folded = dead.length ? h("details", {}, h("summary", {}, `${dead.length} unused`),
    h("div", { class: "figure" }, ...dead.map((j) => rows[j].element))) : null;
  folded?.addEventListener("toggle", draw);
  const reach = h("output", { class: "reach-words" });
  const play = h("button", { type: "button", class: "do-play", "aria-pressed": "false",
    onclick: () => setPlaying(!playing) }, "▶ Play");
  const controls = h("div", { class: "row" }, play,
    select("move", [["all", "all together"], ["one", "one at a time"]], "all", (v) => {
      together = v === "all";
      rest();
      wake();
    }),
    h("label", { class: "choice" }, h("span", { class: "quiet" }, "reach"), h("input", { type: "range",
      "aria-label": "Reach, in sigma", min: 0.5, max: 6, step: 0.25, value: range, class: "reach",
      oninput: (event) => setRange(event.target.valueAsNumber) }), reach),
    select("columns", [5, 7, 9, 11, 13].concat([5, 7, 9, 11, 13].includes(columns) ? [] : columns)
      .map((n) => [String(n), String(n)]), String(columns), (n) => setColumns(Number(n))),
    help("a traversal", "Each row changes one number of the code and leaves all others as they are. ",
      "From left to right that number goes from −reach to +reach, in standard deviations σ of the prior; ",
      "the short line marks the value of the picture itself. The rate, KL(q ‖ p) in nats, is how much ",
      "a dimension tells about a picture on average: rows stand in its order."), busy);
  const element = h("div", { class: "traversals" },
    h("div", { class: "figure" }, ...live.map((j) => rows[j].element)), folded);

  // Between a share of a strip's width and the value there: the ends stand in the outermost pictures.
  const limited = (v) => Math.min(range, Math.max(-range, v));
  const value = (share) => limited(range * ((2 * (share * columns - 0.5)) / (columns - 1) - 1));
  const along = (v) => (((limited(v) / range + 1) / 2) * (columns - 1) + 0.5) / columns;
  const columnValues = () => Array.from({ length: columns }, (_, i) => -range + (2 * range * i) / (columns - 1));

  function codeWith(j, v) {
    const z = Float32Array.from(base);
    z[j] = v;
    return z;
  }

  function createRow(j) {
    const strip = h("canvas", { class: "picture", height });
    const own = h("i", { class: "own" }), hand = h("i", { class: "hand" });
    const moving = createPicture(model.image, { "aria-hidden": "true" });
    const track = h("div", { class: "film-track", tabindex: 0, role: "slider", "data-dim": j,
      "aria-label": `Dimension ${j}`, "aria-valuemin": -range, "aria-valuemax": range }, strip, own, hand);
    const element = h("div", { class: "traverse", "data-dim": j },
      h("div", { class: "label" }, h("b", {}, `z${j}`), h("span", { class: "quiet", title: "rate of this dimension" },
        `${rates[j].toFixed(2)} nats`)), moving.canvas, track);
    const row = { j, element, strip, own, hand, moving, track, at: 0 };
    const under = (event) => {
      const { left, width: wide } = track.getBoundingClientRect();
      return value((event.clientX - left) / wide);
    };
    track.addEventListener("pointermove", (event) => lookFrom(row, under(event)));
    track.addEventListener("pointerleave", () => leave(row));
    track.addEventListener("blur", () => leave(row));
    track.addEventListener("click", (event) => choose(codeWith(j, under(event))));
    track.addEventListener("keydown", (event) => {
      const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (event.key === "Enter") choose(codeWith(j, row.at));
      if (sign) lookFrom(row, limited(row.at + sign * (event.shiftKey ? 0.5 : 0.1)));
      if (sign || event.key === "Enter") event.preventDefault();
    });
    return row;
  }

  function lookFrom(row, v) {
    setHand(row, v);
    row.hand.hidden = false;
    look(codeWith(row.j, v));
  }

  function leave(row) {
    if (!playing) putBack(row);
    look(null);
  }

  function setHand(row, v) {
    row.at = v;
    row.hand.style.left = `${100 * along(v)}%`;
    row.track.setAttribute("aria-valuenow", v.toFixed(2));
    row.track.setAttribute("aria-valuetext", `${v.toFixed(2)} σ`);
  }

  function putBack(row) {
    setHand(row, base[row.j]);
    row.hand.hidden = true;
    row.moving.paint(model.decode(base, pixels));
  }

  // -- the figure, a picture at a time
  function draw() {
    const shown = [...live, ...(folded?.open ? dead : [])].map((j) => rows[j]);
    for (const row of rows) {
      row.strip.width = columns * (width + 1) - 1;
      row.own.style.left = `${100 * along(base[row.j])}%`;
      for (const [name, v] of [["min", -range], ["max", range]]) row.track.setAttribute(`aria-value${name}`, v);
    }
    reach.textContent = `± ${range} σ`;
    element.setAttribute("aria-busy", "true");
    idle.put("traversals", figureWork(shown));
  }

  function* figureWork(shown) {
    for (const row of shown) {
      const context = row.strip.getContext("2d");
      for (const [i, v] of columnValues().entries()) {
        model.decode(codeWith(row.j, v), pixels);
        fillPixels(stamp.data, pixels, channels, width * height);
        context.putImageData(stamp, i * (width + 1), 0);
        yield;
      }
    }
    element.setAttribute("aria-busy", "false");
  }

  function rest() {
    elapsed = 0;
    stop = -1;
    rows.forEach(putBack);
  }

  function setRange(next) {
    range = next;
    draw();
    changed({ range });
  }

  function setColumns(next) {
    columns = next;
    draw();
    changed({ columns });
  }

  // -- the movement
  function setPlaying(on) {
    playing = on;
    last = 0;
    play.textContent = on ? "❚❚ Pause" : "▶ Play";
    play.setAttribute("aria-pressed", String(on));
    busy.textContent = on && calm() ? "Your system asks for less motion: this goes in steps." : "";
    if (on) for (const j of live) rows[j].hand.hidden = false;
    else rest();
    wake();
  }

  // Where dimension j is at a share of its swing, which begins at its own value.
  function swing(j, share) {
    const start = Math.asin(Math.min(1, Math.max(-1, base[j] / range)));
    return range * Math.sin(2 * Math.PI * share + start);
  }

  // Which rows move now, and how far they are.
  function moment() {
    const share = elapsed / PERIOD;
    if (together) return { moving: live, share: share % 1 };
    return { moving: [live[Math.floor(share) % live.length]], share: share % 1 };
  }

  function steps() { // less motion: from stop to stop, not in between
    const before = stop;
    stop = Math.floor(elapsed / PAUSE);
    return stop !== before;
  }

  function paint(begin) {
    if (!playing) return false;
    if (last) elapsed += Math.min(100, begin - last);
    last = begin;
    if (calm() && !steps()) return true;
    const share = calm() ? (stop * PAUSE) / PERIOD : null;
    const { moving, share: now } = moment();
    if (!together) live.filter((j) => !moving.includes(j) && rows[j].at !== base[j]).forEach((j) => putBack(rows[j]));
    for (const j of moving) setHand(rows[j], swing(j, share ?? now));
    // As many pictures as the frame has time for, going on with the next row in the next frame.
    const until = begin + BUDGET;
    for (let n = 0; n < moving.length && (n === 0 || calm() || performance.now() < until); n++, turn++) {
      const row = rows[moving[turn % moving.length]];
      row.moving.paint(model.decode(codeWith(row.j, row.at), pixels));
    }
    return true;
  }

  // -- what a film shows: the dimensions one after the other, each there and back
  const film = (dims) => dims.flatMap((j) =>
    Array.from({ length: STEPS }, (_, t) => codeWith(j, swing(j, t / STEPS))));

  rest();
  return { element, controls, play, paint, live, rates, film,
    // Each frame as one code of every live dimension.
    together: () => Array.from({ length: STEPS }, (_, t) => live.map((j) => codeWith(j, swing(j, t / STEPS)))),
    figure: () => ({ columns, values: columnValues(), dims: live,
      codes: live.flatMap((j) => columnValues().map((v) => codeWith(j, v))) }),
    from(z) {
      base = Float32Array.from(z);
      rest();
      draw();
      wake();
    },
    stop: () => setPlaying(false),
    get playing() {
      return playing;
    },
  };
}
