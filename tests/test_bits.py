"""Laws of lossless compression: what is pushed is popped, and the same bits come out everywhere."""

import hashlib

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

from vae import bundle
from vae.distributions import Bernoulli, Greys
from vae.errors import InputError
from vae.objective import surprise
from vae.tasks.compress import codecs, exact
from vae.tasks.compress.networks import STEPS, network
from vae.tasks.compress.pictures import best_grid, picture_codec, pop_chains, push_chains
from vae.tasks.compress.stack import Stack, empty, from_bytes, is_empty

rng = np.random.default_rng(0)
STACKS, N = 3, 40


def stacks(n: int = STACKS) -> list[Stack]:
    return [empty(hashlib.sha256(bytes([i])).digest()) for i in range(n)]


def contents(some: list[Stack]) -> list[tuple[int, list[int]]]:
    return [(stack.head, list(stack.words)) for stack in some]


# ---- functions


def test_exact_functions_are_those_of_a_library():
    x = np.linspace(-39, 39, 10_001)
    assert np.allclose(exact.exp(x), np.exp(x), rtol=1e-13)
    u = torch.linspace(-9, 9, 5001, dtype=torch.float64)
    ours = np.array([exact.normal_cdf(v) for v in u.tolist()]) / exact.WHOLE
    assert np.abs(ours - torch.special.ndtr(u).numpy()).max() < 1e-6


def test_the_normal_cdf_never_falls_and_ends_exactly():
    u = np.sort(np.concatenate([np.linspace(-9, 9, 20_001), rng.normal(0, 3, 20_001)])).tolist()
    counts = [exact.normal_cdf(v) for v in [-np.inf, *u, np.inf]]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (0, exact.WHOLE)


# ---- codecs


def binary_codec():
    p = rng.random((STACKS, N)) ** 4
    return codecs.binary(p), rng.random((STACKS, N)) < p


def greys_codec():
    loc, scale = rng.normal(0.5, 0.4, (STACKS, N)), np.exp(rng.normal(-3, 2, (STACKS, N)))
    return codecs.greys(loc, scale), rng.integers(0, 256, (STACKS, N))


def posterior_codec():
    cells, loc = codecs.grid(5), rng.normal(size=(STACKS, N))
    codec = codecs.gaussians(cells, loc, np.exp(rng.normal(-1, 1, (STACKS, N))))
    return codec, codec.pop(stacks())  # only what can be popped is ever pushed


def prior_codec():
    cells = codecs.grid(4)
    return codecs.standard(cells, (STACKS, N)), rng.integers(0, len(cells.centres), (STACKS, N))


def bits_back_codec():
    cells = codecs.grid(3)
    mix = rng.normal(size=(4, N))
    codec = codecs.bits_back(
        lambda b: codecs.standard(cells, (b, 4)),
        lambda z: codecs.binary(exact.sigmoid(cells.centres[z] @ mix)),
        lambda x: codecs.gaussians(cells, (x - 0.5) @ mix.T / 20, np.full((len(x), 4), 0.3)),
    )
    return codec, rng.integers(0, 2, (STACKS, N))


CODECS = {
    "binary": binary_codec,
    "greys": greys_codec,
    "posterior": posterior_codec,
    "prior": prior_codec,
    "bits back": bits_back_codec,
}


@pytest.mark.parametrize("make", CODECS.values(), ids=CODECS)
def test_a_codec_restores_every_symbol_and_leaves_the_stack_as_it_was(make):
    codec, symbols = make()
    some, fresh = stacks(), stacks()
    codec.push(some, symbols)
    there = contents(some)
    assert (codec.pop(some) == symbols).all()
    for stack, untouched in zip(some, fresh, strict=True):
        more = len(stack.words) - len(untouched.words)
        below = [next(untouched.below) for _ in range(more)][::-1]
        assert (stack.head, stack.words) == (untouched.head, below + untouched.words)
    codec.push(some, symbols)
    assert contents(some) == there


def full(n: int = STACKS) -> list[Stack]:
    """Stacks with enough on them to pop anything from."""
    words = rng.integers(0, 2**16, (n, 20_000)).tolist()
    return [Stack(2**40 + i, own, iter(())) for i, own in enumerate(words)]


def growth(codec: codecs.Codec, symbols: np.ndarray, times: int) -> float:
    """Bits by which all stacks together grow each time."""
    some = full()
    before = sum(stack.bits for stack in some)
    for _ in range(times):
        codec.push(some, symbols)
    return (sum(stack.bits for stack in some) - before) / times


