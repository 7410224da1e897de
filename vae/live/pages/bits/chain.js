// A chain of pictures on a stack: yours on top, below it some that the model draws. Its length after each
// step: down where a code is chosen (bits got back), up for the pixels, up for the code.

import { pushed } from "../../core/bits/file.js";
import { sfc32 } from "../../core/random.js";
import { LIKELIHOODS } from "../../core/likelihoods.js";
import { h } from "../../widgets/dom.js";
import { createPlot } from "../../widgets/lineplot.js";
import { createPicture } from "../../widgets/picture.js";

export const LENGTH = 12; // pictures, of which all but yours are drawn by the model
const START = 64; // bits of a stack with nothing on it

export class Chain {
  pictures = []; // symbols, yours first
  #drawn = null; // {seed, pictures}
  #asked = null;

  constructor(bench, codecs) {
    Object.assign(this, { bench, codecs });
    this.plot = createPlot("The stack's length in bits, from the lowest that it came to", "bits");
    this.views = Array.from({ length: LENGTH }, () => createPicture(bench.model.image));
    this.words = h("p", { class: "quiet", role: "status" });
    this.element = h("section", { class: "card chain", "aria-label": "A chain of pictures" },
      h("header", {}, h("h2", {}, `A chain of ${LENGTH} pictures`)), this.plot.element,
      h("div", { class: "links", role: "img", "aria-label": "The pictures in the order in which they are pushed; yours is the last" },
        ...this.views.toReversed().map(({ canvas }) => canvas)), this.words);
    const sized = new ResizeObserver(() => this.draw());
    sized.observe(this.plot.element);
    bench.closing(() => sized.disconnect());
  }

  // Shows the pictures, which are coded once the hand rests.
  wait(x, grid, seed) {
    this.#asked = { x, grid, seed };
    this.pictures = [x, ...this.#others(seed)];
    this.pictures.forEach((picture, i) => this.views[i].paint(this.#shown(picture)));
  }

  code() {
    const lengths = [];
    const codec = this.codecs.codec(this.#asked.grid, (stack) => lengths.push(stack.bits));
    const stack = pushed(codec, this.pictures, 0), n = this.pictures.length;
    const bytes = stack.toBytes().length, raw = n * this.#raw();
    this.#plot([START, ...lengths]);
    this.words.textContent = `${n} pictures are ${8 * bytes} bits on the stack, ${Math.round(8 * bytes / n)} each; ` +
      `their pixels as they are take ${raw}. ${stack.taken * 16} bits came from below the first picture: from a ` +
      "digest of the pictures, which whoever restores them checks.";
  }

  // From the lowest that it came to.
  #plot(lengths) {
    const low = Math.min(...lengths), colour = getComputedStyle(this.element).getPropertyValue("--accent");
    this.plot.show([{ name: "the stack", values: lengths.map((v) => v - low), strong: true, colour }],
      [0, lengths.length - 1]);
  }

  #raw() {
    return this.bench.model.pixels * Math.log2(this.codecs.levels);
  }

  // Samples of the prior's pictures, pixel by pixel.
  #others(seed) {
    if (this.#drawn?.seed === seed) return this.#drawn.pictures;
    const { model, card } = this.bench, uniform = sfc32(seed), { levels } = LIKELIHOODS[card.model.likelihood];
    const pictures = Array.from({ length: LENGTH - 1 }, () => {
      const mean = model.decode(model.code.prior.sample(uniform, 1));
      return Uint8Array.from(mean, (v) => (levels === 2 ? Number(uniform() < v) : Math.round(v * (levels - 1))));
    });
    this.#drawn = { seed, pictures };
    return pictures;
  }

  #shown(picture) {
    return Float32Array.from(picture, (v) => v / (this.codecs.levels - 1));
  }

  draw() {
    this.plot.draw();
  }
}
