"""One training, repeated with other seeds: how much of its figures is luck.

    python -m benchmarks.seeds [--model assets/sprites] [--seeds 5] [--first 0] [--n 10000]
        [--json FILE]

The model's networks are trained anew with each seed, otherwise as its card says, and chosen by the
validation images. The figures are those of vae/metrics/disentanglement.py, of the posterior means
of the first n test images; the last row has the medians. Only for data whose factors are known.
"""

import time
from dataclasses import fields, replace
from pathlib import Path
from statistics import median
from typing import Annotated

import torch
import typer

from benchmarks.table import ROOT, Json, machine, run, show
from vae.data.base import Dataset, to_unit

SPRITES = ROOT / "assets" / "sprites"


def trained(config, settings, source: Dataset, binary: bool):
    """A new model of this `config`, at the end of its training."""
    from vae import train
    from vae.models import MODELS
    from vae.seeds import Use, seeded

    with seeded(Use.WEIGHTS, settings.seed):
        model = MODELS["vae"](config)
    state = train.start(model, settings)
    images, others = source.load("train"), source.load("validation")
    for _ in train.fit(state, images, settings, binary, validation=others):
        pass
    return train.chosen(state).requires_grad_(False)


def figures(model, source: Dataset, n: int, seed: int) -> dict[str, float]:
    from vae.metrics.disentanglement import FACTOR_METRICS, represent

    def encode(images):
        return model.encode(to_unit(torch.from_numpy(images))).mean.numpy()

    test = source.load("test").take(slice(n))
    now = represent(encode, source.factors, test.x.numpy(), test.factors.numpy(), seed)
    values = (metric(now, seed) for metric, _ in FACTOR_METRICS.values())
    return {name: value for each in values for name, value in each.items()}


def main(
    model: Path = SPRITES,
    seeds: Annotated[int, typer.Option(min=1)] = 5,
    first: int = 0,
    n: Annotated[int, typer.Option(min=100)] = 10_000,
    threads: Annotated[int, typer.Option(min=1)] = 1,
    file: Json = None,
) -> None:
    from vae import bundle
    from vae.data import DATASETS
    from vae.errors import InputError
    from vae.train import Train

    torch.set_num_threads(threads)
    opened, begin = bundle.load(model), time.process_time()
    source = DATASETS[opened.card.data["name"]]
    if source.factors is None:
        raise InputError(f"The factors of {source.title} are not known, so nothing can be read.")
    known = {field.name for field in fields(Train)}
    settings = Train(**{k: v for k, v in opened.card.training.items() if k in known})
    binary, found = opened.model.likelihood.binary, {}
    for seed in range(first, first + seeds):
        again = replace(settings, seed=seed)
        found[seed] = figures(trained(opened.model.config, again, source, binary), source, n, 0)
    middle = {name: median(one[name] for one in found.values()) for name in found[first]}
    rows = [{"seed": k} | {name: f"{v:.3f}" for name, v in one.items()} for k, one in found.items()]
    rows.append({"seed": "median"} | {name: f"{v:.3f}" for name, v in middle.items()})
    notes = [
        machine(),
        f"{opened.card.title}: {settings.steps:,} steps each, n = {n:,} test images; "
        f"{(time.process_time() - begin) / 60:.0f} minutes of {threads} thread's processor time",
    ]
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
