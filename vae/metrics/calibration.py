"""Whether probabilities of classes can be believed: of pictures that are called right with a chance
of 0.8, eight in ten should be.

    confidence  c = max_k p_k        right  r = 1 where the class with that p is the true one
    ECE         sum over bins of n_b / n |mean r - mean c|, `BINS` equal steps of c

A temperature T makes p of softmax(log p / T): above 1 it is less sure. It changes no decision. The
best one, by the log likelihood of validation images, corrects most of what training leaves.

On Calibration of Modern Neural Networks (Guo et al., 2017), https://arxiv.org/abs/1706.04599
"""

from typing import NamedTuple

import numpy as np

from vae.errors import InputError

BINS = 10
TINY = 1e-12  # a probability of 0 would have no logarithm
COLDEST, HOTTEST = 0.05, 20.0  # temperatures that are looked at


class Bin(NamedTuple):
    """Pictures of about the same confidence."""

    n: int
    confidence: float  # mean; the middle of the bin where it is empty
    accuracy: float  # NaN where it is empty


def reliability(p: np.ndarray, y: np.ndarray) -> list[Bin]:
    """Of probabilities `p` (N, C) and true classes `y` (N,), in `BINS` bins of confidence."""
    confidence, right = p.max(1), p.argmax(1) == y
    at = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [one_bin(b, confidence[at == b], right[at == b]) for b in range(BINS)]


def one_bin(b: int, confidence: np.ndarray, right: np.ndarray) -> Bin:
    if not len(right):
        return Bin(0, (b + 0.5) / BINS, float("nan"))
    return Bin(len(right), float(confidence.mean()), float(right.mean()))


def calibration_error(p: np.ndarray, y: np.ndarray) -> float:
    """The expected calibration error (ECE), in [0, 1]."""
    bins = [b for b in reliability(p, y) if b.n]
    return sum(b.n * abs(b.accuracy - b.confidence) for b in bins) / sum(b.n for b in bins)


def heated(p: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities (N, C) at a temperature."""
    log_p = np.log(np.maximum(p, TINY)) / temperature
    heated = np.exp(log_p - log_p.max(1, keepdims=True))
    return heated / heated.sum(1, keepdims=True)


def temperature(p: np.ndarray, y: np.ndarray) -> float:
    """The one at which `p` (N, C) makes the classes `y` (N,) most probable."""
    from scipy.optimize import minimize_scalar

    if not len(y):
        raise InputError("A temperature is fitted to pictures whose classes are known; none is.")
    rows = np.arange(len(y))

    def cost(log_t: float) -> float:
        return -np.log(np.maximum(heated(p, np.exp(log_t))[rows, y], TINY)).mean()

    best = minimize_scalar(cost, bounds=np.log([COLDEST, HOTTEST]), method="bounded")
    return float(np.exp(best.x))
