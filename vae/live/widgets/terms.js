// Terms where they are read: each that a page names is underlined once, and opens its sentence under the pointer,
// with the focus, or by a press.

import { mentions } from "../core/glossary.js";
import { TERMS } from "../core/terms.js";
import { h, putBelow } from "./dom.js";
import { createTermPicture } from "./termpicture.js";

const REST = 300; // ms without a change, after which what is new on the page is read
const LINGER = 250; // ms in which the pointer may go from the term to its sentence
// What is pressed, drawn or says something else at each move.
const OTHER = "button, a, select, label, summary, output, dialog, svg, canvas, code, .head, .notices, .unseen, " +
  ".where, .sliders > :not([popover]), .term-box, [role=status], [aria-live], [aria-hidden=true], [contenteditable]";

let count = 0;

export class Terms {
  #marks = new Map(); // term -> {button, parent}
  #restless = new WeakSet(); // elements whose text changes
  #timer = 0;

  constructor(page, closing) {
    this.page = page;
    const watch = new MutationObserver(() => this.#later());
    const begin = () => watch.observe(page, { childList: true, subtree: true });
    this.read = () => {
      watch.disconnect(); // what is marked here is no news
      this.#read();
      begin();
    };
    closing(() => {
      watch.disconnect();
      clearTimeout(this.#timer);
    });
    this.read();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.read, REST);
  }

  #read() {
    this.#forget();
    const texts = textsOf(this.page).filter(({ parentElement }) => !this.#restless.has(parentElement));
    const [hidden, open] = [texts.filter(isHelp), texts.filter((text) => !isHelp(text))];
    for (const text of [...open, ...hidden]) this.#mark(text);
  }

  // Marks that are gone: where the text around them stayed, it changes by itself.
  #forget() {
    for (const [term, { button, box, parent }] of this.#marks) {
      if (button.isConnected) continue;
      if (parent.isConnected) this.#restless.add(parent);
      box.remove();
      this.#marks.delete(term);
    }
  }

  #mark(text) {
    const next = mentions(text.data).find(({ term }) => !this.#marks.has(term));
    if (!next) return;
    const words = text.splitText(next.start), rest = words.splitText(next.end - next.start);
    const { button, box } = createTerm(next.term, words.data);
    this.#marks.set(next.term, { button, box, parent: text.parentElement });
    words.replaceWith(button);
    this.page.append(box);
    this.#mark(rest);
  }
}

const isHelp = ({ parentElement }) => parentElement.closest("[popover]") !== null;

function textsOf(page) {
  const texts = [], walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.data.trim() && !text.parentElement.closest(OTHER)) texts.push(text);
  }
  return texts;
}

// A term as it stands in a text, and the box with its sentence, which is there as long as it is open.
function createTerm(term, words) {
  const { says, formula, moves } = TERMS[term], id = `atelier-term-${count++}`;
  const picture = moves ? createTermPicture(moves) : null;
  const button = h("button", { type: "button", class: "term", "data-term": term, popovertarget: id }, words);
  const content = () => [h("p", {}, h("strong", {}, term), " ", says), ...(picture ? [picture.element] : []),
    ...(formula ? [h("details", {}, h("summary", {}, "Formula"), h("p", { class: "formula" }, formula))] : [])];
  const box = h("div", { id, class: "term-box", popover: "auto",
    onbeforetoggle: ({ newState }) => newState === "open" && box.replaceChildren(...content()),
    ontoggle({ newState }) {
      if (newState === "open") {
        putBelow(box, button);
        picture?.play();
      } else {
        picture?.stop();
        box.replaceChildren();
      }
    } });
  opensByHand(button, box);
  return { button, box };
}

// Under the pointer and with the focus of the keyboard; after a press it stays until it is closed.
function opensByHand(button, box) {
  const isOpen = () => box.matches(":popover-open");
  let timer = 0, stays = false, closing = false; // closing it gives the focus back, which opens nothing
  const open = () => {
    if (!isOpen() && button.isConnected) box.showPopover({ source: button });
  };
  const close = () => {
    if (isOpen()) box.hidePopover();
  };
  const after = (act) => ({ pointerType }) => {
    clearTimeout(timer);
    if (pointerType === "mouse" && !stays) timer = setTimeout(act, LINGER);
  };
  button.addEventListener("pointerenter", after(open));
  button.addEventListener("focus", () => !closing && button.matches(":focus-visible") && open());
  button.addEventListener("blur", ({ relatedTarget }) => box.contains(relatedTarget) || close());
  button.addEventListener("click", (event) => {
    clearTimeout(timer);
    stays = true;
    if (isOpen()) event.preventDefault();
  });
  box.addEventListener("beforetoggle", ({ newState }) => (closing = newState === "closed"));
  box.addEventListener("toggle", ({ newState }) => {
    closing = false;
    if (newState === "closed") stays = false;
  });
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  for (const element of [button, box]) element.addEventListener("pointerleave", after(close));
}
