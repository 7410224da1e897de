// The cells of an endless sheet, and where they lie in a view of it.
//
// Level L cuts the sheet into cells 2^-L wide; cell i reaches from (i + offset - 1/2) 2^-L to
// (i + offset + 1/2) 2^-L. A view is {x, y, scale, width, height, wanted}: the place in the middle,
// pixels to a unit, the pixels of the canvas, and those that a cell should have at least.

const DEEPEST = 30; // float32 codes can tell no more places apart

export const levelOf = ({ scale, wanted }) => Math.min(DEEPEST, Math.floor(Math.log2(scale / wanted)));

const toX = (view, v) => Math.round(view.width / 2 + (v - view.x) * view.scale);
const toY = (view, v) => Math.round(view.height / 2 - (v - view.y) * view.scale);

export class Cells {
  constructor(offset) {
    this.offset = offset;
  }

  #edge(i, level) {
    return (i + this.offset - 0.5) * 2 ** -level;
  }

  at(v, level) {
    return Math.floor(v * 2 ** level - this.offset + 0.5);
  }

  centre(i, j, level) {
    return [(i + this.offset) * 2 ** -level, (j + this.offset) * 2 ** -level];
  }

  // The first and the last cell that a view shows, across and up.
  span(view, level) {
    const [w, q] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
    return { left: this.at(view.x - w, level), right: this.at(view.x + w, level),
      low: this.at(view.y - q, level), high: this.at(view.y + q, level) };
  }

  // Where `n` by `n` cells from (i, j) on lie: [x, y, width, height] in pixels.
  box(view, level, i, j, n = 1) {
    const [x0, x1] = [i, i + n].map((k) => toX(view, this.#edge(k, level)));
    const [y0, y1] = [j + n, j].map((k) => toY(view, this.#edge(k, level)));
    return [x0, y0, x1 - x0, y1 - y0];
  }
}
