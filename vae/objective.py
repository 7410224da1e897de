"""One quantity, many readings: the importance weights of a model.

    log w_k = log p(x|z_k) + log p(z_k) - log q(z_k|x),   z_k ~ q(z|x),   shape (K, B), nats

    mean over k                    the ELBO, a lower bound on log p(x)
    logsumexp over k - log K       the importance-weighted bound, tighter as K grows
    rate       log q - log p(z)    what the code costs (its mean over k: KL(q || p))
    distortion -log p(x|z)         what the picture costs, given its code

Everything here takes any object with `prior()`, `encode(x)` and `decode(z)`.

What a picture costs a model is its surprise. A picture whose pixels have `levels` values, as

    surprise = -ELBO                          >= -log p(x), nats of the picture itself

and a grey picture x under a model of binary pixels, which sees it as the chance of each to be 1, as

    surprise = E_b[-ELBO(b)] - H(x),          b ~ Bernoulli(x),   >= KL(Bernoulli(x) || p(b))
    H(x) = -sum x log x + (1 - x) log(1 - x)

so that the picture's own greyness, which no model could save, is not called surprising. Of a binary
picture H is 0 and the two are one. The encoder gets each binarization, which is what it was trained
on: with the posterior of the grey picture for all of them the bound holds too, and is exact in b,
but 6 nats looser on digits, and it calls half of all blurred ones rare (benchmarks/surprise.py).

Importance Weighted Autoencoders (Burda et al., 2015), https://arxiv.org/abs/1509.00519
Fixing a Broken ELBO (Alemi et al., 2018), https://arxiv.org/abs/1711.00464
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor, from_numpy

from vae.distributions import Gaussian, Latent, Likelihood
from vae.seeds import sfc32

DRAWS = 8  # of the noise of a surprise: each a binarization, if there is one, and a code
SEED = 0  # of that noise, the same for every picture


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
    return terms_of(model, x, q, q.sample(k, generator=generator), rate, *given)


@torch.no_grad()
def class_elbos(model, x: Tensor, k: int, generator: Generator | None = None) -> Tensor:
    """The ELBO of log p(x|y) of each class y, from `k` samples each: (B, classes) nats.

    Its largest is the class that explains `x` (B, C, H, W) best: Bayes' rule where all classes are
    as probable, with a bound in place of each log p(x|y).
    """
    classes = torch.arange(model.config.code.choice.size)
    each = [terms(model, x, k, generator, y=y.expand(len(x))) for y in classes]
    return torch.stack([elbo(one.log_weight) for one in each], 1)


def terms_of(model, x: Tensor, q: Latent, z: Tensor, rate, *given: Tensor) -> Terms:
    """The terms of `x` (B, C, H, W) with codes `z` (K, B, D) drawn from its posterior `q`."""
    return Terms(rate(q, model.prior(*given), z), -model.decode(z, *given).log_prob(x))


def total_correlation(q: Gaussian, z: Tensor) -> Tensor:
    """KL(q(z) || product of q(z_d)), () nats: 0 where the dimensions are independent.

    Of the batch's mixture q(z) = mean over b of q(z|x_b), from a code of each, `z` (B, D).

    A mixture of few posteriors has more of it than that of all data, as each code finds its own.

    Isolating Sources of Disentanglement in Variational Autoencoders (Chen et al., 2018),
    https://arxiv.org/abs/1802.04942
    """
    each = q.log_prob_per_dim(z[:, None])  # (B, B, D): code i under posterior j
    whole, parts = each.sum(-1).logsumexp(1), each.logsumexp(1)
    log_n = math.log(len(z))
    return ((whole - log_n) - (parts - log_n).sum(-1)).mean()


def elbo(log_w: Tensor) -> Tensor:
    """(K, B) -> (B,) nats."""
    return log_w.mean(0)


def iwae(log_w: Tensor) -> Tensor:
    """The importance-weighted bound, (K, B) -> (B,) nats."""
    return log_w.logsumexp(0) - math.log(len(log_w))


# ---- surprise


class Surprise(NamedTuple):
    """What pictures cost a model, each (B,) nats."""

    rate: Tensor  # KL(q || p); NO_RATE where a posterior has none
    distortion: Tensor  # -log p(x|z)
    entropy: Tensor  # H(x), the pictures' own, 0 where they are not binarized
    ceiling: float  # what pixels cost without any model, each of their values equally probable

    @property
    def cost(self) -> Tensor:
        """-ELBO, averaged over binarizations; of a posterior without a rate the distortion."""
        return self.rate.nan_to_num() + self.distortion

    @property
    def nats(self) -> Tensor:
        return self.cost - self.entropy

    @property
    def beyond(self) -> Tensor:
        """Whether the model cannot price them: its bound is worse than that of no model at all."""
        return self.cost > self.ceiling


@torch.no_grad()
def surprise(model, x: Tensor, draws: int = DRAWS, seed: int = SEED) -> Surprise:
    """Of pictures `x` (B, C, H, W) in [0, 1], from `draws` samples of the posterior.

    The noise is the same for all pictures, and the browser's: live/core/surprise.js is its twin.
    """
    p, binary = model.prior(), model.likelihood.binary
    views = binarizations(x, draws, seed) if binary else [x]
    seen = [(view, model.encode(view)) for view in views] * (draws // len(views))
    codes = from_numpy(sfc32(seed + 1, draws * seen[0][1].uniforms).reshape(draws, -1).copy())
    parts = [weighed(model, p, *each, u) for each, u in zip(seen, codes, strict=True)]
    rate, distortion = (torch.stack(part).mean(0) for part in zip(*parts, strict=True))
    entropy = entropies(x) if binary else torch.zeros_like(distortion)
    return Surprise(rate, distortion, entropy, ceiling(model.likelihood, x[0].numel()))


def binarizations(x: Tensor, draws: int, seed: int) -> list[Tensor]:
    """`draws` binarizations of `x` (B, C, H, W), in which each pixel is 1 as often as it should be,
    to within one draw (systematic sampling)."""
    first = sfc32(seed, x[0].numel()).reshape(x[0].shape)
    levels = ((first + k / draws) % 1 for k in range(draws))
    return [(from_numpy(u.astype(np.float32)) < x).to(x.dtype) for u in levels]


def weighed(
    model, p: Latent, x: Tensor, q: Latent, u: Tensor, rate=closed_rate
) -> tuple[Tensor, Tensor]:
    """Rate and distortion (B,) of `x` at the code of q that the uniform numbers `u` make."""
    z = q.drawn(u)
    return rate(q, p, z[None])[0], -model.decode(z).log_prob(x)


def entropies(x: Tensor) -> Tensor:
    """H(x) of pictures (B, C, H, W) as chances of each pixel to be 1: (B,) nats."""
    return -(torch.xlogy(x, x) + torch.xlogy(1 - x, 1 - x)).flatten(1).sum(1)


def ceiling(likelihood: Likelihood, pixels: int) -> float:
    """What a picture costs whose pixels' values are all equally probable, nats."""
    return pixels * math.log(likelihood.levels)
