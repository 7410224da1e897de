"""One model for each class: how well its scores tell images of the class from those of the others.

    python -m benchmarks.oneclass [--data mnist] [--n 2000] [--steps 2000] [--seed 0] [--json FILE]

A model is trained on the training images of one class alone, for each of the ten classes, and
scores n test images of all classes. An AUROC is the chance that an image of another class has the
higher score than one of its own; the table has the mean, the least and the most of the ten. For
scale, Deep SVDD reported a mean of 0.948 on MNIST (Ruff et al., 2018,
https://proceedings.mlr.press/v80/ruff18a.html). Data sets are looked for as `python -m vae` does.

    surprise, reconstruction, nearest codes   vae/tasks/anomaly.py
    sums                                      of these in units of their standard deviation over
                                              the validation images of the class
    nearest images                            a control: the mean distance to the five nearest
                                              training images of the class, by their pixels
    components                                a control: what 16 principal components of
                                              these images leave of one
"""

import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from benchmarks.anomaly import principal
from benchmarks.table import Json, machine, run, show
from vae.data.base import Images, to_unit
from vae.metrics.roc import auroc
from vae.tasks.anomaly import SCORES, Reference, in_portions

SCORED = ("surprise", "reconstruction", "nearest-codes")
NEAREST, CONTROL = 5, "control: "
WIDTH, LATENT, BATCH = 256, 16, 64

Measure = Callable[[Tensor], Tensor]  # x (B, C, H, W) in [0, 1] -> (B,)


def trained(images: Images, steps: int, seed: int):
    from vae import train
    from vae.models import MODELS
    from vae.models.vae import Design
    from vae.seeds import Use, seeded

    with seeded(Use.WEIGHTS, seed):
        model = MODELS["vae"](Design(latent=LATENT, width=WIDTH).config(images.x.shape[1:]))
    config = train.Train(steps=steps, batch=BATCH, warmup=steps // 4, ema=0.99, seed=seed)
    state = train.start(model, config)
    for _ in train.fit(state, images, config, binary=True):
        pass
    return state.ema.module.eval().requires_grad_(False)


def nearest(x: Tensor) -> Measure:
    rows = x.flatten(1)
    return lambda other: torch.cat(
        [
            torch.cdist(part.flatten(1), rows).topk(NEAREST, largest=False).values.mean(1)
            for part in other.split(500)
        ]
    )


def measures(model, x: Tensor) -> dict[str, Measure]:
    """The scores of a model that was trained on `x`, and controls that know `x`."""
    known = Reference(model, model.encode(x).mean, 0.0)
    scores = {name: lambda y, score=SCORES[name]: in_portions(score, known, y) for name in SCORED}
    return scores | {CONTROL + "nearest images": nearest(x), CONTROL + "components": principal(x)}


def with_sums(scores: dict[str, np.ndarray], usual: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The scores, and sums of them in units of their standard deviation over usual images."""
    units = {name: scores[name] / usual[name].std() for name in SCORED}
    groups = [names for count in (2, 3) for names in combinations(SCORED, count)]
    return scores | {" + ".join(names): sum(units[name] for name in names) for names in groups}


def areas(sets: dict[str, Images], k: int, steps: int, seed: int) -> dict[str, float]:
    """The AUROC of each score of a model of class k."""
    own = {split: images.take(images.y == k) for split, images in sets.items()}
    model = trained(own["train"], steps, seed)
    found = measures(model, to_unit(own["train"].x))
    test, usual = to_unit(sets["test"].x), to_unit(own["validation"].x)
    scores = {name: measure(test).numpy() for name, measure in found.items()}
    scores = with_sums(scores, {name: found[name](usual).numpy() for name in SCORED})
    inside = (sets["test"].y == k).numpy()
    return {name: auroc(s[~inside], s[inside]).value for name, s in scores.items()}


def row(name: str, values: list[float]) -> dict[str, str]:
    numbers = {"mean of ten classes": np.mean(values), "least": min(values), "most": max(values)}
    return {"score": name} | {what: f"{v:.4f}" for what, v in numbers.items()}


def main(
    data: str = "mnist", n: int = 2000, steps: int = 2000, seed: int = 0, file: Json = None
) -> None:
    from vae.data import DATASETS

    torch.set_num_threads(1)
    notes, begin, source = [machine()], time.process_time(), DATASETS[data]
    sets = {split: source.load(split) for split in ("train", "validation", "test")}
    order = torch.randperm(len(sets["test"].x), generator=torch.Generator().manual_seed(seed))
    sets["test"] = sets["test"].take(order[:n])
    found = [areas(sets, k, steps, seed) for k in range(len(source.classes))]
    notes.append(
        f"{source.title}: a model for each class ({LATENT} dimensions, {WIDTH} units, {steps:,} "
        f"steps of {BATCH}), {len(sets['test'].x):,} test images, seed {seed}; "
        f"{time.process_time() - begin:.0f} s of one thread's processor time"
    )
    show(notes, [row(name, [each[name] for each in found]) for name in found[0]], file=file)


if __name__ == "__main__":
    run(main)
