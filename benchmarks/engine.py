"""How fast networks run in the page: WebAssembly SIMD, and plain JavaScript beside it.

    python -m benchmarks.engine [--runs 60] [--moves 300] [--chromium PATH] [--json FILE]

Layers run whole, with the laying out of their input, on both engines in turn in the same page; the
kernel's product of the first also in wasmtime. Decoders are that of the shipped digits and one of
30 MMAC for 64 x 64 pictures in colour, with random weights: decoded one by one, 64 at once beside
the page with the frames that it shows meanwhile, and dragged by a slider of the app (timed as
`benchmarks.browser` says).
"""

import math
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Browser, Page

from benchmarks.browser import (
    FOUND,
    PAINTED,
    SLIDER,
    Chromium,
    along,
    fresh,
    launched,
    move,
    row,
    settle,
    warm_app,
)
from benchmarks.kernel import Kernel, packed, panels
from benchmarks.table import Json, machine, run, show, spread
from vae import bundle, nets
from vae.architectures import linear, silu
from vae.atlas import COSTS, Atlas
from vae.card import AtlasCard, Card
from vae.code import Block, Code
from vae.models.vae import VAE, Config

LATENT, SHOWN, EXAMPLES = 32, 64, 500  # of the random model; pictures at once; codes in its atlas
IMAGE = (3, 64, 64)
COLOUR = "colour"  # the random model's name
FRAME = 1000 / 60  # ms


def conv(ins: int, outs: int) -> dict:
    return {"op": "conv2d", "in": ins, "out": outs, "kernel": 3, "stride": 1, "padding": 1}


def up(ins: int, outs: int) -> dict:
    return {
        "op": "conv_transpose2d",
        "in": ins,
        "out": outs,
        "kernel": 4,
        "stride": 2,
        "padding": 1,
    }


def within(*layers: dict) -> dict:
    return {"op": "residual", "layers": list(layers)}


# A layer, the shape that enters it, and how many examples run together.
LAYERS = {
    "dense 448 → 448, 16 codes": (linear(448, 448), (448,), 16),
    "3 × 3 convolution, 32 → 32 at 16 × 16": (conv(32, 32), (32, 16, 16), 1),
    "4 × 4 transposed, 64 → 32 to 16 × 16": (up(64, 32), (64, 8, 8), 1),
}
DECODER = [
    *[linear(LATENT, 512), silu(), linear(512, 128 * 8 * 8), silu()],
    {"op": "unflatten", "shape": [128, 8, 8]},
    *[up(128, 64), silu(), within(conv(64, 64), silu()), up(64, 32), silu(), up(32, 3)],
]
ENCODER = [{"op": "flatten"}, linear(math.prod(IMAGE), 2 * LATENT)]

# Milliseconds of a run, `runs` times on each engine, in turns. The clock counts in tenths of a
# millisecond, so quick runs are taken together until they fill two.
TIMES = """async ([layers, tensors, shape, n, runs]) => {
  const { compile } = await import("/live/core/nn.js");
  const size = shape.reduce((a, b) => a * b, 1);
  const noise = (n) => Float32Array.from({ length: n }, () => Math.random() - 0.5);
  const weights = Object.fromEntries(Object.entries(tensors)
    .map(([name, n]) => [name, { data: noise(n).map((v) => v / 10) }]));
  const x = noise(n * size);
  const nets = [true, false].map((simd) => compile(layers, weights, "net", shape, { simd }));
  const taken = (net, times) => {
    const begin = performance.now();
    for (let i = 0; i < times; i++) net.run(x, n);
    return (performance.now() - begin) / times;
  };
  for (const net of nets) taken(net, 30); // until it is compiled
  const times = nets.map((net) =>
    Math.ceil(2 / Math.max(0.01, Math.min(taken(net, 5), taken(net, 5), taken(net, 5)))));
  const all = [[], []];
  for (let i = 0; i < runs; i++) nets.forEach((net, k) => all[k].push(taken(net, times[k])));
  return all;
}"""

# Of `runs` batches of n codes beside the page: milliseconds, and the gaps between its frames.
BATCHES = """async ([name, n, runs]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/${name}/${file}`]));
  const { model, decoder } = await openBundle(files);
  const codes = Float32Array.from({ length: n * model.latent }, () => 2 * Math.random() - 1);
  await decoder.decode(codes, n);
  const gaps = [], times = [];
  let last = 0, busy = true;
  const frame = (now) => {
    if (last) gaps.push(now - last);
    last = now;
    if (busy) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  for (let i = 0; i < runs; i++) {
    const begin = performance.now();
    await decoder.decode(codes, n);
    times.push(performance.now() - begin);
  }
  busy = false;
  return [times, gaps];
}"""


def sizes(layers: list[dict]) -> dict[str, int]:
    return {f"net.{name}": v.numel() for name, v in nets.build(layers).state_dict().items()}


def times(page: Page, layers: list[dict], shape: tuple, n: int, runs: int) -> list[list[float]]:
    return page.evaluate(TIMES, [layers, sizes(layers), list(shape), n, runs])


