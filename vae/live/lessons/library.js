// The lessons and plans, {lessons, plans}, as Python reads them from their files.

import { need } from "../core/errors.js";

let course = null; // or its promise

// `url` is where they are; they are fetched once.
export function readCourse(url) {
  course ??= fetched(url).catch((error) => {
    course = null; // another try may have more luck
    throw error;
  });
  return course;
}

async function fetched(url) {
  const response = await fetch(url);
  need(response.ok, `The lessons could not be loaded (${response.status}): reload the page.`);
  return response.json();
}
