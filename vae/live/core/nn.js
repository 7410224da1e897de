// A network is a list of layers; this runs the list that vae/nets.py builds in PyTorch.
//
//   const net = compile(layers, tensors, "decoder", [16]);
//   const image = net.run(z);         // Float32Array, overwritten by the next run
//
// Each op is (layer, parameters, shape) -> {shape, run}. Buffers are made once, so that a frame
// allocates nothing. Sums run in double precision.

import { need } from "./errors.js";

const size = (shape) => shape.reduce((a, b) => a * b, 1);

export function compile(layers, tensors, prefix, shape) {
  need(Array.isArray(layers), `${prefix}: a network is a list of layers.`);
  const steps = layers.map((layer, i) => {
    const op = Object.hasOwn(OPS, layer?.op ?? "") ? OPS[layer.op] : null;
    need(op, `Layer ${i} of the ${prefix} has the unknown op ${JSON.stringify(layer?.op)}; ` +
      `known are ${Object.keys(OPS).join(", ")}.`);
    const step = op(layer, parameters(tensors, `${prefix}.${i}`), shape);
    shape = step.shape;
    return step.run;
  });
  return { shape, run: (x) => steps.reduce((value, run) => run(value), x) };
}

// The parameters of one layer, by name, with their sizes checked when they are asked for.
function parameters(tensors, prefix) {
  return {
    tensors,
    prefix,
    get(name, count) {
      const tensor = tensors[`${prefix}.${name}`];
      need(tensor, `The weights lack ${prefix}.${name}.`);
      need(tensor.data.length === count, `${prefix}.${name} has ${tensor.data.length} numbers, ` +
        `its layer needs ${count}.`);
      return tensor.data;
    },
  };
}

function takes(fits, layer, shape) {
  need(fits, `A layer (${layer.op}) gets ${shape.join(" x ")} values, which it does not take.`);
}

function linear(layer, given, shape) {
  const { in: n, out: m } = layer;
  takes(shape.length === 1 && shape[0] === n, layer, shape);
  const w = given.get("weight", n * m);
  const bias = given.get("bias", m);
  const y = new Float32Array(m);
  return { shape: [m], run: (x) => matvec(w, bias, x, y, n, m) };
}

// y = W x + b. Four rows at a time: each x is loaded once for four independent sums.
function matvec(w, bias, x, y, n, m) {
  const whole = m - (m % 4);
  for (let o = 0; o < whole; o += 4) {
    let a = bias[o], b = bias[o + 1], c = bias[o + 2], d = bias[o + 3];
    const r0 = o * n, r1 = r0 + n, r2 = r1 + n, r3 = r2 + n;
    for (let i = 0; i < n; i++) {
      const xi = x[i];
      a += w[r0 + i] * xi;
      b += w[r1 + i] * xi;
      c += w[r2 + i] * xi;
      d += w[r3 + i] * xi;
    }
    y[o] = a;
    y[o + 1] = b;
    y[o + 2] = c;
    y[o + 3] = d;
  }
  for (let o = whole; o < m; o++) {
    let a = bias[o];
    for (let i = 0; i < n; i++) a += w[o * n + i] * x[i];
    y[o] = a;
  }
  return y;
}

// Convolutions move one weight over a whole plane at a time; `from` and `to` are the positions
// for which the kernel's tap falls inside the picture.
function span(tap, stride, padding, small, large) {
  const from = Math.max(0, Math.ceil((padding - tap) / stride));
  const to = Math.min(small, Math.floor((large - 1 + padding - tap) / stride) + 1);
  return [from, to];
}

function conv2d(layer, given, [c, h, w, ...rest]) {
  const { in: ins, out: outs, kernel: k, stride: s, padding: p } = layer;
  takes(rest.length === 0 && c === ins && w, layer, [c, h, w]);
  const weight = given.get("weight", outs * ins * k * k);
  const bias = given.get("bias", outs);
  const [oh, ow] = [h, w].map((n) => Math.floor((n + 2 * p - k) / s) + 1);
  const y = new Float32Array(outs * oh * ow);
  const run = (x) => {
    for (let o = 0; o < outs; o++) y.fill(bias[o], o * oh * ow, (o + 1) * oh * ow);
    eachTap(k, (ky, kx) => {
      const [y0, y1] = span(ky, s, p, oh, h);
      const [x0, x1] = span(kx, s, p, ow, w);
      for (let o = 0; o < outs; o++) {
        for (let i = 0; i < ins; i++) {
          const tap = weight[((o * ins + i) * k + ky) * k + kx];
          for (let v = y0; v < y1; v++) {
            const to = (o * oh + v) * ow;
            const from = (i * h + v * s + ky - p) * w + kx - p;
            for (let u = x0; u < x1; u++) y[to + u] += tap * x[from + u * s];
          }
        }
      }
    });
    return y;
  };
  return { shape: [outs, oh, ow], run };
}

function convTranspose2d(layer, given, [c, h, w, ...rest]) {
  const { in: ins, out: outs, kernel: k, stride: s, padding: p } = layer;
  takes(rest.length === 0 && c === ins && w, layer, [c, h, w]);
  const weight = given.get("weight", ins * outs * k * k);
  const bias = given.get("bias", outs);
  const [oh, ow] = [h, w].map((n) => (n - 1) * s - 2 * p + k);
  const y = new Float32Array(outs * oh * ow);
  const run = (x) => {
    for (let o = 0; o < outs; o++) y.fill(bias[o], o * oh * ow, (o + 1) * oh * ow);
    eachTap(k, (ky, kx) => {
      const [y0, y1] = span(ky, s, p, h, oh);
      const [x0, x1] = span(kx, s, p, w, ow);
      for (let i = 0; i < ins; i++) {
        for (let o = 0; o < outs; o++) {
          const tap = weight[((i * outs + o) * k + ky) * k + kx];
          for (let v = y0; v < y1; v++) {
            const from = (i * h + v) * w;
            const to = (o * oh + v * s + ky - p) * ow + kx - p;
            for (let u = x0; u < x1; u++) y[to + u * s] += tap * x[from + u];
          }
        }
      }
    });
    return y;
  };
  return { shape: [outs, oh, ow], run };
}

function eachTap(k, visit) {
  for (let ky = 0; ky < k; ky++) for (let kx = 0; kx < k; kx++) visit(ky, kx);
}

function pointwise(f) {
  return (layer, given, shape) => {
    const y = new Float32Array(size(shape));
    const run = (x) => {
      for (let i = 0; i < y.length; i++) y[i] = f(x[i]);
      return y;
    };
    return { shape, run };
  };
}

function residual(layer, given, shape) {
  const inner = compile(layer.layers, given.tensors, `${given.prefix}.layers`, shape);
  takes(String(inner.shape) === String(shape), layer, shape);
  const y = new Float32Array(size(shape));
  const run = (x) => {
    const f = inner.run(x);
    for (let i = 0; i < y.length; i++) y[i] = x[i] + f[i];
    return y;
  };
  return { shape, run };
}

function unflatten(layer, given, shape) {
  takes(size(layer.shape) === size(shape), layer, shape);
  return { shape: layer.shape, run: (x) => x };
}

export const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const OPS = {
  linear,
  conv2d,
  conv_transpose2d: convTranspose2d,
  silu: pointwise((x) => x * sigmoid(x)),
  relu: pointwise((x) => Math.max(x, 0)),
  tanh: pointwise(Math.tanh),
  sigmoid: pointwise(sigmoid),
  flatten: (layer, given, shape) => ({ shape: [size(shape)], run: (x) => x }),
  unflatten,
  residual,
};
