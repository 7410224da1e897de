// The page's state as a link: model, view and code. What a link asks for is checked, never trusted.

import { InputError } from "./errors.js";
import { formatCode, parseCode } from "./latent.js";

export const VIEWS = {
  map: ["umap", "pca"],
  colour: ["class", "uncertainty", "distance", "error"],
  film: ["off", "on"],
};

// -> {view, z or null, problems: sentences}
export function readLink(search, latent) {
  const given = new URLSearchParams(search);
  const problems = [];
  const view = {};
  for (const [key, allowed] of Object.entries(VIEWS)) {
    const value = given.get(key) ?? allowed[0];
    if (!allowed.includes(value)) {
      problems.push(`The link asks for ${key} “${value}”; known are ${allowed.join(", ")}.`);
    }
    view[key] = allowed.includes(value) ? value : allowed[0];
  }
  return { view, z: readCode(given.get("z"), latent, problems), problems };
}

function readCode(text, latent, problems) {
  if (text === null) return null;
  try {
    return parseCode(text, latent);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(`${error.message} Shown instead: the first example.`);
    return null;
  }
}

export function writeLink(model, view, z) {
  const query = new URLSearchParams(asked());
  query.set("model", model);
  for (const [key, [usual]] of Object.entries(VIEWS)) {
    if (view[key] === usual) query.delete(key);
    else query.set(key, view[key]);
  }
  query.set("z", formatCode(z));
  return address(query);
}

// A page from disk keeps its state behind the #, because browsers let a file change nothing else.
const onDisk = location.protocol === "file:";
export const asked = () => (onDisk ? location.hash.slice(1) : location.search);

// Put a state into the address bar, without a stop for the way back.
export function remember(href) {
  history.replaceState(history.state, "", href);
}

// The address of this page with another query.
export function address(query) {
  const url = new URL(location.href);
  const text = String(query).replaceAll("%2C", ",").replaceAll("%3B", ";");
  if (onDisk) url.hash = text;
  else url.search = text;
  return url.href;
}
