// How good a direction is, measured beside the page: for two classes that takes millions of products.
// The worker has an address of its own, so it imports the arithmetic by its full address.

import { InputError } from "./errors.js";

const CODE = `import { direction } from ${JSON.stringify(new URL("./paths.js", import.meta.url).href)};
  onmessage = ({ data: [id, x, y, d] }) => {
    try { postMessage([id, direction(x, y, d)]); }
    catch (error) { postMessage([id, null, error.message]); }
  };`;

// `of(x, y, d)` promises what paths.js says of the direction between codes with and without.
export function createMeasure() {
  const waiting = new Map(); // question -> [resolve, reject]
  let worker = null, count = 0;

  function start() {
    const url = URL.createObjectURL(new Blob([CODE], { type: "text/javascript" }));
    worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data: [id, found, why] }) => answer(id, found, why);
    worker.onerror = () => {
      for (const id of [...waiting.keys()]) answer(id, null, "The direction could not be measured.");
    };
  }

  function answer(id, found, why) {
    const [resolve, reject] = waiting.get(id);
    waiting.delete(id);
    if (found) resolve(found);
    else reject(new InputError(why));
  }

  function of(x, y, d) {
    if (!worker) start();
    return new Promise((resolve, reject) => {
      waiting.set(++count, [resolve, reject]);
      worker.postMessage([count, x, y, d]);
    });
  }

  return { of, stop: () => worker?.terminate() };
}