def rate(macs: int, taken: list[float]) -> float:
    """GMAC/s of the quickest run, which other work on the machine has disturbed least."""
    return macs / min(taken) / 1e6


def in_wasmtime(runs: int) -> float:
    """GMAC/s of the kernel's product of the dense layer in LAYERS."""
    rng = np.random.default_rng(0)
    m, k, n = 16, 448, 448
    kernel = Kernel()
    a, b = (kernel.put(v) for v in (packed(noise(rng, m, k)), panels(noise(rng, k, n))))
    offsets, c = kernel.put(32 * np.arange(k, dtype=np.int32)), kernel.alloc(4 * m * n)
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        kernel.call("product", a, m, k, b, offsets, 32 * k, 0, c, 4 * n, 0, 4, 1, n)
        taken.append(1000 * (time.perf_counter() - begin))
    return rate(m * k * n, taken)


def noise(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.normal(size=shape).astype(np.float32)


def layer_row(page: Page, what: str, runs: int) -> dict:
    layer, shape, n = LAYERS[what]
    macs = n * nets.macs([layer], shape)
    simd, plain = times(page, [layer], shape, n, runs)
    return {
        "layer": what,
        "MMAC": f"{macs / 1e6:.1f}",
        "WebAssembly SIMD, GMAC/s": f"{rate(macs, simd):.1f}",
        "plain JavaScript, GMAC/s": f"{rate(macs, plain):.1f}",
        "ratio": f"{rate(macs, simd) / rate(macs, plain):.1f}",
    }


def decoder_row(page: Page, what: str, name: str, layers: list[dict], runs: int) -> dict:
    shape = (layers[0]["in"],)
    simd, plain = times(page, layers, shape, 1, runs)
    batches, gaps = page.evaluate(BATCHES, [name, SHOWN, max(runs // 10, 5)])
    return {
        "decoder": what,
        "MMAC": f"{nets.macs(layers, shape) / 1e6:.1f}",
        "one code, ms": spread(simd),
        "in plain JavaScript, ms": spread(plain),
        f"{SHOWN} codes beside the page, ms": spread(batches),
        "frames meanwhile, ms": spread(gaps),
        "dropped": sum(round(gap / FRAME) - 1 for gap in gaps if gap > 1.5 * FRAME),
    }


def write_colour(folder: Path) -> None:
    """A bundle of the decoder above, with random weights and codes."""
    torch.manual_seed(0)
    code = Code((Block("z", "normal", LATENT),))
    model = VAE(Config(IMAGE, code, "bernoulli", ENCODER, DECODER))
    rng = np.random.default_rng(0)
    mean, scale = rng.normal(size=(2, EXAMPLES, LATENT)).astype(np.float32)
    columns = dict(zip(COSTS, rng.random((len(COSTS), EXAMPLES), np.float32), strict=True))
    index = np.arange(EXAMPLES, dtype=np.int32)
    label = np.zeros(EXAMPLES, np.uint8)
    atlas = Atlas(mean, np.exp(scale), index, mean[:, :2].copy(), label, columns)
    card = Card(
        title="Random colours",
        description="Random weights.",
        family="vae",
        **model.config.entries(),
        data={"name": "none", "title": "none", "licence": "-", "classes": ["random"]},
        training={},
        atlas=AtlasCard("test", EXAMPLES),
        prepare={},
    )
    bundle.save(folder, model, atlas, card)


def drag(browser: Browser, url: str, what: str, name: str, moves: int) -> dict:
    with fresh(browser) as page:
        page.goto(f"{url}/?model={name}")
        settle(page)
        return row(
            what, move(page, "input", PAINTED, along(page.locator(SLIDER).first, moves), True)
        )


def main(runs: int = 60, moves: int = 300, chromium: Chromium = FOUND, file: Json = None) -> None:
    notes = [machine()]
    digits = bundle.read_card(bundle.find(Path("assets"))["digits"]).model["decoder"]
    decoders = {"digits": ("digits", digits), "64 × 64 in colour": (COLOUR, DECODER)}
    with tempfile.TemporaryDirectory() as folder, launched(chromium, notes) as browser:
        os.environ["VAE_MODELS"] = folder
        write_colour(Path(folder) / COLOUR)
        with warm_app(browser) as url:
            with fresh(browser) as page:
                page.goto(f"{url}/_stcore/health")
                layers = [layer_row(page, what, runs) for what in LAYERS]
                decoded = [
                    decoder_row(page, what, *which, runs) for what, which in decoders.items()
                ]
            dragged = [
                drag(browser, url, what, name, moves) for what, (name, _) in decoders.items()
            ]
    notes += [
        f"kernel's product of the dense layer in wasmtime: {in_wasmtime(runs):.1f} GMAC/s",
        f"GMAC/s of the quickest of {runs} runs; pairs are median, p95",
    ]
    show(notes, layers, decoded, dragged, file=file)


if __name__ == "__main__":
    run(main)
