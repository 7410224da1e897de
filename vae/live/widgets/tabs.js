// Tabs of a narrow page: one part at a time, [["map", "Map"], …].

import { h } from "./dom.js";

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
