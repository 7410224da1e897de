"""How good samples are, by the eyes of a small classifier of the same data set.

A convolutional network learns the data set's classes in seconds, always the same one, and is kept
in the user's cache. Of samples from the prior, samples from the aggregate posterior (a mixture of
Gaussians fitted to the held-out examples' codes), and reconstructions:

confident   the share that it classifies with a probability above 0.9
classes     half the sum of the differences between their shares of the classes and the test
            images': 0 where they agree; the note has the shares
frechet     the distance between Gaussians fitted to the last layer's features of them and of
            training images, |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)). GANs Trained by a Two
            Time-Scale Update Rule Converge to a Local Nash Equilibrium (Heusel et al., 2017),
            https://arxiv.org/abs/1706.08500. In features of our own: compare within a data set only

A classifier that is sure of less than half of the test images is no judge, and nothing is measured.

The control is the same figure of the test images, so 0 for the classes. Images are what the decoder
expects at a pixel, without its noise.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional

from vae.bundle import Bundle, read_arrays
from vae.code import settled
from vae.data import Dataset
from vae.data.base import to_unit
from vae.errors import InputError
from vae.files import cache_folder, cached
from vae.metrics.measure import Measure, jackknifed
from vae.mixture import mixture
from vae.seeds import Use, generator, permutation, seeded

STEPS, BATCH, RATE = 400, 128, 1e-2  # of the classifier's training
SIDE = 32  # larger images are reduced to this
FEATURES = 64
SURE = 0.9
JUDGE = 0.5  # the share of the test images that a judge is sure of
ROWS = 1000  # images at once
KEPT = 50_000_000  # bytes of classifiers in the cache
FEWEST = 4 * FEATURES  # images to which a Gaussian of the features can be fitted


class Seen(NamedTuple):
    """What the classifier makes of images."""

    features: np.ndarray  # (N, FEATURES)
    shares: np.ndarray  # (N, K) probabilities of the classes

    def take(self, rows: np.ndarray) -> "Seen":
        return Seen(self.features[rows], self.shares[rows])


# ---- the classifier


class Classifier(nn.Module):
    def __init__(self, channels: int, side: int, classes: int):
        super().__init__()
        self.side = min(side, SIDE)
        small = (self.side + 3) // 4
        self.body = nn.Sequential(
            nn.Conv2d(channels, 32, 3, 2, 1), nn.SiLU(),
            nn.Conv2d(32, 64, 3, 2, 1), nn.SiLU(), nn.Flatten(),
            nn.Linear(64 * small**2, FEATURES), nn.SiLU(),
        )  # fmt: skip
        self.head = nn.Linear(FEATURES, classes)

    def features(self, x: Tensor) -> Tensor:
        """(B, C, H, W) in [0, 1] -> (B, FEATURES)"""
        return self.body(functional.adaptive_avg_pool2d(x, self.side))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))


def classifier(source: Dataset) -> Classifier:
    """The data set's, from the cache or trained now."""
    images = source.load("train")
    key = sha256(f"{STEPS} {BATCH} {RATE} {SIDE} {FEATURES} {tuple(images.x.shape)}".encode())
    key.update(images.x.numpy().tobytes() + images.y.numpy().tobytes())
    path = cache_folder("classifiers") / f"{source.name}-{key.hexdigest()[:16]}.safetensors"
    with seeded(Use.CLASSIFIER, 0):
        model = Classifier(source.image[0], max(source.image[1:]), len(source.classes))

    def trained() -> bytes:
        train(model, images.x, images.y)
        return save(model.state_dict())

    known = read_arrays(cached(path, KEPT, trained))
    model.load_state_dict({k: torch.from_numpy(v) for k, v in known.items()})
    return model.eval().requires_grad_(False)


