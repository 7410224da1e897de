// Batches of pictures, decoded beside the page, so that no frame waits for them.
//
//   const decoder = openDecoder({ card, weights, model });
//   const images = await decoder.decode(codes, n, { signal });     // n codes, one after the other
//
// The worker is started with the first batch and has weights of its own. Where none can be had, the
// page decodes by itself, in slices between its frames: the same pictures, only later.

import { InputError } from "../core/errors.js";
import { decodeInSlices } from "../core/slices.js";
import { startWorker } from "./modules.js";

const BUDGET = 5; // ms of the page's own time in one go
const REST = 8; // ms between two

// `card` is the model's, `weights` the address of its weights, `model` the page's own.
export function openDecoder({ card, weights, model, start = startWorker }) {
  const config = { ...card.model, latent: model.latent };
  const requests = new Requests();
  let started = null;

  async function open() {
    const response = await fetch(weights); // in the browser's cache
    const bytes = await response.arrayBuffer();
    return new Promise((resolve, reject) => {
      const worker = start("io/worker.js");
      worker.onmessage = ({ data }) => {
        if (data.ready) resolve(worker);
        else if (data.failed) reject(new Error(data.failed));
        else requests.settle(data.id, ({ resolve }) => resolve(data.images));
      };
      worker.onerror = ({ message }) => {
        reject(new Error(message));
        requests.rejectAll(new InputError("The pictures could not be decoded: reload the page."));
      };
      worker.postMessage({ config, weights: bytes }, [bytes]);
    });
  }

  function without(error) {
    console.info(`The page decodes by itself, as no worker could start: ${error.message}`);
    return null;
  }

  function ask(worker, codes, n, signal) {
    const { id, answer } = requests.add();
    signal?.addEventListener("abort", () => requests.settle(id, ({ reject }) => {
      worker.postMessage({ cancel: id });
      reject(signal.reason);
    }), { once: true });
    worker.postMessage({ id, codes, n });
    return answer;
  }

  return {
    // n images, one after the other. An aborted `signal` rejects at once with its reason.
    async decode(codes, n, { signal } = {}) {
      const worker = await (started ??= open().catch(without));
      signal?.throwIfAborted();
      return worker ? ask(worker, codes, n, signal) : alone(model, codes, n, signal);
    },
    // Gives the worker's memory back; another batch starts it anew.
    async close() {
      const closing = started;
      started = null;
      (await closing)?.terminate();
      requests.rejectAll(new DOMException("The model was closed.", "AbortError"));
    },
  };
}

// The requests that the worker has not answered yet.
class Requests {
  #pending = new Map(); // id -> {resolve, reject}
  #count = 0;

  // Another request: its number, and the promise of its answer.
  add() {
    const id = ++this.#count;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    return { id, answer };
  }

  // Ends a request by `act({resolve, reject})`, if it has not ended yet.
  settle(id, act) {
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    if (request) act(request);
  }

  rejectAll(why) {
    for (const id of [...this.#pending.keys()]) this.settle(id, ({ reject }) => reject(why));
  }
}

async function alone(model, codes, n, signal) {
  const images = await decodeInSlices(model, codes, n,
    { pause, wanted: () => !signal?.aborted, budget: BUDGET });
  signal?.throwIfAborted();
  return images;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, REST));
