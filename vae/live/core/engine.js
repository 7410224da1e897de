// Where a network computes: memory of its own, and the operations of kernel.wat on it.
//
// Memory is handed out from its beginning on, in addresses (bytes); `release(mark)` takes back all
// that was handed out since `mark()`. Views (`heap`, `floats`) are void once it has grown.

import { createKernel, supported } from "./kernel.js";
import { createPlain } from "./plain.js";

const PAGE = 65536;
const FIRST = 64; // what stands before it is the kernel's own
export const SUMS = 32; // where `moments` may write

// `simd: false` computes in plain JavaScript, as a browser without SIMD does anyway.
export function createEngine({ simd = supported() } = {}) {
  const kernel = simd ? createKernel() : createPlain();
  const { memory } = kernel;
  let top = FIRST;
  let heap = new Float32Array(memory.buffer);

  function alloc(n) {
    const address = top;
    top += 64 * Math.ceil((4 * n) / 64);
    const lacking = top - memory.buffer.byteLength;
    if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE));
    return address;
  }

  return {
    ...kernel,
    simd,
    alloc, // the address of n numbers
    mark: () => top,
    release: (mark) => (top = mark),
    get heap() {
      if (heap.buffer !== memory.buffer) heap = new Float32Array(memory.buffer);
      return heap;
    },
    floats: (address, n) => new Float32Array(memory.buffer, address, n),
    // The address of whole numbers, such as `product` takes for its offsets.
    integers(list) {
      const address = alloc(list.length);
      new Int32Array(memory.buffer, address, list.length).set(list);
      return address;
    },
  };
}
