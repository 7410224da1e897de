"""Two-dimensional maps of codes: PCA, exact both ways, and UMAP.

Principal component analysis (Pearson, 1901), https://doi.org/10.1080/14786440109462720
UMAP: Uniform Manifold Approximation and Projection (McInnes et al., 2018),
https://arxiv.org/abs/1802.03426
"""

import contextlib
import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from vae.errors import InputError
from vae.settings import check, setting

METRICS = ("euclidean", "manhattan", "cosine", "correlation", "chebyshev")


class PCA(NamedTuple):
    """A plane through the codes' mean along their two directions of largest variance."""

    mean: np.ndarray  # (D,)
    axes: np.ndarray  # (2, D), orthonormal rows
    explained: np.ndarray  # (2,), share of the variance

    def place(self, z: np.ndarray) -> np.ndarray:
        """(..., D) -> (..., 2)"""
        return (z - self.mean) @ self.axes.T

    def lift(self, xy: np.ndarray, z: np.ndarray | None = None) -> np.ndarray:
        """The code at `xy` (..., 2), on the plane or on its parallel through `z`: (..., D)."""
        origin = self.mean if z is None else z - self.place(z) @ self.axes
        return origin + xy @ self.axes


TINY = np.finfo(np.float32).tiny  # in place of the variance of codes that are all the same


def pca(codes: np.ndarray) -> PCA:
    """`codes` (N, D), D >= 2. The largest entry of each axis is positive, so a repeat agrees."""
    mean = codes.mean(0)
    _, s, axes = np.linalg.svd(codes - mean, full_matrices=False)
    axes = axes[:2] * np.sign(axes[[0, 1], np.abs(axes[:2]).argmax(1)])[:, None]
    return PCA(mean, axes, (s**2 / max((s**2).sum(), TINY))[:2])


def aligned(xy: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Points `xy` (N, 2), centred, turned and mirrored so that each is as near as can be to its own
    in `to` (N, 2), which is centred too.

    A generalized solution of the orthogonal Procrustes problem (Schonemann, 1966),
    https://doi.org/10.1007/BF02289451
    """
    centred = xy - xy.mean(0)
    u, _, v = np.linalg.svd(centred.T @ to)
    return centred @ u @ v


@dataclass(frozen=True)
class Umap:
    """UMAP's settings; the form on the page and the command line come from these fields."""

    neighbors: int = setting(15, "neighbours of each code: few for detail, many for overview",
                             min=2, max=200)  # fmt: skip
    min_dist: float = setting(0.1, "how close points may lie on the map", min=0.0, max=0.99)
    metric: str = setting("euclidean", "how codes are compared", choices=METRICS)
    seed: int = setting(42, "the same seed gives the same map", min=0, max=2**31 - 1)

    __post_init__ = check


def umap(
    codes: np.ndarray, config: Umap, progress: Callable[[float], None] = lambda share: None
) -> np.ndarray:
    """Coordinates (N, 2) float32 of `codes` (N, D), centred; a seed makes two runs equal.

    `progress` gets the share of the layout that is done, 0 to 1. The first run on a machine
    compiles for up to a minute before that starts.

    Raises:
        InputError: fewer codes than neighbours.
    """
    if len(codes) <= config.neighbors:
        raise InputError(
            f"{len(codes)} codes are too few for {config.neighbors} neighbours; "
            f"ask for at most {len(codes) - 1}."
        )
    from umap import UMAP  # two seconds, and twenty the first time

    settings = {k: v for k, v in asdict(config).items() if k not in ("neighbors", "seed")}
    fitted = UMAP(
        n_neighbors=config.neighbors,
        random_state=config.seed,
        n_jobs=1,  # what a seed implies
        verbose=True,
        tqdm_kwds={"file": Ticks(progress), "bar_format": "{n_fmt}/{total_fmt}\n"},
        **settings,
    )
    with contextlib.redirect_stdout(io.StringIO()):  # its stages; `progress` is enough
        xy = fitted.fit_transform(codes.astype(np.float32))
    return (xy - xy.mean(0)).astype(np.float32)


class Ticks:
    """The file that UMAP's progress bar writes to: turns "120/500" into 0.24."""

    def __init__(self, progress: Callable[[float], None]):
        self.progress = progress

    def write(self, text: str) -> None:
        done, slash, total = text.strip().partition("/")
        if slash and done.isdigit() and total.isdigit() and int(total):
            self.progress(int(done) / int(total))

    def flush(self) -> None:
        pass
