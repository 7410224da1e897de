"""A figure is never alone: it comes with what it takes to repeat it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

PARTS = 5  # of the examples, each left out once for a standard error


@dataclass(frozen=True)
class Measure:
    value: float
    unit: str
    n: int  # examples
    seed: int
    k: int | None = None  # samples for each example
    stderr: float | None = None  # of the mean over examples
    note: str = ""
    control: float | None = None  # the same figure of what the note says, to compare with


def jackknifed(figures: Callable[[np.ndarray], dict[str, float]], n: int) -> dict[str, float]:
    """The standard errors of `figures(rows)`, by leaving out each part of the `n` rows once."""
    part = np.arange(n) % PARTS
    without = [figures(np.flatnonzero(part != i)) for i in range(PARTS)]
    return {
        name: float(np.std([one[name] for one in without]) * (PARTS - 1) ** 0.5)
        for name in without[0]
    }
