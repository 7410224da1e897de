// Many pictures as one file, .vaez: the twin of vae/tasks/compress/file.py, which says what is in it.

import { joined } from "../bytes.js";
import { InputError, need } from "../errors.js";
import { FINEST } from "./codecs.js";
import { sha256 } from "./sha256.js";
import { ALTERED, empty, fromBytes, isEmpty } from "./stack.js";

const MAGIC = "VAEZ", VERSION = 2, START = 25; // bytes before the header
const MOST = 2 ** 24; // pictures in a file
const ENTRIES = ["model", "title", "grid", "image", "levels", "block", "sizes", "runs"]; // of the header, in order

const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

// ---- names: runs [first, n] of such that follow each other

function namesIn([first, n]) {
  const digits = /[0-9]*$/.exec(first)[0], stem = first.slice(0, first.length - digits.length);
  need(digits || n === 1, ALTERED);
  const name = (i) => stem + String(BigInt(digits) + BigInt(i)).padStart(digits.length, "0");
  return Array.from({ length: n }, (_, i) => (i ? name(i) : first));
}

// ---- blocks

// Of a block: its place in the file and its pictures' symbols, one after the other.
function digestOf(place, pictures) {
  return sha256(joined([Uint8Array.of(place, place >> 8, place >> 16, place >> 24), ...pictures]));
}

// A stack with a chain of pictures (Uint8Arrays of symbols) on it; the last comes first.
export function pushed(codec, pictures, place) {
  const stack = empty(digestOf(place, pictures));
  for (const picture of pictures.toReversed()) codec.push(stack, picture);
  return stack;
}

// The pictures of a block; yields after each, so that a page can go on meanwhile.
export function* restoring(codec, { data, n }, place) {
  const stack = fromBytes(data), pictures = [];
  while (pictures.length < n) {
    pictures.push(Uint8Array.from(codec.pop(stack)));
    yield pictures.length;
  }
  need(isEmpty(stack, digestOf(place, pictures)), ALTERED);
  return pictures;
}

export function restored(codec, block, place) {
  const work = restoring(codec, block, place);
  for (;;) {
    const { value, done } = work.next();
    if (done) return value;
  }
}

// ---- the file

// `about` is {model, title, grid, image, levels, block, runs}; `blocks` are Uint8Arrays.
export async function toBytes(about, blocks) {
  const whole = { ...about, sizes: blocks.map((block) => block.length) };
  const text = JSON.stringify(ENTRIES.map((name) => whole[name]));
  const header = await through(new TextEncoder().encode(text), new CompressionStream("deflate"));
  const start = new DataView(new ArrayBuffer(START));
  [...MAGIC].forEach((sign, i) => start.setUint8(i, sign.charCodeAt()));
  start.setUint8(4, VERSION);
  start.setUint32(5, header.length, true);
  new Uint8Array(start.buffer).set(sha256(header).subarray(0, 16), 9);
  return joined([new Uint8Array(start.buffer), header, ...blocks]);
}

// Uint8Array -> {about, names, blocks: [{data, n}]}
export async function opened(data) {
  need(String.fromCharCode(...data.subarray(0, 4)) === MAGIC, "This is no .vaez file.");
  need(data.length >= START, ALTERED);
  const start = new DataView(data.buffer, data.byteOffset, START);
  const version = start.getUint8(4), end = START + start.getUint32(5, true);
  need(version === VERSION, `The file has format ${version}; this page knows format ${VERSION}.`);
  const header = data.subarray(START, end);
  const same = sha256(header).subarray(0, 16).every((v, i) => v === data[9 + i]);
  need(same && end <= data.length, ALTERED);
  const about = await aboutOf(header);
  const lengths = lengthsOf(about);
  need(end + about.sizes.reduce((a, b) => a + b, 0) === data.length, ALTERED);
  let at = end;
  const blocks = about.sizes.map((size, i) => ({ data: data.subarray(at, at += size), n: lengths[i] }));
  return { about, names: about.runs.flatMap(namesIn), blocks };
}

async function aboutOf(header) {
  try {
    const values = JSON.parse(new TextDecoder().decode(
      await through(header, new DecompressionStream("deflate"))));
    need(Array.isArray(values) && values.length === ENTRIES.length, ALTERED);
    return checked(Object.fromEntries(ENTRIES.map((name, i) => [name, values[i]])));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`The file's header is not readable (${error.message}).`);
  }
}

const whole = (v) => Number.isInteger(v) && v > 0;

function checked(about) {
  const { model, title, grid, image, levels, block, sizes, runs } = about;
  const fits = [model, title].every((v) => typeof v === "string") && [levels, block].every(whole) &&
    (grid === 0 || whole(grid)) && grid <= FINEST && levels <= 256 && image.length === 3 && [...image, ...sizes].every(whole) &&
    runs.every(([first, n]) => typeof first === "string" && whole(n));
  need(fits, ALTERED);
  return about;
}

// Pictures in each block.
function lengthsOf({ runs, block, sizes }) {
  const n = runs.reduce((sum, [, count]) => sum + count, 0);
  need(n <= MOST && Math.ceil(n / block) === sizes.length, ALTERED);
  return sizes.map((_, i) => Math.min(block, n - i * block));
}

// That the file is one of this model's, whose weights have the SHA-256 `weights`.
export function checkModel({ about }, weights, { image, levels }) {
  need(about.model === weights, `The file was made with another model, “${about.title}”: only that one can ` +
    "read it.");
  need(String(about.image) === String(image) && about.levels === levels, ALTERED);
}
