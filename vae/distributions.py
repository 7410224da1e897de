"""The distributions that a VAE is made of.

Each is a value: `log_prob`, `sample` and moments, with every leading dimension a batch and the
last `event_dims` dimensions one event. Randomness comes in as a generator, so that the same seed
gives the same sample on every machine and nothing depends on what ran before
(torch.distributions takes no generator, which is why these few lines exist).

    log N(x; mu, s)      = -((x - mu) / s)^2 / 2 - log s - log(2 pi) / 2
    KL(N(mu, s) || N(m, t)) = log(t / s) + (s^2 + (mu - m)^2) / (2 t^2) - 1/2

Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor


def softclip(x: Tensor, low: float) -> Tensor:
    """A smooth lower bound: about x where x >> low, never below low.

    Simple and Effective VAE Training with Calibrated Decoders (Rybkin et al., 2021),
    https://arxiv.org/abs/2006.13202
    """
    return low + F.softplus(x - low)


def sum_event(x: Tensor, dims: int) -> Tensor:
    return x.flatten(-dims).sum(-1)


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian with independent dimensions: `loc` and `scale`, both (..., *event)."""

    loc: Tensor
    scale: Tensor
    event_dims: int = 1

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return self.scale

    def log_prob(self, x: Tensor) -> Tensor:
        """(..., *event) -> (...), nats."""
        u = (x - self.loc) / self.scale
        return sum_event(-0.5 * (u * u + math.log(2 * math.pi)) - self.scale.log(), self.event_dims)

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        """Reparameterized: loc + scale * eps, (*shape, ..., *event); gradients pass through."""
        size = (*shape, *self.loc.shape)
        eps = torch.randn(size, generator=generator, device=self.loc.device, dtype=self.loc.dtype)
        return self.loc + self.scale * eps


@dataclass(frozen=True)
class Bernoulli:
    """Independent binary pixels, by their `logits` (..., *event)."""

    logits: Tensor
    event_dims: int = 3

    @property
    def mean(self) -> Tensor:
        return self.logits.sigmoid()

    @property
    def stddev(self) -> Tensor:
        p = self.mean
        return (p * (1 - p)).sqrt()

    def log_prob(self, x: Tensor) -> Tensor:
        """(..., *event) in {0, 1} -> (...), nats."""
        logits, x = torch.broadcast_tensors(self.logits, x)
        log_p = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        return -sum_event(log_p, self.event_dims)

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        p = self.mean
        u = torch.rand((*shape, *p.shape), generator=generator, device=p.device, dtype=p.dtype)
        return (u < p).to(p.dtype)


def rate_per_dim(q: Gaussian, p: Gaussian) -> Tensor:
    """KL(q || p) of each dimension in closed form, (..., D), nats."""
    ratio = (q.scale / p.scale).square()
    shift = ((q.loc - p.loc) / p.scale).square()
    return 0.5 * (ratio + shift - 1 - ratio.log())


@dataclass(frozen=True)
class Likelihood:
    """How a decoder's features become p(x|z).

    `channels` is the number of feature channels for each image channel; `binary` says that the
    data are binarized before they are scored.
    """

    channels: int
    binary: bool
    head: Callable[[Tensor], Bernoulli | Gaussian]

    def __call__(self, features: Tensor) -> Bernoulli | Gaussian:
        return self.head(features)


def bernoulli(features: Tensor) -> Bernoulli:
    return Bernoulli(features)


def gaussian(features: Tensor) -> Gaussian:
    """Mean and learned log-scale of each pixel, two halves of the feature channels."""
    loc, log_scale = features.chunk(2, -3)
    # 1/256 is one grey level: below it the likelihood of 8-bit data grows without bound.
    return Gaussian(loc, softclip(log_scale, -math.log(256)).exp(), event_dims=3)


LIKELIHOODS = {
    "bernoulli": Likelihood(channels=1, binary=True, head=bernoulli),
    "gaussian": Likelihood(channels=2, binary=False, head=gaussian),
}
