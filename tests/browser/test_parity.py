"""The browser computes what PyTorch and vae/latent.py compute."""

import base64
from pathlib import Path

import numpy as np
import pytest
import torch
from photographs import handwritten
from safetensors.numpy import save

import vae
from vae.bundle import find
from vae.data.prepare.looks import marks_of
from vae.data.prepare.picture import FAINT
from vae.latent import lift, place
from vae.nets import OPS, build, macs

TOLERANCE = 1e-4
ASSETS = Path(__file__).parents[2] / "assets"

RUNGS = {f"digits-beta-{beta}" for beta in ("0.5", "1", "2", "4")}  # the same layers as two others
N = 6  # examples of a batch: four together, and two


def op(name, /, **entries):
    return {"op": name, **entries}


def conv(name, outs, kernel, stride, padding):
    return op(name, **{"in": 3, "out": outs}, kernel=kernel, stride=stride, padding=padding)


def linear(ins, outs):
    return op("linear", **{"in": ins, "out": outs})


def residual(*layers):
    return op("residual", layers=list(layers))


SILU = op("silu")
SAME = conv("conv2d", 3, 3, 1, 1)
CASES = {
    "linear": [((7,), [linear(7, outs)]) for outs in (1, 6, 8, 21)],
    "conv2d": [
        *[((3, 9, 8), [conv("conv2d", 4, 4, 2, 1)]), ((3, 5, 21), [conv("conv2d", 5, 3, 1, 1)])],
        *[((3, 4, 3), [conv("conv2d", 1, 1, 1, 0)]), ((3, 10, 11), [conv("conv2d", 2, 3, 3, 2)])],
        *[((3, 6, 7), [conv("conv2d", 9, 2, 3, 0)]), ((3, 2, 2), [conv("conv2d", 3, 5, 1, 3)])],
    ],
    "conv_transpose2d": [
        *[((3, 5, 4), [conv("conv_transpose2d", outs, 4, 2, 1)]) for outs in (1, 4, 6)],
        *[((3, 3, 9), [conv("conv_transpose2d", 3, 3, 1, 1)])],
        *[((3, 4, 5), [conv("conv_transpose2d", 2, 5, 3, 2)])],
        *[((3, 4, 3), [conv("conv_transpose2d", 2, 1, 2, 0)])],
        *[((3, 1, 1), [conv("conv_transpose2d", 5, 4, 4, 1)])],
        *[((3, 4, 4), [conv("conv_transpose2d", 5, 2, 1, 2)])],
    ],
    "silu": [((7,), [SILU]), ((7,), [linear(7, 9), SILU])],
    "relu": [((7,), [op("relu")]), ((7,), [linear(7, 9), op("relu")])],
    "tanh": [((7,), [op("tanh")]), ((7,), [linear(7, 9), op("tanh")])],
    "sigmoid": [((7,), [op("sigmoid")]), ((7,), [linear(7, 9), op("sigmoid")])],
    "flatten": [((3, 2, 2), [op("flatten"), SILU])],
    "unflatten": [((12,), [op("unflatten", shape=[3, 2, 2]), SILU])],
    "slice": [
        ((7,), [op("slice", start=2, size=4)]),
        ((7,), [linear(7, 7), op("slice", start=0, size=1)]),
    ],
    "upsample": [((2, 3, 4), [op("upsample", factor=factor)]) for factor in (1, 2, 3)],
    "pixel_shuffle": [((8, 3, 4), [op("pixel_shuffle", factor=2)])],
    "layer_norm": [
        ((7,), [op("layer_norm", size=7)]),
        ((7,), [linear(7, 9), op("layer_norm", size=9)]),
    ],
    "group_norm": [
        ((6, 3, 5), [op("group_norm", groups=groups, channels=6)]) for groups in (1, 2, 6)
    ],
    "noise": [((5,), [op("noise", given=3, size=2, layers=[linear(3, 4), SILU, linear(4, 4)])])],
    "residual": [
        ((7,), [residual(linear(7, 7), SILU)]),
        ((7,), [residual()]),
        ((7,), [SILU, residual(SILU, linear(7, 7)), residual(op("relu"))]),
        ((3, 9, 8), [residual(op("group_norm", groups=1, channels=3), SILU, SAME), SAME]),
    ],
}
ENGINES = pytest.mark.parametrize("simd", [True, False], ids=["simd", "plain"])
RUN = """async ([layers, weights, shape, x, n, simd]) => {
  const { parse } = await import("/live/core/safetensors.js");
  const { compile } = await import("/live/core/nn.js");
  const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
  const net = compile(layers, parse(bytes.buffer, "test"), "net", shape, { simd });
  const all = Float32Array.from(x), size = x.length / n;
  const alone = Array.from({ length: n }, (_, e) =>
    Array.from(net.run(all.slice(e * size, (e + 1) * size)))).flat();
  return { shape: net.shape, macs: net.macs, together: Array.from(net.run(all, n)), alone };
}"""
BUNDLE = """async ([name, x, codes, places, simd]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { umapProjection } = await import("/live/core/projection.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/${name}/${file}`]));
  const { model, atlas } = await openBundle(files, { simd });
  const map = umapProjection(atlas.mean, atlas.umap);
  const list = (f, rows) => rows.map((row) => Array.from(f(Float32Array.from(row))));
  return {
    mean: list((v) => model.encode(v).mean, x), scale: list((v) => model.encode(v).scale, x),
    image: list((v) => model.decode(v), codes),
    together: Array.from(model.decodeMany(Float32Array.from(codes.flat()), codes.length)),
    place: list(map.place, codes), lift: list(map.lift, places),
  };
}"""


