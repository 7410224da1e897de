// From a drawing to a model's input: as vae/data/prepare/strokes.py does it, for what is drawn in the page.
//
// Planes are Float32Array (height * width), 0 to 255, light on a dark ground.

const FAINT = 16; // grey level up to which a pixel is ground
const BOX = 20 / 28; // longer side of a digit, as a share of the input's
const SMALLEST = 0.3; // of the pad's side: a dot is not blown up into a blob that fills the box

// As in MNIST: the strokes fitted into a box with their aspect kept, brightened to full ink and
// centred by their mass. Returns (height * width) in [0, 1], or null where nothing is drawn.
export function centre(plane, [w, h], [height, width], box = BOX) {
  const around = bounds(plane, w, h);
  if (!around) return null;
  const side = Math.max(1, Math.round(box * Math.min(height, width)));
  const longer = Math.max(around.w, around.h, SMALLEST * Math.max(w, h));
  const size = [around.w, around.h].map((n) => Math.max(1, Math.round((n * side) / longer)));
  const strokes = resample(cut(plane, w, around), [around.w, around.h], size);
  const top = Math.max(...strokes, 1);
  const bright = strokes.map((v) => Math.round((v * 255) / top));
  const [left, above] = placed(bright, size, [width, height]);
  const x = new Float32Array(width * height);
  for (let i = 0; i < bright.length; i++) {
    x[(above + Math.floor(i / size[0])) * width + left + (i % size[0])] = bright[i] / 255;
  }
  return x;
}

// The smallest box that holds all that is not ground: {left, top, w, h}, or null.
function bounds(plane, w, h) {
  let left = w, right = -1, top = h, bottom = -1;
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0; x < w; x++, i++) {
      if (plane[i] <= FAINT) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, w: right - left + 1, h: bottom - top + 1 };
}

function cut(plane, width, { left, top, w, h }) {
  const part = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    const from = (top + y) * width + left;
    part.set(plane.subarray(from, from + w), y * w);
  }
  return part;
}

// Where the upper left corner goes, so that the centre of mass is at the centre.
function placed(a, [w, h], [width, height]) {
  let sum = 0, sx = 0, sy = 0;
  a.forEach((v, i) => {
    sum += v;
    sx += v * (i % w);
    sy += v * Math.floor(i / w);
  });
  const at = (n, mass, inner) => Math.min(Math.max(Math.round(n / 2 - mass / sum), 0), n - inner);
  return [at(width, sx, w), at(height, sy, h)];
}

// Antialiased, by Pillow's Hamming window: (h * w) -> (H * W).
export function resample(plane, [w, h], [W, H]) {
  const across = windows(w, W), down = windows(h, H);
  const rows = new Float32Array(h * W);
  for (let y = 0; y < h; y++) {
    across.forEach(({ from, weights }, x) => {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * plane[y * w + from + k];
      rows[y * W + x] = sum;
    });
  }
  const out = new Float32Array(H * W);
  down.forEach(({ from, weights }, y) => {
    for (let x = 0; x < W; x++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * rows[(from + k) * W + x];
      out[y * W + x] = sum;
    }
  });
  return out;
}

// For each of `to` places, which of `from` it averages and by how much.
function windows(from, to) {
  const scale = from / to, reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const middle = (i + 0.5) * scale;
    const low = Math.max(0, Math.floor(middle - reach + 0.5));
    const high = Math.min(from, Math.floor(middle + reach + 0.5));
    const weights = Array.from({ length: high - low }, (_, k) =>
      hamming((low + k - middle + 0.5) / reach));
    const sum = weights.reduce((a, b) => a + b, 0);
    return { from: low, weights: weights.map((v) => v / sum) };
  });
}

function hamming(x) {
  const t = Math.PI * Math.abs(x);
  if (t === 0) return 1;
  return t >= Math.PI ? 0 : (Math.sin(t) / t) * (0.54 + 0.46 * Math.cos(t));
}
