// Convolutions as matrix products, without copies of their input for every tap.
//
// The input is laid into a frame of zeros. Seen from the place of an output, every tap lies at a
// fixed offset in the frame, whichever the place: the list of these offsets makes the frame the
// product's matrix B, and the kernel's weight is A. The bias is a tap on one more plane, of ones.
//
// With a stride s the frame holds s x s planes for each channel, one for each remainder of row and
// column, in which places next to each other lie s apart in the picture. A transposed convolution
// is s x s plain ones, one for each remainder of the output's row and column, with the kernel's taps
// dealt out among them.

export const size = (shape) => shape.reduce((a, b) => a * b, 1);

// Room for pictures of `shape` with `pad` zeros above and left of them, and enough of them below and
// right that planes have at least `rows` x `columns`.
function createFrame(engine, [channels, h, w], stride, pad, rows, columns) {
  const high = Math.max(rows, Math.floor((h - 1 + pad) / stride) + 1);
  const wide = Math.max(columns, Math.floor((w - 1 + pad) / stride) + 1);
  const plane = high * wide, picture = stride * stride * plane;
  const start = engine.alloc(channels * picture + plane + 8); // a panel may reach over the end
  const ones = start + 4 * channels * picture;
  engine.heap.fill(1, ones / 4, ones / 4 + plane);

  // Of a place of the padded picture, from the frame's start.
  const offset = (channel, y, x) => 4 * (channel * picture
    + ((y % stride) * stride + (x % stride)) * plane
    + Math.floor(y / stride) * wide + Math.floor(x / stride));

  // The rows (or columns) of `n` that have the remainder `r` in the frame: [first, how many].
  function dealt(n, r) {
    const first = (((r - pad) % stride) + stride) % stride;
    return [first, Math.ceil((n - first) / stride)];
  }

  const moves = [];
  for (let r = 0; r < stride; r++) {
    for (let q = 0; q < stride; q++) {
      const [v, vs] = dealt(h, r), [u, us] = dealt(w, q);
      if (vs <= 0 || us <= 0) continue;
      moves.push({ from: 4 * (v * w + u), to: start + offset(0, v + pad, u + pad), vs, us });
    }
  }
  return {
    start, offset, row: 4 * wide,
    ones: ones - start,
    fill(x) {
      for (const { from, to, vs, us } of moves) {
        engine.move(x + from, 4 * h * w, 4 * stride * w, 4 * stride,
          to, 4 * picture, 4 * wide, 4, channels, vs, us);
      }
    },
  };
}

// The kernel's weight and the bias as the product takes its A: packed by four rows, then the rest.
function packed(engine, taps, bias) {
  const outs = bias.length, k = taps.length + 1, whole = outs - (outs % 4);
  const address = engine.alloc(outs * k), { heap } = engine;
  for (let o = 0; o < outs; o++) {
    const [from, step] = o < whole ? [(o - (o % 4)) * k + (o % 4), 4] : [o * k, 1];
    heap[address / 4 + from] = bias[o];
    for (let i = 1; i < k; i++) heap[address / 4 + from + i * step] = taps[i - 1].weight(o);
  }
  return address;
}

// One product for each picture of a batch: `taps` are {offset, weight(o)} in the frame. In the output
// of oh x ow it begins at `to`, and its high x wide places lie `apart`.
function createProduct(engine, frame, taps, bias, { oh, ow, to, apart, high, wide }) {
  const outs = bias.length, k = taps.length + 1;
  const a = packed(engine, taps, bias);
  const offsets = engine.integers([frame.ones, ...taps.map(({ offset }) => offset)]);
  return (y) => engine.product(a, outs, k, frame.start, offsets, 32, frame.row,
    y + to, 4 * oh * ow, 4 * apart * ow, 4 * apart, high, wide);
}

function createConvolution(engine, frame, products, inner, shape) {
  let y;
  return {
    shape,
    reserve: (n) => (y = engine.alloc(n * size(shape))),
    run(x, n) {
      for (let e = 0; e < n; e++) {
        frame.fill(x + 4 * e * size(inner));
        for (const product of products) product(y + 4 * e * size(shape));
      }
      return y;
    },
  };
}

const upTo = (n) => Array.from({ length: n }, (_, i) => i);

export function conv2d(layer, given, shape) {
  const { in: ins, out: outs, kernel: k, stride: s, padding: p } = layer, { engine } = given;
  given.takes(shape.length === 3 && shape[0] === ins);
  const weight = given.get("weight", outs * ins * k * k), bias = given.get("bias", outs);
  const [oh, ow] = shape.slice(1).map((n) => Math.floor((n + 2 * p - k) / s) + 1);
  given.takes(Math.min(oh, ow) > 0);
  const reach = Math.floor((k - 1) / s);
  const frame = createFrame(engine, shape, s, p, oh + reach, ow + reach);
  const taps = upTo(ins * k * k).map((i) => ({
    offset: frame.offset(Math.floor(i / (k * k)), Math.floor(i / k) % k, i % k),
    weight: (o) => weight[o * ins * k * k + i],
  }));
  const product = createProduct(engine, frame, taps, bias,
    { oh, ow, to: 0, apart: 1, high: oh, wide: ow });
  return createConvolution(engine, frame, [product], shape, [outs, oh, ow]);
}

// Which taps reach the outputs whose row (or column) has the remainder r, and from how far: output
// q s + r gets tap t from input q + (r + p - t) / s.
function reaching(r, { kernel: k, stride: s, padding: p }) {
  return upTo(k).filter((t) => (r + p - t) % s === 0).map((t) => ({ tap: t, far: (r + p - t) / s }));
}

export function convTranspose2d(layer, given, shape) {
  const { in: ins, out: outs, kernel: k, stride: s, padding: p } = layer, { engine } = given;
  given.takes(shape.length === 3 && shape[0] === ins);
  const weight = given.get("weight", ins * outs * k * k), bias = given.get("bias", outs);
  const [oh, ow] = shape.slice(1).map((n) => (n - 1) * s - 2 * p + k);
  given.takes(Math.min(oh, ow) > 0);
  const pad = Math.max(0, Math.floor((k - 1 - p) / s)), reach = Math.floor((s - 1 + p) / s);
  const most = (n) => Math.ceil(n / s) + pad + reach;
  const frame = createFrame(engine, shape, 1, pad, most(oh), most(ow));
  const products = [];
  for (let r = 0; r < Math.min(s, oh); r++) {
    for (let q = 0; q < Math.min(s, ow); q++) {
      const taps = upTo(ins).flatMap((i) => reaching(r, layer).flatMap((y) => reaching(q, layer).map((x) => ({
        offset: frame.offset(i, pad + y.far, pad + x.far),
        weight: (o) => weight[((i * outs + o) * k + y.tap) * k + x.tap],
      }))));
      products.push(createProduct(engine, frame, taps, bias, { oh, ow, to: 4 * (r * ow + q),
        apart: s, high: Math.ceil((oh - r) / s), wide: Math.ceil((ow - q) / s) }));
    }
  }
  return createConvolution(engine, frame, products, shape, [outs, oh, ow]);
}
