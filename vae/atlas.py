"""An atlas: where a model puts the held-out examples, which is all that the app shows of them.

It holds codes and coordinates, never pictures: the browser decodes the codes itself.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vae.card import DISTORTION, RATE, SURPRISE, Column
from vae.code import Code, slices
from vae.project import Umap, umap

if TYPE_CHECKING:
    from torch import Tensor

    from vae.data import Images
    from vae.distributions import Latent

CODES = ("mean", "scale", "index", "umap")  # what every atlas holds
COSTS = (RATE, DISTORTION, SURPRISE)
ROWS = 1000  # encoded at once


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

    The codes are those of the grey pictures, in [0, 1].
    """
    codes = encode_all(model, images.x)
    return Atlas(
        mean=codes["mean"],
        scale=codes["scale"],
        index=np.arange(len(images.x), dtype=np.int32),
        umap=place(codes["mean"]),
        label=None if images.y is None else images.y.numpy().astype(np.uint8),
        columns=columns(codes),
    )


def posteriors(atlas: Atlas, code: Code) -> "Latent":
    """q(z|x) of all examples, batch (N,)."""
    from torch import from_numpy

    from vae.distributions import POSTERIORS, joint

    mean, scale = from_numpy(atlas.mean), from_numpy(atlas.scale)
    return joint(
        [POSTERIORS[b.kind].from_moments(mean[:, at], scale[:, at]) for b, at in slices(code)]
    )


def columns(known: dict[str, np.ndarray]) -> dict[Column, np.ndarray]:
    """What pictures cost, of all that `encode_all` knows."""
    return {column: known[column.name] for column in COSTS if column.name in known}


def encode_all(
    model, images: "Tensor", progress: Callable[[int], None] = lambda done: None
) -> dict[str, np.ndarray]:
    """Of `images` (N, C, H, W) uint8: mean and scale (N, D), rate, distortion and surprise (N,) in
    nats, and whether they are `beyond` what the model can price.

    Rate is left out where a posterior has none. `progress` hears how many are done.
    """
    import torch

    from vae.data.base import to_unit

    parts = []
    with torch.no_grad():
        for start in range(0, len(images), ROWS):
            parts.append(encode_batch(model, to_unit(images[start : start + ROWS])))
            progress(min(start + ROWS, len(images)))
    return {k: torch.cat([part[k] for part in parts]).numpy() for k in parts[0]}


def encode_batch(model, x: "Tensor") -> dict[str, "Tensor"]:
    from vae.objective import surprise

    q, priced = model.encode(x), surprise(model, x)
    known = {"mean": q.mean, "scale": q.stddev}
    known |= {} if priced.rate.isnan().all() else {"rate": priced.rate}
    known |= {"distortion": priced.distortion, "surprise": priced.nats}
    return known | {"beyond": priced.beyond}
