// What every page has: the model, a bar to choose another, notices, keys, and a memory.

import { h, help, more, select } from "./dom.js";
import { InputError } from "./errors.js";
import { icon } from "./icons.js";
import { openBundle } from "./model.js";
import { shelfOf } from "./shelf.js";
import { createSpare } from "./spare.js";

const opened = new Map(); // weights -> bundle: going from page to page opens nothing anew

// A page's `mount(root, data, send)`: `data` is what Python says, `send(name, value)` tells it
// something. `build(bench, data)` fills the page. Returns {destroy}.
export function createMount(build) {
  return async function mount(root, data, send) {
    const page = h("div", { class: "atelier", "aria-busy": "true" },
      h("p", { class: "waiting quiet" }, "Opening the model …"));
    root.append(page);
    const plotly = window.Plotly ?? import(data.plotly).then(() => window.Plotly);
    try {
      const bundle = await open(data.files);
      page.replaceChildren();
      const bench = createBench(page, bundle, data, send, plotly);
      await build(bench, data);
      return { destroy: bench.close };
    } catch (error) {
      page.replaceChildren(h("p", { class: "notice", role: "alert" }, sentence(error, data)));
      return { destroy: () => page.remove() };
    } finally {
      page.removeAttribute("aria-busy");
    }
  };
}

function open(files) {
  const key = files["weights.safetensors"];
  if (!opened.has(key)) {
    opened.clear(); // one model at a time: its buffers are megabytes
    opened.set(key, openBundle(files));
    opened.get(key).catch(() => opened.delete(key));
  }
  return opened.get(key);
}

function sentence(error, data) {
  if (!(error instanceof InputError)) console.error(error);
  return error instanceof InputError
    ? `The model “${data.model}” cannot be shown: ${error.message}`
    : `The model “${data.model}” cannot be shown: its files could not be read (${error.message}).`;
}

function createBench(page, { card, model, atlas }, data, send, plotly) {
  const closers = [];
  const spare = createSpare();
  closers.push(() => spare.stop(), () => page.remove());
  const id = card.files["weights.safetensors"]; // the SHA-256: the same wherever the model is opened
  const memory = createMemory(id);
  const notices = h("div", { class: "notices", "aria-live": "polite" });
  const notify = (text) => {
    const note = h("p", { class: "notice" }, text,
      h("button", { type: "button", class: "plain", "aria-label": "Dismiss",
        onclick: () => note.remove() }, "×"));
    notices.append(note);
  };
  data.notices.forEach(notify);
  if (model.image[0] === 1) page.classList.toggle("ink", memory.read("ink", false));
  else page.classList.add("colour");

  const presenter = action("presenter", "Presenter: larger (P)", () => {
    presenter.setAttribute("aria-pressed", String(page.classList.toggle("presenter")));
  });

  // The bar at the top: the model, what a page puts there, and what all have.
  function bar(...content) {
    return h("header", { class: "bar" },
      data.models.length > 1 ? select("model", data.models.map((m) => [m.name, m.title]), data.model,
        (name) => send("model", name)) : h("strong", {}, card.title),
      help("this model", card.description, " ", figures(card.metrics)),
      data.refusals.length ? more(`${data.refusals.length} left out`, { class: "left-out" },
        h("ul", {}, ...data.refusals.map((words) => h("li", {}, words)))) : null,
      ...content);
  }

  // Keys of a page: [["Z  Y", "undo, redo"], …] and {z: act, …}; returns the list as a dialog.
  function keys(list, acts) {
    const dialog = h("dialog", { class: "keys" }, h("h2", {}, "Keys"),
      h("dl", {}, ...list.flatMap(([key, what]) => [h("dt", {}, key), h("dd", {}, what)])),
      h("form", { method: "dialog" }, h("button", {}, "Close")));
    const all = { p: () => presenter.click(), "?": () => dialog.showModal(), ...acts };
    const onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const act = all[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    listen(window, "keydown", onKey);
    return dialog;
  }

  function listen(target, name, act, options) {
    target.addEventListener(name, act, options);
    closers.push(() => target.removeEventListener(name, act, options));
  }

  // The theme may change while the page is open; what is drawn in its colours follows.
  function onTheme(act) {
    const scheme = new MutationObserver(act);
    scheme.observe(page.parentElement, { attributes: true, attributeFilter: ["style", "class"] });
    closers.push(() => scheme.disconnect());
  }

  function toggleInk() {
    page.classList.toggle("ink");
    memory.write("ink", page.classList.contains("ink"));
  }

  // Copies what `link()` gives; a page without https may not write the clipboard, and then shows it.
  async function copy(button, link) {
    const text = button.textContent;
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = text), 1500);
    } catch {
      notify(`Copy this link: ${link}`);
    }
  }

  return {
    page, card, model, atlas, classes: card.data.classes ?? [], data, send, plotly, spare, memory,
    shelf: shelfOf(id, model),
    // A page saved as a file has no Python behind it; else the address of what Python does.
    offline: data.root === undefined,
    ask: (what) => `${data.root}/${what}/${encodeURIComponent(data.model)}`,
    notices, notify, bar, keys, listen, onTheme, toggleInk, copy, presenter,
    closing: (act) => closers.push(act),
    close: () => closers.forEach((act) => act()),
  };
}

export function action(sign, name, act) {
  const button = h("button", { type: "button", class: `action do-${sign}`, title: name,
    "aria-label": name, onclick: () => act(button) }, icon(sign));
  return button;
}

// Tabs of a narrow page: one part at a time, [["map", "Map"], …].
export function createTabs(page, parts) {
  const tabs = h("nav", { class: "tabs", "aria-label": "Parts of the page" },
    ...parts.map(([key, name]) =>
      h("button", { type: "button", "data-tab": key, onclick: () => show(key) }, name)));
  function show(key) {
    page.dataset.tab = key;
    for (const tab of tabs.children) {
      tab.setAttribute("aria-pressed", String(tab.dataset.tab === key));
    }
  }
  show(parts[0][0]);
  return tabs;
}

const typing = (element) =>
  (element.closest?.("input:not([type=range]), select, textarea, dialog") ?? null) !== null;

// What a person said about a model stays in this browser, under the model's own sum.
function createMemory(id) {
  const key = (name) => `atelier ${name} ${id}`;
  return {
    read(name, otherwise) {
      try {
        return JSON.parse(localStorage.getItem(key(name))) ?? otherwise;
      } catch { // storage may be switched off, or hold something else
        return otherwise;
      }
    },
    write(name, value) {
      try {
        localStorage.setItem(key(name), JSON.stringify(value));
      } catch {
        console.info("This browser keeps nothing: names are forgotten when the page closes.");
      }
    },
  };
}

function figures(metrics) {
  const say = (m, digits) => `${m.value.toFixed(digits)} ${m.unit} (n = ${m.n}` +
    `${m.k ? `, K = ${m.k}` : ""}, seed ${m.seed})`;
  const parts = [["nll", "negative log-likelihood", 2], ["elbo", "ELBO", 2],
    ["active_units", "active units", 0]];
  return parts.filter(([key]) => metrics[key])
    .map(([key, name, digits]) => `${name} ${say(metrics[key], digits)}`).join("; ");
}

export function mapQuality({ umap_trustworthiness: trust, umap_lift_error: error }) {
  if (!trust || !error) return "How good that is for this model has not been measured.";
  return `Measured here: trustworthiness ${trust.value.toFixed(3)} (n = ${trust.n}); going to the ` +
    `map and back misses by ${Math.round(100 * error.value)} % of the distance between two random ` +
    `codes (n = ${error.n}). PCA is exact both ways.`;
}
