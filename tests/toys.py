"""A small bundle of every kind of code, made on the spot from no data set.

    folder = save(tmp_path, "mixture")       # a bundle that every page can open
    answers(folder)                          # what Python says of it, as JSON for the browser

Their pictures are bars, squares and rings; a few steps of training are enough for a map with some
order and for images that change with the code.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor

from vae import bundle
from vae import code as codes
from vae.architectures import ARCHITECTURES
from vae.atlas import laid_out, posteriors
from vae.card import AtlasCard, Card
from vae.code import Block, Code, Posterior, Prior
from vae.data.base import Images, to_unit
from vae.distributions import LIKELIHOODS
from vae.models.vae import VAE, Config
from vae.objective import penalty, terms
from vae.project import pca

CLASSES = ("flat bar", "upright bar", "square", "ring")
N = 200  # pictures in the atlas
STEPS = 40  # of training


class Toy(NamedTuple):
    """What is different from kind to kind."""

    code: Code
    image: tuple[int, int, int] = (1, 12, 12)
    likelihood: str = "bernoulli"
    net: str = "dense"
    noise: tuple[int, int] | None = None  # sizes of the level above, and of the noise below


Z = Block("z", "normal", 4)
TWO = (Block("z2", "normal", 2, level=2), Block("z1", "normal", 3, level=1))
TOYS = {
    "standard": Toy(Code((Z,)), image=(1, 28, 28)),
    "mixture": Toy(Code((Z,), Prior("mixture", 5))),
    "vamp": Toy(Code((Z,), Prior("vamp", 5))),
    "conditional": Toy(Code((Block("shape", "choice", 4), Block("z", "normal", 3, given="shape")))),
    "discrete": Toy(Code((Block("shape", "choice", 4), Block("z", "normal", 3)))),
    "two-level": Toy(Code(TWO), noise=(2, 3)),
    "point": Toy(Code((Block("z", "point", 4),), posterior=Posterior("point"))),
    "colour": Toy(Code((Block("z", "normal", 6),)), (3, 64, 64), "gaussian", "conv"),
}


def save(folder: Path, kind: str) -> Path:
    """The bundle of a kind, written into `folder` / kind."""
    torch.manual_seed(0)
    toy, model = TOYS[kind], VAE(config(TOYS[kind]))
    train(model, pictures(toy.image, 256, seed=0))
    held_out = pictures(toy.image, N, seed=1)
    atlas = laid_out(model, held_out, lambda z: pca(z).place(z).astype(np.float32))
    bundle.save(folder / kind, model, atlas, card(kind, model))
    return folder / kind


def config(toy: Toy) -> Config:
    channels = LIKELIHOODS[toy.likelihood].channels
    d, outputs = toy.code.size, toy.code.outputs
    encoder, decoder = ARCHITECTURES[toy.net](toy.image, d, outputs, channels, width=32, depth=1)
    return Config(toy.image, toy.code, toy.likelihood, encoder, [*levels(toy.noise), *decoder])


def levels(noise: tuple[int, int] | None) -> list[dict]:
    if noise is None:
        return []
    given, size = noise
    inner = [{"op": "linear", "in": given, "out": 8}, {"op": "silu"}]
    last = {"op": "linear", "in": 8, "out": 2 * size}
    return [{"op": "noise", "given": given, "size": size, "layers": [*inner, last]}]


def train(model: VAE, images: Images) -> None:
    generator = Generator().manual_seed(0)
    adam = torch.optim.Adam(model.parameters(), 5e-3)
    x = to_unit(images.x).round() if model.likelihood.binary else to_unit(images.x)
    for _ in range(STEPS):
        rows = torch.randint(len(x), (16,), generator=generator)
        adam.zero_grad()
        loss(model, x[rows], images.y[rows], generator).mean().backward()
        adam.step()


def loss(model: VAE, x: Tensor, y: Tensor, generator: Generator) -> Tensor:
    """(1, B) nats. A model with a choice learns from the class, as the labelled half of
    Semi-Supervised Learning with Deep Generative Models (Kingma et al., 2014)."""
    blocks = [(block, at) for block, at in codes.slices(model.config.code)]
    choices = [at for block, at in blocks if block.kind == "choice"]
    rate, distortion = terms(model, x, 1, generator, penalty, y if choices else None)
    guess = sum(model.encode(x).mean[:, at].gather(1, y[:, None])[:, 0].log() for at in choices)
    return rate + distortion - 10 * guess


def pictures(image: tuple[int, int, int], n: int, seed: int) -> Images:
    """Bars, squares and rings of all sizes and places, each colour channel a little different."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % len(CLASSES)
    x = np.stack([picture(k, image, rng) for k in y])
    return Images(torch.from_numpy(x), torch.from_numpy(y), {})


