"""How well a score separates two sets of pictures, whatever its threshold.

The area under the ROC curve is the chance that a picture of one set has the higher score than one
of the other; pairs with equal scores count half.

Comparing the Areas under Two or More Correlated ROC Curves (DeLong et al., 1988),
https://doi.org/10.2307/2531595
"""

from math import sqrt
from typing import NamedTuple

import numpy as np


class Area(NamedTuple):
    value: float  # 1/2 is chance
    stderr: float  # over both sets (DeLong et al., 1988)

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.stderr:.3f}"


def percentiles(values: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """The share of the `normal` scores (N,) below each of `values` (B,); half of those equal."""
    ordered = np.sort(normal)
    sides = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    return sum(sides) / (2 * len(ordered))


def auroc(anomalous: np.ndarray, normal: np.ndarray) -> Area:
    """Of the scores (M,) of anomalous pictures against those (N,) of normal ones."""
    above, below = percentiles(anomalous, normal), percentiles(normal, anomalous)
    error = sqrt(above.var() / len(above) + below.var() / len(below))
    return Area(float(above.mean()), error)
