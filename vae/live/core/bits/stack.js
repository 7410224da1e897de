// The stack that symbols are pushed to and popped from: the twin of vae/tasks/compress/stack.py.
//
//   stack.push(start, count, bits)         // of a symbol with `count` of 2^bits numbers, from `start` on
//   stack.pop(bits, find)                  // find(number) -> [symbol, start, count]; gives the symbol

import { need } from "../errors.js";
import { sha256 } from "./sha256.js";

export const ALTERED = "The file is cut short or altered.";
const WORD = 2 ** 16, LOW = 2 ** 32, HIGH = 48; // the head is in [2^32, 2^48)
const HEAD = 3; // words that it takes
const CHECKED = 2; // words below the head, at least, by which a decoder knows the data

// Words without end: the digest's, then those of its own digest, and so on.
function* wordsOf(digest) {
  for (; ; digest = sha256(digest)) {
    for (let i = 0; i < digest.length; i += 2) yield digest[i] + 256 * digest[i + 1];
  }
}

export class Stack {
  constructor(head, words, below) {
    this.head = head;
    this.words = words;
    this.below = below;
    this.taken = 0; // words from below, so far
  }

  push(start, count, bits) {
    while (this.head >= count * 2 ** (HIGH - bits)) {
      this.words.push(this.head % WORD);
      this.head = Math.floor(this.head / WORD);
    }
    this.head = Math.floor(this.head / count) * 2 ** bits + (this.head % count) + start;
  }

  pop(bits, find) {
    const whole = 2 ** bits, number = this.head % whole, [symbol, start, count] = find(number);
    this.head = count * Math.floor(this.head / whole) + number - start;
    while (this.head < LOW) this.head = this.head * WORD + this.#word();
    return symbol;
  }

  #word() {
    if (this.words.length) return this.words.pop();
    const { value, done } = this.below.next();
    need(!done, ALTERED);
    this.taken++;
    return value;
  }

  // Its length in bits, to a fraction of one; what was taken from below counts as there before.
  get bits() {
    return 16 * (this.words.length - this.taken) + Math.log2(this.head);
  }

  toBytes() {
    const head = [this.head % WORD, Math.floor(this.head / WORD) % WORD, Math.floor(this.head / LOW)];
    return Uint8Array.from([...this.words, ...head].flatMap((word) => [word % 256, word >> 8]));
  }
}

// A stack with nothing on it but the first words of a digest.
export function empty(digest) {
  const below = wordsOf(digest), next = () => below.next().value;
  const head = LOW + WORD * next() + next();
  const words = Array.from({ length: CHECKED }, next).reverse();
  return new Stack(head, words, below);
}

// The inverse of `toBytes`.
export function fromBytes(data) {
  need(data.length % 2 === 0 && data.length >= 2 * HEAD, ALTERED);
  const words = Array.from({ length: data.length / 2 }, (_, i) => data[2 * i] + 256 * data[2 * i + 1]);
  const head = words.splice(-HEAD).reduce((sum, word, i) => sum + word * WORD ** i, 0);
  need(head >= LOW, ALTERED);
  return new Stack(head, words, [].values());
}

// Whether nothing is left but words of this digest: whether the data are those of the file.
export function isEmpty(stack, digest) {
  const fresh = empty(digest);
  while (fresh.words.length < stack.words.length) fresh.words.unshift(fresh.below.next().value);
  return stack.head === fresh.head && stack.words.join() === fresh.words.join();
}
