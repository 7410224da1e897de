"""Functions with the same bits on every machine, and in live/core/bits/exact.js.

A library's exp or erf may differ in its last digit from machine to machine, and one digit is enough
for a decoder to lose its way. IEEE 754 rounds +, -, *, / and floor alike everywhere, so here is
nothing else, in a fixed order. Phi is a table of whole numbers with lines between: it never falls,
which its users rely on.
"""

import numpy as np

UNIT = 2**16  # numbers that enter a network, and codes, are multiples of 1 / UNIT
WHOLE = 2**32  # Phi(infinity), as a whole number
REACH = 8.0  # Phi is tabulated, and codes lie, up to +-REACH
STEPS = 256  # of the table, to 1
LARGEST = 40.0  # of the argument of exp
TERMS, HALVINGS = 14, 6  # of exp's series, and of its argument
SERIES = 200  # terms of Phi's
ROOT = 0.3989422804014327  # 1 / sqrt(2 pi)


def rounded(x: np.ndarray) -> np.ndarray:
    """The nearest multiples of 1 / UNIT."""
    return np.floor(x * UNIT + 0.5) / UNIT


def exp(x: np.ndarray) -> np.ndarray:
    """e^x, of x cut off at +-LARGEST: the series at x / 64, squared six times."""
    y = np.clip(x, -LARGEST, LARGEST) / 2**HALVINGS
    e = np.ones_like(y)
    for k in range(TERMS, 0, -1):
        e = 1 + y * e / k
    for _ in range(HALVINGS):
        e = e * e
    return e


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + exp(-x))


def normal_table() -> list[int]:
    """WHOLE * Phi at -REACH, -REACH + 1 / STEPS, …, REACH.

    Phi(u) = 1/2 + phi(u) (u + u^3 / 3 + u^5 / (3 * 5) + …)
    """
    u = np.arange(REACH * STEPS + 1) / STEPS
    term, total = u, u
    for k in range(1, SERIES):
        term = term * u * u / (2 * k + 1)
        total = total + term
    above = np.floor(WHOLE * (0.5 + ROOT * exp(-u * u / 2) * total) + 0.5)
    above = np.maximum.accumulate(np.minimum(above, WHOLE))
    return [*(WHOLE - above[:0:-1]).astype(int).tolist(), *above.astype(int).tolist()]


NORMAL = normal_table()


def normal_cdf(u: float) -> int:
    """WHOLE * Phi(u): a whole number that never falls as u rises."""
    at = (min(max(u, -REACH), REACH) + REACH) * STEPS
    i = min(int(at), len(NORMAL) - 2)
    return int(NORMAL[i] + (at - i) * (NORMAL[i + 1] - NORMAL[i]))
