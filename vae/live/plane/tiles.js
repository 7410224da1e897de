// Pictures of an endless sheet: decoded cell by cell, kept in tiles, the newest view first.
//
// A cell's picture is that of the code at its centre. Going a level deeper so decodes new codes between
// the old ones. Until a cell is decoded, what is known of coarser and finer levels is drawn in its
// place, scaled.

import { fillPixels } from "../widgets/picture.js";
import { Cells, levelOf } from "./cells.js";
import { TileStore } from "./tilestore.js";

const COARSER = 4; // levels to look through for something to show

export class Tiles {
  #space = null;
  #cells = null;
  #missing = []; // cells in view, the most wanted last
  #cost = 1; // ms a cell, a running mean

  constructor(model) {
    const [, height, width] = model.image;
    this.store = new TileStore(Math.max(height, width));
    this.paintCell = createCellPainter(model, this.store.side);
  }

  // Another sheet: `lift` gives the code at a place, or null; see cells.js for `offset`.
  show(space) {
    [this.#space, this.#cells, this.#missing] = [space, new Cells(space.offset), []];
    this.store.clear();
  }

  // How many cells of the view want decoding.
  left() {
    return this.#missing.length;
  }

  step(view) {
    return 2 ** -levelOf(view);
  }

  get memory() {
    return this.store.memory;
  }

  // Everything known of this view, at once. `focus` is the place that is wanted first.
  draw(context, view, focus) {
    const level = levelOf(view);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, view.width, view.height);
    this.#plan(view, level, focus);
    if (this.#missing.length) {
      for (let l = level - COARSER; l < level; l++) this.#drawLevel(context, view, l);
      this.#drawLevel(context, view, level + 1);
    }
    this.#drawLevel(context, view, level);
  }

  #plan(view, level, [fx, fy]) {
    const { left, right, low, high } = this.#cells.span(view, level);
    const [ci, cj] = [this.#cells.at(fx, level), this.#cells.at(fy, level)];
    this.#missing = [];
    for (let j = low; j <= high; j++) {
      for (let i = left; i <= right; i++) {
        if (this.store.has(level, i, j) || !this.#codeOf(level, i, j)) continue;
        this.#missing.push({ i, j, level, far: (i - ci) ** 2 + (j - cj) ** 2 });
      }
    }
    this.#missing.sort((a, b) => b.far - a.far);
  }

  #codeOf(level, i, j) {
    return this.#space.lift(this.#cells.centre(i, j, level));
  }

  #drawLevel(context, view, level) {
    const { store } = this, { left, right, low, high } = this.#cells.span(view, level);
    for (let ty = store.tileOf(low); ty <= store.tileOf(high); ty++) {
      for (let tx = store.tileOf(left); tx <= store.tileOf(right); tx++) {
        const tile = store.tile(level, tx, ty);
        if (tile) this.#drawTile(context, view, tile);
      }
    }
  }

  #drawTile(context, view, { level, tx, ty, canvas }) {
    const { across } = this.store;
    context.drawImage(canvas, ...this.#cells.box(view, level, tx * across, ty * across, across));
  }

  // Decodes missing cells onto the canvas until the clock says `until`; at least `least` of them.
  // Whether the view is whole now.
  refine(context, view, until, least) {
    let done = 0;
    while (this.#missing.length && (done < least || performance.now() + this.#cost < until)) {
      const begin = performance.now();
      this.#decode(context, view, this.#missing.pop());
      // A pause of the whole machine must not pass for the price of a cell.
      this.#cost += 0.1 * (Math.min(performance.now() - begin, 4 * this.#cost) - this.#cost);
      done++;
      if (!this.#missing.length) return true;
    }
    return false;
  }

  #decode(context, view, { i, j, level }) {
    const z = this.#codeOf(level, i, j), box = this.#cells.box(view, level, i, j);
    const cell = this.store.put(level, i, j, (tile, x, y) => this.paintCell(tile, z, x, y));
    context.clearRect(...box);
    context.drawImage(...cell, ...box);
  }
}

// Paints the picture of a code into the square of a cell, `side` pixels wide.
function createCellPainter(model, side) {
  const [channels, height, width] = model.image;
  const pixels = new Float32Array(channels * height * width);
  const stamp = new ImageData(width, height);
  const [dx, dy] = [(side - width) >> 1, (side - height) >> 1]; // an oblong picture in its square
  return (context, z, x, y) => {
    model.decode(z, pixels);
    fillPixels(stamp.data, pixels, channels, width * height);
    context.putImageData(stamp, x + dx, y + dy);
  };
}
