"""A classifier from a hundred labels: what codes are worth for it, and what the VAE itself.

    python -m benchmarks.labels [--labels 100] [--draws 5] [--seed 0] [--model assets/digits]
        [--n IMAGES] [--only LEARNER]… [--all-labels] [--json FILE]

Labels of as many training images, equally many of each class, are drawn; the others are there
without. Each figure is the error on all test images, the mean ± the standard deviation over the
draws. No label of a validation image is used, but for the temperature, which is fitted to all of
them; that row says so. All settings are the defaults of vae/tasks/classify.py.

The learners are those of vae/tasks/classify.py, on codes, on as many principal components of the
pixels and on fifty. Below them a convolutional network of images that are moved by up to two
pixels: from the labels alone, and from what the labels say of their neighbours (pseudo-labels).

`--all-labels` has every training image labelled instead: the error and how far to believe the
probabilities, before and after the temperature.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean, pstdev
from typing import Annotated, NamedTuple

import numpy as np
import torch
import typer

from benchmarks.table import DIGITS, Json, machine, run, show
from vae.data.base import Images, to_unit
from vae.metrics.calibration import calibration_error, heated, temperature
from vae.tasks.classify import (
    LEARNERS,
    Few,
    Pool,
    Taught,
    fit,
    probabilities,
    pseudo_labels,
    reading,
)
from vae.tasks.probe import Target, labelled
from vae.tasks.spreading import balanced, spread

COMPONENTS = 50


class View(NamedTuple):
    name: str
    pool: Pool
    test: np.ndarray  # (M, F)


class Row(NamedTuple):
    what: str
    features: str
    classify: Callable[[np.ndarray, int], np.ndarray]  # (rows, draw) -> p of the test images (M, C)


def views(model, pool: Images, test: Images) -> list[View]:
    from sklearn.decomposition import PCA

    pixels = [to_unit(images.x).flatten(1).numpy() for images in (pool, test)]
    codes, other = (moments(model, images.x) for images in (pool, test))
    size = codes[0].shape[1]
    found = [View(f"codes, {size}", Pool(*codes), other[0])]
    for n in (size, COMPONENTS):
        pca = PCA(n, random_state=0).fit(pixels[0])
        a, b = (pca.transform(x) for x in pixels)
        scale = a.std()
        features = (a / scale).astype(np.float32), (b / scale).astype(np.float32)
        found.append(View(f"principal components, {n}", Pool(features[0]), features[1]))
    return found


@torch.no_grad()
def moments(model, images) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale of the codes, (N, D) each."""
    parts = [model.encode(to_unit(some)) for some in images.split(1000)]
    return tuple(torch.cat([getattr(q, k) for q in parts]).numpy() for k in ("mean", "stddev"))


def learners(found: list[View], target: Target, seed: int) -> Iterator[Row]:
    for name, learn in LEARNERS.items():
        for view in found:

            def classify(rows, draw, learn=learn, view=view):
                y = target.pool[rows]
                return learn(view.pool, rows, y, target.classes, seed + draw)(view.test)

            yield Row(name, view.name, classify)


def networks(found: list[View], target: Target, images: Images, test: Images, seed: int):
    """Convolutional networks of images, from the labels alone and from what spreads from them."""

    def guesses(view: View | None, rows: np.ndarray) -> np.ndarray:
        if view is not None:
            return balanced(spread(view.pool.graph, rows, target.pool[rows], target.classes))
        p = np.full((len(target.pool), target.classes), 1 / target.classes)
        p[rows] = np.eye(target.classes)[target.pool[rows]]
        return p

    for view in (None, found[0], found[-1]):

        def classify(rows, draw, view=view):
            model = pseudo_labels(images.x, guesses(view, rows), Taught(), seed + draw)
            return probabilities(model, test.x)

        name = "labels alone" if view is None else f"spread over {view.name}"
        yield Row("convolutional network", name, classify)


def errors(row: Row, target: Target, draws: list[np.ndarray]) -> dict[str, str]:
    wrong = [
        100 * float((row.classify(rows, draw).argmax(1) != target.test).mean())
        for draw, rows in enumerate(draws)
    ]
    figure = f"{fmean(wrong):.1f} ± {pstdev(wrong):.1f}"
    return {"learner": row.what, "features": row.features, "error, %": figure}


# ---- all labels


def supervised(view: View, target: Target, validation: Images, model, seed: int) -> Iterator[dict]:
    """M2 with every label: its error, and its calibration before and after the temperature."""
    few, rows = replace(Few(), guesses=0.0), np.arange(len(target.pool))
    *_, (_, fitted) = fit(view.pool, rows, target.pool, target.classes, few, seed)
    classify = reading(lambda x: fitted.classify(x).mean)
    p = classify(view.test)
    t = temperature(classify(moments(model, validation.x)[0]), validation.y.numpy())
    for name, q in {"as trained": p, f"temperature {t:.2f}": heated(p, t)}.items():
        error = 100 * (q.argmax(1) != target.test).mean()
        ece = calibration_error(q, target.test)
        yield {"M2, all labels": name, "error, %": f"{error:.2f}", "ECE": f"{ece:.4f}"}


def main(
    labels: Annotated[int, typer.Option(min=2)] = 100,
    draws: Annotated[int, typer.Option(min=1)] = 5,
    seed: int = 0,
    model: Path = DIGITS,
    only: Annotated[
        list[str] | None, typer.Option(help="a learner; may be repeated; all if none is named")
    ] = None,
    all_labels: bool = False,
    n: Annotated[int, typer.Option(help="training images, the first n; 0: all")] = 0,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    file: Json = None,
) -> None:
    from vae import bundle
    from vae.data import DATASETS

    torch.set_num_threads(threads)
    opened, begin = bundle.load(model), time.process_time()
    source = DATASETS[opened.card.data["name"]]
    pool, test = source.load("train").take(slice(n or None)), source.load("test")
    target = Target("class", pool.y.numpy(), test.y.numpy(), len(source.classes))
    seen = views(opened.model, pool, test)
    if all_labels:
        rows = list(supervised(seen[0], target, source.load("validation"), opened.model, seed))
    else:
        drawn = [labelled(target, labels, seed, draw) for draw in range(draws)]
        every = [*learners(seen, target, seed), *networks(seen, target, pool, test, seed)]
        rows = [errors(row, target, drawn) for row in every if not only or row.what in only]
    notes = [
        machine(),
        f"{opened.card.title}: {'all' if all_labels else labels} labels of {len(pool.x):,} "
        f"training images, {len(test.x):,} test images, {draws} draws, seed {seed}; "
        f"{time.process_time() - begin:.0f} s of {threads} thread's processor time",
    ]
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
