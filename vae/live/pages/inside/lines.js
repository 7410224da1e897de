// Each part of the machine with its formula, its line of PyTorch and its numbers; what is pointed at is lit here and
// in the picture of the machine.

import { stagesOf } from "../../core/machine.js";
import { formulaOf, linesOf, torchOf } from "../../core/torch.js";
import { h } from "../../widgets/dom.js";
import { partsOf } from "./schema.js";

const NAMES = { x: "input", mean: "mean", scale: "standard deviation", noise: "noise", code: "code", image: "reconstruction",
  distortion: "distortion", rate: "rate", loss: "loss" };

// {part: [formula, code]} of all parts.
function textsOf({ model, card: { model: { encoder, decoder, image } } }) {
  const stages = (letter, layers) => stagesOf(layers).map(({ layers: own }, i) =>
    [`${letter}${i}`, [`h = ${formulaOf(own)}`, `h = nn.Sequential(${torchOf(own)})(h)`]]);
  return { x: [`x ∈ [0, 1], ${image.join(" × ")}`, "h = x = picture.unsqueeze(0)"], ...linesOf(model),
    ...Object.fromEntries([...stages("e", encoder), ...stages("d", decoder)]) };
}

export const nameOf = (part) => NAMES[part] ??
  `${part[0] === "e" ? "encoder" : "decoder"}, stage ${Number(part.slice(1)) + 1}`;

export function createLines(bench) {
  const { history } = bench, texts = textsOf(bench);
  const rows = partsOf(bench).map((part) => {
    const numbers = h("span", { class: "numbers" });
    const [formula, code] = texts[part];
    const toggle = () => history.change({ part: history.now.part === part ? null : part });
    const button = h("button", { type: "button", class: "plain line", "data-part": part, onclick: toggle },
      h("strong", {}, nameOf(part)), h("span", { class: "formula" }, formula), h("code", {}, code), numbers);
    return { part, button, numbers };
  });
  const element = h("section", { class: "card lines", "aria-label": "Formulas, PyTorch and numbers" },
    ...rows.map(({ button }) => button));

  const lens = h("div", { class: "lens" }, ...["strong", "span", "code", "small"].map((tag) => h(tag, {})));
  lens.children[1].className = "formula";

  // `numbers` are {part: words}; `lit` is the part in the lens.
  function show(numbers, pinned, lit) {
    const said = lit ? [nameOf(lit), ...texts[lit], numbers[lit]]
      : ["Point at a part of the machine", "z = μ + σ ε", "x_hat = decoder(encoder(x))", "its formula, its line of PyTorch and its numbers stand here"];
    said.forEach((words, i) => (lens.children[i].textContent = words));
    for (const row of rows) {
      row.numbers.textContent = numbers[row.part];
      row.button.setAttribute("aria-pressed", String(row.part === pinned));
    }
  }

  return { element, lens, show };
}
