"""Names for dimensions that clearly are one property of the pictures.

A property is a known factor of a drawn data set, or a statistic of strokes on black. A
dimension has a property's name where each is the other's closest by Spearman's rank correlation,
and that is at least CLEAR on the validation images. What is reported is that on the test images.

The correlation: The Proof and Measurement of Association between Two Things (Spearman, 1904),
https://doi.org/10.2307/1412159
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata

from vae.card import Name
from vae.data.base import Images
from vae.data.factors import Factors

CLEAR = 0.7


# ---- properties


def moments(x: np.ndarray) -> dict[str, np.ndarray]:
    """Where a picture's brightness is: (N, H, W) -> its variances and covariance, (N,) each."""
    mass = x / np.maximum(x.sum((1, 2), keepdims=True), 1e-9)
    row, column = np.mgrid[: x.shape[1], : x.shape[2]]
    y = row - (mass * row).sum((1, 2))[:, None, None]
    z = column - (mass * column).sum((1, 2))[:, None, None]
    return {
        "yy": (mass * y * y).sum((1, 2)),
        "xx": (mass * z * z).sum((1, 2)),
        "xy": -(mass * y * z).sum((1, 2)),  # rows count downwards
    }


def slant(x: np.ndarray) -> np.ndarray:
    at = moments(x)
    return at["xy"] / np.maximum(at["yy"], 1e-9)


# Of strokes on black, as digits are; of a photograph they say little.
STATISTICS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ink": lambda x: x.mean((1, 2)),
    "width": lambda x: moments(x)["xx"],
    "height": lambda x: moments(x)["yy"],
    "slant": slant,
}


def properties(images: Images, factors: Factors | None, strokes: bool) -> dict[str, np.ndarray]:
    """Of images, (N,) each: their factors whose values have an order; of strokes, STATISTICS."""
    if factors is None and not strokes:
        return {}
    if factors is None:
        grey = images.x.numpy().mean(1) / 255
        return {name: statistic(grey) for name, statistic in STATISTICS.items()}
    known = images.factors.numpy()
    return {
        factor.name.replace("_", " "): known[:, i]
        for i, factor in enumerate(factors.each)
        if factor.ordered
    }


# ---- names


def correlations(codes: np.ndarray, known: dict[str, np.ndarray]) -> np.ndarray:
    """Spearman's rank correlation of each dimension with each property: (N, D) -> (D, P); 0 where
    either is constant."""
    ranks = standard(rankdata(codes, axis=0))
    others = standard(rankdata(np.stack(list(known.values()), 1), axis=0))
    return ranks.T @ others / len(codes)


def standard(x: np.ndarray) -> np.ndarray:
    """Columns (N, K) with the mean 0 and the variance 1; of constant ones all is 0."""
    x = x - x.mean(0)
    spread = x.std(0)
    return x / np.where(spread > 0, spread, 1)


def names(chosen: np.ndarray, measured: np.ndarray, properties: list[str], n: int) -> list[Name]:
    """From the correlations (D, P) on images to choose with and on the `n` images to report."""
    size = np.abs(chosen)
    return [
        Name(int(d), properties[p], float(measured[d, p]), n)
        for d in range(len(size))
        for p in [size[d].argmax()]
        if size[d, p] >= CLEAR and size[:, p].argmax() == d
    ]
