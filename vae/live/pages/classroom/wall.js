// The wall: all pictures that were sent, each with its name; what can be done with one, and with all.

import { refusal } from "../../core/errors.js";
import { roomFile } from "../../io/classroom.js";
import { createDialog } from "../../widgets/dialog.js";
import { download, h, more } from "../../widgets/dom.js";
import { createPicture } from "../../widgets/picture.js";

const LETTERS = ["A", "B"]; // of the morph's ends

export function createWall(bench, sent) {
  const { history, room, notify } = bench;
  const list = h("div", { class: "wall-pictures", role: "list" }), cards = new Map(); // by id
  const none = h("p", { class: "quiet" }, "Pictures appear here as soon as they are sent. Press two of them for a morph.");
  const aside = h("div", { class: "row quiet aside" });
  const act = (name, given) => room.act(name, given).catch((error) => notify(refusal(error)));
  const element = h("section", { class: "card wall", "aria-label": "The wall" },
    h("header", {}, h("h2", {}, "The wall"), aside, h("span", { class: "space" }), ...createEnding(bench, act)), none, list);

  // The last two that were pressed.
  const choose = (id) => history.change({ show: "morph", t: 0.5,
    pair: history.now.pair.includes(id) ? history.now.pair : [history.now.pair[1], id] });

  function show() {
    const { shown, hidden, elsewhere } = sent;
    none.hidden = shown.length > 0;
    for (const id of cards.keys()) if (!sent.find(id)) cards.get(id).remove(), cards.delete(id);
    for (const one of shown.filter(({ id }) => !cards.has(id))) cards.set(one.id, createCard(bench, one, { choose, act }));
    const wanted = shown.map(({ id }) => cards.get(id));
    wanted.forEach((card, i) => list.children[i] !== card && list.insertBefore(card, list.children[i] ?? null));
    aside.replaceChildren(...hiddenOf(hidden, act), ...elsewhereOf(elsewhere));
  }

  function mark(pair) {
    for (const [id, card] of cards) {
      const letter = LETTERS[pair.indexOf(id)] ?? "";
      card.firstChild.setAttribute("aria-pressed", String(letter !== ""));
      card.dataset.end = letter;
    }
  }

  return { element, show, mark };
}

function createCard({ model }, { id, pupil, name, x }, { choose, act }) {
  const picture = createPicture(model.image), label = name || `picture ${id}`;
  picture.paint(x);
  const doing = (words, ...what) => h("button", { type: "button", onclick: () => act(...what) }, words);
  return h("div", { class: "item", role: "listitem", "data-id": id },
    h("button", { type: "button", class: "thumb", title: label, "aria-label": `Morph with ${label}`, onclick: () => choose(id) },
      picture.canvas, h("span", { class: "name quiet" }, name || "\u00a0")),
    more("⋯", { class: "acts", "aria-label": `What to do with ${label}` }, h("div", { class: "row" },
      doing("Hide", "hide", { ids: [id] }), doing("Remove", "remove", { ids: [id] }),
      doing("Remove all of this pupil, and take no more", "bar", { ids: [pupil] }))));
}

// They come back one by one; nobody sees them before.
function hiddenOf(hidden, act) {
  if (!hidden.length) return [];
  const row = ({ id, name }) => h("li", {}, `${name || `picture ${id}`} `, h("button", { type: "button",
    onclick: () => act("show", { ids: [id] }) }, "Show"), " ", h("button", { type: "button",
    onclick: () => act("remove", { ids: [id] }) }, "Remove"));
  return [more(`${hidden.length} hidden`, { class: "hidden-ones" }, h("ul", {}, ...hidden.map(row)))];
}

const elsewhereOf = (pictures) => pictures.length
  ? [h("span", {}, `${pictures.length} sent with ${[...new Set(pictures.map(({ model }) => model))].join(", ")}`)] : [];

// Save, clear, end: the last two ask first, for they cannot be undone.
function createEnding({ page, data, notify, closing }, act) {
  const save = async () => {
    try {
      download(`class ${data.classroom.teacher.code}.zip`, await roomFile(data.classroom));
    } catch (error) {
      notify(refusal(error));
    }
  };
  const clear = askFirst("Clear the room?", "All pictures and predictions go, for good; the class goes on.", "Clear", () => act("clear"));
  const end = askFirst("End the class?", "All pictures and predictions go, for good, and phones can send no more. Save before, " +
    "if you want to keep them.", "End the class", () => act("end"));
  page.append(clear, end);
  closing(() => [clear.remove(), end.remove()]);
  const button = (name, words, onclick, title) => h("button", { type: "button", class: `do-${name}`, title, onclick }, words);
  return [button("save", "Save", save, "All pictures that are shown, their codes and the predictions as one ZIP file"),
    button("clear-room", "Clear …", () => clear.showModal()), button("end", "End …", () => end.showModal())];
}

function askFirst(question, words, yes, act) {
  const dialog = createDialog({ class: "keys asking", "aria-label": question }, h("h2", {}, question), h("p", {}, words),
    h("div", { class: "row" }, h("button", { type: "button", class: "main do-yes", onclick: () => [dialog.close(), act()] }, yes),
      h("button", { type: "button", onclick: () => dialog.close() }, "No")));
  return dialog;
}
