// Where a model puts the held-out examples: the arrays of vae/atlas.py, and their PCA.

import { need } from "./errors.js";
import { row } from "./latent.js";

// `d` is the size of a code, `columns` the card's description of whatever else is known of each
// example: {name, title, unit}, each of which gets its `values` (N), or (N * k).
export function readAtlas(tensors, d, columns) {
  const n = tensors.mean?.shape[0] ?? 0;

  function array(name, count) {
    const values = tensors[name]?.data;
    need(n > 0 && values?.length === count, `The atlas has no complete ${name}.`);
    return values;
  }

  function column({ name, title, unit = "" }) {
    const values = array(name, tensors[name]?.data.length);
    need(values.length > 0 && values.length % n === 0, `The atlas has no complete ${name}.`);
    return { name, title, unit, values };
  }

  return {
    n,
    mean: array("mean", n * d),
    scale: array("scale", n * d),
    index: array("index", n),
    umap: array("umap", 2 * n),
    label: tensors.label ? array("label", n) : new Uint8Array(n), // without classes all are of one
    columns: columns.map(column),
    pca: { mean: array("pca.mean", d), axes: array("pca.axes", 2 * d),
      explained: array("pca.explained", 2) },
  };
}

// What is known of each example by this name (N), or null.
export const columnOf = ({ columns }, name) =>
  columns.find((column) => column.name === name)?.values ?? null;

// Row i of the atlas as the source of a code.
export function exampleAt({ mean, scale, index, label }, i, classes) {
  const d = mean.length / index.length;
  const name = classes[label[i]];
  return { words: `example ${index[i]}${name === undefined ? "" : ` (${name})`}`, example: i,
    mean: row(mean, i, d), scale: row(scale, i, d) };
}
