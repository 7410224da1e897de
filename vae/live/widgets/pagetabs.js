// The pages as a row of links, which scrolls where it is too narrow for all of them.

import { h } from "./dom.js";

let wasPressed = false; // a tab led to the page that opens next: the focus goes on with its tab

// `pages` are [{key, title, href}, …]; `go(key)` leads to another one.
export function createPageTabs({ pages, current, go }) {
  const links = pages.map(({ key, title, href }) => h("a", { href, "data-page": key,
    "aria-current": key === current ? "page" : null, onclick: (event) => press(event, key) }, title));
  const element = h("nav", { class: "pages", "aria-label": "Pages" }, ...links);
  const own = links.find((link) => link.dataset.page === current);

  // Another button or a key beside it means another tab of the browser.
  function press(event, key) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (key === current) return;
    wasPressed = true;
    go(key);
  }

  function begin() {
    if (!own) return; // a page that is none of them
    element.scrollLeft = own.offsetLeft - (element.clientWidth - own.offsetWidth) / 2;
    if (wasPressed) own.focus({ preventScroll: true });
    wasPressed = false;
  }

  return { element, begin };
}
