// The operations of kernel.wat in plain JavaScript, for browsers without SIMD. Sums run in double
// precision. What each operation means is in kernel.wat.

import { sigmoid } from "./activations.js";
import { product } from "./plainproduct.js";

const PAGE = 65536;

// The operations on a memory of their own.
export function createPlain() {
  const memory = new Memory();
  const bound = Object.entries(OPERATIONS).map(([name, act]) => [name, act.bind(null, memory)]);
  return { memory, ...Object.fromEntries(bound) };
}

// As a WebAssembly.Memory: views of its buffer are void once it has grown.
class Memory {
  f = new Float32Array(PAGE / 4);
  w = new Int32Array(this.f.buffer);

  get buffer() {
    return this.f.buffer;
  }

  grow(pages) {
    const larger = new Float32Array(this.f.length + (pages * PAGE) / 4);
    larger.set(this.f);
    [this.f, this.w] = [larger, new Int32Array(larger.buffer)];
  }
}

function move({ f }, from, fromPlane, fromRow, fromStep, to, toPlane, toRow, toStep, planes, rows, width) {
  for (let p = 0; p < planes; p++) {
    for (let v = 0; v < rows; v++) {
      let x = (from + p * fromPlane + v * fromRow) >> 2, y = (to + p * toPlane + v * toRow) >> 2;
      for (let u = 0; u < width; u++, x += fromStep >> 2, y += toStep >> 2) f[y] = f[x];
    }
  }
}

function add({ f }, x, y, to, n) {
  for (let i = 0; i < n; i++) f[(to >> 2) + i] = f[(x >> 2) + i] + f[(y >> 2) + i];
}

function relu({ f }, x, y, n) {
  for (let i = 0; i < n; i++) f[(y >> 2) + i] = Math.max(0, f[(x >> 2) + i]);
}

function gate({ f }, x, y, n, alpha, beta, gamma, delta) {
  for (let i = 0; i < n; i++) {
    const v = f[(x >> 2) + i];
    f[(y >> 2) + i] = (alpha + beta * v) * sigmoid(gamma * v) + delta;
  }
}

function moments({ f }, x, n, sums) {
  let sum = 0, squares = 0;
  for (let i = 0; i < n; i++) {
    const v = f[(x >> 2) + i];
    sum += v;
    squares += v * v;
  }
  new Float64Array(f.buffer, sums, 2).set([sum, squares]);
}

function affine({ f }, x, n, scale, shift) {
  for (let i = x >> 2; i < (x >> 2) + n; i++) f[i] = f[i] * scale + shift;
}

const OPERATIONS = { product, move, add, relu, gate, moments, affine };
