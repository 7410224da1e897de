"""How well each score finds pictures of other kinds, and whether a threshold keeps its word.

    python -m benchmarks.anomaly [--n 1000] [--seed 0] [--model assets/digits] [--regret 1000]
        [--autoencoder FOLDER] [--json FILE]

Normal are n test images of the data set that the model was trained on, picked at random; n others
are changed, or come from another data set of the same shape. An AUROC is the chance that such a
picture has the higher score than a normal one, ± its standard error (DeLong et al., 1988). Data
sets are looked for as `python -m vae` looks for them.

The scores are those of vae/tasks/anomaly.py, with codes and mean surprise of 5,000 training
images. Controls: the size of the picture's PNG; its mean brightness; what 16 principal components
of the training images leave of it; the error of a plain autoencoder, if one is named.

The threshold for 5 % is fitted to n validation images, or, where the model was trained on those,
to n further test images.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.surprise import shapes
from benchmarks.table import DIGITS, Json, machine, run, show
from vae.conformal import by_group, p_values
from vae.metrics.roc import auroc
from vae.tasks.anomaly import CONTROLS, SCORES, Reference, in_portions

RATE = 0.05
TAUGHT = 5000  # training images whose codes are compared with
COMPONENTS = 16
OTHERS = {"mnist": "fashion", "fashion": "mnist"}

CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "mirrored, top to bottom": lambda x: x.flip(2),
    "mirrored, left to right": lambda x: x.flip(3),
    "turned by 90°": lambda x: x.rot90(1, (2, 3)),
}


@dataclass(frozen=True)
class Sets:
    """Pictures in [0, 1]."""

    taught: Tensor  # training images
    fitted: Tensor  # for the threshold
    normal: Tensor
    anomalous: dict[str, Tensor]
    classes: tuple[Tensor, Tensor]  # of `fitted` and `normal`


def sets(card, n: int, seed: int) -> Sets:
    from vae.data import DATASETS
    from vae.data.base import to_unit

    def some(name: str, split: str):
        images = DATASETS[name].load(split)
        order = torch.randperm(len(images.x), generator=torch.Generator().manual_seed(seed))
        return images.take(order[: 4 * n])

    name = card.data["name"]
    test = some(name, "test")
    fitted = (
        some(name, "validation") if card.data.get("validation") else test.take(slice(2 * n, 3 * n))
    )
    changed = to_unit(test.x[n : 2 * n])
    anomalous = {k: act(changed) for k, act in CHANGES.items()}
    if name in OTHERS:
        other = some(OTHERS[name], "test").x[:n]
        anomalous[DATASETS[OTHERS[name]].title] = to_unit(other)
    if changed.shape[1:] == (1, 28, 28):
        anomalous |= {k: shapes()[k] for k in ("blank", "a dot, 3 × 3")}
    return Sets(
        to_unit(some(name, "train").x[:TAUGHT]),
        to_unit(fitted.x[:n]),
        to_unit(test.x[:n]),
        anomalous,
        (fitted.y[:n], test.y[:n]),
    )


@torch.no_grad()
def taught(model, x: Tensor) -> Reference:
    surprise = in_portions(SCORES["surprise"], Reference(model, x, 0.0), x[:1000]).mean()
    return Reference(model, model.encode(x).mean, surprise.item())


def principal(x: Tensor) -> Callable[[Tensor], Tensor]:
    """What a linear autoencoder fitted to `x` leaves of a picture."""
    middle = x.flatten(1).mean(0)
    axes = torch.linalg.svd(x.flatten(1) - middle, full_matrices=False).Vh[:COMPONENTS]

    def left(pictures: Tensor) -> Tensor:
        d = pictures.flatten(1) - middle
        return (d - d @ axes.T @ axes).square().sum(1)

    return left


def measures(model, x: Tensor, autoencoder: Path | None) -> dict[str, Callable[[Tensor], Tensor]]:
    """All scores and controls as functions of pictures; `x` are training images."""
    from vae import bundle

    known = taught(model, x)
    found = {
        name: lambda pictures, score=score: in_portions(score, known, pictures)
        for name, score in {**SCORES, **CONTROLS}.items()
    }
    found[f"{COMPONENTS} components"] = principal(x)
    if autoencoder:
        point = taught(bundle.load(autoencoder).model, x)
        found["autoencoder"] = lambda pictures: in_portions(
            SCORES["reconstruction"], point, pictures
        )
    return found


def areas(name: str, measure, given: Sets, regret: int) -> dict[str, str]:
    most = regret if name == "regret" else len(given.normal)
    normal = measure(given.normal[:most]).numpy()
    found = {k: str(auroc(measure(x[:most]).numpy(), normal)) for k, x in given.anomalous.items()}
    return {"score": name, "n": len(normal)} | found


def promise(measure, given: Sets) -> dict[str, str]:
    """Alarms at `RATE`: of normal pictures, by their class, and of the others."""
    fitted, normal = (measure(x).numpy() for x in (given.fitted, given.normal))
    alarms = {"normal": p_values(normal, fitted) <= RATE}
    y, seen = (classes.numpy() for classes in given.classes)
    by_class = [alarms["normal"][seen == k].mean() for k in np.unique(seen)]
    own = by_group(normal, seen, fitted, y) <= RATE
    row = {"false alarms, promised": percent(RATE), "got": share(alarms["normal"])}
    row["got, by class: least, most"] = f"{percent(min(by_class))}, {percent(max(by_class))}"
    row["with thresholds by class"] = share(own)
    kept = [own[seen == k].mean() for k in np.unique(seen)]
    row["least, most"] = f"{percent(min(kept))}, {percent(max(kept))}"
    found = {k: p_values(measure(x).numpy(), fitted) <= RATE for k, x in given.anomalous.items()}
    return row | {f"{k}, missed": percent(1 - a.mean()) for k, a in found.items()}


def share(alarms: np.ndarray) -> str:
    error = (alarms.mean() * (1 - alarms.mean()) / len(alarms)) ** 0.5
    return f"{100 * alarms.mean():.1f} ± {100 * error:.1f} %"


def percent(rate: float) -> str:
    return f"{100 * rate:.1f} %"


def main(
    n: int = 1000,
    seed: int = 0,
    model: Path = DIGITS,
    regret: int = 1000,
    autoencoder: Path | None = None,
    file: Json = None,
) -> None:
    from vae import bundle

    torch.set_num_threads(1)
    notes, opened = [machine()], bundle.load(model)
    begin, given = time.process_time(), sets(opened.card, n, seed)
    known = measures(opened.model, given.taught, autoencoder)
    rows = [areas(name, measure, given, regret) for name, measure in known.items()]
    notes += [
        f"{opened.card.title}: AUROC of {n:,} pictures of each kind (blank and dot: one) against "
        f"{n:,} test images, of regret {min(n, regret):,}; seed {seed}; "
        f"{time.process_time() - begin:.0f} s of one thread's processor time",
        "the threshold is fitted to "
        + ("validation images" if opened.card.data.get("validation") else "other test images"),
    ]
    show(notes, rows, [promise(known["surprise"], given)], file=file)


if __name__ == "__main__":
    run(main)
