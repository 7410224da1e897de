"""How well a model explains held-out images: ELBO with rate and distortion, and the NLL.

The NLL is the negative importance-weighted bound with K samples, which tends to -log p(x) from
above as K grows. Binary likelihoods are measured on one dynamic binarization of the images.

Importance Weighted Autoencoders (Burda et al., 2015), https://arxiv.org/abs/1509.00519
"""

from collections.abc import Iterator
from itertools import repeat
from math import isnan

import torch
from torch import Generator, Tensor

from vae.code import Code
from vae.data.base import binarize, to_unit
from vae.metrics.measure import Measure
from vae.objective import Terms, elbo, iwae, terms

ROWS = 1000  # decoded at once: about what stays in a processor's cache


def prepared(images: Tensor, binary: bool, seed: int) -> Tensor:
    """uint8 -> what the likelihood scores, (N, C, H, W) float."""
    x = to_unit(images)
    return binarize(x, Generator().manual_seed(seed)) if binary else x


@torch.no_grad()
def per_image(model, x: Tensor, k: int, seed: int, y: Tensor | None = None) -> Iterator[Tensor]:
    """For each image in turn (rate, distortion, ELBO, bound), (4,) nats, from `k` samples; of
    log p(x|y) where the classes `y` (N,) are given."""
    generator = Generator().manual_seed(seed)
    for image, given in zip(x.split(1), repeat(None) if y is None else y.split(1), strict=False):
        now = weigh(model, image, k, generator, given)
        bounds = elbo(now.log_weight), iwae(now.log_weight)
        yield torch.stack([now.rate.mean(0), now.distortion.mean(0), *bounds])[:, 0]


def weigh(model, image: Tensor, k: int, generator: Generator, y: Tensor | None = None) -> Terms:
    """Rate and distortion (K, 1), in portions that fit the cache."""
    portions = [ROWS] * (k // ROWS) + ([k % ROWS] if k % ROWS else [])
    parts = [terms(model, image, n, generator, y=y) for n in portions]
    rate, distortion = zip(*parts, strict=True)
    return Terms(torch.cat(rate), torch.cat(distortion))


def summarize(rows: Tensor, k: int, seed: int, note: str = "") -> dict[str, Measure]:
    """(N, 4) as `per_image` yields them -> named figures with n, K, seed and standard error.

    Those that are no number are left out: `unmeasured` says why.
    """
    rows = rows.double()
    error = rows.std(0) / len(rows) ** 0.5

    def measure(column: int, sign: int = 1) -> Measure:
        return Measure(
            value=sign * rows[:, column].mean().item(),
            unit="nats",
            n=len(rows),
            seed=seed,
            k=k,
            stderr=error[column].item(),
            note=note,
        )

    measured = {
        "rate": measure(0),
        "distortion": measure(1),
        "elbo": measure(2),
        "nll": measure(3, sign=-1),
    }
    return {name: m for name, m in measured.items() if not isnan(m.value)}


def unmeasured(code: Code) -> str:
    """Which figures a model of this code cannot have, and why; nothing if it has all."""
    if code.has_rate:
        return ""
    return "This model's posterior is one point without a density: it has no rate, ELBO or NLL."
