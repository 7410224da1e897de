// What a page's address asks for, and how it is written. What is asked for is checked, never trusted:
// what does not fit becomes a sentence in `problems`, and the usual value stands there.

import { refusal } from "../core/errors.js";
import { parseCode } from "../core/codetext.js";
import { address, asked } from "./link.js";

export function readQuery() {
  const given = new URLSearchParams(asked()), problems = [];

  function refuse(name, wanted) {
    problems.push(`The link's ${name} “${given.get(name)}” is not usable: it must be ${wanted}.`);
  }

  function number(name, usual, [low, high], { whole = false, wanted } = {}) {
    if (!given.has(name)) return usual;
    const value = given.get(name).trim() ? Number(given.get(name)) : NaN;
    if (value >= low && value <= high && !(whole && value % 1)) return value;
    refuse(name, wanted ?? `a ${whole ? "whole " : ""}number from ${low} to ${high}`);
    return usual;
  }

  function oneOf(name, usual, choices) {
    if (!given.has(name)) return usual;
    const found = choices.find((choice) => String(choice) === given.get(name));
    if (found === undefined) refuse(name, `one of ${choices.join(", ")}`);
    return found ?? usual;
  }

  // One of a few for each name; `known` is {name: [usual, other, …]}.
  function choices(known) {
    return Object.fromEntries(Object.entries(known).map(([name, allowed]) =>
      [name, oneOf(name, allowed[0], allowed)]));
  }

  // A code (D), or null; `instead` says what is shown then.
  function code(name, d, instead = "") {
    try {
      return given.has(name) ? parseCode(given.get(name), d) : null;
    } catch (error) {
      problems.push(refusal(error) + instead);
      return null;
    }
  }

  return { number, oneOf, choices, code, text: (name) => given.get(name), problems };
}

// What differs from the usual, and null for what does not: `known` is {name: [usual, …]}.
export function unusual(values, known) {
  return Object.fromEntries(Object.entries(known).map(([name, [usual]]) =>
    [name, values[name] === usual ? null : values[name]]));
}

// This page's address with these values: {name: value, or null for none}.
export function writeQuery(values) {
  const query = new URLSearchParams(asked());
  for (const [name, value] of Object.entries(values)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return address(query);
}
