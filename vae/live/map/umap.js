// Another UMAP on request: a form, and what Python says while it makes the map.
//
// A request outlives the page, so that another page can be looked at meanwhile.

import { h, more } from "../widgets/dom.js";
import { refusal } from "../core/errors.js";
import { createInput } from "../widgets/form.js";
import { parse } from "../core/safetensors.js";
import { getBlob, streamLines } from "../io/client.js";

const requests = new Map(); // weights -> request

// `fields`: [{name, help, default, min, max, choices}]. `show(coordinates)` is called with another map
// ((N, 2), or null for the shipped one), `refuse(sentence)` of one that cannot be had.
export function createUmapForm(bench, { fields, show, refuse }) {
  const request = requestOf(bench);
  const inputs = fields.map((field) => createInput(field));
  const status = h("p", { class: "quiet", role: "status" });
  const bar = h("progress", { max: 1, hidden: true });
  const run = h("button", { type: "submit" }, "Make this map");
  const cancel = h("button", { type: "button", hidden: true, onclick: request.cancel }, "Cancel");
  const reset = h("button", { type: "button", hidden: true, onclick: request.reset },
    "Back to the shipped map");
  const form = h("form", { class: "umap", onsubmit: (event) => {
    event.preventDefault();
    request.run(Object.fromEntries(inputs.map((i) => [i.name, i.read()])));
  } }, ...inputs.map((i) => i.element), h("div", { class: "row" }, run, cancel, reset), bar, status);
  const element = more("New UMAP", { class: "do-umap" }, form);
  let shown = null; // the map that is drawn

  function follow({ busy, share, words, map }) {
    run.disabled = busy;
    cancel.hidden = !busy;
    reset.hidden = busy || !map;
    bar.hidden = !busy;
    if (share > 0) bar.value = share;
    else bar.removeAttribute("value");
    status.textContent = words;
    if (map !== shown) load(map);
  }

  async function load(map) {
    shown = map;
    try {
      const coordinates = map && await coordinatesOf(`${bench.data.root}/maps/${map}`);
      if (map === shown) show(coordinates);
    } catch (error) {
      refuse(refusal(error));
    }
  }

  // As soon as there is a map that can show what was asked for.
  function begin() {
    bench.closing(request.listen(follow));
    follow(request.state);
  }

  return { element, begin };
}

async function coordinatesOf(url) {
  const blob = await getBlob(url);
  return parse(await blob.arrayBuffer(), "the new map").umap.data;
}

function requestOf(bench) {
  const key = bench.data.files["weights.safetensors"];
  if (!requests.has(key)) requests.set(key, createRequest(bench.ask("umap")));
  return requests.get(key);
}

function createRequest(url) {
  const listeners = new Set();
  let state = { busy: false, share: 0, words: "", map: null };
  let running = null;

  function tell(changes) {
    state = { ...state, ...changes };
    listeners.forEach((listen) => listen(state));
  }

  async function run(settings) {
    const query = new URLSearchParams({ settings: JSON.stringify(settings) });
    running = new AbortController();
    tell({ busy: true, share: 0, words: "Asking Python …" });
    try {
      for await (const now of streamLines(`${url}?${query}`, null, running.signal)) tell(now);
    } catch (error) {
      tell({ words: error.name === "AbortError" ? "Cancelled; the map is as it was." : refusal(error) });
    } finally {
      tell({ busy: false });
    }
  }

  return {
    get state() {
      return state;
    },
    run,
    cancel: () => running.abort(),
    reset: () => tell({ map: null, words: "" }),
    // Returns what stops the listening.
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
