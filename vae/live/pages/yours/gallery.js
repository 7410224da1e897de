// The pictures at hand, as a row: pick one, remove one, take all codes and scores along as a table.

import { download, h } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";
import { KEPT } from "../../state/pictures.js";
import { priceOf, shareBelow } from "./diagnosis.js";

// `prices` are the held-out examples', sorted; `pick(item)` is called when one is chosen.
export function createGallery({ yours, model, prices, name, pick }) {
  const list = h("div", { class: "shelf", role: "list" });
  const count = h("span", { class: "quiet" });
  const csv = h("button", { type: "button", class: "do-csv", onclick: save,
    title: "Codes and scores of all pictures" }, "CSV");
  const element = h("section", { class: "card gallery", "aria-label": "Pictures at hand" },
    h("header", {}, h("h2", {}, "Pictures at hand"), count, h("span", { class: "space" }), csv,
      h("button", { type: "button", class: "do-empty", onclick: () =>
        yours.items.forEach(({ id }) => yours.remove(id)) }, "Remove all")),
    list);
  let chosen = null;

  function show() {
    const { items } = yours;
    count.textContent = `${items.length} of ${KEPT}`;
    element.classList.toggle("empty", !items.length);
    list.replaceChildren(...items.map(createCard));
  }

  function createCard(item) {
    const picture = createPicture(model.image);
    picture.paint(item.x ?? model.decode(item.z));
    const share = item.x ? shareBelow(prices, priceOf(item)) : null;
    const words = share === null ? item.kind : `${Math.round(100 * share)} %`;
    return h("div", { class: "item", role: "listitem", "data-id": item.id },
      h("button", { type: "button", class: "thumb", "aria-pressed": String(item.id === chosen),
        title: item.name, "aria-label": `Show ${item.name}`, onclick: () => pick(item) },
      picture.canvas, h("span", { class: "name quiet" }, item.name),
      h("span", { class: "quiet", title: "held-out pictures that surprise the model less" }, words)),
      h("button", { type: "button", class: "remove", "aria-label": `Remove ${item.name}`,
        onclick: () => yours.remove(item.id) }, "×"));
  }

  function choose(id) {
    chosen = id;
    for (const card of list.children) {
      card.querySelector(".thumb").setAttribute("aria-pressed", String(Number(card.dataset.id) === id));
    }
  }

  function save() {
    download(`${name} pictures.csv`, new Blob([table(yours.items, prices, model.latent)],
      { type: "text/csv" }));
  }

  show();
  return { element, show, choose };
}

// The same columns as `python -m vae encode --out codes.csv`, and the code in use.
export function table(items, prices, d) {
  const numbered = (name) => Array.from({ length: d }, (_, j) => `${name}_${j}`);
  const head = ["picture", "notes", "percentile", ...numbered("mean"), ...numbered("scale"),
    "rate_nats", "distortion_nats", ...numbered("code")];
  const rows = items.filter(({ x }) => x).map((item) => [quoted(item.name),
    quoted(item.notes.join(" ")), (100 * shareBelow(prices, priceOf(item))).toPrecision(7),
    ...item.mean, ...item.scale, item.rate, item.distortion, ...item.z]
    .map((v) => (typeof v === "number" ? String(Number(v.toPrecision(7))) : v)));
  return [head, ...rows].map((cells) => cells.join(",")).join("\r\n") + "\r\n";
}

// A cell that begins like a formula is text to a person, and must stay text to a spreadsheet.
const quoted = (text) => `"${text.replace(/^[=+\-@\t]/, "'$&").replaceAll('"', '""')}"`;
