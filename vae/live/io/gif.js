// Frames to an animated GIF, for pages without a server; vae/film.py does the same and more.
// GIF89a (CompuServe, 1990), https://www.w3.org/Graphics/GIF/spec-gif89a.txt

import { joined } from "../core/bytes.js";
import { need } from "../core/errors.js";

const CODES = 4096; // the most that LZW may use here
const ascii = (text) => Array.from(text, (letter) => letter.charCodeAt(0));
const word = (n) => [n & 255, n >> 8];
const LOOP = [0x21, 0xff, 11, ...ascii("NETSCAPE2.0"), 3, 1, 0, 0, 0]; // for ever

// `frames`: one index into the palette per pixel, row after row; `palette`: red, green, blue, at
// most 256 times; `delays`: 1/100 s each, where browsers slow anything below 2.
export function encodeGif(frames, width, height, palette, delays) {
  need(palette.length >= 3 && palette.length <= 768, "A GIF has 1 to 256 colours.");
  need(frames.length && frames.every((f) => f.length === width * height),
    `Each frame must have ${width} × ${height} pixels, and there must be one.`);
  const bits = Math.max(2, Math.ceil(Math.log2(palette.length / 3)));
  const table = new Uint8Array(3 << bits);
  table.set(palette);
  const screen = [...word(width), ...word(height), 0xf0 | (bits - 1), 0, 0];
  const images = frames.flatMap((f, i) => image(f, width, height, bits, delays[i]));
  return joined([ascii("GIF89a"), screen, table, LOOP, ...images, [0x3b]]);
}

function image(indices, width, height, bits, delay) {
  const control = [0x21, 0xf9, 4, 1 << 2, ...word(delay), 0, 0]; // stays where it was drawn
  const place = [0x2c, 0, 0, 0, 0, ...word(width), ...word(height), 0];
  return [control, place, [bits], ...blocks(compress(indices, bits)), [0]];
}

function blocks(data) {
  const out = [];
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    out.push([part.length], part);
  }
  return out;
}

// LZW with codes that grow from bits + 1 to 12 bits, least significant bit first.
export function compress(indices, bits) {
  const clear = 1 << bits;
  const write = createBits(indices.length);
  let known = new Map();
  let size = bits + 1;
  let next = clear + 2; // clear + 1 ends the data
  let prefix = indices[0];
  write.put(clear, size);
  for (let i = 1; i < indices.length; i++) {
    const key = (prefix << 8) | indices[i];
    const code = known.get(key);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    write.put(prefix, size);
    prefix = indices[i];
    if (next < CODES) {
      known.set(key, next);
      if (next++ === 1 << size) size++; // the reader is one entry behind
    } else {
      write.put(clear, size);
      known = new Map();
      size = bits + 1;
      next = clear + 2;
    }
  }
  write.put(prefix, size);
  // The reader adds an entry for that last code as well, and may count in longer codes from there.
  if (next < CODES && next === 1 << size) size++;
  write.put(clear + 1, size);
  return write.done();
}

function createBits(pixels) {
  const out = new Uint8Array(2 * pixels + 16); // no code is longer than 12 bits
  let at = 0;
  let held = 0;
  let count = 0;
  return {
    put(code, size) {
      held |= code << count;
      for (count += size; count >= 8; count -= 8, held >>>= 8) out[at++] = held & 255;
    },
    done() {
      if (count) out[at++] = held & 255;
      return out.subarray(0, at);
    },
  };
}

// ---- palettes

// Pixels to indices: `frames` with `channels` (1 or 3) bytes for each pixel. Grey is exact, colour
// where all frames together have at most 256 of them; else each is the nearest of 6 × 7 × 6.
export function indexed(frames, channels) {
  if (channels === 1) return { palette: greys(), frames };
  const found = new Map();
  const exact = frames.map((f) => indices(f, (rgb) => {
    if (!found.has(rgb)) found.set(rgb, found.size);
    return found.get(rgb);
  }));
  if (found.size > 256) return { palette: cube(), frames: frames.map((f) => indices(f, inCube)) };
  const palette = Uint8Array.from([...found.keys()].flatMap(bytes));
  return { palette, frames: exact };
}

const bytes = (rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255];

const greys = () => Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

function indices(pixels, index) {
  const out = new Uint8Array(pixels.length / 3);
  for (let i = 0, at = 0; i < out.length; i++, at += 3) {
    out[i] = index((pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2]);
  }
  return out;
}

const CUBE = [6, 7, 6]; // levels of red, green and blue: the eye sees green best

function inCube(rgb) {
  return bytes(rgb).reduce((at, v, i) => at * CUBE[i] + Math.round((v * (CUBE[i] - 1)) / 255), 0);
}

function cube() {
  const [r, g, b] = CUBE.map((n) => Array.from({ length: n }, (_, i) => (255 * i) / (n - 1)));
  const all = r.flatMap((x) => g.flatMap((y) => b.flatMap((z) => [x, y, z])));
  return Uint8Array.from(all, Math.round);
}

// Each pixel as a square of `scale` × `scale`.
export function enlarge(pixels, width, scale) {
  const wide = width * scale;
  const out = new Uint8Array(pixels.length * scale * scale);
  for (let at = 0; at < out.length; at++) {
    const y = Math.floor(Math.floor(at / wide) / scale);
    out[at] = pixels[y * width + Math.floor((at % wide) / scale)];
  }
  return out;
}