def train(model: Classifier, x: Tensor, y: Tensor) -> None:
    optimizer = torch.optim.AdamW(model.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, STEPS)
    for rows in batches(len(x)):
        loss = functional.cross_entropy(model(to_unit(x[rows])), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


def batches(n: int) -> Iterator[Tensor]:
    """Rows of STEPS batches: one epoch in random order after the other."""
    size = min(BATCH, n)
    each = n // size
    for step in range(STEPS):
        if step % each == 0:
            order = permutation(n, Use.CLASSIFIER, 0, step)
        at = step % each * size
        yield order[at : at + size]


@torch.no_grad()
def seen(model: Classifier, images: Iterator[Tensor]) -> Seen:
    """What it makes of portions of images in [0, 1]."""
    features = torch.cat([model.features(x) for x in images])
    return Seen(features.numpy(), model.head(features).softmax(-1).numpy())


# ---- the images


def portions(x: Tensor) -> Iterator[Tensor]:
    return map(to_unit, x.split(ROWS))


def decoded(model, z: Tensor) -> Iterator[Tensor]:
    return (model.decode(part).mean.clamp(0, 1) for part in z.split(ROWS))


def codes(opened: Bundle, test: Tensor, n: int, seed: int) -> Iterator[tuple[str, Tensor]]:
    """What is decoded, by name: (n, D) each."""
    model, atlas, card, _ = opened
    yield "prior", model.prior().sample(n, generator=generator(Use.CLASSIFIER, seed))
    aggregate = mixture(atlas.mean, atlas.scale).sample(n, np.random.default_rng(seed))
    yield "aggregate", torch.from_numpy(settled(card.code, aggregate)).float()
    yield "reconstructions", torch.cat([model.encode(x).mean for x in portions(test)])


# ---- the figures


def figures(now: Seen, reference: Seen, classes: np.ndarray) -> dict[str, float]:
    return {
        "confident": float((now.shares.max(1) > SURE).mean()),
        "classes": float(np.abs(class_shares(now) - classes).sum() / 2),
        "frechet": frechet(now.features, reference.features),
    }


UNITS = {"confident": "share", "classes": "share", "frechet": "squared distance"}


def class_shares(now: Seen) -> np.ndarray:
    """(K,), sum 1."""
    return np.bincount(now.shares.argmax(1), minlength=now.shares.shape[1]) / len(now.shares)


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    """Between Gaussians fitted to `a` and `b` (N, F)."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    one, other = np.cov(a.T), np.cov(b.T)
    root = root_of(one)
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ other @ root), 0)).sum()
    apart = np.square(a.mean(0) - b.mean(0)).sum()
    return float(apart + np.trace(one) + np.trace(other) - 2 * shared)


def root_of(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


def measured(opened: Bundle, source: Dataset, n: int, seed: int) -> dict[str, Measure]:
    """Every figure of each kind of image beside the test images'.

    Raises:
        InputError: the classifier cannot tell the test images' classes.
    """
    judge, test = classifier(source), shuffled(source.load("test").x, n, seed)
    reference = seen(judge, portions(shuffled(source.load("train").x, n, seed)))
    known = seen(judge, portions(test))
    classes, measures = class_shares(known), {}
    control = figures(known, reference, classes)
    if control["confident"] < JUDGE:
        raise InputError(
            f"A small classifier is sure of {control['confident']:.0%} of the test images, "
            "so it says nothing of samples."
        )
    for kind, z in codes(opened, test, len(test), seed):
        now = seen(judge, decoded(opened.model, z))
        values, stderr = figures(now, reference, classes), spread(now, reference, classes)
        notes = {"classes": f"{in_words(now, source.classes)}; "}
        for name, unit in UNITS.items():
            note = notes.get(name, "") + "the test images"
            beside = stderr[name], note, control[name]
            measures[f"{kind}_{name}"] = Measure(values[name], unit, len(z), seed, None, *beside)
    return measures


def spread(now: Seen, reference: Seen, classes: np.ndarray) -> dict[str, float]:
    return jackknifed(lambda rows: figures(now.take(rows), reference, classes), len(now.shares))


def in_words(now: Seen, names: tuple[str, ...]) -> str:
    """The share of each class."""
    shares = zip(names, class_shares(now), strict=True)
    return ", ".join(f"{name} {share:.1%}" for name, share in shares)


def shuffled(x: Tensor, n: int, seed: int) -> Tensor:
    """At most `n` of the images at random: halves of a published set may differ."""
    return x[permutation(len(x), Use.CLASSIFIER, seed)[:n]]
