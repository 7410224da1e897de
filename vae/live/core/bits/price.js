// What a picture costs when it is pushed, symbol by symbol, and how a stack grows with a chain of them.

import { sha256 } from "./sha256.js";
import { Stack, empty } from "./stack.js";

// A stack that keeps what each symbol costs, bits; what is popped is got back, and counts negative.
class Meter extends Stack {
  costs = [];

  push(start, count, bits) {
    super.push(start, count, bits);
    this.costs.push(bits - Math.log2(count));
  }

  pop(bits, find) {
    return super.pop(bits, (number) => {
      const found = find(number);
      this.costs.push(Math.log2(found[2]) - bits);
      return found;
    });
  }
}

// {code, back, pixels, total}: bits of each of a code's numbers, bits got back with them, bits of each pixel;
// means over `draws` codes, each chosen by other bits. `codec` is one of pictures x of symbols, whose codes
// have `size` numbers.
export function priceOf(codec, x, size, draws) {
  const costs = new Float64Array(2 * size + x.length);
  for (let k = 0, digest = sha256(x); k < draws; k++, digest = sha256(digest)) {
    const { head, words, below } = empty(digest), meter = new Meter(head, words, below);
    codec.push(meter, x);
    meter.costs.forEach((v, i) => (costs[i] += v / draws));
  }
  return { code: costs.slice(-size).reverse(), back: costs.slice(0, size).map((v) => -v),
    pixels: costs.slice(size, -size).reverse(), total: costs.reduce((a, b) => a + b, 0) };
}
