"""How far a map can be trusted.

Trustworthiness: a penalty for each neighbour on the map that is none among the codes, by how far
down the ranks it lies there; 1 where there is none, about 0.5 for a shuffled map, so no share.
Local multidimensional scaling (Venna & Kaski, 2006), https://doi.org/10.1016/j.neunet.2006.05.014

Neighbours kept: the share of a code's nearest on the map that are among its nearest codes, 1 where
all are, next to 0 for a shuffled map.

The error of the way back: ||lift(place(z)) - z|| over codes that the two have not seen, as a share
of the distance between two codes picked at random (1 would be a guess).
"""

import numpy as np

from vae.latent import lift, place
from vae.metrics.measure import Measure

NEIGHBOURS = 15


def trustworthiness(codes: np.ndarray, xy: np.ndarray, n: int, seed: int) -> Measure:
    from sklearn.manifold import trustworthiness  # a second to import

    pick = np.random.default_rng(seed).permutation(len(codes))[:n]
    k = min(NEIGHBOURS, (len(pick) - 1) // 2)  # it is defined for less than half of the codes
    value = trustworthiness(codes[pick], xy[pick], n_neighbors=k)
    unit = "of 1, by a rank penalty"
    return Measure(float(value), unit, n=len(pick), seed=seed, note=f"{k} neighbours")


def neighbours_kept(codes: np.ndarray, xy: np.ndarray, n: int, seed: int) -> Measure:
    """Over `n` of the codes; every other one may be a neighbour."""
    pick = np.random.default_rng(seed).permutation(len(codes))[:n]
    k = min(NEIGHBOURS, len(codes) - 1)
    pairs = zip(nearest(codes, pick, k), nearest(xy, pick, k), strict=True)
    value = np.mean([len(np.intersect1d(near, shown)) / k for near, shown in pairs])
    return Measure(float(value), "share", n=len(pick), seed=seed, note=f"{k} neighbours")


def nearest(points: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """The k nearest others of each of these rows of `points`: (R, k) rows."""
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=k + 1).fit(points)
    found = index.kneighbors(points[rows], return_distance=False)
    # A code's twins may stand before it, so that it is not always the first.
    others = [near[near != row][:k] for near, row in zip(found, rows, strict=True)]
    return np.array(others)


def lift_error(codes: np.ndarray, xy: np.ndarray, n: int, seed: int) -> Measure:
    """Leave one out: each of `n` codes is placed and lifted by the others alone."""
    rng = np.random.default_rng(seed)
    pick = rng.permutation(len(codes))[:n]
    other = rng.permutation(len(codes))[:n]
    keep = np.ones(len(codes), bool)
    errors = []
    for i in pick:
        keep[i] = False
        rest = codes[keep], xy[keep]
        errors.append(np.linalg.norm(lift(place(codes[i], *rest), *rest) - codes[i]))
        keep[i] = True
    apart = np.linalg.norm(codes[pick] - codes[other], axis=1).mean()
    return Measure(float(np.mean(errors) / apart), "share", n=len(pick), seed=seed)
