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

export function writeLink(href, model, view, z) {
  const url = new URL(href);
  url.searchParams.set("model", model);
  for (const [key, [usual]] of Object.entries(VIEWS)) {
    if (view[key] === usual) url.searchParams.delete(key);
    else url.searchParams.set(key, view[key]);
  }
  url.searchParams.set("z", formatCode(z));
  return url.href.replaceAll("%2C", ",");
}
