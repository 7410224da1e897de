// Pictures of an endless sheet: decoded cell by cell, kept in tiles, the newest view first.
//
// Level L cuts the sheet into cells 2^-L wide, and a cell's picture is that of the code at its
// centre, (i + offset) 2^-L. Going a level deeper so decodes new codes between the old ones. Until a
// cell is decoded, what is known of coarser and finer levels is drawn in its place, scaled.

import { h } from "../widgets/dom.js";
import { fillPixels } from "../widgets/picture.js";

const SIDE = 512; // pixels of a tile at most
const ACROSS = 8; // cells of a tile at most
const MEMORY = 64e6; // bytes of all tiles
const COARSER = 4; // levels to look through for something to show
const DEEPEST = 30; // float32 codes can tell no more places apart

export function createTiles(model) {
  const [channels, height, width] = model.image;
  const side = Math.max(height, width);
  const across = Math.max(1, Math.min(ACROSS, Math.floor(SIDE / side)));
  const most = Math.max(24, Math.floor(MEMORY / (4 * (across * side) ** 2)));
  const pixels = new Float32Array(channels * height * width);
  const stamp = new ImageData(width, height);
  const [dx, dy] = [(side - width) >> 1, (side - height) >> 1]; // an oblong picture in its square
  let cache = new Map(); // key -> tile, the least recently used first
  let space = null;
  let missing = []; // cells in view, the most wanted last
  let cost = 1; // ms a cell, a running mean

  function show(next) {
    space = next;
    cache = new Map();
    missing = [];
  }

  // The level whose cells are at least `wanted` pixels wide.
  const levelOf = ({ scale, wanted }) => Math.min(DEEPEST, Math.floor(Math.log2(scale / wanted)));

  const edge = (i, level) => (i + space.offset - 0.5) * 2 ** -level;
  const cellAt = (v, level) => Math.floor(v * 2 ** level - space.offset + 0.5);

  function tileAt(level, tx, ty) {
    const key = `${level},${tx},${ty}`;
    const tile = cache.get(key);
    if (tile) {
      cache.delete(key);
      cache.set(key, tile);
    }
    return tile;
  }

  function newTile(level, tx, ty) {
    const canvas = h("canvas", { width: across * side, height: across * side });
    const tile = { level, tx, ty, canvas, context: canvas.getContext("2d"),
      done: new Uint8Array(across * across), left: across * across };
    cache.set(`${level},${tx},${ty}`, tile);
    for (const key of cache.keys()) {
      if (cache.size <= most) break;
      cache.delete(key);
    }
    return tile;
  }

  // -- drawing. `view` is {x, y, scale, width, height, wanted}, in pixels of the canvas.
  const toX = (view, v) => Math.round(view.width / 2 + (v - view.x) * view.scale);
  const toY = (view, v) => Math.round(view.height / 2 - (v - view.y) * view.scale);

  function span(view, level) {
    const [w, q] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
    return { left: cellAt(view.x - w, level), right: cellAt(view.x + w, level),
      low: cellAt(view.y - q, level), high: cellAt(view.y + q, level) };
  }

  function eachTile(view, level, visit) {
    const { left, right, low, high } = span(view, level);
    const from = (v) => Math.floor(v / across);
    for (let ty = from(low); ty <= from(high); ty++) {
      for (let tx = from(left); tx <= from(right); tx++) visit(tileAt(level, tx, ty), tx, ty);
    }
  }

  function drawTile(context, view, tile) {
    if (!tile || tile.left === across * across) return;
    const { level, tx, ty } = tile;
    const [x0, x1] = [0, 1].map((k) => toX(view, edge((tx + k) * across, level)));
    const [y1, y0] = [0, 1].map((k) => toY(view, edge((ty + k) * across, level)));
    context.drawImage(tile.canvas, x0, y0, x1 - x0, y1 - y0);
  }

  // Everything known of this view, at once; then `left()` says how many cells want decoding. `focus`
  // is the place that is wanted first.
  function draw(context, view, focus) {
    const level = levelOf(view);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, view.width, view.height);
    plan(view, level, focus);
    if (missing.length) {
      for (let l = level - COARSER; l < level; l++) eachTile(view, l, (t) => drawTile(context, view, t));
      eachTile(view, level + 1, (t) => drawTile(context, view, t));
    }
    eachTile(view, level, (t) => drawTile(context, view, t));
  }

  function plan(view, level, [fx, fy]) {
    const { left, right, low, high } = span(view, level);
    const [ci, cj] = [cellAt(fx, level), cellAt(fy, level)];
    missing = [];
    for (let j = low; j <= high; j++) {
      for (let i = left; i <= right; i++) {
        const tile = cache.get(`${level},${Math.floor(i / across)},${Math.floor(j / across)}`);
        if (tile?.done[slot(i, j)]) continue;
        if (!space.lift(centre(i, j, level))) continue;
        missing.push({ i, j, level, far: (i - ci) ** 2 + (j - cj) ** 2 });
      }
    }
    missing.sort((a, b) => b.far - a.far);
  }

  const centre = (i, j, level) => [(i + space.offset) * 2 ** -level, (j + space.offset) * 2 ** -level];
  const within = (v) => v - across * Math.floor(v / across);
  const slot = (i, j) => within(j) * across + within(i);

  // Decodes missing cells onto the canvas until the clock says `until`; at least `least` of them.
  function refine(context, view, until, least) {
    let done = 0;
    while (missing.length && (done < least || performance.now() + cost < until)) {
      const begin = performance.now();
      decode(context, view, missing.pop());
      // A pause of the whole machine must not pass for the price of a cell.
      cost += 0.1 * (Math.min(performance.now() - begin, 4 * cost) - cost);
      done++;
      if (!missing.length) return true; // whole now
    }
    return false;
  }

  function decode(context, view, { i, j, level }) {
    const [tx, ty] = [Math.floor(i / across), Math.floor(j / across)];
    const tile = tileAt(level, tx, ty) ?? newTile(level, tx, ty);
    model.decode(space.lift(centre(i, j, level)), pixels);
    fillPixels(stamp.data, pixels, channels, width * height);
    const [x, y] = [within(i) * side, (across - 1 - within(j)) * side];
    tile.context.putImageData(stamp, x + dx, y + dy);
    tile.done[slot(i, j)] = 1;
    tile.left--;
    const [x0, x1] = [toX(view, edge(i, level)), toX(view, edge(i + 1, level))];
    const [y0, y1] = [toY(view, edge(j + 1, level)), toY(view, edge(j, level))];
    context.clearRect(x0, y0, x1 - x0, y1 - y0);
    context.drawImage(tile.canvas, x, y, side, side, x0, y0, x1 - x0, y1 - y0);
  }

  return { show, draw, refine,
    left: () => missing.length,
    step: (view) => 2 ** -levelOf(view),
    get memory() {
      return cache.size * 4 * (across * side) ** 2;
    } };
}
