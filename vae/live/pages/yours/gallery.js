// Your pictures, as a row: choose one, remove one, take all codes and scores along as a table.

import { download, h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { MOST } from "../../state/pictures.js";
import { priceOf, shareBelow } from "./diagnosis.js";
import { choose, remove, removeAll } from "./steps.js";

// `prices` are the held-out examples', sorted.
export function createGallery({ bench, prices }) {
  const { data, model, history } = bench;
  const list = h("div", { class: "pictures", role: "list" });
  const count = h("span", { class: "quiet" });
  const csv = h("button", { type: "button", class: "do-csv", onclick: save,
    title: "Codes and scores of all pictures" }, "CSV");
  const element = h("section", { class: "card gallery", "aria-label": "Your pictures" },
    h("header", {}, h("h2", {}, "Your pictures"), count, h("span", { class: "space" }), csv,
      h("button", { type: "button", class: "do-empty",
        onclick: () => history.change(removeAll(history.now)) }, "Remove all")),
    list);

  function show(pictures) {
    count.textContent = `${pictures.length} of ${MOST}`;
    element.classList.toggle("empty", !pictures.length);
    list.replaceChildren(...pictures.map(createCard));
    mark(history.now.use);
  }

  function createCard(item) {
    const picture = createPicture(model.image);
    picture.paint(item.x ?? model.decode(item.z));
    const words = item.x && prices ? `${Math.round(100 * shareBelow(prices, priceOf(item)))} %` : item.kind;
    return h("div", { class: "item", role: "listitem", "data-id": item.id },
      h("button", { type: "button", class: "thumb", title: item.name, "aria-label": `Show ${item.name} ${words}`,
        onclick: () => history.change(choose(item)) },
      picture.canvas, h("span", { class: "name quiet" }, item.name),
      h("span", { class: "quiet", title: "held-out pictures that surprise the model less" }, words)),
      h("button", { type: "button", class: "remove", "aria-label": `Remove ${item.name}`,
        onclick: () => history.change(remove(history.now, item.id)) }, "×"));
  }

  // Which of them is in use.
  function mark(use) {
    for (const card of list.children) {
      card.querySelector(".thumb").setAttribute("aria-pressed", String(Number(card.dataset.id) === use));
    }
  }

  function save() {
    download(`${data.model} pictures.csv`,
      new Blob([table(history.now.pictures, prices, model.latent)], { type: "text/csv" }));
  }

  return { element, show, mark };
}

const PRICED = ["rate", "distortion", "surprise"];

// The same columns as `python -m vae encode --out codes.csv`, and the code in use.
export function table(items, prices, d) {
  const numbered = (name) => Array.from({ length: d }, (_, j) => `${name}_${j}`);
  const head = ["picture", "notes", "percentile", ...numbered("mean"), ...numbered("scale"),
    ...PRICED.map((name) => `${name}_nats`), "beyond", ...numbered("code")];
  const rows = items.filter(({ x }) => x).map((item) => [quoted(item.name),
    quoted(item.notes.join(" ")), prices && 100 * shareBelow(prices, priceOf(item)),
    ...item.mean, ...item.scale, ...PRICED.map((name) => (item.beyond ? null : item[name])),
    Number(item.beyond), ...item.z]
    .map((v) => (typeof v === "number" ? String(Number(v.toPrecision(7))) : v)));
  return [head, ...rows].map((cells) => cells.join(",")).join("\r\n") + "\r\n";
}

// A cell that begins like a formula is text to a person, and must stay text to a spreadsheet.
const quoted = (text) => `"${text.replace(/^[=+\-@\t]/, "'$&").replaceAll('"', '""')}"`;