def test_binary_symbols_cost_their_information():
    p = rng.random((STACKS, N)) ** 4
    x = rng.random((STACKS, N)) < p
    worth = -float(Bernoulli(torch.from_numpy(p).logit(), 2).log_prob(torch.from_numpy(x * 1.0)))
    assert growth(codecs.binary(p), x, 50) == pytest.approx(worth / np.log(2), rel=0.005)


def test_grey_levels_cost_their_information():
    loc, scale = rng.normal(0.5, 0.2, (STACKS, N)), np.exp(rng.normal(-3, 1, (STACKS, N)))
    law = Greys(torch.from_numpy(loc), torch.from_numpy(scale), 2)
    x = law.sample(generator=torch.Generator().manual_seed(0))
    worth = -float(law.log_prob(x)) / np.log(2)
    symbols = (255 * x).round().int().numpy()
    assert growth(codecs.greys(loc, scale), symbols, 50) == pytest.approx(worth, rel=0.005)


def test_every_grey_level_can_be_pushed_even_where_the_gaussian_is_far():
    loc, scale = np.array([[-5.0] * 256, [9.0] * 256]), np.full((2, 256), 1 / 256)
    codec, symbols, some = codecs.greys(loc, scale), np.array([range(256)] * 2), stacks(2)
    codec.push(some, symbols)
    assert (codec.pop(some) == symbols).all()


def test_a_stack_survives_its_bytes():
    [stack] = stacks(1)
    codecs.binary(rng.random((1, 900))).push([stack], rng.integers(0, 2, (1, 900)))
    read = from_bytes(stack.to_bytes())
    assert (read.head, read.words) == (stack.head, stack.words)


@pytest.mark.parametrize("data", [b"", b"1", b"\0" * 6, b"\xff" * 5])
def test_bytes_that_are_no_stack_are_refused(data):
    with pytest.raises(InputError, match="altered"):
        from_bytes(data)


def test_a_stack_without_words_is_refused_not_made_up():
    with pytest.raises(InputError, match="cut short"):
        codecs.binary(rng.random((1, 900))).pop([from_bytes(stacks(1)[0].to_bytes())])


# ---- networks

IMAGE = (1, 8, 8)
NETS = {
    "dense": {"net": "dense", "likelihood": "bernoulli"},
    "conv": {"net": "conv", "likelihood": "gaussian"},
    "conv-decoder": {"net": "conv-decoder", "likelihood": "bernoulli"},
}


def weights_of(model) -> dict[str, np.ndarray]:
    return {k: v.detach().numpy() for k, v in model.state_dict().items()}


@pytest.fixture(params=NETS.values(), ids=NETS)
def model(request, make_model):
    return make_model(image=IMAGE, width=32, **request.param).eval().requires_grad_(False)


def test_an_exact_network_is_close_to_the_float_network(model):
    z = exact.rounded(rng.normal(size=(50, model.config.latent)))
    ours = network(model.config.decoder, weights_of(model), "decoder", z.shape[1:])(z)
    theirs = model.decoder(torch.from_numpy(z).float()).numpy()
    assert np.abs(ours - theirs).max() < 1e-3
    x = rng.random((50, *IMAGE))
    h = network(model.config.encoder, weights_of(model), "encoder", IMAGE)(x)
    assert np.abs(h - model.encoder(torch.from_numpy(x).float()).numpy()).max() < 1e-3


def test_an_exact_network_has_the_same_bits_in_every_batch_order_and_number_of_threads(model):
    run = network(model.config.encoder, weights_of(model), "encoder", IMAGE)
    x = rng.random((37, *IMAGE))
    whole = run(x)
    assert np.array_equal(whole, np.concatenate([run(one[None]) for one in x]))
    assert np.array_equal(whole[::-1], run(x[::-1]))
    with threadpool_limits(1):
        assert np.array_equal(whole, run(x))


