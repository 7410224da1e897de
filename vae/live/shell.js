// The frame of every page: the model, a bar to choose another, notices, keys, and a memory.

import { InputError } from "./core/errors.js";
import { openBundle } from "./io/bundle.js";
import { moduleAddress } from "./io/modules.js";
import { createIdle } from "./state/idle.js";
import { createMemory } from "./state/memory.js";
import { picturesOf } from "./state/pictures.js";
import { action } from "./widgets/action.js";
import { h, help, more, select } from "./widgets/dom.js";
import { createKeys } from "./widgets/keys.js";

const opened = new Map(); // weights -> bundle: going from page to page opens nothing anew

// Opens the page that `data` names in `root`; `send(name, value)` tells Python something. A page is
// a module pages/<page>/page.js whose `build(bench, data)` fills it. Returns {destroy}.
export async function mount(root, data, send) {
  const page = h("div", { class: "atelier", "data-page": data.page, "aria-busy": "true" },
    h("p", { class: "waiting quiet" }, "Opening the model …"));
  root.append(page);
  const plotly = window.Plotly ?? import(data.plotly).then(() => window.Plotly);
  try {
    const [bundle, { build }] = await Promise.all([open(data.files), pageOf(data.page)]);
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
}

const pageOf = (key) => import(moduleAddress(`pages/${key}/page.js`));

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
  const idle = createIdle();
  closers.push(() => idle.stop(), () => page.remove());
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

  // Keys of a page; returns the list as a dialog.
  function keys(list, acts) {
    const { dialog, press } = createKeys(list, { p: () => presenter.click(), ...acts });
    listen(window, "keydown", press);
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
    page, card, model, atlas, classes: card.data.classes ?? [], data, send, plotly, idle, memory,
    yours: picturesOf(id, model),
    // A page saved as a file has no Python behind it; else the address of what Python does.
    offline: data.root === undefined,
    ask: (what) => `${data.root}/${what}/${encodeURIComponent(data.model)}`,
    notices, notify, bar, keys, listen, onTheme, toggleInk, copy, presenter,
    closing: (act) => closers.push(act),
    close: () => closers.forEach((act) => act()),
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
