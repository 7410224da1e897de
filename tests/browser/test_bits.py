"""A page reads and writes the same files as Python, to the last bit."""

import base64

import numpy as np
import pytest

from vae import bundle
from vae.tasks.compress import exact, file
from vae.tasks.compress.codecs import grid
from vae.tasks.compress.networks import network
from vae.tasks.compress.pictures import best_grid, picture_codec

N, BLOCK, GRID = 7, 4, 6
SETUP = """
  const { parse } = await import("/live/core/safetensors.js");
  const at = `/models/${name}/`;
  const card = await (await fetch(at + "bundle.json")).json();
  const tensors = parse(await (await fetch(at + "weights.safetensors")).arrayBuffer(), "weights");
  const { pictureCodecs } = await import("/live/core/bits/pictures.js");
  const files = await import("/live/core/bits/file.js");
"""
READ = f"""async ([name, text]) => {{{SETUP}
  const data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const codecs = pictureCodecs(card, tensors);
  const {{ about, names, blocks }} = await files.opened(data);
  files.checkModel({{ about }}, card.files["weights.safetensors"],
    {{ image: card.model.image, levels: codecs.levels }});
  const codec = codecs.codec(about.grid);
  const pictures = blocks.map((block, i) => files.restored(codec, block, i));
  const again = pictures.map((own, i) => files.pushed(codec, own, i).toBytes());
  const written = await files.toBytes(about, again);
  const same = again.map((bytes, i) => String(bytes) === String(blocks[i].data));
  return {{ names, same, pictures: pictures.flat().map((p) => Array.from(p)),
    written: btoa(String.fromCharCode(...written)) }};
}}"""
NETS = f"""async ([name, x, z]) => {{{SETUP}
  const {{ network }} = await import("/live/core/bits/networks.js");
  const encoder = network(card.model.encoder, tensors, "encoder", card.model.image);
  const decoder = network(card.model.decoder, tensors, "decoder", [z[0].length]);
  const all = (net, rows) => rows.map((row) => Array.from(net.run(Float64Array.from(row))));
  return [all(encoder, x), all(decoder, z)];
}}"""
EXACT = """async (u) => {
  const { exp, normalCdf } = await import("/live/core/bits/exact.js");
  const { grid } = await import("/live/core/bits/codecs.js");
  const { edges, centres, starts } = grid(5);
  const cells = [edges.slice(1, -1), centres, starts].map((a) => Array.from(a));
  return [u.map(exp), u.map(normalCdf), ...cells];
}"""
BEST = """async ([scale, size, chain]) => {
  const { bestGrid } = await import("/live/core/bits/pictures.js");
  return bestGrid(Float32Array.from(scale), size, chain);
}"""
DIGEST = """async (texts) => {
  const { sha256 } = await import("/live/core/bits/sha256.js");
  return texts.map((text) => Array.from(sha256(new TextEncoder().encode(text))));
}"""


@pytest.fixture(params=["digits", "frey", "convolutional"])
def name(request):
    return request.param


@pytest.fixture
def opened(name, models):
    return bundle.load(models / name if name == "convolutional" else f"assets/{name}")


@pytest.fixture
def symbols(opened):
    shape = (N, np.prod(opened.model.config.image))
    return np.random.default_rng(0).integers(0, opened.model.likelihood.levels, shape, np.uint8)


@pytest.fixture
def data(opened, symbols) -> bytes:
    model, weights = opened.model, opened.card.files[bundle.WEIGHTS]
    codec = picture_codec(model, GRID)
    blocks = list(file.blocks_of(codec, [symbols], BLOCK))
    about = file.About(
        weights, opened.card.title, GRID, model.config.image, model.likelihood.levels, BLOCK,
        tuple(map(len, blocks)), (("scan 8", N),),
    )  # fmt: skip
    return file.to_bytes(file.Archive(about, blocks))


def read(page, name, data: bytes) -> dict:
    return page.evaluate(READ, [name, base64.b64encode(data).decode()])


def test_functions_have_the_same_bits(page):
    u = np.random.default_rng(0).normal(0, 4, 5000)
    exp, cdf, edges, centres, starts = page.evaluate(EXACT, u.tolist())
    assert exp == exact.exp(u).tolist()
    assert cdf == [exact.normal_cdf(v) for v in u.tolist()]
    cells = grid(5)
    assert (edges, starts) == (cells.edges[1:-1], cells.starts)
    assert centres == cells.centres.tolist()
    scale = np.random.default_rng(0).gamma(1, 0.1, (20, 3)).astype(np.float32)
    for chain in (1, 12, 1000):
        assert page.evaluate(BEST, [scale.ravel().tolist(), 3, chain]) == best_grid(scale, chain)


def test_digests_are_those_of_the_standard(page):
    from hashlib import sha256

    texts = ["", "abc", "é" * 40, "x" * 55, "x" * 56, "x" * 64, "x" * 1000]
    assert page.evaluate(DIGEST, texts) == [list(sha256(t.encode()).digest()) for t in texts]


def test_networks_have_the_same_bits(page, name, opened):
    config, rng = opened.model.config, np.random.default_rng(0)
    weights = {k: v.numpy() for k, v in opened.model.state_dict().items()}
    x = exact.rounded(rng.random((3, *config.image)))
    z = exact.rounded(rng.normal(size=(3, config.latent)))
    rows = [a.reshape(3, -1).tolist() for a in (x, z)]
    h, features = page.evaluate(NETS, [name, *rows])
    assert h == network(config.encoder, weights, "encoder", config.image)(x).tolist()
    ours = network(config.decoder, weights, "decoder", (config.latent,))(z)
    assert features == ours.reshape(3, -1).tolist()


def test_a_file_goes_from_python_to_the_page_and_back(page, name, opened, symbols, data):
    answer = read(page, name, data)
    assert answer["names"] == [f"scan {i}" for i in range(8, 8 + N)]
    assert answer["pictures"] == symbols.tolist()
    assert answer["same"] == [True, True]
    held = file.opened(base64.b64decode(answer["written"]))
    codec = file.codec_for(held, opened.model, opened.card.files[bundle.WEIGHTS])
    assert np.array_equal(np.concatenate(list(file.restored(held, codec, [0, 1]))), symbols)


@pytest.mark.parametrize("name", ["digits"], indirect=True)
def test_an_altered_file_hands_out_no_picture_in_the_page_either(page, name, opened, data):
    for at in [0, 4, 5, 9, 30, len(data) - 1, len(data) - 40, len(data) // 2]:
        changed = bytearray(data)
        changed[at] ^= 1
        with pytest.raises(Exception, match=r"altered|no \.vaez|format|readable"):
            read(page, name, bytes(changed))
