// The picture beside the sheet: the code that is chosen, or the one under the pointer; how usual it
// is, and what can be done with the choice.

import { keepCode, toExplore } from "../../widgets/codeactions.js";
import { h, help } from "../../widgets/dom.js";
import { createLarge } from "../../widgets/large.js";
import { norm } from "../../core/latent.js";
import { chiCdf } from "../../core/normal.js";

// `store` has the code; `traverse()` is told to show what each dimension does to the choice.
export function createSheetView({ bench, store, toggleInk, traverse }) {
  const { model, yours } = bench;
  const picture = createLarge({ model, toggleInk }, "The decoded picture");
  const pixels = new Float32Array(model.pixels);
  const code = h("code", { class: "code", tabindex: 0, "aria-label": "The exact code" });
  const usual = h("span", { class: "usual" });
  const kept = h("p", { class: "quiet", role: "status" });
  const element = h("section", { class: "card view", "aria-label": "The picture" }, picture.element,
    h("div", { class: "facts" }, code, h("p", { class: "quiet" }, usual, " ", help("the distance",
      "How far the code lies from the origin, ‖z‖, in standard deviations σ of the prior; and the share ",
      "of the prior's own codes that lie nearer. Far above 99 % the model has hardly learned anything.")),
    h("div", { class: "row" },
      h("button", { type: "button", class: "main do-explore", onclick: explore }, "Explore →"),
      h("button", { type: "button", class: "do-keep", onclick: keep,
        title: "Put it with the pictures at hand (K)" }, "Keep"),
      h("button", { type: "button", class: "do-traverse", onclick: traverse,
        title: "Show what each dimension does to it" }, "Traverse")), kept));

  function paint(z) {
    picture.paint(model.decode(z, pixels));
    code.textContent = Array.from(z, (v) => v.toFixed(3)).join(" ");
    const far = norm(z), share = chiCdf(far, model.latent);
    usual.textContent = `${far.toFixed(2)} σ from the middle, farther than ${percent(share)} of the prior.`;
  }

  function describe() {
    const words = store.previewing ? "preview: click to choose it"
      : `your choice: ${store.source?.words ?? "a code"}`;
    picture.caption.textContent = words;
    picture.caption.classList.toggle("preview", store.previewing);
    picture.canvas.setAttribute("aria-label", `The decoded picture of ${words}`);
  }

  function keep() {
    const name = `sheet ${yours.items.filter((item) => item.name.startsWith("sheet ")).length + 1}`;
    if (!keepCode(bench, { name, kind: "code", z: store.z })) return;
    kept.textContent = `Kept as “${name}”; ${yours.items.length} pictures are at hand on every page.`;
  }

  function explore() {
    toExplore(bench, store.z);
  }

  store.listen((why) => {
    if (why === "settle") kept.textContent = "";
    describe();
  });
  describe();
  return { element, paint, keep, explore };
}

const percent = (share) => (share > 0.999 ? "99.9 %" : `${Math.round(100 * share)} %`);
