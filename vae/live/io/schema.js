// A page's schema: what its state is made of, and how each part is written in a link.
//
//     const schema = { map: choice(["umap", "pca"]), film: flag(), code: { ...picture(bench, first), as: "z" } };
//     const { state, problems } = readState(schema, query);
//     const texts = writeState(schema, state);      // {map: null, film: "on", z: "@12"}
//
// A field is {initial, read(text, state) -> value, write(value) -> text}. `read` throws an InputError for
// what it cannot use: what a link asks for is checked, never trusted; `state` has the fields above it. A
// field without `write` is not in the link. `as` is its name there, where that is another. `always` keeps
// it in the link where `initial` is not the same for everyone.

import { need, refusal } from "../core/errors.js";
import { parsePicture, pictureText } from "../core/origins.js";

export function choice(options, initial = options[0]) {
  return {
    initial,
    read(text) {
      const value = options.find((option) => String(option) === text);
      need(value !== undefined, `“${text}” must be one of ${options.join(", ")}`);
      return value;
    },
    write: String,
  };
}

export function flag(initial = false) {
  const { read } = choice(["off", "on"]);
  return { initial, read: (text) => read(text) === "on", write: (on) => (on ? "on" : "off") };
}

export function number({ initial, min, max, whole = false }) {
  const wanted = `a ${whole ? "whole " : ""}number from ${min} to ${max}`;
  return {
    initial,
    read(text) {
      const value = text.trim() ? Number(text) : NaN;
      need(value >= min && value <= max && !(whole && value % 1), `“${text}” must be ${wanted}`);
      return value;
    },
    write: String,
  };
}

// What somebody wrote, at most `most` characters of it.
export const words = (most, initial = "") =>
  ({ initial, read: (text) => text.slice(0, most), write: (text) => text });

// Some numbers with commas between them.
export function numbers(fields) {
  return {
    initial: fields.map(({ initial }) => initial),
    read(text) {
      const parts = text.split(",");
      need(parts.length === fields.length, `“${text}” must be ${fields.length} numbers`);
      return parts.map((part, i) => fields[i].read(part));
    },
    write: (values) => values.map((value, i) => fields[i].write(value)).join(","),
  };
}

// A code with its name and origin: see core/origins.js.
export function picture(bench, initial) {
  return { initial, read: (text) => parsePicture(text, bench), write: (value) => pictureText(value, bench) };
}

// From `min` to `max` of them.
export function pictures(bench, { initial, min, max }) {
  return {
    initial,
    read(text) {
      const parts = text ? text.split(";") : [];
      need(parts.length >= min && parts.length <= max,
        `it names ${parts.length} pictures; ${min === max ? min : `${min} to ${max}`} are needed`);
      return parts.map((part) => parsePicture(part, bench));
    },
    write: (list) => list.map((one) => pictureText(one, bench)).join(";"),
  };
}

// Null, or as `field` has it.
export function optional(field) {
  return { ...field, initial: null };
}

// Part of the state, but of no link.
export const unlinked = (initial) => ({ initial });

export const initialState = (schema) => mapped(schema, ({ initial }) => initial);

// The part of it that links say.
export const linkedState = (schema) =>
  initialState(Object.fromEntries(Object.entries(schema).filter(([, { write }]) => write)));

// -> {state, problems}: `begin` with what the query asks for; a sentence for each that is of no use.
export function readState(schema, query, begin = initialState(schema)) {
  const state = { ...begin }, problems = [];
  for (const [key, { read, write, as = key }] of Object.entries(schema)) {
    if (!write || !query.has(as)) continue;
    try {
      state[key] = read(query.get(as), state);
    } catch (error) {
      problems.push(`The link's ${as} is not usable: ${refusal(error).replace(/\.$/, "")}. ` +
        "The page uses its own value instead.");
    }
  }
  return { state, problems };
}

// -> {name: text, or null for what is as it is to begin with}
export function writeState(schema, state) {
  const texts = {};
  for (const [key, { initial, write, as = key, always = false }] of Object.entries(schema)) {
    if (!write) continue;
    const text = state[key] === null ? null : write(state[key]);
    texts[as] = !always && initial !== null && text === write(initial) ? null : text;
  }
  return texts;
}

// The text of the field that a link calls `name`, null where it is empty; of what no link has, its JSON.
export function fieldText(schema, name, state) {
  const key = keyOf(schema, name), { write = JSON.stringify } = schema[key];
  return state[key] === null ? null : write(state[key]);
}

// The state's key of a field, by its name in links.
export const keyOf = (schema, name) => Object.keys(schema).find((key) => (schema[key].as ?? key) === name);

const mapped = (fields, f) =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, f(field)]));
