// The derivative of a network by its input, backwards: from the slope of some cost by the outputs to its slope by the
// inputs, a vector-Jacobian product. A network is the list of layers that nn.js runs, and so is the way back:
//
//     y = W x + b              back   g -> Wᵀ g            a linear layer with the weights turned over
//     transposed convolution   back   a convolution with the same weights, and the other way round
//     y = f(x)                 back   g f'(x)
//     y = x + F(x)             back   g + (F's way back) g

import { sigmoid } from "./activations.js";
import { size } from "./convolution.js";
import { need } from "./errors.js";
import { compile } from "./nn.js";

// The slope of each activation at x.
const SLOPES = {
  silu: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  relu: (x) => (x > 0 ? 1 : 0),
  tanh: (x) => 1 - Math.tanh(x) ** 2,
  sigmoid: (x) => sigmoid(x) * (1 - sigmoid(x)),
};
const SAME = new Set(["flatten", "unflatten"]); // the numbers stay as they are

// -> {shape, run(x, n)}: n examples, one after the other -> {values, back}, `back(g)` being the slopes by the inputs
// where `g` are those by the outputs.
export function differentiable(layers, tensors, prefix, shape) {
  const steps = [];
  for (const [i, layer] of layers.entries()) {
    const step = stepOf(layer, tensors, `${prefix}.${i}`, shape);
    steps.push(step);
    ({ shape } = step);
  }
  return { shape, run(x, n) {
    const ways = [];
    for (const step of steps) {
      const { values, back } = step.run(x, n);
      ways.push(back);
      x = values;
    }
    return { values: x, back: (g) => ways.reduceRight((slope, back) => back(slope), g) };
  } };
}

function stepOf(layer, tensors, prefix, shape) {
  if (SAME.has(layer.op)) return { shape: layer.shape ?? [size(shape)], run: (x) => ({ values: x, back: (g) => g }) };
  if (Object.hasOwn(SLOPES, layer.op)) return pointwise(layer, shape);
  if (layer.op === "residual") return residual(layer, tensors, prefix, shape);
  need(Object.hasOwn(TURNED, layer.op), `The way back through a layer “${layer.op}” is not known here.`);
  return weighted(layer, tensors, prefix, shape);
}

function pointwise(layer, shape) {
  const { run } = compile([layer], {}, "activation", shape), slope = SLOPES[layer.op];
  return { shape, run: (x, n) => ({ values: run(x, n).slice(), back: (g) => g.map((v, i) => v * slope(x[i])) }) };
}

function residual({ layers }, tensors, prefix, shape) {
  const inner = differentiable(layers, tensors, `${prefix}.layers`, shape);
  return { shape, run(x, n) {
    const { values, back } = inner.run(x, n);
    return { values: values.map((v, i) => v + x[i]), back: (g) => back(g).map((v, i) => v + g[i]) };
  } };
}

// The layer that leads back, and its weights from those that lead on.
const TURNED = {
  linear: (layer, weight) => [{ op: "linear", in: layer.out, out: layer.in }, transposed(weight, layer)],
  conv2d: (layer, weight) => [{ ...layer, op: "conv_transpose2d", in: layer.out, out: layer.in }, weight],
  conv_transpose2d: (layer, weight) => [{ ...layer, op: "conv2d", in: layer.out, out: layer.in }, weight],
};

function transposed(weight, { in: ins, out: outs }) {
  return Float32Array.from({ length: ins * outs }, (_, at) => weight[(at % outs) * ins + Math.floor(at / outs)]);
}

function weighted(layer, tensors, prefix, shape) {
  const [weight, bias] = ["weight", "bias"].map((name) => tensors[`${prefix}.${name}`]);
  need(weight && bias, `The weights lack ${prefix}.`);
  const [turned, back] = TURNED[layer.op](layer, weight.data);
  const forward = compile([layer], { "on.0.weight": weight, "on.0.bias": bias }, "on", shape);
  const reverse = compile([turned], { "back.0.weight": { data: back }, "back.0.bias": { data: new Float32Array(layer.in) } },
    "back", forward.shape);
  need(String(reverse.shape) === String(shape), `A layer (${layer.op}) leaves some of its input unread: no way back.`);
  return { shape: forward.shape, run: (x, n) => ({ values: forward.run(x, n).slice(), back: (g) => reverse.run(g, n).slice() }) };
}
