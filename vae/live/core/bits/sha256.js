// SHA-256 (FIPS 180-4). A page has crypto.subtle on https and localhost only, and a class opens it
// under a computer's address.

const MASK = 2 ** 32;
const [FIRST, ROUNDS] = constants();

// The first 32 bits of the fractions of the square roots of the first 8 primes and of the cube roots of the
// first 64.
function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const root = (n, power) => {
    let low = 0n, high = 1n << 36n; // of root * 2^32
    const target = BigInt(n) << BigInt(32 * power);
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= target) low = middle;
      else high = middle;
    }
    return Number(low & 0xffffffffn);
  };
  return [primes.slice(0, 8).map((p) => root(p, 2)), primes.map((p) => root(p, 3))];
}

const turned = (v, n) => (v >>> n) | (v << (32 - n));

// Uint8Array -> Uint8Array of 32
export function sha256(data) {
  const state = Int32Array.from(FIRST, (v) => v | 0), schedule = new Int32Array(64);
  const blocks = padded(data);
  for (let at = 0; at < blocks.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = blocks.getInt32(at + 4 * i);
    mix(state, schedule);
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((v, i) => out.setInt32(4 * i, v));
  return new Uint8Array(out.buffer);
}

function padded(data) {
  const view = new DataView(new ArrayBuffer(64 * Math.ceil((data.length + 9) / 64)));
  new Uint8Array(view.buffer).set(data);
  view.setUint8(data.length, 0x80);
  view.setUint32(view.byteLength - 8, Math.floor((8 * data.length) / MASK));
  view.setUint32(view.byteLength - 4, (8 * data.length) % MASK);
  return view;
}

function mix(state, w) {
  for (let i = 16; i < 64; i++) {
    const [x, y] = [w[i - 15], w[i - 2]];
    w[i] = w[i - 16] + w[i - 7] + (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) +
      (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i];
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((v, i) => (state[i] += v));
}
