// The picture beside the sheet: the code that is chosen, or the one under the pointer; how typical it
// is, and what can be done with the choice.

import { keepCode, toExplore } from "../../widgets/codeactions.js";
import { h, help, press } from "../../widgets/dom.js";
import { createLarge } from "../../widgets/large.js";
import { typicalityOf } from "../../widgets/typicality.js";

// `code` is the picture in use; `traverse()` shows what each dimension does to it, `toggleInk()` how its
// pictures look.
export function createSheetView({ bench, code, toggleInk, traverse }) {
  const { model, yours } = bench;
  const picture = createLarge({ model, toggleInk }, "The decoded picture");
  const pixels = new Float32Array(model.pixels);
  const numbers = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const typicality = typicalityOf(model.code);
  const typical = h("span", { class: "typical" });
  const status = h("p", { class: "quiet", role: "status" });
  const element = h("section", { class: "pinned card view", "aria-label": "The picture" }, picture.element,
    h("div", { class: "facts" }, numbers, h("p", { class: "quiet" }, typical, " ", help("a typical code", ...typicality.about)),
    h("div", { class: "row" },
      h("button", { type: "button", class: "main do-explore", onclick: explore }, "Open in Explore →"),
      h("button", { type: "button", class: "do-keep", onclick: keep,
        title: "Add it to your pictures, for all pages (K)" }, "Add to your pictures"),
      h("button", { type: "button", class: "do-traverse", onclick: traverse,
        title: "Show what each dimension does to it" }, "Traverse")), status));

  // One frame.
  function paint() {
    const z = code.shown;
    picture.paint(model.decode(z, pixels));
    numbers.textContent = Array.from(z, (v) => v.toFixed(3)).join(" ");
    typical.textContent = typicality.read(z).words;
    picture.say(code.previewing ? `preview: ${press} to choose it` : `your choice: ${code.picture.name}`,
      code.previewing);
  }

  function keep() {
    const name = `sheet ${yours.items.filter((item) => item.name.startsWith("sheet ")).length + 1}`;
    if (!keepCode(bench, { name, kind: "code", z: code.z })) return;
    status.textContent = `Added as “${name}”; your ${yours.items.length} pictures are there on every page.`;
  }

  function explore() {
    toExplore(bench, code.z);
  }

  return { element, paint, keep, explore, settle: () => (status.textContent = "") };
}
