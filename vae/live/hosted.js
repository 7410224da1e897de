// A page with Python behind it, on which a model file can be opened: then its place is taken by pages that
// run on that file alone, until a model of Python's is chosen again.

import { refusal } from "./core/errors.js";
import { address, remember } from "./io/link.js";
import { isPackage, openPackage } from "./io/package.js";
import { createLocal } from "./local.js";
import { mount as mountPage } from "./shell.js";

const opened = []; // models from files, as long as this tab is open
const NO_MIXTURE = "Gaussians are fitted by Python, which does not know this file: open it by python app.py and the name of the file.";

// As in shell.js. Pages ask for a model in a file by send("file", file).
export async function mount(root, data, send) {
  const host = new Host(root, data, send);
  await host.begin();
  return { destroy: () => host.destroy() };
}

class Host {
  constructor(root, data, send) {
    Object.assign(this, { root, send, data: { ...data, opensFiles: true } });
    this.stop = onDrop(root, (file) => this.#open(file));
  }

  async begin() {
    const { models } = this.data;
    this.page = await mountPage(this.root, { ...this.data, models: [...models, ...opened] }, this.#hear);
  }

  destroy() {
    this.stop();
    (this.local?.close() ?? Promise.resolve()).then(() => this.page?.destroy());
  }

  #hear = (name, value) => {
    if (name === "file") return this.#open(value);
    const model = name === "model" ? value : value.model ?? this.data.model;
    const known = opened.find((one) => one.name === model);
    if (known) return this.#show(known, name === "go" ? value : { page: this.data.page });
    return this.#leave(name, value, model);
  };

  async #open(file) {
    try {
      const model = await openPackage(file), names = [...this.data.models, ...opened].map(({ name }) => name);
      for (let i = 2, first = model.name; names.includes(model.name); i++) model.name = `${first}-${i}`;
      opened.push(model);
      await this.#show(model, { page: "explore" });
    } catch (error) {
      await (this.local ?? this.page).notify(refusal(error));
    }
  }

  // The pages on this file.
  async #show(model, { page, ...query }) {
    await this.local?.close();
    this.page?.destroy();
    this.page = null;
    const data = { ...this.data, root: undefined, first: undefined, model: model.name, files: model.files,
      models: [...this.data.models, ...opened], notices: [], mixture: { refused: NO_MIXTURE } };
    this.local = createLocal(this.root, data,
      { queryOf: (_, asked) => ({ ...asked, model: model.name }), send: this.#hear });
    this.local.open(page, query);
  }

  // Back to Python's: it opens what is not open already.
  async #leave(name, value, model) {
    const page = name === "go" ? value.page : this.data.page;
    if (this.local && model === this.data.model && page === this.data.page) {
      await this.local.close();
      this.local = null;
      remember(address(new URLSearchParams({ model })));
      await this.begin();
    } else {
      this.send(name, value);
    }
  }
}

// A model file that is dropped anywhere; all other files are for the page.
function onDrop(root, take) {
  const control = new AbortController(), { signal } = control;
  window.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  }, { signal });
  window.addEventListener("drop", (event) => {
    const file = [...(event.dataTransfer?.files ?? [])].find(isPackage);
    if (!file) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    root.querySelector(".atelier")?.classList.remove("dropping");
    take(file);
  }, { signal, capture: true });
  return () => control.abort();
}
