// What Python made of a lesson's Markdown, as elements: a node is text, or [tag, node, …]; a number, ["measure",
// name, argument, …], is measured as soon as it is on the page.

import { refusal } from "../core/errors.js";
import { h } from "../widgets/dom.js";
import { measure } from "./measures.js";

export function elements(nodes, lab) {
  return nodes.map((node) => {
    if (typeof node === "string") return node;
    const [tag, ...rest] = node;
    return tag === "measure" ? numberOf(rest, lab) : h(tag, {}, ...elements(rest, lab));
  });
}

function numberOf(words, lab) {
  const output = h("output", { class: "measured", "data-measure": words.join(" "), "aria-busy": "true" }, "…");
  measure(lab, ...words).then(({ text }) => text, refusal).then((text) => {
    output.textContent = text;
    output.removeAttribute("aria-busy");
  });
  return output;
}
