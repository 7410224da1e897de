"""Metrics of the posteriors alone, in the units of the prior: see `standardized`.

Active units: dimensions whose posterior mean varies over the data, Var_x[mu_d(x)] > 0.01.
Importance Weighted Autoencoders (Burda et al., 2015), https://arxiv.org/abs/1509.00519
"""

import numpy as np

ACTIVE = 0.01


def standardized(q, p) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale (N, D) of posteriors `q`, where the prior `p` has the mean 0 and the scale 1
    in each dimension: N(0, I) leaves them as they are."""
    return ((q.mean - p.mean) / p.stddev).numpy(), (q.stddev / p.stddev).numpy()


def active(mean: np.ndarray) -> np.ndarray:
    """Which dimensions are active: (N, D) -> (D,) bool."""
    return mean.var(0) > ACTIVE


def rate_per_dim(mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """KL(q(z|x) || N(0, 1)) of each dimension, averaged over the examples: (N, D) -> (D,) nats."""
    return 0.5 * (mean**2 + scale**2 - 1 - np.log(scale**2)).mean(0)


def active_units(mean: np.ndarray, scale: np.ndarray) -> float:
    return float(active(mean).sum())


def posterior_spread(mean: np.ndarray, scale: np.ndarray) -> float:
    """Mean over the dimensions of E[scale^2] + Var[mean]: 1 where q(z) has the prior's variance."""
    return float((np.square(scale).mean(0) + mean.var(0)).mean())


METRICS = {"active_units": active_units, "posterior_spread": posterior_spread}
UNITS = {"active_units": "dimensions", "posterior_spread": "of the prior's variance"}
