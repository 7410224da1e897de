"""Pure functions of codes: no model, no network, no state.

`place` and `lift` go between codes and a two-dimensional map of them. UMAP has no cheap exact way
forward or back, so both are weighted means over the K nearest known points: `place(z)` of the
nearest codes' coordinates, `lift(xy)` of the nearest points' codes. The weights are Franke and
Little's, from Shepard's method,

    w_i = ((R - d_i) / (R d_i))^2,    R the distance to neighbour K + 1

which fall to zero where a neighbour leaves, so that the result moves continuously with the query,
and are infinite at a known point, which is therefore met exactly. `live/core/blend.js`,
`projection.js` and `latent.js` do the same arithmetic in the browser.

Smooth Interpolation of Large Sets of Scattered Data (Franke & Nielson, 1980),
https://doi.org/10.1002/nme.1620151110

The rest goes from a few codes to many: along a line or a great circle, over a plane or between four
corners. Ends and corners are met exactly, and every `t`, `u`, `v` may leave [0, 1].
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from vae.errors import InputError

NEIGHBOURS = 8
PARALLEL = 1e-6  # radians between two directions; below, sine and angle agree to 1e-12


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


def pair(z0: np.ndarray, z1: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two codes (D,) as float64.

    Raises:
        InputError: they are not of one length, or not finite.
    """
    z0, z1 = np.asarray(z0, np.float64), np.asarray(z1, np.float64)
    if z0.ndim != 1 or z0.shape != z1.shape:
        raise InputError(
            f"The codes have the shapes {z0.shape} and {z1.shape}; "
            "take two codes (D,) of the same model."
        )
    if not (np.isfinite(z0).all() and np.isfinite(z1).all()):
        raise InputError("A code holds NaN or infinity; every number of a code must be finite.")
    return z0, z1


def lerp(z0: np.ndarray, z1: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The straight line from `z0` to `z1` (D,) at times `t` (T,): (T, D).

    Raises:
        InputError: codes that are not of one length, or not finite.
    """
    z0, z1 = pair(z0, z1)
    t = np.asarray(t, np.float64)[:, None]
    return (1 - t) * z0 + t * z1


def slerp(z0: np.ndarray, z1: np.ndarray, t: np.ndarray) -> np.ndarray:
    """From `z0` to `z1` (D,) about the origin, at times `t` (T,): (T, D).

    The direction goes along the great circle, the norm linearly (and never below zero), so a path
    between codes of the prior keeps a norm that the prior makes likely.

    Animating Rotation with Quaternion Curves (Shoemake, 1985), https://doi.org/10.1145/325334.325242
    Sampling Generative Networks (White, 2016), https://arxiv.org/abs/1609.04468

    Raises:
        InputError: codes that `pair` refuses, a zero code, codes in opposite directions.
    """
    z0, z1 = pair(z0, z1)
    t = np.asarray(t, np.float64)[:, None]
    n0, n1 = np.linalg.norm(z0), np.linalg.norm(z1)
    if n0 == 0 or n1 == 0:
        raise InputError(
            "slerp cannot start or end at the zero code, which has no direction; use line."
        )
    along = great_circle(z0 / n0, z1 / n1, t)
    z = np.maximum(0, (1 - t) * n0 + t * n1) * along
    return np.where(t == 0, z0, np.where(t == 1, z1, z))


def great_circle(u0: np.ndarray, u1: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Unit vectors from `u0` to `u1` (D,) at `t` (T, 1): (T, D)."""
    # By half chords, exact where the arc cosine loses half its digits (Kahan).
    angle = 2 * np.arctan2(np.linalg.norm(u1 - u0), np.linalg.norm(u1 + u0))
    if np.pi - angle < PARALLEL:
        raise InputError(
            "slerp has no unique path between codes in opposite directions; "
            "use line, or go through a third code."
        )
    if angle < PARALLEL:
        return (1 - t) * u0 + t * u1
    return (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)


class Plane(NamedTuple):
    """A plane of codes in its own orthonormal coordinates: lengths are those of the codes."""

    origin: np.ndarray  # (D,)
    axes: np.ndarray  # (2, D), orthonormal rows

    def place(self, z: np.ndarray) -> np.ndarray:
        """The coordinates of `z`, or of its foot on the plane: (..., D) -> (..., 2)."""
        return (z - self.origin) @ self.axes.T

    def lift(self, xy: np.ndarray) -> np.ndarray:
        """(..., 2) -> (..., D), the inverse of `place`."""
        return self.origin + xy @ self.axes


def plane(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> Plane:
    """The plane through three codes (D,): `a` at (0, 0), `b` at (|b - a|, 0), `c` at some y > 0.

    Raises:
        InputError: codes that `pair` refuses, or that lie on one line.
    """
    (a, b), (_, c) = pair(a, b), pair(a, c)
    x, y = b - a, c - a
    width = np.linalg.norm(x)
    x = x / (width or 1)
    y = y - (y @ x) * x
    y = y - (y @ x) * x  # again: one projection leaves rounding when b and c nearly agree
    height = np.linalg.norm(y)
    if width == 0 or height <= 1e-9 * np.linalg.norm(c - a):
        raise InputError("The three codes lie on one line; a plane needs a third one beside it.")
    return Plane(a, np.stack([x, y / height]))


def grid(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """All places (x, y): (len(ys), len(xs), 2), row i at ys[i]; `Plane.lift` makes codes of it."""
    return np.stack(np.meshgrid(xs, ys), -1)


def quantile_grid(n: int) -> np.ndarray:
    """A grid that gives each cell the same share of the standard normal plane: (n, n, 2).

    Its lines are at the inverse normal distribution function of (i + 1/2) / n; decoded, it is the
    manifold of figure 4 in Auto-Encoding Variational Bayes (Kingma & Welling, 2013),
    https://arxiv.org/abs/1312.6114
    """
    normal = NormalDist()
    line = np.array([normal.inv_cdf((i + 0.5) / n) for i in range(n)])
    return grid(line, line)


def traverse(z: np.ndarray, j: int, values: np.ndarray) -> np.ndarray:
    """The code `z` (D,) with dimension `j` set to each of the `values` (T,): (T, D)."""
    out = np.tile(np.asarray(z, np.float64), (len(values), 1))
    out[:, j] = values
    return out


def analogy(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """What is to `c` as `b` is to `a`: c + b - a, (..., D)."""
    return c + (np.asarray(b, np.float64) - a)


def corners(codes: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Between four codes, bilinearly: `codes` (4, D), `u` and `v` (...) -> (..., D).

    The codes are at (u, v) = (0, 0), (1, 0), (0, 1), (1, 1): as one reads, v going down.
    """
    a, b, c, d = np.asarray(codes, np.float64)
    u, v = np.asarray(u, np.float64)[..., None], np.asarray(v, np.float64)[..., None]
    return (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * c + u * d)
