// The explorer as one file: the same pages, without Streamlit and without a server.

import { address, asked } from "./io/link.js";
import { createLocal } from "./local.js";
import { h } from "./widgets/dom.js";

// `content` is {model, title, files: {name: base64}, mixture, lessons, pages: {key: title}}; all else is in the
// page already.
export function start(root, { model, title, files, mixture, lessons, pages }) {
  const blobs = Object.entries(files).map(([name, base64]) => [name, new Blob([bytes(base64)])]);
  const urls = Object.fromEntries(blobs.map(([name, blob]) => [name, URL.createObjectURL(blob)]));
  const size = blobs.reduce((sum, [, blob]) => sum + blob.size, 0);
  const data = { model, models: [{ name: model, title, files: urls, bytes: size }], files: urls, notices: [],
    refusals: [], lessons: URL.createObjectURL(new Blob([JSON.stringify(lessons)])),
    prepare: [], mixture, pages: Object.entries(pages).map(([key, words]) =>
      ({ key, title: words, href: address(new URLSearchParams({ page: key })) })) };
  const stage = h("main", {});
  root.append(stage);
  const local = createLocal(stage, data, { queryOf: (page, query) => ({ page, ...query }) });

  // The colours follow the system; the pages listen to their parent's class.
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => stage.classList.toggle("dark", scheme.matches);
  scheme.addEventListener("change", recolour);
  recolour();
  // What stands behind the # says which page, and the page reads the rest of it.
  function follow() {
    const { page: wanted, ...query } = Object.fromEntries(new URLSearchParams(asked()));
    if (local.has(wanted)) local.open(wanted, query);
    else local.open(Object.keys(pages)[0], wanted ? { ...query, unknown: wanted } : query);
  }

  addEventListener("hashchange", follow);
  follow();
}

const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
