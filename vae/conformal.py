"""A threshold with a promise: split-conformal p-values from scores of normal pictures.

    p(s) = (1 + number of normal scores >= s) / (n + 1)

If the n normal pictures and a new one are exchangeable (in any order equally probable, as drawn
from one source), p is at most a with a probability of at most a, whatever the score is. So an alarm
where p <= a gives false alarms at a rate of at most a, and of at least a - 1 / (n + 1) where no
scores are equal. The alarm p <= a is the same as s > `threshold(normal, a)`.

The promise is about the mean over sets of normal pictures: with one set of n, the rate got varies
as a beta distribution does, about ± sqrt(a (1 - a) / n).

By groups (the classes that pictures seem to be of), each with its own normal scores, the promise
holds for each group.

Algorithmic Learning in a Random World (Vovk et al., 2005), https://doi.org/10.1007/b106715
Testing for Outliers with Conformal p-values (Bates et al., 2023), https://arxiv.org/abs/2104.08279
"""

import math

import numpy as np

from vae.errors import InputError

EXACT = 1e-9  # of a count: 0.07 * 100 is 7.000000000000001


def p_values(scores: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Of `scores` (B,) against those of `normal` pictures (N,): (B,) in (0, 1]."""
    ordered = np.sort(checked(normal))
    above = len(ordered) - np.searchsorted(ordered, scores, "left")
    return (1 + above) / (len(ordered) + 1)


def threshold(normal: np.ndarray, rate: float) -> float:
    """The score above which a picture is an alarm, for false alarms at a `rate` of at most that.

    Raises:
        InputError: there are too few `normal` scores (N,) for so low a rate.
    """
    ordered = np.sort(checked(normal))
    check_rate(len(ordered), rate)
    alarms = math.floor(rate * (len(ordered) + 1) + EXACT)
    return float(ordered[len(ordered) - alarms])


def check_rate(n: int, rate: float, which: str = "") -> None:
    """Raise InputError where `n` normal scores cannot promise false alarms at `rate`.

    `which` says after "normal pictures" what they are.
    """
    if not 0 < rate < 1:
        raise InputError(f"A false-alarm rate is between 0 and 1, not {rate}.")
    if rate * (n + 1) + EXACT < 1:
        raise InputError(
            f"{n:,} normal pictures{which} promise a false-alarm rate of {percent(finest(n))} "
            f"at best, not {percent(rate)}: that takes {needed(rate):,}."
        )


def finest(n: int) -> float:
    """The lowest false-alarm rate that `n` normal scores can promise."""
    return 1 / (n + 1)


def needed(rate: float) -> int:
    """The number of normal scores that a false-alarm rate takes."""
    return math.ceil(1 / rate - EXACT) - 1


def percent(rate: float) -> str:
    return f"{math.ceil(100_000 * rate - EXACT) / 1000:g} %"  # rounded up: it is a promise


def by_group(
    scores: np.ndarray, groups: np.ndarray, normal: np.ndarray, normal_groups: np.ndarray
) -> np.ndarray:
    """The p-values of `scores` (B,) against the normal scores of their own group only: (B,).

    Those of a group without normal scores are held against all, which promises nothing for it.
    """
    p = p_values(scores, normal)
    for group in np.intersect1d(groups, normal_groups):
        rows = groups == group
        p[rows] = p_values(scores[rows], normal[normal_groups == group])
    return p


def checked(normal: np.ndarray) -> np.ndarray:
    if len(normal) == 0:
        raise InputError("There is no normal picture, so nothing to compare with.")
    if np.isnan(normal).any():
        raise InputError("A normal picture has no score, so nothing can be promised.")
    return np.asarray(normal)
