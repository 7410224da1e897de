// Your pictures: what a person opened, drew or added, shared by all pages and kept with the tab.
//
// A picture is {id, name, kind, z, x, mean, scale, rebuilt, notes, looks, refined, …, and all that model.surprise
// says of x}. `z` is the code
// in use. One with `x`, its pixels in [0, 1], has a posterior; a code alone has not.

import { need } from "../core/errors.js";

export const MOST = 64;
const opened = new Map();

// The pictures of the model whose weights have this SHA-256.
export function picturesOf(id, model) {
  if (!opened.has(id)) opened.set(id, createPictures(`atelier pictures ${id}`, model));
  return opened.get(id);
}

function createPictures(key, model) {
  const listeners = new Set();
  let items = restored(key, model), history = null;
  let count = items.reduce((most, { id }) => Math.max(most, id), 0);

  function set(next) {
    if (next === items) return;
    items = next;
    try {
      sessionStorage.setItem(key, JSON.stringify(items.map(lean)));
    } catch { // full or switched off: the pictures still live as long as the page
      console.info("This browser does not keep the pictures when the page is reloaded.");
    }
    listeners.forEach((listen) => listen());
  }

  const create = (name, kind, more) => ({ name, kind, x: null, notes: [], refined: null, ...more,
    id: ++count });

  function add(item) {
    set(withPicture(items, item));
    history?.change({ pictures: items });
  }

  return {
    get items() {
      return items;
    },
    // A picture of pixels (C * H * W) in [0, 1], which is not yet among the others.
    create: (name, kind, x, more = {}) => create(name, kind, { ...read(model, x), x, ...more }),
    addCode: (name, kind, z) => add(create(name, kind, { z })),
    // The history whose state has them as `pictures`: they follow it, and what other pages add is one
    // of its steps.
    follow(next) {
      if (next === history) return;
      history = next;
      history.listen(() => set(history.now.pictures));
    },
    // Returns what stops the listening.
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function withPicture(items, item) {
  need(items.length < MOST, `You have ${MOST} pictures, which is the limit: remove some first.`);
  return [...items, item];
}

// A picture's posterior, code, and the image at that code.
export function recognise(model, x) {
  need(x.length === model.pixels,
    `The picture has ${x.length} values; this model takes ${model.pixels}.`);
  const { mean, scale } = model.encode(x);
  return { mean, scale, z: mean, rebuilt: model.decode(mean) };
}

// And its surprise.
export const read = (model, x) => ({ ...recognise(model, x), ...model.surprise(x) });

export const pack = (x) => btoa(String.fromCharCode(...Uint8Array.from(x, (v) => Math.round(255 * v))));

export const unpack = (text) => Float32Array.from(atob(text), (c) => c.charCodeAt(0) / 255);

function lean({ id, name, kind, z, x, notes, looks, refined }) {
  const code = refined && { ...refined, mean: [...refined.mean], scale: [...refined.scale] };
  return { id, name, kind, z: [...z], x: x && pack(x), notes, looks, refined: code };
}

function restored(key, model) {
  try {
    return (JSON.parse(sessionStorage.getItem(key)) ?? []).map((item) => full(item, model));
  } catch { // nothing there, or something else
    return [];
  }
}

function full({ x, z, refined, ...item }, model) {
  const pixels = x && unpack(x);
  const code = refined && { ...refined, mean: Float32Array.from(refined.mean),
    scale: Float32Array.from(refined.scale) };
  return { ...item, ...(pixels ? read(model, pixels) : {}), x: pixels, z: Float32Array.from(z),
    refined: code };
}
