// All trainings that are here, the last one first: a press shows one.

import { h } from "../../widgets/dom.js";
import { stateWords } from "./words.js";

export function createQueue({ choose }) {
  const list = h("ul", { class: "queue" });
  const element = h("section", { class: "card", "aria-label": "Trainings", hidden: true }, h("h2", {}, "Trainings"), list);
  const rows = new Map(); // id -> its row, which keeps the focus from look to look

  function rowOf({ id, title, data }) {
    const words = h("span", { class: "quiet" });
    const button = h("button", { type: "button", onclick: () => choose(id) }, h("strong", {}, title), ` ${data}`, words);
    return { element: h("li", { "data-training": id }, button), button, words };
  }

  return { element,
    show(all, current) {
      element.hidden = !all.length;
      for (const id of rows.keys()) if (!all.some((one) => one.id === id)) rows.delete(id);
      for (const one of all) {
        if (!rows.has(one.id)) rows.set(one.id, rowOf(one));
        const { button, words } = rows.get(one.id);
        words.textContent = stateWords(one, all);
        button.setAttribute("aria-pressed", String(one === current));
      }
      const wanted = all.map(({ id }) => rows.get(id).element).reverse();
      if (wanted.some((row, i) => list.children[i] !== row) || list.children.length !== wanted.length) list.replaceChildren(...wanted);
    } };
}
