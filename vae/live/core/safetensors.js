// Reader for safetensors files: a length, a JSON header, then the numbers.
// https://huggingface.co/docs/safetensors

import { need } from "./errors.js";

const READERS = {
  F32: (buffer, at, n) => new Float32Array(buffer.slice(at, at + 4 * n)),
  F16: (buffer, at, n) => halves(new Uint16Array(buffer.slice(at, at + 2 * n))),
  I32: (buffer, at, n) => new Int32Array(buffer.slice(at, at + 4 * n)),
  U8: (buffer, at, n) => new Uint8Array(buffer.slice(at, at + n)),
};
const BYTES = { F32: 4, F16: 2, I32: 4, U8: 1 };

// ArrayBuffer -> {name: {shape, data}}; float16 becomes Float32Array. Only the tensors that `wanted`
// names, where it is given.
export function parse(buffer, name, wanted = () => true) {
  const { start, entries } = readHeader(buffer, name);
  return Object.fromEntries(entries.filter(([key]) => wanted(key)).map(([key, entry]) =>
    [key, readTensor(buffer, start, entry, `${name}: ${key}`)]));
}

// How many bytes from the beginning hold all tensors that `wanted` names; null where the file's header
// itself is not there yet.
export function bytesUntil(buffer, wanted) {
  if (buffer.byteLength < 8 || buffer.byteLength < 8 + headerLength(buffer)) return null;
  const { start, entries } = readHeader(buffer, "the file");
  return start + Math.max(0, ...entries.filter(([key]) => wanted(key))
    .map(([, { data_offsets: [, to] }]) => to));
}

const headerLength = (buffer) => Number(new DataView(buffer).getBigUint64(0, true));

function readHeader(buffer, name) {
  const broken = `${name} is not a complete safetensors file.`;
  need(buffer.byteLength >= 8, broken);
  const length = headerLength(buffer);
  need(length <= buffer.byteLength - 8, broken);
  try {
    const json = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
    const entries = Object.entries(json).filter(([key]) => key !== "__metadata__");
    return { start: 8 + length, entries };
  } catch {
    return need(false, broken);
  }
}

function readTensor(buffer, start, { dtype, shape, data_offsets: [from, to] }, name) {
  const n = shape.reduce((a, b) => a * b, 1);
  need(dtype in READERS, `${name} has the type ${dtype}, which this page does not read.`);
  need(to - from === n * BYTES[dtype], `${name} is damaged: its size does not fit its shape.`);
  need(start + to <= buffer.byteLength, `${name} is cut short.`);
  return { shape, data: READERS[dtype](buffer, start + from, n) };
}

let table; // all 65,536 float16 values, made once

function halves(bits) {
  table ??= Float32Array.from({ length: 65536 }, (_, h) => half(h));
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = table[bits[i]];
  return out;
}

export function half(h) {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 31;
  const fraction = h & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
