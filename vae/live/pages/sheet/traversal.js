// One dimension of a code going from -range to range: the arithmetic of a row of `columns` pictures, as
// vae/latent.py's `traverse` makes them, and of its swing.

export const STEPS = 48; // frames of one swing, there and back

export const columnValues = ({ range, columns }) =>
  Array.from({ length: columns }, (_, i) => -range + (2 * range * i) / (columns - 1));

export const limited = (v, { range }) => Math.min(range, Math.max(-range, v));

// Between a share of the row's width and the value there: the ends are in the outermost pictures.
export const valueAt = (share, { range, columns }) =>
  limited(range * ((2 * (share * columns - 0.5)) / (columns - 1) - 1), { range });

export const shareOf = (v, { range, columns }) =>
  (((limited(v, { range }) / range + 1) / 2) * (columns - 1) + 0.5) / columns;

export function codeWith(z, j, v) {
  const code = Float32Array.from(z);
  code[j] = v;
  return code;
}

// Where a dimension of value `own` is at a share of its swing, which begins there.
export function swingAt(own, share, range) {
  const start = Math.asin(Math.min(1, Math.max(-1, own / range)));
  return range * Math.sin(2 * Math.PI * share + start);
}

const swung = (z, j, t, range) => codeWith(z, j, swingAt(z[j], t / STEPS, range));

// A film of these dimensions, one after the other; and of all at once, each frame a code of each.
export const filmOf = (z, dims, range) =>
  dims.flatMap((j) => Array.from({ length: STEPS }, (_, t) => swung(z, j, t, range)));
export const filmTogether = (z, dims, range) =>
  Array.from({ length: STEPS }, (_, t) => dims.map((j) => swung(z, j, t, range)));
