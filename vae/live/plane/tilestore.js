// Tiles of some cells each, within a bounded memory: the least recently used goes first.

import { h } from "../widgets/dom.js";

const SIDE = 512; // pixels of a tile at most
const ACROSS = 8; // cells of a tile at most
const MEMORY = 64e6; // bytes of all tiles
const FEWEST = 24; // tiles, however large they are

const keyOf = (level, tx, ty) => `${level},${tx},${ty}`;

export class TileStore {
  #tiles = new Map(); // key -> tile, the least recently used first

  // `side`: pixels of a cell.
  constructor(side) {
    this.side = side;
    this.across = Math.max(1, Math.min(ACROSS, Math.floor(SIDE / side)));
    this.bytes = 4 * (this.across * side) ** 2; // of a tile
    this.most = Math.max(FEWEST, Math.floor(MEMORY / this.bytes));
  }

  clear() {
    this.#tiles = new Map();
  }

  get memory() {
    return this.#tiles.size * this.bytes;
  }

  // The number of the tile that holds cell i, along one axis.
  tileOf(i) {
    return Math.floor(i / this.across);
  }

  #within(i) {
    return i - this.across * this.tileOf(i);
  }

  #slot(i, j) {
    return this.#within(j) * this.across + this.#within(i);
  }

  // A tile, or undefined; it counts as used now.
  tile(level, tx, ty) {
    const key = keyOf(level, tx, ty), tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  #add(level, tx, ty) {
    const wide = this.across * this.side, canvas = h("canvas", { width: wide, height: wide });
    const tile = { level, tx, ty, canvas, context: canvas.getContext("2d"),
      done: new Uint8Array(this.across ** 2) };
    this.#tiles.set(keyOf(level, tx, ty), tile);
    for (const key of this.#tiles.keys()) {
      if (this.#tiles.size <= this.most) break;
      this.#tiles.delete(key);
    }
    return tile;
  }

  has(level, i, j) {
    const tile = this.#tiles.get(keyOf(level, this.tileOf(i), this.tileOf(j)));
    return Boolean(tile?.done[this.#slot(i, j)]);
  }

  // A cell by `paint(context, x, y)`, (x, y) being its corner in its tile; returns where it is now, as
  // [canvas, x, y, width, height].
  put(level, i, j, paint) {
    const [tx, ty] = [this.tileOf(i), this.tileOf(j)], { side } = this;
    const { canvas, context, done } = this.tile(level, tx, ty) ?? this.#add(level, tx, ty);
    const [x, y] = [this.#within(i) * side, (this.across - 1 - this.#within(j)) * side];
    paint(context, x, y);
    done[this.#slot(i, j)] = 1;
    return [canvas, x, y, side, side];
  }
}
