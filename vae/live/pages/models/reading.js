// What goes through the models, and what each of them makes of it.
//
// An input is a picture {x, image}, or a held-out example {index, data, split, title} by its number in the
// data set: a bundle has its code, not its pixels. Where the data set is on this computer these come later,
// as {…, original}, to compare with.

import { columnOf } from "../../core/atlas.js";
import { row } from "../../core/latent.js";

// Of a picture as a page's state holds it, by the model that is open: one that is no example is given as
// pixels, yours or as that model draws it.
export function inputOf({ model, atlas, card, yours }, { z, example }) {
  if (example !== undefined) {
    const { name, title } = card.data;
    return { index: atlas.index[example], data: name, split: card.atlas.split, title };
  }
  const own = yours.items.find((item) => item.x && item.z.every((v, j) => v === z[j]));
  return { x: own?.x ?? model.decode(z), image: model.image };
}

const shapeWords = ([c, height, width]) => `${width} × ${height} pixels, ${c === 1 ? "grey" : "colour"}`;
const sameShape = (a, b) => a.every((n, i) => n === b[i]);

// -> {z, price()} or {why}: the code at the mean of its posterior, and when it is asked for
// {rate, distortion, surprise}, in nats; null where nothing says what it costs.
export const readingOf = (context, input) =>
  (input.x ? readPixels(context, input) : readExample(context, input));

function readPixels({ model }, { x, image }) {
  if (!sameShape(model.image, image)) {
    return { why: `This model takes ${shapeWords(model.image)}; the picture has ${shapeWords(image)}.` };
  }
  return { z: model.encode(x).mean, price: () => model.surprise(x) };
}

function readExample({ model, atlas, card }, { index, data, split, title }) {
  if (card.data.name !== data || card.atlas.split !== split) {
    return { why: `This model was trained on ${card.data.title}: it has no code of ${title}'s example ${index}.` };
  }
  const i = rowsOf(atlas).get(index);
  if (i === undefined) return { why: `This model has no code of ${title}'s example ${index}.` };
  return { z: row(atlas.mean, i, model.latent), price: () => priceOf(atlas, i) };
}

function priceOf(atlas, i) {
  const [rate, distortion, surprise] = ["rate", "distortion", "surprise"].map((name) => columnOf(atlas, name)?.[i]);
  return distortion === undefined ? null : { rate: rate ?? null, distortion, surprise: surprise ?? null };
}

const known = new WeakMap(); // atlas -> Map: number in the data set -> row

function rowsOf(atlas) {
  if (!known.has(atlas)) known.set(atlas, new Map(Array.from(atlas.index, (index, i) => [index, i])));
  return known.get(atlas);
}
