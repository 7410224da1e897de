// A model as one file (vae/pack.py), read in the page alone: nothing of it is sent anywhere.

import { sha256 } from "../core/bits/sha256.js";
import { readCard } from "../core/card.js";
import { need } from "../core/errors.js";
import { storedFiles } from "../core/zip.js";

const CARD = "bundle.json", ARRAYS = ["weights.safetensors", "atlas.safetensors"];
const SUFFIX = /\.vae$/i;

export const isPackage = ({ name }) => SUFFIX.test(name);

// A File -> the model as Python lists one: {name, title, files: {name: address}, bytes}.
export async function openPackage(file) {
  const files = storedFiles(new Uint8Array(await file.arrayBuffer()), [CARD, ...ARRAYS], file.name);
  const { title, files: sums } = readCard(cardIn(files[CARD], file.name));
  for (const name of ARRAYS) {
    need(hex(sha256(files[name])) === sums?.[name], `${file.name} is damaged in ${name}: get the file once more.`);
  }
  return { name: file.name.replace(SUFFIX, ""), title: String(title), bytes: file.size,
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, URL.createObjectURL(new Blob([bytes]))])) };
}

function cardIn(bytes, name) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    need(false, `${name} holds a ${CARD} that is not readable as JSON.`);
  }
}

const hex = (bytes) => Array.from(bytes, (v) => v.toString(16).padStart(2, "0")).join("");