def perturbed(layers):
    """The network with no parameter at a value that hides it, as normalisation's begin."""
    torch.manual_seed(0)
    net = build(layers)
    for parameter in net.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return net


@ENGINES
@pytest.mark.parametrize("op", OPS)
def test_an_op_gives_the_same_numbers(page, op, simd):
    for shape, layers in CASES[op]:
        net, x = perturbed(layers), 2 * torch.randn(N, *shape)
        weights = save({f"net.{k}": v.numpy() for k, v in net.state_dict().items()})
        text = base64.b64encode(weights).decode()
        got = page.evaluate(RUN, [layers, text, list(shape), x.flatten().tolist(), N, simd])
        want = net(x).detach()
        assert tuple(got["shape"]) == tuple(want.shape[1:])
        assert got["macs"] == macs(layers, shape)
        np.testing.assert_allclose(got["together"], want.flatten(), atol=2e-5, rtol=1e-5)
        assert got["alone"] == got["together"]  # to the last bit


@ENGINES
@pytest.mark.parametrize("name", [*sorted(find(ASSETS).keys() - RUNGS), "odd", "convolutional"])
def test_a_bundle_gives_the_same_image_code_and_place(page, models, name, simd):
    bundle = vae.load(find(ASSETS, models)[name])
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(64, bundle.model.config.latent)).astype(np.float32)
    image = bundle.model.decode(torch.from_numpy(codes)).mean.clamp(0, 1)
    x = image[:16].flatten(1)
    places = rng.normal(size=(64, 2)).astype(np.float32) * bundle.atlas.umap.std()
    got = page.evaluate(BUNDLE, [name, x.tolist(), codes.tolist(), places.tolist(), simd])

    assert got.pop("together") == list(np.ravel(got["image"]))  # to the last bit
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


def test_the_marks_of_a_drawing_are_those_that_python_finds(page):
    rng, planes = np.random.default_rng(0), []
    for digits in ("3", "5", "8", "37", "15", "8064", "4421"):
        board = np.zeros((160, 40 + 100 * len(digits)), np.uint8)
        for i, digit in enumerate(digits):
            mark = np.asarray(handwritten(int(digit), rng, 90))
            top, left = int(rng.integers(20, 160 - mark.shape[0])), 20 + 100 * i
            board[top : top + mark.shape[0], left : left + mark.shape[1]] = mark
        planes.append(board)
    got = page.evaluate(
        """async (planes) => {
          const { marksOf } = await import("/live/core/drawnmarks.js");
          return planes.map(([values, size]) => marksOf(Float32Array.from(values), size));
        }""",
        [[plane.ravel().tolist(), plane.shape[::-1]] for plane in planes],
    )
    for plane, boxes in zip(planes, got, strict=True):
        h, w = plane.shape
        want = np.array(marks_of(plane > FAINT)) * [w, h, w, h]  # with paper around each
        assert len(boxes) == len(want)
        inside = np.subtract(boxes, want) * [1, 1, -1, -1]
        assert (inside > -1e-9).all()


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


def test_numbers_survive_as_text_to_the_last_bit(page):
    z = np.random.default_rng(0).normal(size=16).astype(np.float32) * 3
    got = page.evaluate(
        """async (z) => {
          const { formatVector, parseVector } = await import("/live/core/text.js");
          return Array.from(parseVector(formatVector(Float32Array.from(z)), z.length));
        }""",
        z.tolist(),
    )
    assert (np.float32(got) == z).all()
