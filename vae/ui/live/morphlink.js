// The page Morph as a link: the key frames, the path, the place on it, and whether it is among four.
// What a link asks for is checked, never trusted.

import { InputError } from "./errors.js";
import { letter, MOST } from "./keyframes.js";
import { formatCode, parseCode } from "./latent.js";
import { asked } from "./link.js";
import { writeQuery } from "./query.js";
import { BEYOND } from "./scrubber.js";
import { WAYS } from "./ways.js";

// -> {keys, path, t, mode}; what is not usable is undefined, and a sentence for `refuse`.
export function readMorph(latent, refuse) {
  const given = new URLSearchParams(asked());
  const read = (name, parse) => {
    if (!given.has(name)) return undefined;
    try {
      return parse(given.get(name));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refuse(`${error.message} Shown instead: the usual start.`);
      return undefined;
    }
  };
  const keys = read("keys", (text) => parseKeys(text, latent));
  return { keys, path: read("path", parsePath),
    t: read("t", (text) => parsePlace(text, (keys?.length ?? 2) - 1)),
    mode: given.get("mode") === "four" ? "four" : "two" };
}

function parseKeys(text, latent) {
  const parts = text.split(";");
  if (parts.length < 2 || parts.length > MOST) {
    throw new InputError(`The link asks for ${parts.length} pictures; a morph has 2 to ${MOST}.`);
  }
  return parts.map((part, i) => ({ z: parseCode(part, latent), name: `${letter(i)} of the link` }));
}

function parsePath(text) {
  if (Object.hasOwn(WAYS, text)) return text;
  throw new InputError(`The link asks for the path “${text}”; known are ${Object.keys(WAYS).join(", ")}.`);
}

function parsePlace(text, last) {
  const value = Number(text), most = last + BEYOND;
  if (value >= -BEYOND && value <= most) return value;
  throw new InputError(`The link asks for the place ${text}; it lies between -${BEYOND} and ${most}.`);
}

export function writeMorph(model, { keys, path, t, mode }) {
  return writeQuery({ model, path, t, keys: keys.map(({ z }) => formatCode(z)).join(";"),
    mode: mode === "four" ? mode : null });
}
