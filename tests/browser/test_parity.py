"""The browser computes what PyTorch and vae/latent.py compute."""

import base64
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save

import vae
from vae.bundle import find
from vae.latent import lift, place
from vae.nets import OPS, build

TOLERANCE = 1e-4
ASSETS = Path(__file__).parents[2] / "assets"

STEP = {"in": 3, "out": 4, "kernel": 4, "stride": 2, "padding": 1}
LINEAR = {"op": "linear", "in": 7, "out": 7}
CASES = {
    "linear": ((7,), [{"op": "linear", "in": 7, "out": 6}]),
    "conv2d": ((3, 9, 8), [{"op": "conv2d", **STEP}]),
    "conv_transpose2d": ((3, 5, 4), [{"op": "conv_transpose2d", **STEP}]),
    "silu": ((7,), [{"op": "silu"}]),
    "relu": ((7,), [{"op": "relu"}]),
    "tanh": ((7,), [{"op": "tanh"}]),
    "sigmoid": ((7,), [{"op": "sigmoid"}]),
    "flatten": ((3, 2, 2), [{"op": "flatten"}]),
    "unflatten": ((12,), [{"op": "unflatten", "shape": [3, 2, 2]}]),
    "residual": ((7,), [{"op": "residual", "layers": [LINEAR, {"op": "silu"}]}]),
}
RUN = """async ([layers, weights, shape, x]) => {
  const { parse } = await import("/live/core/safetensors.js");
  const { compile } = await import("/live/core/nn.js");
  const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
  const net = compile(layers, parse(bytes.buffer, "test"), "net", shape);
  return [net.shape, Array.from(net.run(Float32Array.from(x)))];
}"""
BUNDLE = """async ([name, x, codes, places]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { umapProjection } = await import("/live/core/projection.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/${name}/${file}`]));
  const { model, atlas } = await openBundle(files);
  const map = umapProjection(atlas.mean, atlas.umap);
  const list = (f, rows) => rows.map((row) => Array.from(f(Float32Array.from(row))));
  return {
    mean: list((v) => model.encode(v).mean, x), scale: list((v) => model.encode(v).scale, x),
    image: list((v) => model.decode(v), codes),
    place: list(map.place, codes), lift: list(map.lift, places),
  };
}"""


@pytest.mark.parametrize("op", OPS)
def test_an_op_gives_the_same_numbers(page, op):
    shape, layers = CASES[op]
    torch.manual_seed(0)
    net, x = build(layers), torch.randn(1, *shape)
    weights = save({f"net.{k}": v.numpy() for k, v in net.state_dict().items()})
    text = base64.b64encode(weights).decode()
    got_shape, got = page.evaluate(RUN, [layers, text, list(shape), x.flatten().tolist()])
    want = net(x)[0].detach()
    assert tuple(got_shape) == tuple(want.shape)
    np.testing.assert_allclose(got, want.flatten(), atol=1e-5)


@pytest.mark.parametrize("name", [*find(ASSETS), "odd", "convolutional"])
def test_a_bundle_gives_the_same_image_code_and_place(page, models, name):
    bundle = vae.load(find(ASSETS, models)[name])
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(64, bundle.model.config.latent)).astype(np.float32)
    image = bundle.model.decode(torch.from_numpy(codes)).mean.clamp(0, 1)
    x = image[:16].flatten(1)
    places = rng.normal(size=(64, 2)).astype(np.float32) * bundle.atlas.umap.std()
    got = page.evaluate(BUNDLE, [name, x.tolist(), codes.tolist(), places.tolist()])

    q = bundle.model.encode(image[:16])
    want = {
        "mean": q.mean,
        "scale": q.stddev,
        "image": image.flatten(1),
        "place": [place(z, bundle.atlas.mean, bundle.atlas.umap) for z in codes],
        "lift": [lift(xy, bundle.atlas.mean, bundle.atlas.umap) for xy in places],
    }
    for what, value in want.items():
        np.testing.assert_allclose(got[what], np.asarray(value), atol=TOLERANCE, err_msg=what)


def test_the_norms_percentile_is_the_chi_distributions(page):
    from scipy.stats import chi

    cases = [(r, d) for d in (1, 2, 3, 16, 33, 128) for r in (0.1, 1.0, 4.0, 11.0, 40.0)]
    got = page.evaluate(
        """async (cases) => {
          const { chiCdf } = await import("/live/core/normal.js");
          return cases.map(([r, d]) => chiCdf(r, d));
        }""",
        cases,
    )
    np.testing.assert_allclose(got, [chi(d).cdf(r) for r, d in cases], atol=1e-9)


def test_a_code_survives_the_link_to_the_last_bit(page):
    z = np.random.default_rng(0).normal(size=16).astype(np.float32) * 3
    got = page.evaluate(
        """async (z) => {
          const { formatCode, parseCode } = await import("/live/core/codetext.js");
          return Array.from(parseCode(formatCode(Float32Array.from(z)), z.length));
        }""",
        z.tolist(),
    )
    assert (np.float32(got) == z).all()
