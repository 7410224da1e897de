// The page Bits: what a drawing costs in bits, how a stack of pictures grows and shrinks, and the real file.

import { firstFor } from "../../core/drawings.js";
import { refusal } from "../../core/errors.js";
import { FINEST } from "../../core/bits/codecs.js";
import { bestGrid, pictureCodecs } from "../../core/bits/pictures.js";
import { SEEDS, anySeed } from "../../core/random.js";
import { parse } from "../../core/safetensors.js";
import { number, unlinked } from "../../io/schema.js";
import { action } from "../../widgets/action.js";
import { h } from "../../widgets/dom.js";
import { PEN, strokesOf } from "../../widgets/pad.js";
import { createArchive } from "./archive.js";
import { Chain, LENGTH } from "./chain.js";
import { createDrawing } from "./drawing.js";
import { createGrid } from "./grid.js";
import { createPrice } from "./price.js";

const WEIGHTS = "weights.safetensors";
const REST = 150; // ms without a change, after which the mean of so many codes is taken:
const DRAWS = 8;
const SEEN = 500; // examples by whose posteriors the grid is chosen

// A code's numbers are multiples of 2^-grid, `seed` makes the pictures after the drawing, `opened` is a file.
export const schema = ({ atlas, card, model }) => ({
  drawing: unlinked(strokesOf(firstFor(card), PEN)),
  grid: number({ initial: bestGrid(atlas.scale.subarray(0, SEEN * model.latent), model.latent, LENGTH),
    min: 0, max: FINEST, whole: true }),
  seed: number({ initial: 0, min: 0, max: SEEDS - 1, whole: true }),
  opened: unlinked(null),
});

// The weights, which the networks of all other pages have in a form of their own.
export async function load({ files }) {
  const response = await fetch(files[WEIGHTS]);
  return { tensors: parse(await response.arrayBuffer(), WEIGHTS) };
}

export function build(bench) {
  try {
    buildWhole(bench, pictureCodecs(bench.card, bench.tensors));
  } catch (error) {
    bench.keys([], {});
    bench.page.append(bench.notices, h("div", { class: "bench" }, h("section", { class: "card absent" },
      h("h2", {}, "This model compresses nothing"), h("p", {}, refusal(error)))));
  }
}

function buildWhole(bench, codecs) {
  const { page, history } = bench;
  const drawing = createDrawing(bench, codecs.levels), grid = createGrid(bench);
  const price = createPrice(bench), chain = new Chain(bench, codecs);
  const archive = createArchive(bench, codecs, () => chain.pictures);
  const others = () => history.change({ seed: anySeed() });
  bench.head.fill(action("random", "Other pictures after yours (R)", others));
  bench.keys([["R", "other pictures after yours"]], { r: others });
  page.append(bench.notices, h("div", { class: "bench bits" },
    h("section", { class: "card draws", "aria-label": "Your drawing" }, ...drawing.elements, grid.element),
    price.element, chain.element, archive.element));

  let timer = 0;
  function paint(draws) {
    const { grid: bits, seed } = history.now, x = drawing.read();
    grid.show(bits);
    chain.wait(x, bits, seed);
    archive.show();
    return { bits: price.show(codecs.codec(bits), x, draws).total };
  }

  function rested() {
    paint(DRAWS);
    chain.code();
  }

  const request = bench.frames(() => {
    clearTimeout(timer);
    timer = setTimeout(rested, REST);
    return paint(1);
  });

  bench.closing(() => clearTimeout(timer));
  bench.follow(request);
  bench.onTheme(() => chain.draw());
  request();
}
