// The price of the picture in bits: what its code costs, what is got back, and each pixel.

import { priceOf } from "../../core/bits/price.js";
import { h, help } from "../../widgets/dom.js";
import { asRgb, sharesOf } from "../../widgets/palette.js";
import { createPicture } from "../../widgets/picture.js";

const sum = (values) => values.reduce((a, b) => a + b, 0);

export function createPrice({ model }) {
  const { latent, pixels, code, image } = model;
  const map = createPicture([3, ...image.slice(1)], { "aria-label": "The price of each pixel, bright is expensive" });
  map.canvas.classList.replace("picture", "map-of-pixels");
  const total = h("p", { class: "total", role: "status" });
  const cells = ["code", "back", "pixels"].map(() => h("dd", {}));
  const words = ["the code, on the grid", "− got back, by choosing it", "+ the pixels, given the code"];
  const rows = code.names.map((name) => createRow(name));
  const element = h("section", { class: "card price", "aria-label": "Price" },
    h("header", {}, h("h2", {}, "What it costs"), help("bits back", "The bits that choose a code among those that fit ",
      "the picture are taken from the stack, from pictures before it. Who restores the picture finds the code, ",
      "sees by which bits it was chosen, and puts them back. So a picture costs −ELBO: its code, less those bits, ",
      "and its pixels given the code. While the hand moves it is one code's price, then the mean of eight.")),
    total, h("div", { class: "two" }, h("div", {}, h("dl", {}, ...words.flatMap((text, i) => [h("dt", {}, text), cells[i]])),
      h("ol", { class: "dims", "aria-label": "Bits of each dimension, less those got back" }, ...rows.map((row) => row.element))),
    h("figure", {}, map.canvas, h("figcaption", {}, "bits of each pixel"))));

  function show(codec, x, draws) {
    const price = priceOf(codec, x, latent, draws);
    const each = price.code.map((v, j) => v - price.back[j]), most = Math.max(...each, 1);
    total.textContent = `${price.total.toFixed(1)} bits, ${(price.total / pixels).toFixed(3)} a pixel, −ELBO of ${draws === 1 ? "one code" : `${draws} codes`}`;
    [price.code, price.back, price.pixels].forEach((values, i) => (cells[i].textContent = sum(values).toFixed(1)));
    rows.forEach((row, j) => row.show(each[j], most));
    map.paint(asRgb(sharesOf(price.pixels, image)));
    return price;
  }

  return { element, show };
}

function createRow(name) {
  const bar = h("i", { "aria-hidden": "true" }), value = h("span", { class: "value" });
  const element = h("li", {}, h("span", { class: "name" }, name), h("span", { class: "share" }, bar), value);
  return { element, show(bits, most) {
    bar.style.width = `${(100 * Math.max(0, bits)) / most}%`;
    value.textContent = bits.toFixed(1).replace("-", "−");
  } };
}
