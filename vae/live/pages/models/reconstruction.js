// What one model makes of a picture: its reconstruction, the difference, and what it costs.

import { createDifference } from "../../widgets/difference.js";
import { isDark } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";
import { ModelView } from "./modelview.js";

export class Reconstruction extends ModelView {
  constructor(context, page) {
    const { image, pixels } = context.model;
    const rebuilt = createPicture(image, { "aria-label": `The reconstruction by ${context.title}` });
    const difference = createDifference(image);
    super(context, [rebuilt.canvas, difference.canvas]);
    Object.assign(this, { page, rebuilt, difference, pixels: new Float32Array(pixels) });
  }

  draw(z, { x, original = x }) {
    const image = this.context.model.decode(z, this.pixels);
    this.rebuilt.paint(image);
    this.difference.canvas.hidden = !original;
    if (original) this.difference.paint(original, image, isDark(this.page));
  }
}
