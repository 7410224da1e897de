// The page Sheet as a link. What a link asks for is checked, never trusted: each refusal is a
// sentence, and what is left out is shown as usual.

import { InputError } from "./errors.js";
import { formatCode, parseCode } from "./latent.js";

export const CHOICES = {
  part: ["sheet", "traversals"],
  even: ["probability", "code"],
  codes: ["off", "on"],
  pictures: ["small", "middle", "large"],
};
export const NUMBERS = { // [usual, least, most, whole]
  range: [3, 0.5, 6, false],
  columns: [9, 3, 15, true],
};

// -> {part, even, codes, pictures, range, columns, view, z, base, three, problems}
export function readSheet(search, d) {
  const given = new URLSearchParams(search);
  const problems = [];
  const asked = { problems };
  for (const [key, allowed] of Object.entries(CHOICES)) asked[key] = choice(given, key, allowed, problems);
  for (const [key, limits] of Object.entries(NUMBERS)) asked[key] = number(given, key, limits, problems);
  asked.view = view(given, problems);
  const code = (key, words) => readCode(given.get(key), d, words, problems);
  asked.z = code("z", "the code shown");
  asked.base = code("base", "the picture that the traversals start from");
  asked.three = three(given, code, problems);
  return asked;
}

function choice(given, key, allowed, problems) {
  const value = given.get(key) ?? allowed[0];
  if (allowed.includes(value)) return value;
  problems.push(`The link asks for ${key} “${value}”; known are ${allowed.join(", ")}.`);
  return allowed[0];
}

function number(given, key, [usual, least, most, whole], problems) {
  if (!given.has(key)) return usual;
  const value = asNumber(given.get(key));
  if (value >= least && value <= most && (!whole || value % 1 === 0)) return value;
  problems.push(`The link asks for ${key} “${given.get(key)}”; it must be a ${whole ? "whole " : ""}` +
    `number from ${least} to ${most}. Shown instead: ${usual}.`);
  return usual;
}

const asNumber = (text) => (text?.trim() ? Number(text) : NaN);

// The middle of the view and how much of the sheet its shorter side shows: at=x,y,wide
function view(given, problems) {
  if (!given.has("at")) return null;
  const [x, y, wide, ...rest] = given.get("at").split(",").map(asNumber);
  const near = [x, y, wide].every((v) => Math.abs(v) < 1e4);
  if (near && wide > 0 && !rest.length) return { x, y, wide };
  problems.push(`The link's place “${given.get("at")}” must be three numbers: where the middle lies, and ` +
    "how wide a piece to show. Shown instead: the whole sheet.");
  return null;
}

function readCode(text, d, words, problems) {
  if (text === null) return null;
  try {
    return parseCode(text, d);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(`${error.message} That was ${words}; the usual one stands there instead.`);
    return null;
  }
}

function three(given, code, problems) {
  const keys = ["a", "b", "c"].filter((key) => given.has(key));
  if (!keys.length) return null;
  const codes = ["a", "b", "c"].map((key) => code(key, `picture ${key.toUpperCase()}`));
  if (keys.length < 3) {
    problems.push("The link names fewer than three pictures for the sheet; the usual three stand there.");
  }
  return codes.every(Boolean) ? codes : null;
}

export function writeSheet(href, model, state) {
  const url = new URL(href);
  url.search = "";
  const put = (key, value) => value != null && url.searchParams.set(key, value);
  put("model", model);
  for (const [key, [usual]] of Object.entries({ ...CHOICES, ...NUMBERS })) {
    if (state[key] !== usual) put(key, state[key]);
  }
  if (state.view) put("at", [state.view.x, state.view.y, state.view.wide].map(short).join(","));
  for (const key of ["z", "base"]) put(key, state[key] && formatCode(state[key]));
  state.three?.forEach((z, i) => put("abc"[i], formatCode(z)));
  return url.href.replaceAll("%2C", ",");
}

const short = (v) => Number(v.toPrecision(10)); // far finer than a pixel
