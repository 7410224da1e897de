// The page Morph as a link: the key frames, the path and the place on it; the four corners and the
// place among them; and which of the two is on show. What a link asks for is checked, never trusted.

import { CORNERS } from "./corners.js";
import { need, refusal } from "../../core/errors.js";
import { letter } from "./keyframes.js";
import { formatCode, parseCode } from "../../core/codetext.js";
import { asked } from "../../io/link.js";
import { MOST_KEYS } from "../../core/paths.js";
import { writeQuery } from "../../io/query.js";
import { BEYOND } from "./scrubber.js";
import { WAYS } from "./paths.js";

// -> {keys, path, t, mode, corners, at}; what is not usable is undefined, and a sentence for `refuse`.
export function readMorph(latent, refuse) {
  const given = new URLSearchParams(asked());
  const read = (name, parse) => {
    if (!given.has(name)) return undefined;
    try {
      return parse(given.get(name));
    } catch (error) {
      refuse(`${refusal(error)} Shown instead: the usual start.`);
      return undefined;
    }
  };
  const keys = read("keys", (text) => parseKeys(text, latent));
  return { keys, path: read("path", parsePath),
    t: read("t", (text) => parseTime(text, (keys?.length ?? 2) - 1)),
    mode: given.get("mode") === "four" ? "four" : "two",
    corners: read("corners", (text) => parseCorners(text, latent)), at: read("at", parsePlace) };
}

function parseKeys(text, latent) {
  const parts = text.split(";");
  need(parts.length >= 2 && parts.length <= MOST_KEYS,
    `The link asks for ${parts.length} pictures; a morph has 2 to ${MOST_KEYS}.`);
  return pictures(parts, latent, letter);
}

function parseCorners(text, latent) {
  const parts = text.split(";");
  need(parts.length === CORNERS.length,
    `The link asks for ${parts.length} corners; a pad has ${CORNERS.length}.`);
  return pictures(parts, latent, (i) => CORNERS[i]);
}

const pictures = (parts, latent, nameOf) => parts.map((part, i) =>
  ({ z: parseCode(part, latent), name: `${nameOf(i)} of the link` }));

function parsePath(text) {
  need(Object.hasOwn(WAYS, text),
    `The link asks for the path “${text}”; known are ${Object.keys(WAYS).join(", ")}.`);
  return text;
}

function parseTime(text, last) {
  const value = numberOf(text), most = last + BEYOND;
  need(value >= -BEYOND && value <= most,
    `The link asks for the place ${text}; it lies between -${BEYOND} and ${most}.`);
  return value;
}

function parsePlace(text) {
  const place = text.split(",").map(numberOf);
  need(place.length === 2 && place.every((v) => v >= 0 && v <= 1),
    `The link asks for the place ${text} among the corners; it is two numbers from 0 to 1.`);
  return place;
}

const numberOf = (text) => (text.trim() ? Number(text) : NaN);

// Of the corners it says only what is not as `usual` has it.
export function writeMorph(model, { keys, path, t, mode, corners, at }, usual) {
  const unless = (before, text) => (text === before ? null : text);
  return writeQuery({ model, path, t, keys: codesOf(keys), mode: unless("two", mode),
    corners: unless(codesOf(usual.corners), codesOf(corners)),
    at: unless(usual.at.join(","), at.join(",")) });
}

const codesOf = (pictures) => pictures.map(({ z }) => formatCode(z)).join(";");
