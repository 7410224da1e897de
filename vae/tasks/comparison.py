"""What held-out pictures cost a model, and pictures of other kinds beside them.

They are numbers for the page Surprise, columns of the atlas: no pixel of a data set is in a bundle.

Column `scores.KIND` (N, 3) holds, of the picture in each row, its surprise, the size of its PNG and
its mean brightness. Of the kind `normal` it is the example itself; of others it is made of the
example, made of nothing, or another data set's picture. Rows that were not scored are NaN.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Generator, Tensor

from vae.card import Column
from vae.data.base import to_unit
from vae.seeds import Use, permutation
from vae.tasks.anomaly import CONTROLS, SCORES, Reference, in_portions

MEASURED = (SCORES["surprise"], CONTROLS["png-size"], CONTROLS["brightness"])
UNIT = "surprise in nats, PNG in bytes, mean brightness"
COARSE = 512.0  # nats from which on half precision has steps of half a nat
MOST = 60_000.0  # where it ends soon; what no model can price may cost more
DOT = 3  # pixels, its side

Kind = Callable[[Tensor, Generator], Tensor]  # pictures (N, C, H, W) in [0, 1] -> as many others


def turned(x: Tensor, generator: Generator) -> Tensor:
    """By a quarter; what is not square would not fit."""
    return x.rot90(1, (2, 3)) if x.shape[2] == x.shape[3] else x.flip(2, 3)


def dots(x: Tensor, generator: Generator) -> Tensor:
    """A white square somewhere on black."""
    n, _, *sides = x.shape
    top, left = (torch.randint(1, s - DOT, (n, 1, 1, 1), generator=generator) for s in sides)
    row, column = (torch.arange(s) for s in sides)
    inside = (row[:, None] >= top) & (row[:, None] < top + DOT)
    inside = inside & (column >= left) & (column < left + DOT)
    return inside.to(x.dtype).expand_as(x).contiguous()


def noise(x: Tensor, generator: Generator) -> Tensor:
    """Of any grey at each pixel."""
    return torch.rand(x.shape, generator=generator)


KINDS: dict[str, tuple[str, Kind]] = {
    "normal": ("held-out pictures", lambda x, generator: x),
    "upside-down": ("upside down", lambda x, generator: x.flip(2)),
    "turned": ("turned", turned),
    "dots": ("a dot somewhere", dots),
    "noise": ("noise", noise),
}


def columns(
    model,
    images: Tensor,
    others: dict[str, Tensor],
    most: int,
    seed: int = 0,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[Column, np.ndarray]:
    """Of the atlas' `images` (N, C, H, W) uint8, and of as many `others` by their title; of more
    than `most` as many at random."""
    rows = permutation(len(images), Use.SPLIT, seed)[:most].sort().values
    x, known = to_unit(images[rows]), Reference(model, torch.zeros(0, 0), 0.0)
    kinds = {
        key: (title, make(x, Generator().manual_seed(seed))) for key, (title, make) in KINDS.items()
    }
    kinds |= {f"data-{i}": (title, to_unit(x[rows])) for i, (title, x) in enumerate(others.items())}
    found = {}
    for done, (key, (title, pictures)) in enumerate(kinds.items(), 1):
        found[Column(f"scores.{key}", title, UNIT)] = measured(known, pictures)
        progress(done)
    usual = np.median(next(iter(found.values()))[:, 0])
    kind = np.float16 if usual < COARSE else np.float32
    return {column: placed(a.astype(kind), rows, len(images)) for column, a in found.items()}


def placed(scores: np.ndarray, rows: Tensor, n: int) -> np.ndarray:
    """The scores of these `rows`, among n."""
    whole = np.full((n, scores.shape[1]), np.nan, scores.dtype)
    whole[rows] = scores
    return whole


def measured(known: Reference, x: Tensor) -> np.ndarray:
    """(N, 3)"""
    scores = torch.stack([in_portions(score, known, x) for score in MEASURED], 1)
    return scores.clamp(max=MOST).numpy()
