// The lessons, as Python reads them from their files.

import { need } from "../core/errors.js";

let lessons = null; // or their promise

// `url` is where they are; they are fetched once.
export function readLessons(url) {
  lessons ??= fetched(url).catch((error) => {
    lessons = null; // another try may have more luck
    throw error;
  });
  return lessons;
}

async function fetched(url) {
  const response = await fetch(url);
  need(response.ok, `The lessons could not be loaded (${response.status}): reload the page.`);
  return response.json();
}
