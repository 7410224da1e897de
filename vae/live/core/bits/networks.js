// Networks with the same bits on every machine: the twin of vae/tasks/compress/networks.py. Weights and
// what enters a layer are multiples of 2^-16, and no sum can reach 2^21, so all sums are exact.
//
//   const net = network(layers, tensors, "decoder", [16]);
//   net.run(z)                             // Float64Array -> Float64Array, of net.shape

import { need } from "../errors.js";
import { rounded, sigmoid } from "./exact.js";

const LARGEST = 1024; // what enters a layer is cut off at +-LARGEST
const EXACT = 2 ** 21; // sums of multiples of 2^-32 below this are exact

const size = (shape) => shape.reduce((a, b) => a * b, 1);

export function network(layers, tensors, name, shape) {
  const steps = layers.map((layer, i) => {
    need(Object.hasOwn(STEPS, layer.op), `This model has a layer “${layer.op}”, which cannot be ` +
      `computed with the same bits on every machine; those that can are ${Object.keys(STEPS).join(", ")}.`);
    const step = STEPS[layer.op](layer, tensors, `${name}.${i}`, shape);
    shape = step.shape ?? shape;
    return step.run;
  });
  return { shape, run: (x) => steps.reduce((value, step) => step(value), x) };
}

// Weight and bias of a layer on the grid; `output(i)` is the output that weight i is summed into.
function parameters(tensors, name, outs, output) {
  const [weight, bias] = ["weight", "bias"].map((what) => {
    need(tensors[`${name}.${what}`], `The weights lack ${name}.${what}.`);
    return Float64Array.from(tensors[`${name}.${what}`].data, rounded);
  });
  const sums = bias.map(Math.abs);
  weight.forEach((w, i) => (sums[output(i)] += LARGEST * Math.abs(w)));
  need(bias.length === outs && sums.every((sum) => sum < EXACT),
    `The weights “${name}” are too large for sums that are exact.`);
  return { weight, bias };
}

const entering = (x) => x.map((v) => Math.min(Math.max(rounded(v), -LARGEST), LARGEST));

function linear({ in: ins, out: outs }, tensors, name) {
  const { weight, bias } = parameters(tensors, name, outs, (i) => Math.floor(i / ins));
  return { shape: [outs], run(given) {
    const x = entering(given), y = bias.slice();
    for (let o = 0, at = 0; o < outs; o++) {
      let sum = 0;
      for (let i = 0; i < ins; i++, at++) sum += weight[at] * x[i];
      y[o] += sum;
    }
    return y;
  } };
}

// -- convolutions: a plane of `from` is added to a plane of `to`, times w, where a kernel's place meets

function conv2d({ in: ins, out: outs, kernel: k, stride, padding }, tensors, name, [, h, w]) {
  const each = ins * k * k;
  const { weight, bias } = parameters(tensors, name, outs, (i) => Math.floor(i / each));
  const [high, wide] = [h, w].map((n) => Math.floor((n + 2 * padding - k) / stride) + 1);
  const meet = [meetings(high, h, stride, padding, k), meetings(wide, w, stride, padding, k)];
  return { shape: [outs, high, wide], run(given) {
    const x = entering(given), y = filled(bias, high * wide);
    weight.forEach((v, at) => {
      const o = Math.floor(at / each), c = Math.floor(at / (k * k)) % ins;
      const rows = meet[0][Math.floor(at / k) % k], columns = meet[1][at % k];
      for (const [to, from] of rows) {
        const into = (o * high + to) * wide, out = (c * h + from) * w;
        for (const [a, b] of columns) y[into + a] += v * x[out + b];
      }
    });
    return y;
  } };
}

function convTranspose2d({ out: outs, kernel: k, stride, padding }, tensors, name, [, h, w]) {
  const { weight, bias } = parameters(tensors, name, outs, (i) => Math.floor(i / (k * k)) % outs);
  const [high, wide] = [h, w].map((n) => (n - 1) * stride - 2 * padding + k);
  const meet = [meetings(h, high, stride, padding, k), meetings(w, wide, stride, padding, k)];
  return { shape: [outs, high, wide], run(given) {
    const x = entering(given), y = filled(bias, high * wide);
    weight.forEach((v, at) => {
      const c = Math.floor(at / (outs * k * k)), o = Math.floor(at / (k * k)) % outs;
      const rows = meet[0][Math.floor(at / k) % k], columns = meet[1][at % k];
      for (const [from, to] of rows) {
        const into = (o * high + to) * wide, out = (c * h + from) * w;
        for (const [b, a] of columns) y[into + a] += v * x[out + b];
      }
    });
    return y;
  } };
}

// Of each place in a kernel: the [few, many] that it joins, along one axis, `few` the side with strides.
const meetings = (few, many, stride, padding, k) => Array.from({ length: k }, (_, place) =>
  Array.from({ length: few }, (_, i) => [i, i * stride + place - padding])
    .filter(([, j]) => j >= 0 && j < many));

function filled(bias, area) {
  const y = new Float64Array(bias.length * area);
  bias.forEach((b, o) => y.fill(b, o * area, (o + 1) * area));
  return y;
}

// -- the rest

function residual({ layers }, tensors, name, shape) {
  const inner = network(layers, tensors, `${name}.layers`, shape);
  return { shape, run: (x) => inner.run(x).map((v, i) => x[i] + v) };
}

const pointwise = (f) => () => ({ run: (x) => x.map(f) });

const STEPS = {
  linear,
  conv2d,
  conv_transpose2d: convTranspose2d,
  silu: pointwise((v) => v * sigmoid(v)),
  relu: pointwise((v) => Math.max(v, 0)),
  sigmoid: pointwise(sigmoid),
  residual,
  flatten: (layer, tensors, name, shape) => ({ shape: [size(shape)], run: (x) => x }),
  unflatten: ({ shape }) => ({ shape, run: (x) => x }),
};
