// Pages without Python behind them, one after the other in the same place.

import { address, remember } from "./io/link.js";
import { mount } from "./shell.js";

// `data` is what pages are given, without `root`. `queryOf(key, query)` is what stands in the address of a page.
// `send` hears what pages ask for but the way to another page.
export function createLocal(stage, data, { queryOf, send = () => {} }) {
  let page = Promise.resolve(null);
  const titles = Object.fromEntries(data.pages.map(({ key, title }) => [key, title]));

  function open(key, query = {}) {
    page = page.then(async (before) => {
      before?.destroy();
      remember(address(new URLSearchParams(queryOf(key, query))));
      return mount(stage, { ...data, page: key, title: titles[key] }, hear);
    });
  }

  function hear(name, value) {
    const { page: wanted, model = data.model, ...query } = name === "go" ? value : {};
    const isElsewhere = model !== data.model && data.models.some(({ name }) => name === model);
    if (wanted && !isElsewhere) open(wanted, query); // a model that nobody has is this one, and the lesson says so
    else send(name, value);
  }

  return { open, has: (key) => Object.hasOwn(titles, key ?? ""),
    notify: async (words) => (await page)?.notify(words),
    close: async () => (await page)?.destroy() };
}
