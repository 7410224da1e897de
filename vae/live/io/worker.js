// A decoder beside the page. It receives {config, weights} and posts {ready}; then {id, codes, n}, of
// which it posts {id, images}, or {cancel: id}.

import { createDecoder } from "../core/decoder.js";
import { parse } from "../core/safetensors.js";
import { decodeInSlices } from "../core/slices.js";

const BUDGET = 10; // ms until it listens for what is no longer wanted

const requests = new Map(); // id -> {codes, n}, in the order in which they came
let decoder = null, working = false;

export function receive({ config, weights, cancel, id, codes, n }, post) {
  if (cancel) return requests.delete(cancel);
  if (id) return requests.set(id, { codes, n }) && work(post);
  decoder = createDecoder(config, parse(weights, "weights.safetensors"));
  post({ ready: true });
}

async function work(post) {
  if (working) return;
  working = true;
  for (const [id, { codes, n }] of requests) { // and those that come meanwhile
    const wanted = () => requests.has(id);
    const images = await decodeInSlices(decoder, codes, n, { pause, wanted, budget: BUDGET });
    if (requests.delete(id)) post({ id, images }, [images.buffer]);
  }
  working = false;
}

const channel = new MessageChannel(); // quicker than a timer, which waits for 4 ms

function pause() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}
