"""Pure functions of codes: no model, no network, no state.

`place` and `lift` go between codes and a two-dimensional map of them. UMAP has no cheap exact way
forward or back, so both are weighted means over the K nearest known points: `place(z)` of the
nearest codes' coordinates, `lift(xy)` of the nearest points' codes. The weights are Franke and
Little's, from Shepard's method,

    w_i = ((R - d_i) / (R d_i))^2,    R the distance to neighbour K + 1

which fall to zero where a neighbour leaves, so that the result moves continuously with the query,
and are infinite at a known point, which is therefore met exactly. `live/latent.js` does the same
arithmetic in the browser.

Smooth Interpolation of Large Sets of Scattered Data (Franke & Nielson, 1980),
https://doi.org/10.1002/nme.1620151110
"""

import numpy as np

NEIGHBOURS = 8


def nearest(points: np.ndarray, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The `k` of `points` (N, D) nearest to `query` (D,): (indices, distances), nearest first.

    Ties go to the smaller index.
    """
    squared = ((points.astype(np.float64) - query) ** 2).sum(1)
    k = min(k, len(points))
    edge = np.partition(squared, k - 1)[k - 1]
    inside = np.flatnonzero(squared <= edge)
    best = inside[np.argsort(squared[inside], kind="stable")][:k]
    return best, np.sqrt(squared[best])


def blend(points: np.ndarray, values: np.ndarray, query: np.ndarray, k: int) -> np.ndarray:
    """The weighted mean of the `values` (N, E) at the `k` points nearest to `query`: (E,)."""
    near, d = nearest(points, query, k + 1)
    if d[0] == 0 or len(near) == 1:
        return values[near[0]].astype(np.float64)
    radius = d[-1]
    w = ((radius - d) / (radius * d)) ** 2
    if w.sum() == 0:  # all equally far
        w = np.ones_like(d)
    return (w / w.sum()) @ values[near].astype(np.float64)


def place(
    z: np.ndarray, codes: np.ndarray, coordinates: np.ndarray, k: int = NEIGHBOURS
) -> np.ndarray:
    """Where a code `z` (D,) lies on the map of `codes` (N, D) at `coordinates` (N, 2): (2,)."""
    return blend(codes, coordinates, z, k)


def lift(
    xy: np.ndarray, codes: np.ndarray, coordinates: np.ndarray, k: int = NEIGHBOURS
) -> np.ndarray:
    """A code for the place `xy` (2,) of the map: (D,)."""
    return blend(coordinates, codes, xy, k)
