"""How well surprise tells changed digits from held-out ones, beside what it was, and controls.

    python -m benchmarks.surprise [--n 5000] [--seed 0] [--model assets/digits] [--json FILE]

Of the test images of the data set that the model was trained on, n picked at random are the
examples, and n others are changed. An AUROC is the chance that a changed picture has the higher
price than an example, by the pictures' percentiles among the examples; ± is its standard error over
both (DeLong et al., 1988, https://doi.org/10.2307/2531595). MNIST is looked for as `python -m vae`
looks for it.

    surprise          vae/objective.py
    one posterior     the same, but for all binarizations the posterior of the grey picture
    posterior mean    rate + distortion at that posterior's mean: no bound, and greyness counts
    PNG size, light   of the picture itself, without any model
"""

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d

from benchmarks.table import DIGITS, Json, machine, run, show
from vae.metrics.roc import auroc, percentiles

RARE = 0.97  # a share of examples that are less surprising than this makes a picture rare
ROWS = 500  # pictures priced at once

CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "unchanged": lambda x: x,
    "mirrored, top to bottom": lambda x: x.flip(2),
    "mirrored, left to right": lambda x: x.flip(3),
    "turned by 90°": lambda x: x.rot90(1, (2, 3)),
    "black and white, from grey 0.5 on": lambda x: (x > 0.5).float(),
    "blurred, 3 × 3": lambda x: avg_pool2d(x, 3, 1, 1),
}


def shapes() -> dict[str, Tensor]:
    """Drawings that are no digits, white on black."""
    v, u = torch.meshgrid(torch.arange(28), torch.arange(28), indexing="ij")
    far = torch.maximum((u - 13.5).abs(), (v - 13.5).abs())
    off = torch.minimum((u - 13.5).abs(), (v - 13.5).abs())
    ink = {
        "blank": far < 0,
        "a dot, 3 × 3": (far <= 2) & (u >= 13) & (v >= 13) & (u < 16) & (v < 16),
        "two dots": ((u - 9.5).abs() < 1) & ((v - 9.5).abs() < 1)
        | ((u - 18.5).abs() < 1) & ((v - 18.5).abs() < 1),
        "a square": (far < 8) & (far > 6),
        "a cross": (off < 1) & (far < 9),
        "white": far >= 0,
        "grey": far < 0,
    }
    made = {name: on.float()[None, None] for name, on in ink.items()}
    return {**made, "grey": made["grey"] + 0.5}


# ---- prices: each (B, 1, H, W) in [0, 1] -> (B,)


def priced(model) -> dict[str, Callable[[Tensor], Tensor]]:
    from vae.objective import surprise

    return {
        "surprise": lambda x: surprise(model, x).nats,
        "one posterior": lambda x: with_one_posterior(model, x),
        "posterior mean": lambda x: at_the_mean(model, x),
        "PNG size": lambda x: torch.tensor([png_bytes(image) for image in x]),
        "light": lambda x: x.mean((1, 2, 3)),
    }


def with_one_posterior(model, x: Tensor, draws: int = 8) -> Tensor:
    from vae.objective import entropies

    q, generator = model.encode(x), torch.Generator().manual_seed(0)
    z = q.mean + q.stddev * torch.randn(draws, 1, q.mean.shape[-1], generator=generator)
    distortion = -torch.stack([model.decode(one).log_prob(x) for one in z]).mean(0)
    return q.rate(model.prior(), z).mean(0) + distortion - entropies(x)


def at_the_mean(model, x: Tensor) -> Tensor:
    q = model.encode(x)
    return q.rate(model.prior(), q.mean[None])[0] - model.decode(q.mean).log_prob(x)


def png_bytes(image: Tensor) -> float:
    file = BytesIO()
    Image.fromarray((255 * image[0]).round().byte().numpy()).save(file, "PNG", optimize=True)
    return float(file.tell())


# ---- figures


def summary(values: np.ndarray, examples: np.ndarray) -> dict[str, str]:
    share = percentiles(values, examples)
    return {
        "median percentile": f"{100 * np.median(share):.0f}",
        "rare": f"{100 * (share > RARE).mean():.0f} %",
    }


@torch.no_grad()
def main(n: int = 5000, seed: int = 0, model: Path = DIGITS, file: Json = None) -> None:
    from vae import bundle
    from vae.data import DATASETS
    from vae.data.base import to_unit

    torch.set_num_threads(1)
    notes = [machine()]
    opened = bundle.load(model)
    source = DATASETS[opened.card.data["name"]]
    x = to_unit(source.load("test").x)
    rows = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    held_out, others = x[rows[:n]], x[rows[n : 2 * n]]
    prices = {name: in_parts(price) for name, price in priced(opened.model).items()}
    examples = {name: price(held_out) for name, price in prices.items()}

    changed = []
    for change, act in CHANGES.items():
        values = {name: price(act(others)) for name, price in prices.items()}
        areas = {f"{k}, AUROC": str(auroc(v, examples[k])) for k, v in values.items()}
        changed.append(
            {"picture": change, **summary(values["surprise"], examples["surprise"]), **areas}
        )
    drawn = []
    for name, shape in shapes().items():
        values = {k: percentiles(price(shape), examples[k])[0] for k, price in prices.items()}
        drawn.append({"picture": name, **{k: f"{100 * v:.1f}" for k, v in values.items()}})
    begin = time.process_time()
    prices["surprise"](held_out)
    took = (time.process_time() - begin) / len(held_out)
    notes += [
        f"{opened.card.title}: {len(held_out)} test images of {source.title} as examples, "
        f"{len(others)} others changed, seed {seed}; surprise {examples['surprise'].mean():.2f} "
        f"nats on average; rare is above {100 * RARE:.0f} % of the examples",
        f"{1000 * took:.2f} ms of one thread's processor time a picture; drawings: percentiles",
    ]
    show(notes, changed, drawn, file=file)


def in_parts(price: Callable[[Tensor], Tensor]) -> Callable[[Tensor], np.ndarray]:
    """The same for any number of pictures, as an array."""
    return lambda x: torch.cat([price(part) for part in x.split(ROWS)]).numpy()


if __name__ == "__main__":
    run(main)
