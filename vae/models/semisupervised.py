"""A model of features and classes, of which few are known: M2, and M1 + M2 where x is a code.

    p(y) = 1 / C     z ~ p(z|y) = N(mu_y, diag sigma_y^2)     x ~ p(x|y, z) = N(f(y, z), diag s^2)
    q(y|x)           z ~ q(z|x, y)

    L(x, y) = E_q(z|x,y)[log p(x|y, z) + log p(y) + log p(z|y) - log q(z|x, y)]   <= log p(x, y)
    U(x)    = sum_y q(y|x) L(x, y) + H(q(y|x))                                    <= log p(x)

A feature x (B, F) whose class is known has the bound L, and one whose class is not U, which sums
over all classes exactly. Any share of classes may be known; none at all is a clustering. What is
learned is the mean of both and, as q(y|x) is no part of L, log q(y|x) of the known classes.

`prior`, `encode` and `decode` are those that objective.py asks for, so its bounds hold here too.

Semi-Supervised Learning with Deep Generative Models (Kingma et al., 2014),
https://arxiv.org/abs/1406.5298
"""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from vae.architectures import linear, residual_block, silu
from vae.distributions import Choice, Gaussian, bounded_gaussian, bounded_scale, one_hot
from vae.nets import build
from vae.objective import closed_rate, elbo, terms
from vae.settings import check, setting


@dataclass(frozen=True)
class Design:
    """What such a model is made of."""

    features: int = setting(16, "numbers of a feature x", min=1)
    classes: int = setting(10, "classes", min=2)
    latent: int = setting(8, "numbers of z, what a class leaves open", min=1)
    width: int = setting(128, "units of a hidden layer", min=1)

    __post_init__ = check


class M2(nn.Module):
    def __init__(self, design: Design):
        super().__init__()
        x, y, z, width = design.features, design.classes, design.latent, design.width
        self.design = design
        self.classifier = perceptron(x, y, width)
        self.encoder = perceptron(x + y, 2 * z, width)
        self.decoder = perceptron(z + y, x, width)
        self.loc, self.log_scale = nn.Parameter(torch.randn(y, z)), nn.Parameter(torch.zeros(y, z))
        self.noise = nn.Parameter(torch.zeros(x))  # log s

    def classify(self, x: Tensor) -> Choice:
        """q(y|x): (..., F) -> event (C,)."""
        return Choice(self.classifier(x).log_softmax(-1))

    def prior(self, y: Tensor) -> Gaussian:
        """p(z|y) of classes (B,)."""
        return Gaussian(self.loc[y], bounded_scale(self.log_scale[y]))

    def encode(self, x: Tensor, y: Tensor) -> Gaussian:
        """q(z|x, y) of features (B, F) and classes (B,)."""
        return bounded_gaussian(self.encoder(torch.cat([x, self.weights(y)], -1)))

    def decode(self, z: Tensor, y: Tensor) -> Gaussian:
        """p(x|y, z) of codes (..., B, Z) and classes (B,)."""
        y = self.weights(y).expand(*z.shape[:-1], -1)
        x = self.decoder(torch.cat([z, y], -1).flatten(0, -2)).view(*z.shape[:-1], -1)
        return Gaussian(x, bounded_scale(self.noise).expand_as(x))

    def weights(self, y: Tensor) -> Tensor:
        return one_hot(y, self.loc.new_empty(self.design.classes))


def perceptron(inputs: int, outputs: int, width: int) -> nn.Sequential:
    layers = [linear(inputs, width), silu(), residual_block(width), linear(width, outputs)]
    return build(layers)


# ---- bounds, (B,) nats each


def known(model: M2, x: Tensor, y: Tensor, generator: Generator | None = None) -> Tensor:
    """L of features (B, F) of the classes (B,)."""
    log_p_y = -math.log(model.design.classes)
    return elbo(terms(model, x, 1, generator, closed_rate, y).log_weight) + log_p_y


def by_class(model: M2, x: Tensor, generator: Generator | None = None) -> Tensor:
    """L of features (B, F) of every class: (B, C)."""
    classes = model.design.classes
    y = torch.arange(classes, device=x.device).repeat(len(x))
    return known(model, x.repeat_interleave(classes, 0), y, generator).view(-1, classes)


def unknown(model: M2, x: Tensor, generator: Generator | None = None) -> Tensor:
    """U of features (B, F)."""
    q = model.classify(x)
    return (q.mean * by_class(model, x, generator)).sum(-1) + q.entropy_per_dim().sum(-1)
