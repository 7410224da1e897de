"""The aggregate posterior q(z) = 1/N sum_i q(z|x_i) as a mixture of Gaussians.

Where the prior and q(z) differ, samples of the prior fall into gaps that no example maps to, and
decode badly; a few Gaussians with full covariance, fitted to samples of q(z), know the gaps.

From Variational to Deterministic Autoencoders (Ghosh et al., 2020),
https://arxiv.org/abs/1903.12436
"""

import warnings
from typing import Any, NamedTuple

import numpy as np

from vae.errors import InputError

MOST = 10_000  # examples to fit; more take longer and say little more
USUAL = 10  # Gaussians
ROWS = 4  # examples for each dimension of a Gaussian, so that its covariance means something


class Mixture(NamedTuple):
    weights: np.ndarray  # (K,), sum to 1
    means: np.ndarray  # (K, D)
    cholesky: np.ndarray  # (K, D, D), lower triangular, covariance = cholesky cholesky^T

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """(n, D)"""
        k = rng.choice(len(self.weights), n, p=self.weights)
        eps = rng.normal(size=(n, self.means.shape[1]))
        return self.means[k] + np.einsum("nij,nj->ni", self.cholesky[k], eps)

    def log_prob(self, z: np.ndarray) -> np.ndarray:
        """(N, D) -> (N,), nats."""
        parts = zip(self.weights, self.means, self.cholesky, strict=True)
        return np.logaddexp.reduce([np.log(w) + log_normal(z - m, c) for w, m, c in parts])


def log_normal(z: np.ndarray, cholesky: np.ndarray) -> np.ndarray:
    """log N(z; 0, cholesky cholesky^T) of `z` (N, D): (N,), nats."""
    u = np.linalg.solve(cholesky, z.T)
    volume = np.log(np.diagonal(cholesky)).sum()
    return -0.5 * (u**2).sum(0) - volume - 0.5 * len(cholesky) * np.log(2 * np.pi)


def fitted(mean: np.ndarray, scale: np.ndarray) -> dict[str, Any]:
    """The usual mixture as the page reads it: {"n", "weights", "means", "cholesky"}, n examples.

    Raises:
        InputError: as `mixture`.
    """
    values = {k: v.tolist() for k, v in mixture(mean, scale)._asdict().items()}
    return {"n": min(len(mean), MOST), **values}


def mixture(
    mean: np.ndarray, scale: np.ndarray, components: int | None = None, seed: int = 0
) -> Mixture:
    """Fitted to one sample of each posterior, of `mean` and `scale` (N, D), at most 10,000 of them.

    Without `components`, as many as the examples can tell apart, up to 10.

    Raises:
        InputError: fewer than 2 posteriors for each component, arrays that do not match or are not
            finite.
    """
    if components is None:
        components = max(1, min(USUAL, mean.size // (ROWS * max(1, mean.shape[-1]) ** 2)))
    check(mean, scale, components)
    rng = np.random.default_rng(seed)
    some = rng.permutation(len(mean))[:MOST]
    z = mean[some] + scale[some] * rng.normal(size=(len(some), mean.shape[1]))
    return fit(z.astype(np.float64), components, seed)


def fit(z: np.ndarray, components: int, seed: int) -> Mixture:
    """By expectation maximization, started from k-means, on samples `z` (N, D)."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    # On one thread: on a busy machine two of them took ten times as long for matrices this small.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 100 steps are enough to sample from
        em = GaussianMixture(components, random_state=seed).fit(z)
    return Mixture(em.weights_, em.means_, np.linalg.cholesky(em.covariances_))


def check(mean: np.ndarray, scale: np.ndarray, components: int) -> None:
    if mean.ndim != 2 or mean.shape != scale.shape:
        raise InputError(
            f"The posteriors' means and scales have the shapes {mean.shape} and {scale.shape}; "
            "both must be (N, D)."
        )
    if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale >= 0).all()):
        raise InputError("The posteriors' means and scales must be finite, and no scale negative.")
    if not 1 <= components <= len(mean) // 2:
        raise InputError(
            f"{components} components cannot be fitted to {len(mean)} examples; "
            f"take between 1 and {len(mean) // 2}."
        )
