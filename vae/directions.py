"""A direction of the latent space from examples: those that have something, and those that lack it.

    vector = mean of the codes with it - mean of the codes without

and two readings of how much it is worth, so that nobody takes an accident for a feature:

`auc`: the chance that of two examples, neither of which helped to make the direction, the one with
the attribute lies further along it; every pair is left out in turn, and 1/2 is chance. (Scores of
single examples left out would fall below 1/2 on noise: a mean that lacks an example leans away
from it.)

`alignment`: the mean cosine between the differences with_k - without_k of the first examples of
each, of the second, and so on. `random_alignment` is how large that is by chance: its standard
deviation if each pair were swapped by a coin, with mean 0,

    sqrt(2 / (m (m - 1)) * mean of cos^2)

Autoencoding beyond Pixels Using a Learned Similarity Metric (Larsen et al., 2016),
https://arxiv.org/abs/1512.09300
Sampling Generative Networks (White, 2016), https://arxiv.org/abs/1609.04468
An Experimental Comparison of Cross-Validation Techniques for Estimating the Area Under the ROC
Curve (Airola et al., 2011), https://doi.org/10.1016/j.csda.2010.11.018
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from vae.errors import InputError

FEWEST = 3  # examples on either side
FORMAT = 1


@dataclass(frozen=True, eq=False)
class Direction:
    vector: np.ndarray  # (D,), adding it leads from the mean without to the mean with
    auc: float  # 0 to 1, of pairs left out
    alignment: float  # -1 to 1
    random_alignment: float  # 0 to 1, what chance gives
    n_with: int
    n_without: int


def direction(with_codes: np.ndarray, without_codes: np.ndarray) -> Direction:
    """From the codes `with_codes` (N, D) and `without_codes` (M, D).

    Raises:
        InputError: fewer than 3 on a side, codes that do not match or are not finite, or two sets
            with the same mean.
    """
    x, y = check(with_codes, without_codes)
    vector = x.mean(0) - y.mean(0)
    if not vector.any():
        raise InputError("Both sets of examples have the same mean, so there is no direction.")
    return Direction(vector, auc_left_out(x, y), *alignment(x, y), len(x), len(y))


def check(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if min(len(x), len(y)) < FEWEST:
        raise InputError(
            f"A direction needs at least {FEWEST} examples with and {FEWEST} without; "
            f"these are {len(x)} and {len(y)}."
        )
    if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1]:
        raise InputError(
            f"The examples have the shapes {x.shape} and {y.shape}; "
            "take codes (N, D) of the same model."
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError("An example holds NaN or infinity; every number must be finite.")
    return x, y


def auc_left_out(x: np.ndarray, y: np.ndarray) -> float:
    """The share of pairs (x_i, y_j) that the direction of all others puts in order; ties half."""
    mx = (x.sum(0) - x) / (len(x) - 1)  # the mean without example i
    my = (y.sum(0) - y) / (len(y) - 1)
    own = (mx * x).sum(1)[:, None] + (my * y).sum(1)
    margin = own - mx @ y.T - x @ my.T  # (mx_i - my_j) . (x_i - y_j)
    return float((margin > 0).mean() + (margin == 0).mean() / 2)


def alignment(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The mean cosine of the pairs' differences, and its standard deviation by chance."""
    m = min(len(x), len(y))
    d = x[:m] - y[:m]
    length = np.linalg.norm(d, axis=1, keepdims=True)
    u = d / np.where(length > 0, length, 1)
    cos = u @ u.T
    np.fill_diagonal(cos, 0)
    pairs = m * (m - 1)
    return float(cos.sum() / pairs), float(np.sqrt(2 * (cos**2).sum()) / pairs)


def to_json(found: Direction, weights: str) -> str:
    """As text; `weights` is the SHA-256 of the weights of the model whose codes were compared."""
    fields = asdict(found) | {"vector": found.vector.tolist()}
    return json.dumps({"format": FORMAT, "weights": weights, **fields}, allow_nan=False)


def from_json(text: str, weights: str, latent: int) -> Direction:
    """The inverse of `to_json`, for a model with these `weights` and `latent` dimensions.

    Raises:
        InputError: not such a text, of another model, of another length, numbers not finite.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as why:
        raise InputError(f"This direction is not readable as JSON ({why}).") from why
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise InputError(
            f"This is not a direction of format {FORMAT}; save it again with this program."
        )
    if raw.get("weights") != weights:
        raise InputError("This direction belongs to another model; open that one to use it.")
    vector = raw.get("vector")
    if not isinstance(vector, list) or len(vector) != latent:
        raise InputError(f"This direction needs a vector of {latent} numbers, one per dimension.")
    numbers = [number(v, f"number {i + 1} of the vector", -1e6, 1e6) for i, v in enumerate(vector)]
    return Direction(
        np.array(numbers),
        number(raw.get("auc"), "auc", 0, 1),
        number(raw.get("alignment"), "alignment", -1, 1),
        number(raw.get("random_alignment"), "random_alignment", 0, 1),
        *(int(number(raw.get(n), n, FEWEST, 1e9)) for n in ("n_with", "n_without")),
    )


def number(value: Any, name: str, low: float, high: float) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if not fits:  # NaN compares as neither
        raise InputError(f"In this direction, {name} must be between {low:g} and {high:g}.")
    return float(value)
