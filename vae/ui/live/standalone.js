// The explorer as one file: the same pages, without Streamlit and without a server.

import { mount as directions } from "./directions.js";
import { h } from "./dom.js";
import { mount as explore } from "./explorer.js";
import { mount as generate } from "./generate.js";
import { address, asked, remember } from "./link.js";
import { mount as morph } from "./morph.js";
import { mount as sheet } from "./sheet.js";
import { mount as yours } from "./yours.js";

const PAGES = { Explore: explore, Draw: yours, Morph: morph, Generate: generate,
  Directions: directions, Sheet: sheet };

// `content` is {model, title, files: {name: base64}, mixture}; all else is in the page already.
export function start(root, { model, title, files, mixture }) {
  const urls = Object.fromEntries(Object.entries(files).map(([name, base64]) =>
    [name, URL.createObjectURL(new Blob([bytes(base64)]))]));
  const data = { model, models: [{ name: model, title }], files: urls, notices: [], refusals: [],
    prepare: [], mixture };
  const tabs = h("nav", { class: "pages", "aria-label": "Pages" }, h("strong", {}, "VAE Atelier"),
    ...Object.keys(PAGES).map((name) =>
      h("button", { type: "button", "data-page": name, onclick: () => open(name, {}) }, name)));
  const stage = h("div", {});
  root.append(tabs, stage);
  let page = Promise.resolve(null);

  function open(name, query) {
    for (const tab of tabs.querySelectorAll("button")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.page === name));
    }
    page = page.then(async (before) => {
      before?.destroy();
      remember(address(new URLSearchParams({ page: name, ...query })));
      return PAGES[name](stage, data, send);
    });
  }

  // What a page asks for: there is one model, so only the way to another page matters.
  function send(name, value) {
    if (name !== "go") return;
    const { title: wanted, ...query } = value;
    open(wanted, query);
  }

  // The colours follow the system; the pages listen to their parent's class.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) =>
    stage.classList.toggle("dark", matches));
  // What stands behind the # says which page, and the page reads the rest of it.
  function follow() {
    const { page: wanted, ...query } = Object.fromEntries(new URLSearchParams(asked()));
    open(Object.hasOwn(PAGES, wanted ?? "") ? wanted : "Explore", query);
  }

  addEventListener("hashchange", follow);
  follow();
}

const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
