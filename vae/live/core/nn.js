// A network is a list of layers; this runs the list that vae/nets.py builds in PyTorch.
//
//   const net = compile(layers, tensors, "decoder", [16]);
//   const images = net.run(codes, n);      // n codes, one after the other -> n images likewise
//   net.macs                               // multiply-accumulates for one example
//   net.trace(x)                           // of one example what each layer makes, {shape, values}
//
// The result is a view, overwritten by the next run. Weights are packed once and buffers made once,
// so that a frame allocates nothing; for a larger n they grow when it is first asked, as far as
// MEMORY, and more examples than fit take turns. An example has the same bits in every batch.

import { size } from "./convolution.js";
import { createEngine } from "./engine.js";
import { need } from "./errors.js";
import { macsOf } from "./macs.js";
import { OPS } from "./ops.js";

const MEMORY = 16e6; // bytes of activations, unless a single example takes more

// `simd: false` computes in plain JavaScript, as a browser without SIMD does anyway.
export function compile(layers, tensors, prefix, shape, { simd } = {}) {
  const engine = createEngine({ simd });
  const steps = network(layers, { tensors, prefix, engine }, shape);
  return { shape: steps.shape, macs: macsOf(layers, shape), ...runner(engine, steps, prefix, size(shape)) };
}

function runner(engine, steps, prefix, ins) {
  const weights = engine.mark(); // what lies behind it depends on the number of examples
  const outs = size(steps.shape);
  let room = 0, input = 0, view = new Float32Array(0), larger = view;

  function reserve(n) {
    engine.release(weights);
    input = engine.alloc(n * ins);
    steps.reserve(n);
    room = n;
  }

  const check = (x, n) =>
    need(x.length === n * ins, `The ${prefix} takes ${n} x ${ins} numbers, not ${x.length}.`);

  function take(x, n) {
    if (n > room) reserve(n);
    engine.heap.set(x, input / 4);
  }

  function pass(x, n) {
    take(x, n);
    const address = steps.run(input, n);
    const same = view.buffer === engine.memory.buffer && view.byteOffset === address;
    if (!same || view.length !== n * outs) view = engine.floats(address, n * outs);
    return view;
  }

  function inTurns(x, n) {
    if (larger.length < n * outs) larger = new Float32Array(n * outs);
    for (let e = 0; e < n; e += most) {
      const count = Math.min(most, n - e);
      larger.set(pass(x.subarray(e * ins, (e + count) * ins), count), e * outs);
    }
    return larger.subarray(0, n * outs);
  }

  reserve(1);
  const most = Math.max(1, Math.floor(MEMORY / (engine.mark() - weights)));
  return {
    run(x, n = 1) {
      check(x, n);
      return n <= most ? pass(x, n) : inTurns(x, n);
    },
    trace(x) {
      check(x, 1);
      take(x, 1);
      return steps.trace(input, (address, n) => engine.floats(address, n).slice());
    },
  };
}

// The steps of a list, one after the other, as a step.
function network(layers, { tensors, prefix, engine }, shape) {
  need(Array.isArray(layers), `${prefix}: a network is a list of layers.`);
  const steps = [];
  let mine = false;
  for (const [i, layer] of layers.entries()) {
    const op = Object.hasOwn(OPS, layer?.op ?? "") ? OPS[layer.op] : null;
    need(op, `Layer ${i} of the ${prefix} has the unknown op ${JSON.stringify(layer?.op)}; ` +
      `known are ${Object.keys(OPS).join(", ")}.`);
    const own = access(layer, { tensors, engine, prefix: `${prefix}.${i}` }, shape);
    const step = op(layer, { engine, mine, ...own }, shape);
    ({ shape, mine = true } = step);
    steps.push(step);
  }
  return sequence(steps, shape, mine);
}

// Apart from the above, so that nothing that lives on holds the tensors, packed long ago.
const sequence = (steps, shape, mine) => ({
  shape, mine,
  reserve: (n) => steps.forEach((step) => step.reserve(n)),
  run: (x, n) => steps.reduce((value, step) => step.run(value, n), x),
  // Each result is copied at once: the next step may write over it.
  trace: (x, copy) => steps.map((step) => {
    x = step.run(x, 1);
    return { shape: step.shape, values: copy(x, size(step.shape)) };
  }),
});

// How a layer comes to its parameters, refuses a shape, and makes the steps of layers within.
function access(layer, { tensors, engine, prefix }, shape) {
  return {
    get(name, count) {
      const tensor = tensors[`${prefix}.${name}`];
      need(tensor, `The weights lack ${prefix}.${name}.`);
      need(tensor.data.length === count, `${prefix}.${name} has ${tensor.data.length} numbers, ` +
        `its layer needs ${count}.`);
      return tensor.data;
    },
    takes: (fits) => need(fits,
      `A layer (${layer.op}) gets ${shape.join(" x ")} values, which it does not take.`),
    network: (layers, from) =>
      network(layers, { tensors, engine, prefix: `${prefix}.layers` }, from),
  };
}
