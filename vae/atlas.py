"""An atlas: where a model puts the held-out examples, which is all that the app shows of them.

It holds codes and coordinates, never pictures: the browser decodes the codes itself.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vae.card import DISTORTION, RATE, Column
from vae.code import Code, slices
from vae.project import Umap, umap

if TYPE_CHECKING:
    from torch import Tensor

    from vae.data import Images
    from vae.distributions import Latent

CODES = ("mean", "scale", "index", "umap")  # what every atlas holds
COSTS = (RATE, DISTORTION)
SAMPLES = 64  # of each posterior, for a rate that has no closed form


class Atlas(NamedTuple):
    mean: np.ndarray  # (N, D) float32, posterior mean
    scale: np.ndarray  # (N, D) float32, posterior standard deviation
    index: np.ndarray  # (N,) int32, position in the data set's split
    umap: np.ndarray  # (N, 2) float32
    label: np.ndarray | None  # (N,) uint8, the class, where the data have classes
    columns: dict[Column, np.ndarray]  # whatever else is known of each, (N,) or (N, k)

    def named(self) -> dict[str, np.ndarray]:
        """The columns by the names of their arrays."""
        return {column.name: array for column, array in self.columns.items()}

    def fault(self, size: int) -> str:
        """What does not fit codes of `size` numbers; nothing if all does."""
        n = len(self.mean)
        want = {"mean": (n, size), "scale": (n, size), "index": (n,), "umap": (n, 2)}
        want |= {} if self.label is None else {"label": (n,)}
        got = {name: getattr(self, name).shape for name in want}
        for column, array in self.columns.items():
            got[column.name], want[column.name] = array.shape, (n, *array.shape[1:2])
        return "; ".join(f"{k} is {got[k]}, not {want[k]}" for k in want if got[k] != want[k])


def survey(
    model, images: "Images", config: Umap, progress: Callable[[float], None] = lambda share: None
) -> Atlas:
    """Encode `images` and lay their codes out by UMAP."""
    return laid_out(model, images, lambda codes: umap(codes, config, progress))


def laid_out(model, images: "Images", place: Callable[[np.ndarray], np.ndarray]) -> Atlas:
    """Encode `images`; `place` takes their codes (N, D) to a map (N, 2).

    The encoder sees the grey picture, in [0, 1]. For binary pixels the distortion is then the mean
    over all binarizations of the picture.
    """
    codes = encode_all(model, images.x)
    return Atlas(
        mean=codes["mean"],
        scale=codes["scale"],
        index=np.arange(len(images.x), dtype=np.int32),
        umap=place(codes["mean"]),
        label=None if images.y is None else images.y.numpy().astype(np.uint8),
        columns={column: codes[column.name] for column in COSTS if column.name in codes},
    )


def posteriors(atlas: Atlas, code: Code) -> "Latent":
    """q(z|x) of all examples, batch (N,)."""
    from torch import from_numpy

    from vae.distributions import POSTERIORS, joint

    mean, scale = from_numpy(atlas.mean), from_numpy(atlas.scale)
    return joint(
        [POSTERIORS[b.kind].from_moments(mean[:, at], scale[:, at]) for b, at in slices(code)]
    )


def price(known: dict[str, np.ndarray]) -> np.ndarray:
    """What pictures cost, (N,) nats: rate and distortion, or only that where there is no rate."""
    return known.get("rate", 0) + known["distortion"]


def encode_all(model, images: "Tensor") -> dict[str, np.ndarray]:
    """Of `images` (N, C, H, W) uint8: mean and scale (N, D), rate and distortion (N,) in nats.

    Rate is left out where a posterior has none.
    """
    import torch

    from vae.data.base import to_unit

    with torch.no_grad():
        parts = [encode_batch(model, to_unit(x)) for x in images.split(1000)]
    return {k: torch.cat([part[k] for part in parts]).numpy() for k in parts[0]}


def encode_batch(model, x: "Tensor") -> dict[str, "Tensor"]:
    from torch import Generator

    q = model.encode(x)
    z = q.sample(SAMPLES, generator=Generator().manual_seed(0))
    rate = q.rate(model.prior(), z).mean(0)
    known = {"mean": q.mean, "scale": q.stddev}
    known |= {} if rate.isnan().all() else {"rate": rate}
    return {**known, "distortion": -model.decode(q.mean).log_prob(x)}
