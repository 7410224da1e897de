"""Probabilistic PCA: the VAE in which all is linear, so that nothing has to be approximated.

    z ~ N(0, I)     x|z ~ N(W z + mu, s^2 I)     so x ~ N(mu, C),   C = W W' + s^2 I
    z|x ~ N(M^-1 W' (x - mu), s^2 M^-1),         M = W' W + s^2 I

A rotation of z changes no picture. Of all W the one whose columns are orthogonal is kept: then M is
diagonal, the exact posterior is one of independent dimensions, and the ELBO is log p(x).

    closed form    s^2 = mean of the other eigenvalues of the data's covariance S,
                   W = U (L - s^2 I)^1/2 of the largest ones
    EM             W <- S W (s^2 I + M^-1 W' S W)^-1,   s^2 <- tr(S - S W M^-1 W') / P
    gradients      of the mean ELBO by W, s and a linear encoder, as a VAE is trained

All three have the same best. Data enter by their mean and covariance alone (`Moments`).

Probabilistic Principal Component Analysis (Tipping & Bishop, 1999),
https://doi.org/10.1111/1467-9868.00196
Don't Blame the ELBO! A Linear VAE Perspective on Posterior Collapse (Lucas et al., 2019),
https://arxiv.org/abs/1911.02469
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from vae.architectures import linear
from vae.code import normal
from vae.distributions import FINEST, Gaussian, unclipped
from vae.errors import InputError
from vae.models.vae import VAE, Config

ROWS = 5000  # images whose products are summed at once
NOTHING = 1e-12  # of the largest eigenvalue: what rounding leaves


class Moments(NamedTuple):
    """What a linear model sees of data, float64."""

    mean: Tensor  # (P,)
    covariance: Tensor  # (P, P), divided by the number of data


@dataclass(frozen=True)
class PPCA:
    """`prior`, `encode` and `decode` of flat pictures (B, P), float64: a model for objective.py."""

    mean: Tensor  # (P,)
    weight: Tensor  # (P, K), columns orthogonal
    variance: Tensor  # (), s^2

    @property
    def inner(self) -> Tensor:
        """The diagonal of M, (K,), which is all of it."""
        return self.weight.square().sum(0) + self.variance

    def prior(self) -> Gaussian:
        return Gaussian(self.weight.new_zeros(self.weight.shape[1]), self.weight.new_ones(()))

    def encode(self, x: Tensor) -> Gaussian:
        loc = (x - self.mean) @ self.weight / self.inner
        return Gaussian(loc, (self.variance / self.inner).sqrt().expand_as(loc))

    def decode(self, z: Tensor) -> Gaussian:
        loc = z @ self.weight.mT + self.mean
        return Gaussian(loc, self.variance.sqrt().expand_as(loc))

    def log_prob(self, x: Tensor) -> Tensor:
        """The density of pictures (B, P): (B,) nats."""
        d = x - self.mean
        return log_density(self, d.square().sum(-1), (d @ self.weight).square())


def log_density(model: PPCA, square: Tensor, along: Tensor) -> Tensor:
    """log N(x; mu, C) from |x - mu|^2 (...) and the squares of W'(x - mu) (..., K), or means of
    both, by the lemmas of Woodbury and Sylvester."""
    p, k = model.weight.shape
    log_det = model.inner.log().sum() + (p - k) * model.variance.log()
    rest = (square - (along / model.inner).sum(-1)) / model.variance
    return -0.5 * (p * math.log(2 * math.pi) + log_det + rest)


def log_likelihood(model: PPCA, data: Moments) -> Tensor:
    """The mean of log p(x) over the data, () nats, where `model` has their mean."""
    along = (model.weight * (data.covariance @ model.weight)).sum(0)
    return log_density(model, data.covariance.trace(), along)


def moments(images: Tensor) -> Moments:
    """Of uint8 images (N, C, H, W), whose grey levels are in [0, 1]."""
    total, square = 0, 0
    for part in images.flatten(1).split(ROWS):
        x = part.double() / 255
        total, square = total + x.sum(0), square + x.mT @ x
    mean = total / len(images)
    return Moments(mean, square / len(images) - torch.outer(mean, mean))


def check_latent(data: Moments, latent: int) -> None:
    if not 1 <= latent < len(data.mean):
        raise InputError(
            f"Pictures of {len(data.mean)} numbers have 1 to {len(data.mean) - 1} principal "
            f"components beside noise, not {latent}."
        )


def oriented(weight: Tensor) -> Tensor:
    """The same columns up to their signs, of each the largest number positive."""
    at = weight.abs().argmax(0, keepdim=True)
    return weight * weight.gather(0, at).sign()


def orthogonal(mean: Tensor, weight: Tensor, variance: Tensor) -> PPCA:
    """The same distribution with the columns of W orthogonal, the longest first."""
    u, lengths, _ = torch.linalg.svd(weight, full_matrices=False)
    return PPCA(mean, oriented(u * lengths), variance)


def closed_form(data: Moments, latent: int) -> PPCA:
    """The model of `latent` dimensions under which the data are most probable."""
    check_latent(data, latent)
    values, vectors = torch.linalg.eigh(data.covariance)
    values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
    variance = values[latent:].mean()
    if variance <= NOTHING * values[0]:
        raise InputError(f"{latent} numbers say all of these pictures: nothing is left for noise.")
    weight = vectors[:, :latent] * (values[:latent] - variance).clamp(min=0).sqrt()
    return PPCA(data.mean, oriented(weight), variance)


def beginning(data: Moments, latent: int, generator: Generator) -> PPCA:
    """Somewhere to start from: a random W, with half of the variance for the noise."""
    check_latent(data, latent)
    p, variance = len(data.mean), data.covariance.trace() / len(data.mean) / 2
    weight = torch.randn(p, latent, generator=generator, dtype=data.mean.dtype)
    return orthogonal(data.mean, weight * (variance / latent).sqrt(), variance)


def em(data: Moments, start: PPCA) -> Iterator[PPCA]:
    """`start`, then what each step of EM makes of it, without end: the likelihood never falls."""
    now = start
    while True:
        yield now
        now = em_step(data, now)


def em_step(data: Moments, model: PPCA) -> PPCA:
    """The E-step, the exact posteriors, enters by their moments; then the best W and s^2."""
    w, m = model.weight, model.inner
    seen = data.covariance @ w
    codes = model.variance * torch.eye(len(m), dtype=w.dtype) + w.mT @ seen / m[:, None]
    new = torch.linalg.solve(codes, seen, left=False)
    rest = data.covariance.trace() - (seen / m * new).sum()
    return orthogonal(model.mean, new, rest / len(model.mean))


def angle(a: PPCA, b: PPCA) -> Tensor:
    """The largest angle between the two subspaces, () radians."""
    q, r = (torch.linalg.qr(model.weight).Q for model in (a, b))
    return torch.linalg.matrix_norm(q - r @ (r.mT @ q), ord=2).clamp(max=1).asin()


# ---- the same as a VAE


def as_vae(model: PPCA, image: tuple[int, int, int]) -> VAE:
    """The networks of one linear layer each that say the same: the exact posterior, and one sigma.

    Its pixels have 256 grey levels where `model` has a density.
    """
    (c, h, w), (p, k) = image, model.weight.shape
    encoder = [{"op": "flatten"}, linear(p, 2 * k)]
    decoder = [linear(k, 2 * p), {"op": "unflatten", "shape": [2 * c, h, w]}]
    vae = VAE(Config(tuple(image), normal(k), "gaussian", encoder, decoder))
    by = model.weight.mT / model.inner[:, None]
    scales = [unclipped(math.log(s), -6) for s in model.encode(model.mean).scale.tolist()]
    sigma = unclipped(0.5 * math.log(model.variance), FINEST)
    none = torch.zeros_like
    fill(vae.encoder[1], [by, none(by)], [-by @ model.mean, torch.tensor(scales)])
    fill(vae.decoder[0], [model.weight, none(model.weight)],
         [model.mean, torch.full_like(model.mean, sigma)])  # fmt: skip
    return vae.eval()


@torch.no_grad()
def fill(layer: nn.Linear, weights: list[Tensor], biases: list[Tensor]) -> None:
    layer.weight.copy_(torch.cat(weights))
    layer.bias.copy_(torch.cat(biases))


class LinearVAE(nn.Module):
    """W, s, and an encoder q(z|x) = N(V (x - mu), diag d^2), to be learned by gradients."""

    def __init__(self, start: PPCA):
        super().__init__()
        p, k = start.weight.shape
        self.mean, f64 = start.mean, start.mean.dtype
        self.weight = nn.Parameter(start.weight.clone())
        self.log_sigma = nn.Parameter(start.variance.log() / 2)
        self.encoder = nn.Parameter(torch.zeros(k, p, dtype=f64))
        self.log_scale = nn.Parameter(torch.zeros(k, dtype=f64))

    def model(self) -> PPCA:
        """What its decoder alone says of pictures."""
        with torch.no_grad():
            return orthogonal(self.mean, self.weight, (2 * self.log_sigma).exp())

    def elbo(self, data: Moments) -> Tensor:
        """The mean over the data, () nats, without a sample: E|x - mu - W z|^2 has a closed form
        where z is Gaussian and x - mu enters by its covariance."""
        w, v, square = self.weight, self.encoder, (2 * self.log_scale).exp()
        spread = v @ data.covariance  # of V (x - mu) with x
        codes = spread @ v.mT
        gram = w.mT @ w
        left = data.covariance.trace() - 2 * (spread * w.mT).sum() + (gram * codes).sum()
        error = left + gram.diagonal() @ square
        p = len(self.mean)
        distortion = 0.5 * (p * math.log(2 * math.pi) + error / (2 * self.log_sigma).exp())
        rate = 0.5 * (square + codes.diagonal() - 1).sum() - self.log_scale.sum()
        return -(rate + distortion + p * self.log_sigma)


def ascent(vae: LinearVAE, data: Moments, steps: int, rate: float = 0.02) -> Iterator[float]:
    """Adam up the mean ELBO of all data, with a step size that falls to 0: the ELBO before each."""
    adam = torch.optim.Adam(vae.parameters(), rate)
    for step in range(steps):
        adam.param_groups[0]["lr"] = rate * (1 - step / steps)
        loss = -vae.elbo(data)
        adam.zero_grad()
        loss.backward()
        adam.step()
        yield -loss.item()
