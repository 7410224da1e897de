"""How far a map can be trusted.

Trustworthiness: the share of the map's neighbourhoods that are neighbourhoods of the codes too,
1 where all are. Local multidimensional scaling (Venna & Kaski, 2006),
https://doi.org/10.1016/j.neunet.2006.05.014

The error of the way back: ||lift(place(z)) - z|| over codes that the two have not seen, as a share
of the distance between two codes picked at random (1 would be a guess).
"""

import numpy as np

from vae.latent import lift, place
from vae.metrics.measure import Measure


def trustworthiness(codes: np.ndarray, xy: np.ndarray, n: int, seed: int) -> Measure:
    from sklearn.manifold import trustworthiness  # a second to import

    pick = np.random.default_rng(seed).permutation(len(codes))[:n]
    k = min(15, (len(pick) - 1) // 2)  # it is defined for less than half of the codes
    value = trustworthiness(codes[pick], xy[pick], n_neighbors=k)
    return Measure(float(value), "share", n=len(pick), seed=seed, note=f"{k} neighbours")


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
