// What a network is made of: each op is (layer, given, shape) -> {shape, reserve, run}.
//
// `run(x, n)` takes the address of n examples, one after the other, and gives that of the results;
// `reserve(n)` sets memory aside for n examples. What depends on the layer alone, such as packed
// weights, is made once. `given` has the engine; `get(name, count)`, a parameter; `takes(fits)`,
// which refuses the shape; `network(layers, shape)`, the steps of inner layers; and `mine`, whether
// the input may be overwritten. `mine` of the result says whether the next layer may do so.

import { boundedScale } from "./activations.js";
import { conv2d, convTranspose2d, size } from "./convolution.js";
import { SUMS } from "./engine.js";

const PANEL = 8; // columns that the product takes together
const EPSILON = 1e-5; // PyTorch's, for normalisation

// Examples are the rows of A, with a leading one for the bias; the weight is B, in panels.
function linear({ in: ins, out: outs }, given, shape) {
  const { engine } = given, k = ins + 1;
  given.takes(shape.length === 1 && shape[0] === ins);
  const b = panels(engine, given.get("weight", outs * ins), given.get("bias", outs), ins, outs);
  const offsets = engine.integers(Int32Array.from({ length: k }, (_, i) => 4 * PANEL * i));
  let a, y;
  return {
    shape: [outs],
    reserve: (n) => [a, y] = [engine.alloc(n * k), engine.alloc(n * outs)],
    run(x, n) {
      pack(engine, x, a, ins, n);
      engine.product(a, n, k, b, offsets, 4 * PANEL * k, 0, y, 4 * outs, 0, 4, 1, outs);
      return y;
    },
  };
}

function panels(engine, weight, bias, ins, outs) {
  const k = ins + 1, address = engine.alloc(Math.ceil(outs / PANEL) * k * PANEL);
  const { heap } = engine;
  for (let o = 0; o < outs; o++) {
    const at = address / 4 + Math.floor(o / PANEL) * k * PANEL + (o % PANEL);
    heap[at] = bias[o];
    for (let i = 0; i < ins; i++) heap[at + (i + 1) * PANEL] = weight[o * ins + i];
  }
  return address;
}

// [1, x] of n examples, packed by four, then the rest.
function pack(engine, x, a, ins, n) {
  const row = 4 * ins, { heap } = engine;
  for (let e = 0; e < n; ) {
    const together = n - e >= 4 ? 4 : 1;
    heap.fill(1, a / 4, a / 4 + together);
    engine.move(x + e * row, row, 0, 4, a + 4 * together, 4, 0, 4 * together, together, 1, ins);
    e += together;
    a += together * (row + 4);
  }
}

// -- number by number
function pointwise(apply) {
  return (layer, { engine, mine }, shape) => {
    let own;
    return {
      shape,
      reserve: (n) => (own = mine ? null : engine.alloc(n * size(shape))),
      run(x, n) {
        const y = own ?? x;
        apply(engine, x, y, n * size(shape));
        return y;
      },
    };
  };
}

// (alpha + beta x) sigmoid(gamma x) + delta
const gate = (alpha, beta, gamma, delta) =>
  pointwise((engine, x, y, n) => engine.gate(x, y, n, alpha, beta, gamma, delta));

// -- shapes
const keep = (shape, { mine }) => ({ shape, mine, reserve() {}, run: (x) => x });

function unflatten(layer, given, shape) {
  given.takes(size(layer.shape) === size(shape));
  return keep(layer.shape, given);
}

// Numbers in another place: `moves` are the arguments of `engine.move` but for the addresses, with
// where they begin in an example, and `each`, how many planes an example has.
function moved({ engine }, shape, moves) {
  let y;
  return {
    shape,
    reserve: (n) => (y = engine.alloc(n * size(shape))),
    run(x, n) {
      for (const { from, to, source, target, planes, rows, width } of moves) {
        engine.move(x + from, ...source, y + to, ...target, n * planes, rows, width);
      }
      return y;
    },
  };
}

function slice({ start, size: n }, given, shape) {
  given.takes(shape.length === 1 && start + n <= shape[0]);
  return moved(given, [n], [{ from: 4 * start, source: [4 * shape[0], 0, 4],
    to: 0, target: [4 * n, 0, 4], planes: 1, rows: 1, width: n }]);
}

// Pictures `factor` times as large, of planes that lie `apart` in the input; `from(i, j)` is the
// plane that gives row i and column j of each square of factor x factor.
function enlarged(given, [c, h, w], factor, apart, from) {
  const moves = [];
  for (let i = 0; i < factor; i++) {
    for (let j = 0; j < factor; j++) {
      moves.push({ from: 4 * h * w * from(i, j), source: [4 * h * w * apart, 4 * w, 4],
        to: 4 * (i * factor * w + j), planes: c, rows: h, width: w,
        target: [4 * h * w * factor ** 2, 4 * w * factor ** 2, 4 * factor] });
    }
  }
  return moved(given, [c, h * factor, w * factor], moves);
}

