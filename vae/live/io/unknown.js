// What the address asks for that no page has: it is said in a sentence, and leaves the address.

import { addressWith, asked, remember } from "./link.js";

// What all pages read, and Streamlit.
const ELSEWHERE = ["model", "page", "stage", "lesson", "room", "embed", "embed_options"];

// -> a sentence for each kind of it. An address of no page leads here with its name as `unknown`.
export function refuseUnknown(schema) {
  const query = new URLSearchParams(asked()), page = query.get("unknown");
  const names = Object.entries(schema).filter(([, { write }]) => write).map(([key, { as = key }]) => as);
  const unknown = [...new Set(query.keys())].filter((name) => ![...names, ...ELSEWHERE].includes(name));
  if (unknown.length) remember(addressWith(Object.fromEntries(unknown.map((name) => [name, null]))));
  return [
    ...(page === null ? [] : [`There is no page “${page}”. This is the first page; the others are at the top.`]),
    ...unknown.filter((name) => name !== "unknown").map((name) =>
      `The link's ${name.slice(0, 40)} is not known on this page and was left out.`)];
}
