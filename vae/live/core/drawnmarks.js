// The marks of a drawing on a black ground, each as a box [left, top, right, bottom] in pixels: as
// vae/data/prepare/looks.py finds them in a file.

const FAINT = 16; // grey level up to which a pixel is ground
const CRUMB = 0.06; // share of the heaviest part's ink below which a part is left out
const SMALL = 0.45; // share of the largest mark's longer side below which a mark is left out

// Of a plane (h * w), 0 to 255; from left to right.
export function marksOf(plane, [w, h]) {
  const parts = partsOf(plane.map((v) => Number(v > FAINT)), w, h);
  const heaviest = Math.max(...parts.map(({ ink }) => ink));
  const boxes = joined(parts.filter(({ ink }) => ink >= CRUMB * heaviest).map(({ box }) => box));
  const largest = Math.max(...boxes.map(longer));
  return boxes.filter((box) => longer(box) >= SMALL * largest).sort((a, b) => a[0] - b[0]);
}

const sides = ([left, top, right, bottom]) => [right - left, bottom - top];
const longer = (box) => Math.max(...sides(box));

// What hangs together in a mask that is grown by one pixel: {box, ink: pixels of the mask itself}.
function partsOf(mask, w, h) {
  const left = grown(mask, w, h), parts = [];
  for (let i = 0; i < left.length; i++) if (left[i]) parts.push(take(left, mask, i, w, h));
  return parts;
}

// Each pixel with those beside, above and below it.
function grown(mask, w, h) {
  const near = [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]];
  return Uint8Array.from(mask, (_, i) => Number(near.some(([dx, dy]) => {
    const x = (i % w) + dx, y = Math.floor(i / w) + dy;
    return x >= 0 && x < w && y >= 0 && y < h && mask[y * w + x] > 0;
  })));
}

// The part that holds pixel `first`, whose pixels leave `left`.
function take(left, mask, first, w, h) {
  const box = [w, h, 0, 0], stack = [first];
  let ink = 0;
  left[first] = 0;
  while (stack.length) {
    const i = stack.pop(), x = i % w, y = Math.floor(i / w);
    ink += mask[i];
    box.forEach((v, k) => (box[k] = k < 2 ? Math.min(v, [x, y][k]) : Math.max(v, [x + 1, y + 1][k - 2])));
    for (let v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 1); u++) {
        if (!left[v * w + u]) continue;
        left[v * w + u] = 0;
        stack.push(v * w + u);
      }
    }
  }
  return { box, ink };
}

// Boxes of which none is another's part: a broken stroke, the bar of a five.
function joined(boxes) {
  for (const [i, a] of boxes.entries()) {
    const b = boxes.slice(i + 1).find((other) => belong(a, other));
    if (b) return joined([...boxes.filter((box) => box !== a && box !== b), around(a, b)]);
  }
  return boxes;
}

const around = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];

// Whether two boxes are of one mark: they overlap, or one sits closely on the other.
function belong(a, b) {
  const [across, down] = [0, 1].map((k) => Math.min(a[k + 2], b[k + 2]) - Math.max(a[k], b[k]));
  const [narrow, low] = [0, 1].map((k) => Math.min(sides(a)[k], sides(b)[k]));
  const close = 0.12 * Math.max(longer(a), longer(b));
  return across > 0.3 * narrow && down > (across < 0.6 * narrow ? 0.3 * low : -close);
}
