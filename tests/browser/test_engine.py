"""The engine in a real browser: the kernel's bits, batches, and how much memory they take."""

import base64
from hashlib import sha256

import numpy as np
import pytest

from benchmarks.kernel import Kernel, packed, panels

M, K, N = 37, 300, 93
PRODUCT = """async ([a, b, m, k, n]) => {
  const { createEngine } = await import("/live/core/engine.js");
  const engine = createEngine({ simd: true });
  const put = (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const address = engine.alloc(bytes.length / 4);
    new Uint8Array(engine.memory.buffer).set(bytes, address);
    return address;
  };
  const offsets = engine.integers(Array.from({ length: k }, (_, i) => 32 * i));
  const [left, right, to] = [put(a), put(b), engine.alloc(m * n)];
  engine.product(left, m, k, right, offsets, 32 * k, 0, to, 4 * n, 0, 4, 1, n);
  engine.gate(to, to, m * n, 0, 1, 1, 0);
  const digest = await crypto.subtle.digest("SHA-256", engine.floats(to, m * n));
  return Array.from(new Uint8Array(digest));
}"""
# A network that widens its input much, so that few examples fit at a time.
TURNS = """async ([n, simd]) => {
  const { compile } = await import("/live/core/nn.js");
  const wave = (n) => ({ data: Float32Array.from({ length: n }, (_, i) => Math.sin(i)) });
  const layers = [{ op: "linear", in: 3, out: 8192 }, { op: "silu" },
    { op: "linear", in: 8192, out: 2 }];
  const tensors = { "net.0.weight": wave(3 * 8192), "net.0.bias": wave(8192),
    "net.2.weight": wave(2 * 8192), "net.2.bias": wave(2) };
  const net = compile(layers, tensors, "net", [3], { simd });
  const codes = wave(3 * n).data;
  const together = net.run(codes, n).slice();
  const alone = Array.from({ length: n }, (_, e) =>
    Array.from(net.run(codes.slice(3 * e, 3 * e + 3))));
  return [Array.from(together), alone.flat()];
}"""
REFUSED = """async () => {
  const { compile } = await import("/live/core/nn.js");
  const net = compile([{ op: "silu" }], {}, "decoder", [3]);
  try {
    net.run(new Float32Array(7), 2);
  } catch (error) {
    return error.message;
  }
}"""


def text(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def test_the_browser_and_wasmtime_give_the_same_bits(page):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(M, K)).astype(np.float32), rng.normal(size=(K, N)).astype(np.float32)
    got = page.evaluate(PRODUCT, [text(packed(a)), text(panels(b)), M, K, N])
    kernel = Kernel()
    at = kernel.put(kernel.product(a, b))
    kernel.call("gate", at, at, M * N, 0.0, 1.0, 1.0, 0.0)
    assert bytes(got) == sha256(kernel.get(at, M * N).tobytes()).digest()


def test_more_examples_than_memory_holds_take_turns(page):
    for simd in (True, False):
        together, alone = page.evaluate(TURNS, [700, simd])
        assert together == alone


def test_a_batch_of_another_size_is_refused(page):
    assert page.evaluate(REFUSED) == "The decoder takes 2 x 3 numbers, not 7."


# What the page's own model gives, and what a worker gives; how the last of three requests ends of
# which the first two are no longer wanted.
WORKER = """async ([name, n, start]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { openDecoder } = await import("/live/io/decoder.js");
  const { startWorker } = await import("/live/io/modules.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/${name}/${file}`]));
  const { card, model } = await openBundle(files);
  let workers = 0;
  const counted = (module) => {
    if (start === "none") throw new Error("no worker here");
    workers++;
    return startWorker(start === "lost" ? "io/nowhere.js" : module);
  };
  const decoder = openDecoder({ card, weights: files["weights.safetensors"], model,
    start: counted });
  const codes = Float32Array.from({ length: n * model.latent }, (_, i) => 2 * Math.sin(i));
  const stale = [1, 2].map(() => {
    const control = new AbortController();
    return [control, decoder.decode(codes, n, { signal: control.signal }).catch((e) => e.name)];
  });
  const wanted = decoder.decode(codes, n);
  stale.forEach(([control]) => control.abort());
  const ends = await Promise.all(stale.map(([, end]) => end));
  const own = model.decodeMany(codes, n), got = await wanted;
  await decoder.close();
  return { ends, workers, same: own.every((v, i) => v === got[i]), length: got.length };
}"""


@pytest.mark.parametrize(("start", "workers"), [("worker", 1), ("none", 0), ("lost", 1)])
def test_a_batch_beside_the_page_is_the_pages_own(page, models, start, workers):
    got = page.evaluate(WORKER, ["convolutional", 50, start])
    assert got == {"ends": ["AbortError"] * 2, "workers": workers, "same": True,
                   "length": 50 * 3 * 8 * 12}  # fmt: skip
