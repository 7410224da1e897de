// One slider for each latent dimension, in units of the prior's sigma, ordered by rate.

import { histogram, largest, readDims } from "../../core/reading.js";
import { h, help } from "../../widgets/dom.js";
import { Dimension } from "./dimension.js";

const BINS = 48;
const SMALLEST = 4; // σ that a slider reaches at least

// What the sliders show of the examples: the rate of each dimension, which are live (the most informative
// first) and which dead, how far a slider reaches, and where examples lie.
export function readingsOf({ model, atlas }) {
  const d = model.latent;
  return {
    ...readDims(atlas, model.code),
    limits: Array.from(largest(atlas.mean, d), (most) => Math.max(SMALLEST, Math.ceil(most))),
    counts: (j, limit) => histogram(atlas.mean, d, j, limit, BINS),
  };
}

// `move(j, value)` while the hand moves a slider, `settle()` when it lets go, `rename(j, name)`.
export function createSliderCard({ rates, live, dead, limits, counts }, { move, settle, rename }) {
  const dims = Array.from(limits, (limit, j) => new Dimension({ j, limit, rate: rates?.[j] ?? null, settle,
    counts: (most) => counts(j, most), move: (value) => move(j, value), rename: (name) => rename(j, name) }));
  const rows = (some) => h("div", { class: "rows" }, ...some.map((j) => dims[j].element));
  const element = h("section", { class: "card sliders", "aria-label": "Latent dimensions" },
    h("header", {},
      h("h2", {}, "Dimensions"), h("span", { class: "quiet" }, "most informative first"),
      help("a dimension", "Each slider is one number of the code, in standard deviations σ of the ",
        "prior. The hills behind a handle show where the held-out examples lie; the bar is the ",
        "posterior, μ ± σ, of the example you started from. The rate, KL(q ‖ p) in nats, is how ",
        "much a dimension tells about a picture on average.")),
    rows(live),
    dead.length ? h("details", {}, h("summary", {}, `${dead.length} unused`), rows(dead)) : null);
  let turn = 0; // the slider that is next to move

  // At most `most` sliders move in one call: while the hand hovers over the map all of them do, and
  // laying out sixteen would take a frame. Returns whether some are left for the next frame.
  function show(z, most = z.length) {
    for (let n = 0; n < z.length && most > 0; n++) {
      const j = (turn + n) % z.length;
      if (dims[j].value === z[j]) continue;
      dims[j].show(z[j]);
      if (!--most) turn = (j + 1) % z.length;
    }
    return dims.some(({ value }, j) => value !== z[j]);
  }

  return { element, dims, live: live.map((j) => dims[j]), show };
}

// `code` is the picture in use, with its `posterior`.
export function createSliders({ bench, code }) {
  const { model, idle, history, memory } = bench;
  const card = createSliderCard(readingsOf(bench), {
    move: (j, value) => code.move(code.z.with(j, value)),
    settle: () => code.settle(),
    rename: (j, name) => history.change({ names: { ...history.now.names, [j]: name } }),
  });

  // What each slider would make of the current code, a picture at a time.
  function* drawFilm(z) {
    for (const dim of card.live) {
      for (const [f, picture] of dim.pictures.entries()) {
        picture.paint(model.decode(z.with(dim.j, dim.valueAt(f))));
        yield;
      }
    }
  }

  // After a step of the page's state.
  function settle({ film, names }) {
    const { posterior } = code;
    for (const dim of card.dims) {
      dim.showPosterior(posterior);
      dim.showName(names[dim.j] ?? `z${dim.j}`);
      if (film) dim.openFilm(model.image);
    }
    memory.write("names", names);
    card.element.classList.toggle("with-film", film);
    if (film) idle.put("film", drawFilm(Float32Array.from(code.shown)));
  }

  return { element: card.element, show: card.show, settle };
}
