"""One quantity, many readings: the importance weights of a model.

    log w_k = log p(x|z_k) + log p(z_k) - log q(z_k|x),   z_k ~ q(z|x),   shape (K, B), nats

    mean over k                    the ELBO, a lower bound on log p(x)
    logsumexp over k - log K       the importance-weighted bound, tighter as K grows
    rate       log q - log p(z)    what the code costs (its mean over k: KL(q || p))
    distortion -log p(x|z)         what the picture costs, given its code

Everything here takes any object with `prior()`, `encode(x)` and `decode(z)`.

Importance Weighted Autoencoders (Burda et al., 2015), https://arxiv.org/abs/1509.00519
Fixing a Broken ELBO (Alemi et al., 2018), https://arxiv.org/abs/1711.00464
"""

import math
from typing import NamedTuple

from torch import Generator, Tensor

from vae.distributions import Gaussian, rate_per_dim


class Terms(NamedTuple):
    """The two prices of a picture. ELBO = -(rate + distortion)."""

    rate: Tensor  # (K, B) nats
    distortion: Tensor  # (K, B) nats


def sampled_rate(q, p, z: Tensor) -> Tensor:
    """log q(z) - log p(z): unbiased for any pair of distributions, and exact weight by weight."""
    return q.log_prob(z) - p.log_prob(z)


def closed_rate(q, p, z: Tensor) -> Tensor:
    """KL(q || p) where it has a closed form: the same mean, a gradient of far smaller variance."""
    if isinstance(q, Gaussian) and isinstance(p, Gaussian):
        return rate_per_dim(q, p).sum(-1).expand(z.shape[:-1])
    return sampled_rate(q, p, z)


def terms(
    model, x: Tensor, k: int = 1, generator: Generator | None = None, rate=sampled_rate
) -> Terms:
    """Rate and distortion of `x` (B, C, H, W) under `k` posterior samples each."""
    q = model.encode(x)
    z = q.sample(k, generator=generator)
    return Terms(rate(q, model.prior(), z), -model.decode(z).log_prob(x))


def log_weight(model, x: Tensor, k: int = 1, generator: Generator | None = None) -> Tensor:
    """log w, (K, B) nats, from `k` posterior samples for each of `x` (B, C, H, W)."""
    rate, distortion = terms(model, x, k, generator)
    return -(rate + distortion)


def elbo(log_w: Tensor) -> Tensor:
    """(K, B) -> (B,) nats."""
    return log_w.mean(0)


def iwae(log_w: Tensor) -> Tensor:
    """The importance-weighted bound, (K, B) -> (B,) nats."""
    return log_w.logsumexp(0) - math.log(len(log_w))
