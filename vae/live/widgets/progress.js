// How much of something large has come, as a bar and in words.

import { h } from "./dom.js";

const MEGABYTE = 1e6;

// `all` is how many bytes there are; without it the bar only says that something is happening.
export function createProgress(words, all) {
  const bar = h("progress", { "aria-label": words, ...(all ? { max: all, value: 0 } : {}) });
  const text = h("p", { class: "quiet" }, words);
  const element = h("div", { class: "progress" }, text, bar);

  function show(bytes) {
    if (!all) return;
    bar.value = bytes;
    text.textContent = `${words}: ${(bytes / MEGABYTE).toFixed(1)} of ${(all / MEGABYTE).toFixed(1)} MB`;
  }

  return { element, show };
}
