// The files in a zip whose entries are stored as they are, as vae/pack.py writes it. Nothing is unpacked, so
// a small file cannot hold a huge one, and no name in it is ever a path.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { need } from "./errors.js";

const END = 0x06054b50, ENTRY = 0x02014b50, LOCAL = 0x04034b50;
const END_BYTES = 22, ENTRY_BYTES = 46, LOCAL_BYTES = 30, MOST_COMMENT = 65535;
const ENCRYPTED = 1;

// Uint8Array -> {name: Uint8Array}, exactly those of `names`; `file` is what it is called in a refusal.
export function storedFiles(bytes, names, file) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const broken = `${file} is no .vae file, is damaged or cut short.`;
  const entries = entriesOf(view, bytes, broken);
  need(same(entries.map(({ name }) => name), names), `${file} is no .vae file: it must hold ${names.join(", ")} alone.`);
  need(entries.every(({ method, flags }) => method === 0 && !(flags & ENCRYPTED)),
    `${file} is compressed or encrypted: write it with python -m vae pack FOLDER.`);
  return Object.fromEntries(entries.map(({ name, at, size, sum }) => {
    const begin = beginOf(view, at, broken), data = bytes.subarray(begin, begin + size);
    need(data.length === size && crc32(data) === sum, broken);
    return [name, data];
  }));
}

// What its directory says.
function entriesOf(view, bytes, broken) {
  const end = endOf(view);
  need(end >= 0, broken);
  const entries = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left; left--) {
    need(at + ENTRY_BYTES <= end && view.getUint32(at, true) === ENTRY, broken);
    const length = view.getUint16(at + 28, true), next = at + ENTRY_BYTES + length;
    need(next <= end, broken);
    entries.push({ name: new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, next)),
      flags: view.getUint16(at + 8, true), method: view.getUint16(at + 10, true),
      sum: view.getUint32(at + 16, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true) });
    at = next + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

// Where the end of the directory stands: before a comment of unknown length.
function endOf(view) {
  for (let at = view.byteLength - END_BYTES; at >= Math.max(0, view.byteLength - END_BYTES - MOST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  return -1;
}

function beginOf(view, at, broken) {
  need(at + LOCAL_BYTES <= view.byteLength && view.getUint32(at, true) === LOCAL, broken);
  return at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

const same = (a, b) => a.length === b.length && [...a].sort().join("\n") === [...b].sort().join("\n");
