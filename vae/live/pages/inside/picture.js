// What goes in: the pad's drawing, or what a held-out example's code or one of your pictures means.

import { drawingsFor } from "../../core/drawings.js";
import { inputOf } from "../../core/machine.js";
import { anyExample } from "../../core/origins.js";
import { h } from "../../widgets/dom.js";
import { PEN, Pad, strokesOf } from "../../widgets/pad.js";

export function createInput(bench) {
  const { model, card, history, classes, yours } = bench;
  const pad = new Pad({ image: model.image, digits: Boolean(card.prepare.digits), pen: () => PEN,
    move: (drawing) => history.move({ drawing, of: null }), settle: () => history.settle(), painted() {} });
  const draw = (lines) => history.change({ drawing: strokesOf(lines, PEN), of: null });
  const take = (k) => history.change({ of: anyExample(bench, k) ?? anyExample(bench) });
  const button = (words, act) => h("button", { type: "button", onclick: act }, words);
  const own = h("div", { class: "row" });
  const where = h("p", { class: "quiet", role: "status" });
  const list = () => own.replaceChildren(...yours.items.map(({ z, name }) => button(name, () => history.change({ of: { z, name } }))));
  const element = h("section", { class: "card input", "aria-label": "The picture" }, pad.canvas,
    h("div", { class: "row" }, ...Object.entries(drawingsFor(card)).map(([name, lines]) => button(name, () => draw(lines))),
      button("Clear", () => draw([]))),
    h("p", { class: "quiet" }, "or what the decoder draws of a held-out example"),
    h("div", { class: "row" }, ...(classes.length ? classes : ["any"]).map((name, k) => button(name, () => take(k)))), own, where);
  bench.closing(yours.listen(list));
  list();

  const blank = new Float32Array(model.pixels);
  let before = {}, x = null;

  // The model's input; the same array as long as it is the same picture.
  function read({ drawing, of }) {
    pad.show(drawing);
    if (before.of === of && (of || before.version === pad.version)) return x;
    before = { of, version: pad.version };
    where.textContent = of ? `In goes ${of.name}.` : "In goes your drawing.";
    x = inputOf(model, of ? Float32Array.from(model.decode(of.z)) : pad.x() ?? blank);
    return x;
  }

  return { element, read, any: () => take(Math.floor(Math.random() * Math.max(1, classes.length))) };
}
