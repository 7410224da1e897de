"""Classes that spread from a few labelled features to all their neighbours.

    w_ij = exp(-4 d_ij^2 / r_i^2)      between i and its `NEIGHBOURS` nearest, r_i the farthest's d
    F <- a S F + (1 - a) Y             S = D^-1/2 W D^-1/2,  Y the labels, one-hot

F, by row, are probabilities: what random walks from a feature say, which end at labels. A class
whose labels lie where features are dense takes more than its share, so that each column is weighed
until all classes are as frequent as is known of them (`balanced`).

Learning with Local and Global Consistency (Zhou et al., 2004),
https://papers.nips.cc/paper/2506-learning-with-local-and-global-consistency
Poisson Learning (Calder et al., 2020), of these weights, https://arxiv.org/abs/2006.11184
"""

from collections.abc import Callable
from typing import Any

import numpy as np

NEIGHBOURS = 10
ALPHA = 0.99  # how far labels spread: 1 / (1 - a) steps
STEPS = 60
ROWS = 1000  # whose neighbours are sought at once
TINY = 1e-12  # no distance, no degree and no share is less where it divides


def nearest(
    x: np.ndarray, queries: np.ndarray, k: int, progress: Callable[[int], None] = lambda done: None
) -> tuple[np.ndarray, np.ndarray]:
    """Of `queries` (M, D) the `k` nearest rows of `x` (N, D): rows and distances, (M, k) each."""
    import torch

    known, squares = torch.from_numpy(x), torch.from_numpy((x * x).sum(1))
    rows, lengths = [], []
    for some in torch.from_numpy(queries).split(ROWS):
        found = torch.addmm(squares, some, known.T, alpha=-2).topk(k, largest=False)
        rows.append(found.indices)
        own = some.square().sum(1, keepdim=True)
        lengths.append((found.values + own).clamp(min=0).sqrt())
        progress(sum(map(len, rows)))
    return torch.cat(rows).numpy(), torch.cat(lengths).numpy()


def graph(x: np.ndarray, k: int = NEIGHBOURS, progress=lambda done: None) -> Any:
    """The weights W (N, N), sparse and symmetric, of features `x` (N, D)."""
    from scipy.sparse import csr_matrix

    n = len(x)
    k = min(k, n - 1)
    to, d = (a[:, 1:] for a in nearest(x, x, k + 1, progress))  # the nearest is itself
    start = np.repeat(np.arange(n), k)
    w = csr_matrix((weights(d).ravel(), (start, to.ravel())), shape=(n, n))
    return w.maximum(w.T)


def weights(d: np.ndarray) -> np.ndarray:
    """Of distances (N, k) to the nearest, in order."""
    return np.exp(-4 * (d / np.maximum(d[:, -1:], TINY)) ** 2)


def spread(w: Any, rows: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """The probabilities (N, C) that labels `y` (L,) of `rows` (L,) give to all features."""
    from scipy.sparse import diags

    root = diags(np.maximum(np.asarray(w.sum(1)).ravel(), TINY) ** -0.5)
    s = (root @ w @ root).astype(np.float32)
    given = np.zeros((w.shape[0], classes), np.float32)
    given[rows, y] = 1
    f = given
    for _ in range(STEPS):
        f = ALPHA * (s @ f) + (1 - ALPHA) * given
    return shares(f)


def shares(f: np.ndarray) -> np.ndarray:
    """By row, with the sum 1; of a row of zeros all the same."""
    f = f + (f.sum(1, keepdims=True) == 0)
    return f / f.sum(1, keepdims=True)


def balanced(p: np.ndarray, wanted: np.ndarray | None = None, steps: int = 40) -> np.ndarray:
    """Probabilities (N, C) whose means over all rows are the shares `wanted` (C,): without them
    all classes that are likely anywhere are equally frequent."""
    if wanted is None:
        wanted = p.max(0) > 0
    wanted = (wanted / wanted.sum()).astype(p.dtype)
    columns = (wanted > 0).astype(p.dtype)
    for _ in range(steps):
        columns = columns * wanted / np.maximum(shares(p * columns).mean(0), TINY)
        columns /= columns.sum()
    return shares(p * columns)


def spread_to(x: np.ndarray, p: np.ndarray, queries: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """Probabilities (M, C) of further features (M, D): of their neighbours' `p` (N, C) the mean."""
    rows, d = nearest(x, queries, min(k, len(x)))
    w = weights(d)[..., None]
    return (w * p[rows]).sum(1) / w.sum(1)
