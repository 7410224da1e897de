"""What codes are worth as features: how well simple readers tell class or factors by few labels.

    views = views_of(bundle, pool, test)           # codes, as many principal components, pixels
    for reading in readings(views, target, counts=(100, 1000), draws=5, seed=0):
        print(reading.view, reading.reader, reading.labels, reading.score)

A view is features of the same images; a reader learns from the labelled ones of the pool and is
judged on test images. Pixels and principal components are the control: codes that do no better say
nothing that a straight line through the pixels would not. The principal components are of the whole
pool, as the model has seen it too, without labels.

    neighbours    the class of most of the nearest labelled images, or the mean of their values
    linear        logistic or ridge regression

How many neighbours, and how strongly a regression is held down, is chosen by cross-validation on
the labelled images alone.

Understanding intermediate layers using linear classifier probes (Alain & Bengio, 2016),
https://arxiv.org/abs/1610.01644
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from vae.bundle import Bundle
from vae.data import Dataset, Images
from vae.data.base import to_unit
from vae.errors import InputError
from vae.metrics.codes import standardized
from vae.seeds import Use, permutation

FOLDS = 3  # of the cross-validation
ROWS = 1000  # encoded at once


class View(NamedTuple):
    """Features of the same images."""

    name: str
    pool: np.ndarray  # (N, D) of those whose labels may be asked for
    test: np.ndarray  # (M, D)


class Target(NamedTuple):
    """What is to be read: a class, or a factor of a drawn data set."""

    name: str
    pool: np.ndarray  # (N,)
    test: np.ndarray  # (M,)
    classes: int  # 0: any number

    @property
    def unit(self) -> str:
        return "accuracy" if self.classes else "R^2"


class Reading(NamedTuple):
    target: str
    view: str
    reader: str
    labels: int
    score: float  # on the test images, the mean over the draws of labels
    spread: float  # the standard deviation over the draws
    unit: str


# ---- views and targets


def views_of(opened: Bundle, pool: Images, test: Images) -> list[View]:
    """Codes (posterior means in units of the prior), as many principal components, pixels."""
    from sklearn.decomposition import PCA

    pixels = [to_unit(images.x).flatten(1).numpy() for images in (pool, test)]
    codes = [codes_of(opened.model, images.x) for images in (pool, test)]
    pca = PCA(min(codes[0].shape[1], *pixels[0].shape), random_state=0).fit(pixels[0])
    return [
        scaled("codes", *codes),
        scaled("principal components", *map(pca.transform, pixels)),
        scaled("pixels", *pixels),
    ]


def codes_of(model, images) -> np.ndarray:
    """uint8 (N, C, H, W) -> (N, D)"""
    import torch

    with torch.no_grad():
        parts = [
            standardized(model.encode(to_unit(some)), model.prior())[0]
            for some in images.split(1000)
        ]
    return np.concatenate(parts)


def scaled(name: str, pool: np.ndarray, test: np.ndarray) -> View:
    """With the mean variance 1 over the pool, which keeps the proportions of its dimensions."""
    centre, scale = pool.mean(0), np.sqrt(pool.var(0).mean()) or 1.0
    return View(name, (pool - centre) / scale, (test - centre) / scale)


def targets_of(source: Dataset, pool: Images, test: Images) -> list[Target]:
    """The factors of drawn images, one of which is their class, or else the class.

    Raises:
        InputError: neither is known.
    """
    if source.factors:
        columns = pool.factors.numpy().T, test.factors.numpy().T
        each = zip(source.factors.each, *columns, strict=True)
        return [Target(factor.name, *values, factor.size) for factor, *values in each]
    if source.classes:
        return [Target("class", pool.y.numpy(), test.y.numpy(), len(source.classes))]
    raise InputError(f"{source.title} has neither classes nor factors to read from codes.")


# ---- readers


def neighbours(classes: int) -> tuple[Any, dict]:
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

    reader = KNeighborsClassifier() if classes else KNeighborsRegressor()
    return reader, {"n_neighbors": [1, 3, 5, 10]}


def linear(classes: int) -> tuple[Any, dict]:
    from sklearn.linear_model import LogisticRegression, Ridge

    if classes:
        return LogisticRegression(max_iter=500), {"C": [0.01, 0.1, 1, 10]}
    return Ridge(), {"alpha": [0.1, 1, 10, 100, 1000]}


# A reader of so many classes (0: of a number), and the settings to choose from.
READERS: dict[str, Callable[[int], tuple[Any, dict]]] = {"neighbours": neighbours, "linear": linear}


def learned(reader: str, classes: int, x: np.ndarray, y: np.ndarray) -> Any:
    """The reader that has learned from features (N, D) and their values (N,)."""
    from sklearn.model_selection import GridSearchCV

    one, settings = READERS[reader](classes)
    rarest = int(np.unique(y, return_counts=True)[1].min()) if classes else len(y)
    if rarest < FOLDS:  # too few to try anything on: each label counts
        first = {name: values[0] for name, values in settings.items()}
        return one.set_params(**first).fit(x, y)
    return GridSearchCV(one, settings, cv=FOLDS).fit(x, y)


def readings(
    views: list[View], target: Target, counts: tuple[int, ...], draws: int, seed: int
) -> Iterator[Reading]:
    """Every reader on every view with so many labels, over `draws` draws of which have labels.

    Raises:
        InputError: fewer labels are asked for than there are classes, or more than images.
    """
    for labels in counts:
        rows = [labelled(target, labels, seed, draw) for draw in range(draws)]
        for view in views:
            for name in READERS:
                scores = [score(name, view, target, some) for some in rows]
                yield Reading(
                    target.name, view.name, name, labels,
                    float(np.mean(scores)), float(np.std(scores)), target.unit,
                )  # fmt: skip


def score(reader: str, view: View, target: Target, rows: np.ndarray) -> float:
    """On the test images: the share that is right, or R^2."""
    fitted = learned(reader, target.classes, view.pool[rows], target.pool[rows])
    return float(fitted.score(view.test, target.test))


def labelled(target: Target, labels: int, seed: int, draw: int) -> np.ndarray:
    """Rows of the pool in random order; of classes equally many, as far as that goes."""
    n = len(target.pool)
    if not max(target.classes, 2) <= labels <= n:
        raise InputError(
            f"{labels} labels of {target.name} cannot be drawn; "
            f"ask for {max(target.classes, 2)} to {n:,}."
        )
    order = permutation(n, Use.PROBE, seed, draw).numpy()
    if not target.classes:
        return order[:labels]
    values = target.pool[order]
    turn = np.empty(n, int)  # the how manieth of its class each is
    for value in np.unique(values):
        turn[values == value] = np.arange((values == value).sum())
    return order[np.argsort(turn, kind="stable")][:labels]
