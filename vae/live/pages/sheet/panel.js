// The sheet as a part of its page: a two-dimensional model's whole space, or the plane through three
// pictures, with the controls of what is shown and how.

import { evenInCode, evenInProbability } from "../../plane/spaces.js";
import { Surface } from "../../plane/surface.js";
import { h } from "../../widgets/dom.js";
import { createLegend } from "../../widgets/legend.js";
import { createControls, planeControls, spaceControls } from "./controls.js";
import { createSheetDownloads } from "./downloads.js";
import { hasSheet, isWhole, planeOf, reachOf, rounded } from "./schema.js";

const SPACES = { probability: evenInProbability, code: evenInZ };

export class SheetPanel {
  #drawn = {}; // the state that the surface shows

  // `code` is the picture in use, `wake()` asks for a frame.
  constructor({ bench, code, wake }) {
    const { page, model, atlas, classes, history } = bench;
    Object.assign(this, { bench, history });
    this.surface = new Surface({ model, atlas, wake, moved: () => this.#rested(), look: code.look,
      choose: (z) => code.go({ z, name: "a place of the sheet" }) });
    this.words = h("span", { class: "quiet words", role: "status" });
    this.legend = createLegend({ page, classes, change: () => this.showPoints() });
    this.which = history.now.corners ? planeControls(bench) : spaceControls(bench);
    this.element = h("div", { class: "part" },
      createControls({ bench, which: this.which, surface: this.surface }),
      this.surface.element, this.legend.element,
      h("footer", { class: "row" }, this.words, h("span", { class: "space" }),
        createSheetDownloads({ bench, surface: this.surface })));
    bench.onTheme(() => this.showPoints());
    bench.closing(() => this.surface.destroy());
  }

  // After a step of the page's state.
  settle() {
    const { corners, even, size, view, examples, code } = this.history.now, before = this.#drawn;
    this.#drawn = { corners, even, size, view, examples, code };
    if (!hasSheet(this.bench.model.code)) return;
    if (corners !== before.corners || even !== before.even) this.#showSpace();
    else if (view !== before.view) this.surface.goTo(view);
    if (size !== before.size) this.surface.size(size);
    if (examples !== before.examples || even !== before.even) this.showPoints();
    this.surface.choose(code.z);
    this.#describe();
  }

  #showSpace() {
    const { corners, even, view } = this.history.now;
    if (corners) this.surface.show(planeOf(this.bench, corners), corners.map(({ z }) => z), view);
    else this.surface.show(SPACES[even](this.bench), null, view);
    this.which.show();
  }

  // The hand rests: where one looks is a step. What is looked at is still looked at.
  #rested() {
    if (!this.surface.space) return;
    const view = rounded(this.surface.view);
    if (sameView(view, this.#drawn.view)) return this.#describe();
    this.#drawn = { ...this.#drawn, view };
    const { previewing, shown } = this.history;
    this.history.change({ view });
    if (previewing) this.history.look({ code: shown.code });
  }

  showPoints() {
    const shown = Boolean(this.history.now.examples) && isWhole(this.bench.model.code);
    const { hidden, colours, ground } = this.legend.show(shown);
    this.surface.setPoints(shown ? hidden : null, colours, ground);
  }

  #describe() {
    const [left, low, right, high] = this.surface.box();
    const range = (from, to) => `from ${from.toFixed(2)} to ${to.toFixed(2)}`;
    this.words.textContent = this.surface.words();
    this.surface.describe(`Pictures of codes; the view goes ${range(left, right)} across and ` +
      `${range(low, high)} up. ${this.words.textContent}`);
  }

  paint(begin) {
    return this.surface.paint(begin);
  }
}

// Codes that are not counted in sigma reach as far as the examples'.
function evenInZ(bench) {
  const { unit } = bench.model.code, { initial, max } = reachOf(bench);
  return unit ? evenInCode() : evenInCode({ unit, home: 1.1 * initial, farthest: 2 * max });
}

const sameView = (a, b) => a === b || Boolean(a && b && Object.keys(a).every((key) => a[key] === b[key]));