function upsample({ factor }, given, shape) {
  given.takes(shape.length === 3);
  return enlarged(given, shape, factor, 1, () => 0);
}

function pixelShuffle({ factor }, given, shape) {
  const [c, h, w] = shape, apart = factor ** 2;
  given.takes(shape.length === 3 && c % apart === 0);
  return enlarged(given, [c / apart, h, w], factor, apart, (i, j) => i * factor + j);
}

// -- normalisation
const layerNorm = ({ size: n }, given, shape) => {
  given.takes(shape.length === 1 && shape[0] === n);
  return normalised(given, shape, 1);
};

const groupNorm = ({ groups, channels }, given, shape) => {
  given.takes(shape.length > 1 && shape[0] === channels && channels % groups === 0);
  return normalised(given, shape, groups);
};

function normalised(given, shape, groups) {
  const { engine } = given, [channels, ...plane] = shape;
  const weight = given.get("weight", channels).slice(), bias = given.get("bias", channels).slice();
  const members = channels / groups, area = size(plane);

  function group(y, first) {
    const { mean, deviation } = momentsOf(engine, y, members * area);
    for (let c = 0; c < members; c++) {
      const scale = weight[first + c] / deviation;
      engine.affine(y + 4 * c * area, area, scale, bias[first + c] - mean * scale);
    }
  }

  return overwritten(given, shape, (y) => {
    for (let g = 0; g < groups; g++) group(y + 4 * g * members * area, g * members);
  });
}

function momentsOf(engine, x, n) {
  engine.moments(x, n, SUMS);
  const [sum, squares] = new Float64Array(engine.memory.buffer, SUMS, 2), mean = sum / n;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / n - mean ** 2) + EPSILON) };
}

// An op that changes each example in place, at the address y; another's input is copied first.
function overwritten({ engine, mine }, shape, change) {
  const bytes = 4 * size(shape);
  let own;
  return {
    shape,
    reserve: (n) => (own = mine ? null : engine.alloc(n * size(shape))),
    run(x, n) {
      const y = own ?? x;
      if (own !== null) engine.move(x, 0, 0, 4, y, 0, 0, 4, 1, 1, n * size(shape));
      for (let e = 0; e < n; e++) change(y + e * bytes);
      return y;
    },
  };
}

// -- networks within
function residual({ layers }, given, shape) {
  const { engine } = given, inner = given.network(layers, shape);
  given.takes(String(inner.shape) === String(shape));
  let own;
  return {
    shape,
    reserve(n) {
      inner.reserve(n);
      own = inner.mine ? null : engine.alloc(n * size(shape));
    },
    run(x, n) {
      const f = inner.run(x, n), y = own ?? f;
      engine.add(x, f, y, n * size(shape));
      return y;
    },
  };
}

// The first `given` numbers stay; the network makes mean and log-scale of them, with which the last
// `size` numbers, noise, become a code.
function noise({ given: first, size: n, layers }, given, shape) {
  const { engine } = given, all = first + n, inner = given.network(layers, [first]);
  given.takes(shape.length === 1 && shape[0] === all && String(inner.shape) === String([2 * n]));
  let upper, y;
  return {
    shape,
    reserve(count) {
      [upper, y] = [engine.alloc(count * first), engine.alloc(count * all)];
      inner.reserve(count);
    },
    run(x, count) {
      engine.move(x, 4 * all, 0, 4, upper, 4 * first, 0, 4, count, 1, first);
      engine.move(x, 0, 0, 4, y, 0, 0, 4, 1, 1, count * all);
      const h = inner.run(upper, count) / 4, { heap } = engine;
      for (let e = 0; e < count; e++) {
        for (let j = 0, at = y / 4 + e * all + first; j < n; j++, at++) {
          const [mean, logScale] = [h + 2 * n * e + j, h + 2 * n * e + n + j];
          heap[at] = heap[mean] + boundedScale(heap[logScale]) * heap[at];
        }
      }
      return y;
    },
  };
}

export const OPS = {
  linear,
  conv2d,
  conv_transpose2d: convTranspose2d,
  silu: gate(0, 1, 1, 0),
  relu: pointwise((engine, x, y, n) => engine.relu(x, y, n)),
  tanh: gate(2, 0, 2, -1),
  sigmoid: gate(1, 0, 1, 0),
  flatten: (layer, given, shape) => keep([size(shape)], given),
  unflatten,
  slice,
  upsample,
  pixel_shuffle: pixelShuffle,
  layer_norm: layerNorm,
  group_norm: groupNorm,
  residual,
  noise,
};
