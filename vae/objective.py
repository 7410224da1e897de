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
from collections.abc import Callable
from typing import NamedTuple

from torch import Generator, Tensor

from vae.distributions import Latent


class Terms(NamedTuple):
    """The two prices of a picture, by K codes of each."""

    rate: Tensor  # (K, B) nats
    distortion: Tensor  # (K, B) nats

    @property
    def log_weight(self) -> Tensor:
        """log w, (K, B) nats."""
        return -(self.rate + self.distortion)


def sampled_rate(q: Latent, p: Latent, z: Tensor) -> Tensor:
    """log q(z) - log p(z): exact weight by weight, and unbiased."""
    return q.log_prob(z) - p.log_prob(z)


def closed_rate(q: Latent, p: Latent, z: Tensor) -> Tensor:
    """KL(q || p), in closed form where there is one: the same mean, and a gradient of far smaller
    variance."""
    return q.rate(p, z)


def penalty(q: Latent, p: Latent, z: Tensor) -> Tensor:
    """What training adds to the distortion: `closed_rate`, or -log p(z) of a point posterior."""
    return q.penalty(p, z)


def terms(
    model,
    x: Tensor,
    k: int = 1,
    generator: Generator | None = None,
    rate: Callable[[Latent, Latent, Tensor], Tensor] = sampled_rate,
    y: Tensor | None = None,
) -> Terms:
    """Rate and distortion of `x` (B, C, H, W), of the classes `y` (B,) if they are given, under
    `k` posterior samples each."""
    given = () if y is None else (y,)
    q = model.encode(x, *given)
    z = q.sample(k, generator=generator)
    return Terms(rate(q, model.prior(*given), z), -model.decode(z, *given).log_prob(x))


def elbo(log_w: Tensor) -> Tensor:
    """(K, B) -> (B,) nats."""
    return log_w.mean(0)


def iwae(log_w: Tensor) -> Tensor:
    """The importance-weighted bound, (K, B) -> (B,) nats."""
    return log_w.logsumexp(0) - math.log(len(log_w))
