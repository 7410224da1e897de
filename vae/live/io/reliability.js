// How good a direction is, measured beside the page: for two classes that takes millions of products.

import { workerAddress } from "./modules.js";
import { InputError } from "../core/errors.js";

// Not a module itself: from disk, a browser starts none.
const code = () => `const arithmetic = import(${JSON.stringify(workerAddress("core/direction.js"))});
  onmessage = async ({ data: [id, x, y, d] }) => {
    try { postMessage([id, (await arithmetic).direction(x, y, d)]); }
    catch (error) { postMessage([id, null, error.message]); }
  };`;

// `of(x, y, d)` promises what direction.js says of the direction between codes with and without.
export function createMeasure() {
  const waiting = new Map(); // question -> [resolve, reject]
  let worker = null, count = 0;

  function start() {
    const url = URL.createObjectURL(new Blob([code()], { type: "text/javascript" }));
    worker = new Worker(url);
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