def picture(k: int, image: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
    c, h, w = image
    v, u = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j] - rng.uniform(-0.4, 0.4, (2, 1, 1))
    size, r = rng.uniform(0.3, 0.7), np.hypot(u, v)
    ink = [
        (abs(u) < size) & (abs(v) < 0.2),
        (abs(v) < size) & (abs(u) < 0.2),
        np.maximum(abs(u), abs(v)) < size,
        abs(r - size) < 0.2,
    ][k]
    shades = rng.uniform(0.5, 1, c) if c > 1 else np.ones(1)
    return (255 * shades[:, None, None] * ink).astype(np.uint8)


def card(kind: str, model: VAE) -> Card:
    c, h, w = model.config.image
    return Card(
        title=f"Toy: {kind}",
        description=f"{model.config.code.size} numbers, trained on shapes for a moment.",
        family="vae",
        **model.config.entries(),
        data={
            "name": "shapes",
            "title": "Shapes",
            "licence": "none needed",
            "source": "tests/toys.py",
            "classes": list(CLASSES),
            "split": "train",
            "n": 256,
        },
        training={"steps": STEPS, "command": f"toys.save(folder, {kind!r})"},
        atlas=AtlasCard("test", N),
        prepare={"size": [h, w], "channels": c},
    )


# ---- what Python answers, for the browser to be held against


def answers(folder: Path, n: int = 3, seed: int = 0) -> dict[str, Any]:
    """For `n` of the prior's codes, as many examples and their pictures, plain as JSON."""
    model, atlas, card, _ = bundle.load(folder)
    with torch.no_grad():
        return {
            "code": of_code(card.code),
            "prior": of_prior(model, n, seed),
            "examples": of_examples(model, atlas, card.code, n),
        }


def of_code(code: Code) -> dict[str, Any]:
    return {
        "size": code.size,
        "outputs": code.outputs,
        "has_rate": code.has_rate,
        "widgets": codes.widgets(code),
    }


def of_prior(model, n: int, seed: int) -> dict[str, Any]:
    """Of samples of the prior, of its mode-like mean and of codes between classes."""
    code, p = model.config.code, model.prior()
    drawn = p.sample(n, generator=Generator().manual_seed(seed))
    z = torch.cat([drawn, p.mean[None], drawn[:2].mean(0, keepdim=True)])
    typicality = codes.typicality(code, p, z.numpy())
    return {
        "mean": plain(p.mean),
        "stddev": plain(p.stddev),
        "z": plain(z),
        "text": [codes.text(code, row) for row in z.numpy()],
        "log_prob": plain(p.log_prob(z)),
        "typicality": typicality if typicality is None else typicality.tolist(),
        "distance": codes.distance(z[0].numpy(), z.numpy()).tolist(),
        "image": plain(model.decode(z).mean.flatten(1)),
    }


def of_examples(model, atlas, code: Code, n: int) -> dict[str, Any]:
    """Of pictures: what the encoder says; of the atlas's rows: rate and distortion."""
    x = to_unit(pictures(model.config.image, n, seed=2).x)
    q, p = model.encode(x), model.prior()
    z = q.sample(4096, generator=Generator().manual_seed(0))
    rates = posteriors(atlas, code).rate_per_dim(p)
    return {
        "x": plain(x.flatten(1)),
        "mean": plain(q.mean),
        "scale": plain(q.stddev),
        "distortion": plain(-model.decode(q.mean).log_prob(x)),
        "rate": plain(q.rate(p, z).mean(0)),
        "rate_error": plain(q.rate(p, z).std(0) / len(z) ** 0.5),
        "rate_per_dim": plain(rates.mean(0)),
    }


def plain(values: Tensor) -> Any:
    """Lists of numbers, None where there is none."""
    return list(numbers(values.tolist())) if values.ndim else values.item()


def numbers(values: list) -> Iterator[Any]:
    for v in values:
        yield list(numbers(v)) if isinstance(v, list) else None if math.isnan(v) else v
