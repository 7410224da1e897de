"""Classifiers from few labels: features of many images, of which few have a class.

    pool = Pool(mean, scale)                        # (N, F) each: the codes of all images
    classify = LEARNERS["M2"](pool, rows, y, 10, seed=0)   # `rows` (L,) have the classes `y` (L,)
    p = classify(features)                          # (M, F) -> (M, C) probabilities

    logistic     regression on the labelled features
    network      a perceptron on the labelled features
    spreading    labels spread over the graph of nearest neighbours (spreading.py)
    M2           the generative model of features and classes (models/semisupervised.py), whose
                 q(y|x) begins as the spread labels say; its features are codes: M1 + M2

Only the last two learn from images without labels. Where features are codes of a posterior,
training draws another sample of it each time that an image is seen. A class without a label is as
good as any to M2, and impossible to the others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor, nn

from vae.architectures import ARCHITECTURES
from vae.data.base import to_unit
from vae.errors import InputError
from vae.models.semisupervised import M2, Design, known, perceptron, unknown
from vae.nets import build
from vae.seeds import Use, generator, seeded
from vae.settings import check, setting
from vae.tasks.probe import learned
from vae.tasks.spreading import TINY, balanced, graph, shares, spread, spread_to

Classifier = Callable[[np.ndarray], np.ndarray]  # features (M, F) -> probabilities (M, C)


@dataclass(frozen=True)
class Pool:
    """Features of images, with or without labels."""

    mean: np.ndarray  # (N, F) float32
    scale: np.ndarray | None = None  # (N, F) float32, of a posterior; None: they are certain

    @cached_property
    def graph(self) -> Any:
        return graph(self.mean)

    def sample(self, rows: Tensor, noise: Generator) -> Tensor:
        """Features of `rows` (B,), each drawn from its posterior: (B, F)."""
        mean = torch.from_numpy(self.mean)[rows]
        if self.scale is None:
            return mean
        eps = torch.randn(mean.shape, generator=noise)
        return mean + torch.from_numpy(self.scale)[rows] * eps


@dataclass(frozen=True)
class Few:
    """How M2 and a plain network learn."""

    steps: int = setting(4000, "optimizer steps", min=1)
    batch: int = setting(128, "images without labels in a step", min=1)
    labelled: int = setting(64, "images with labels in a step", min=1)
    learning_rate: float = setting(2e-3, "Adam's peak step size", min=0.0)
    latent: int = setting(8, "numbers of z, what a class leaves open", min=1)
    width: int = setting(128, "units of a hidden layer", min=1)
    guesses: float = setting(
        10.0, "weight of the spread labels, which falls to 0 in the middle of training", min=0.0
    )

    __post_init__ = check


def check_labels(y: np.ndarray, classes: int) -> None:
    """Raise InputError where there is nothing to tell apart."""
    if classes < 2 or (len(y) and len(np.unique(y)) < 2):
        raise InputError("A classifier needs labels of two classes at least; these are of one.")


# ---- learners


def logistic(pool: Pool, rows: np.ndarray, y: np.ndarray, classes: int, seed: int) -> Classifier:
    fitted = learned("linear", classes, pool.mean[rows], y)

    def classify(x: np.ndarray) -> np.ndarray:
        p = np.zeros((len(x), classes))
        p[:, fitted.classes_] = fitted.predict_proba(x)
        return p

    return classify


def network(pool: Pool, rows: np.ndarray, y: np.ndarray, classes: int, seed: int) -> Classifier:
    few = Few()
    with seeded(Use.LABELS, seed):
        reader = perceptron(pool.mean.shape[1], classes, few.width)
    labels = Labels(pool, rows, y)

    def loss(step: int, noise: Generator) -> Tensor:
        x, k = labels.batch(few.labelled, noise)
        return -of_class(reader(x).log_softmax(-1), k).mean()

    for _ in steps(reader, loss, few, seed):
        pass
    return reading(lambda x: reader(x).softmax(-1))


def spreading(pool: Pool, rows: np.ndarray, y: np.ndarray, classes: int, seed: int) -> Classifier:
    p = balanced(spread(pool.graph, rows, y, classes))
    return lambda x: spread_to(pool.mean, p, x)


def semisupervised(
    pool: Pool, rows: np.ndarray, y: np.ndarray, classes: int, seed: int
) -> Classifier:
    for _, model in fit(pool, rows, y, classes, Few(), seed):  # noqa: B007 (the last is wanted)
        pass
    return reading(lambda x: model.classify(x).mean)


Learner = Callable[[Pool, np.ndarray, np.ndarray, int, int], Classifier]
LEARNERS: dict[str, Learner] = {
    "logistic": logistic,
    "network": network,
    "spreading": spreading,
    "M2": semisupervised,
}


# ---- networks of images


@dataclass(frozen=True)
class Taught:
    """How a convolutional network learns from probabilities of classes."""

    steps: int = setting(1500, "optimizer steps", min=1)
    batch: int = setting(128, "images in a step", min=1)
    learning_rate: float = setting(2e-3, "Adam's peak step size", min=0.0)
    width: int = setting(128, "units of its dense layer; its channels go with them", min=8)
    shift: int = setting(2, "pixels by which an image is moved at most, each time anew", min=0)
    sharpness: float = setting(4.0, "power to which probabilities are raised", min=0.0)

    __post_init__ = check


def pseudo_labels(images: Tensor, p: np.ndarray, taught: Taught, seed: int) -> nn.Module:
    """A network that has learned from `images` (N, C, H, W) uint8 with guessed classes `p` (N, C).

    An image is seen as often as its guess is certain, 1 - H(p) / log C; never where p is uniform.
    Of known classes p is 1; then it is a plain network.

    Label Propagation for Deep Semi-supervised Learning (Iscen et al., 2019),
    https://arxiv.org/abs/1904.04717
    """
    log_c = np.log(p.shape[1])
    certainty = torch.from_numpy(1 - entropy(p) / log_c).clamp(min=0)
    wanted = torch.from_numpy(shares(p**taught.sharpness)).float()
    with seeded(Use.LABELS, seed):
        shape = tuple(images.shape[1:])
        encoder, _ = ARCHITECTURES["conv"](shape, 1, p.shape[1], 1, taught.width, 0)
        model = build(encoder)

    def loss(step: int, noise: Generator) -> Tensor:
        rows = certainty.multinomial(taught.batch, replacement=True, generator=noise)
        x = shifted(to_unit(images[rows]), taught.shift, noise)
        return -(wanted[rows] * model(x).log_softmax(-1)).sum(-1).mean()

    for _ in steps(model, loss, taught, seed):
        pass
    return model


def entropy(p: np.ndarray) -> np.ndarray:
    """(N, C) -> (N,) nats"""
    return -(p * np.log(np.maximum(p, TINY))).sum(1)


def shifted(x: Tensor, most: int, noise: Generator) -> Tensor:
    """Images (B, C, H, W), each moved by up to `most` pixels both ways, with black from outside."""
    n, _, height, width = x.shape
    top, left = torch.randint(2 * most + 1, (2, n, 1), generator=noise)
    rows = (top + torch.arange(height))[:, :, None]
    columns = (left + torch.arange(width))[:, None]
    wide = nn.functional.pad(x, (most,) * 4)
    return wide[torch.arange(n)[:, None, None], :, rows, columns].permute(0, 3, 1, 2)


@torch.no_grad()
def probabilities(model: nn.Module, images: Tensor) -> np.ndarray:
    """Of `images` (N, C, H, W) uint8: (N, C)."""
    parts = [model(to_unit(some)).softmax(-1) for some in images.split(1000)]
    return torch.cat(parts).double().numpy()


# ---- training


class Labels(NamedTuple):
    """The labelled images of a pool."""

    pool: Pool
    rows: np.ndarray  # (L,)
    y: np.ndarray  # (L,)

    def batch(self, n: int, noise: Generator) -> tuple[Tensor, Tensor]:
        """Features and classes of `n` of them, (n, F) and (n,)."""
        at = torch.randint(len(self.rows), (n,), generator=noise)
        rows, y = torch.from_numpy(self.rows), torch.from_numpy(self.y).long()
        return self.pool.sample(rows[at], noise), y[at]


def fit(
    pool: Pool, rows: np.ndarray, y: np.ndarray, classes: int, few: Few, seed: int
) -> Iterator[tuple[int, M2]]:
    """Train M2 on a pool of which `rows` (L,) have the classes `y` (L,); L may be 0.

    Yields the steps taken and the model, which is in evaluation mode at the end.
    """
    with seeded(Use.LABELS, seed):
        model = M2(Design(pool.mean.shape[1], classes, few.latent, few.width))
    labels, guesses = Labels(pool, rows, y), None
    if few.guesses and len(rows):
        guesses = torch.from_numpy(balanced(spread(pool.graph, rows, y, classes)))

    def loss(step: int, noise: Generator) -> Tensor:
        some = torch.randint(len(pool.mean), (few.batch,), generator=noise)
        x = pool.sample(some, noise)
        found = -unknown(model, x, noise).mean()
        if guesses is not None:
            trust = few.guesses * max(0.0, 1 - 2 * step / few.steps)
            guessed = -(guesses[some] * model.classify(x).log_probs).sum(-1).mean()
            found = found + trust * guessed
        if len(rows):
            x, k = labels.batch(few.labelled, noise)
            found = found + labelled_loss(model, x, k, noise)
        return found

    yield from ((step, model) for step in steps(model, loss, few, seed))


def labelled_loss(model: M2, x: Tensor, y: Tensor, noise: Generator) -> Tensor:
    return -known(model, x, y, noise).mean() - of_class(model.classify(x).log_probs, y).mean()


def of_class(log_probs: Tensor, y: Tensor) -> Tensor:
    """(B, C) and (B,) -> (B,)"""
    return log_probs.gather(-1, y[:, None])[:, 0]


def steps(
    model: nn.Module, loss: Callable[[int, Generator], Tensor], few: Few | Taught, seed: int
) -> Iterator[int]:
    """Train by Adam; yields how many steps were taken."""
    optimizer = torch.optim.AdamW(model.parameters(), few.learning_rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, few.steps)
    for step in range(few.steps):
        noise = generator(Use.LABELS, seed, step)
        optimizer.zero_grad()
        loss(step, noise).backward()
        optimizer.step()
        schedule.step()
        yield step + 1


def reading(probabilities: Callable[[Tensor], Tensor]) -> Classifier:
    """A classifier of arrays from one of tensors."""

    @torch.no_grad()
    def classify(x: np.ndarray) -> np.ndarray:
        return probabilities(torch.from_numpy(np.asarray(x, np.float32))).double().numpy()

    return classify
