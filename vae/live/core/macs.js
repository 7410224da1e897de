// Multiply-accumulates of a network for one example, from its list of layers alone: as in vae/nets.py.

import { size } from "./convolution.js";
import { need } from "./errors.js";

const taps = ({ in: ins, out: outs, kernel }, [, h, w]) => ins * outs * kernel ** 2 * h * w;

function convolved({ out: outs, kernel, stride, padding }, [, ...plane]) {
  return [outs, ...plane.map((n) => Math.floor((n + 2 * padding - kernel) / stride) + 1)];
}

function transposed({ out: outs, kernel, stride, padding }, [, ...plane]) {
  return [outs, ...plane.map((n) => (n - 1) * stride - 2 * padding + kernel)];
}

// Of each op what it makes of a shape, and how many multiply-accumulates that takes.
const same = { shape: (layer, shape) => shape };
const OPS = {
  linear: { shape: ({ out: outs }) => [outs], macs: ({ in: ins, out: outs }) => ins * outs },
  conv2d: { shape: convolved, macs: (layer, shape) => taps(layer, convolved(layer, shape)) },
  conv_transpose2d: { shape: transposed, macs: taps },
  flatten: { shape: (layer, shape) => [size(shape)] },
  unflatten: { shape: ({ shape }) => shape },
  slice: { shape: ({ size: n }) => [n] },
  upsample: { shape: ({ factor }, [c, h, w]) => [c, h * factor, w * factor] },
  pixel_shuffle: { shape: ({ factor }, [c, h, w]) => [c / factor ** 2, h * factor, w * factor] },
  noise: { ...same, macs: ({ layers, given }) => macsOf(layers, [given]) },
  residual: { ...same, macs: ({ layers }, shape) => macsOf(layers, shape) },
  silu: same, relu: same, tanh: same, sigmoid: same, layer_norm: same, group_norm: same,
};

export function macsOf(layers, shape) {
  let sum = 0;
  for (const layer of layers) {
    need(Object.hasOwn(OPS, layer?.op ?? ""), `A layer has the unknown op ${JSON.stringify(layer?.op)}.`);
    const op = OPS[layer.op];
    sum += op.macs?.(layer, shape) ?? 0;
    shape = op.shape(layer, shape);
  }
  return sum;
}