OPS = {
    "relu": ([{"op": "linear", "in": 6, "out": 4}, {"op": "relu"}], (6,)),
    "sigmoid": ([{"op": "linear", "in": 6, "out": 4}, {"op": "sigmoid"}], (6,)),
    "stride without padding": (
        [{"op": "conv2d", "in": 2, "out": 3, "kernel": 3, "stride": 2, "padding": 0}], (2, 8, 6),
    ),
    "transposed, stride 3": (
        [{"op": "conv_transpose2d", "in": 2, "out": 3, "kernel": 4, "stride": 3, "padding": 2}],
        (2, 5, 4),
    ),
    "transposed, larger stride than kernel": (
        [{"op": "conv_transpose2d", "in": 2, "out": 3, "kernel": 2, "stride": 3, "padding": 0}],
        (2, 5, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layers", "shape"), OPS.values(), ids=OPS)
def test_layers_that_no_design_has_are_pytorchs(layers, shape):
    from vae.nets import build

    torch.manual_seed(0)
    theirs = build(layers)
    weights = {f"n.{k}": v.detach().numpy() for k, v in theirs.state_dict().items()}
    x = exact.rounded(rng.normal(size=(5, *shape)))
    ours = network(layers, weights, "n", shape)(x)
    with torch.no_grad():
        assert np.abs(ours - theirs(torch.from_numpy(x).float()).numpy()).max() < 1e-3


def test_a_layer_that_is_not_exact_is_refused():
    layers = [{"op": "layer_norm", "size": 4}]
    with pytest.raises(InputError, match=r"'layer_norm'.*linear"):
        network(layers, {}, "n", (4,))


def test_weights_whose_sums_would_not_be_exact_are_refused():
    layers = [{"op": "linear", "in": 2, "out": 1}]
    weights = {"n.0.weight": np.full((1, 2), 2000.0), "n.0.bias": np.zeros(1)}
    with pytest.raises(InputError, match="too large"):
        network(layers, weights, "n", (2,))


@pytest.mark.parametrize("name", bundle.find("assets"))
def test_every_shipped_model_is_exact(name):
    card = bundle.read_card(f"assets/{name}")

    def ops(layers):
        return {op for x in layers for op in (x["op"], *ops(x.get("layers", [])))}

    assert ops(card.model["encoder"]) | ops(card.model["decoder"]) <= STEPS.keys()


# ---- pictures


def symbols_of(model, n: int) -> np.ndarray:
    return rng.integers(0, model.likelihood.levels, (n, np.prod(IMAGE)))


def test_chains_of_pictures_come_back_and_leave_the_digest(model):
    codec = picture_codec(model, 5)
    chains = [symbols_of(model, n).astype(np.uint8) for n in (5, 5, 2)]
    digests = [hashlib.sha256(chain.tobytes()).digest() for chain in chains]
    some = [empty(digest) for digest in digests]
    push_chains(codec, some, chains)
    read = [from_bytes(stack.to_bytes()) for stack in some]
    restored = pop_chains(codec, read, [5, 5, 2])
    assert all(np.array_equal(a, b) for a, b in zip(restored, chains, strict=True))
    assert [is_empty(s, d) for s, d in zip(read, digests, strict=True)] == [True] * 3
    assert not is_empty(read[0], digests[1])


def cost_on(grid: int, opened, symbols: np.ndarray) -> float:
    """Bits of a picture where others lie below it."""
    some = full(8)
    before = sum(stack.bits for stack in some)
    push_chains(picture_codec(opened, grid), some, np.split(symbols, 8))
    return (sum(stack.bits for stack in some) - before) / len(symbols)


def test_the_length_is_the_elbo():
    opened = bundle.load("assets/digits-beta-1").model
    with torch.no_grad():
        drawn = opened.decode(
            opened.prior().sample(200, generator=torch.Generator().manual_seed(0))
        )
        x = drawn.sample(generator=torch.Generator().manual_seed(1))
    cost = float(surprise(opened, x).cost.mean()) / np.log(2)
    assert cost_on(4, opened, x.flatten(1).byte().numpy()) == pytest.approx(cost, rel=0.02)


def test_the_best_grid_costs_no_more_than_a_finer_one():
    opened = bundle.load("assets/digits-beta-1")
    model, scale = opened.model, opened.atlas.scale
    with torch.no_grad():
        drawn = model.decode(model.prior().sample(160, generator=torch.Generator().manual_seed(0)))
        x = drawn.sample(generator=torch.Generator().manual_seed(1)).flatten(1).byte().numpy()
    best = best_grid(scale, 1000)
    assert best_grid(scale, 1) <= best_grid(scale, 12) <= best
    assert cost_on(best, model, x) == pytest.approx(cost_on(12, model, x), rel=0.01)
    assert cost_on(1, model, x) > 1.02 * cost_on(best, model, x)


@pytest.mark.parametrize("design", [{"prior": "mixture", "components": 3}, {"posterior": "point"}])
def test_a_code_of_another_kind_is_refused(make_model, design):
    with pytest.raises(InputError, match="of another kind"):
        picture_codec(make_model(**design), 5)
