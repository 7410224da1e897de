"""How far bounds are from log p(x), where that is known: under probabilistic PCA."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from vae.distributions import GREYS, Gaussian
from vae.models.ppca import PPCA
from vae.objective import elbo, terms

DRAWS = 8  # codes of each image


class Exactness(NamedTuple):
    """Means over images, nats; log p(x) is the density of greys in [0, 1]."""

    log_p: float
    stderr: float
    gap: float  # of the exact posterior: the largest |log p(x) - log w| of any image and code
    network_gap: float  # the ELBO of the bundle's rounded networks, less log p(x)
    discretized: float  # the ELBO of 256 levels less log p(x), of pictures measured in levels


class AsDensity:
    """A model of grey levels as one of densities."""

    def __init__(self, model):
        self.prior, self.encode, self.inner = model.prior, model.encode, model

    def decode(self, z: Tensor) -> Gaussian:
        p = self.inner.decode(z)
        return Gaussian(p.loc, p.scale, p.event_dims)


@torch.no_grad()
def exactness(model: PPCA, vae, images: Tensor, seed: int = 0) -> Exactness:
    """Of uint8 `images` (N, C, H, W); `vae` has the networks that should say what `model` does."""
    x, flat = images.float() / 255, images.flatten(1).double() / 255
    exact = model.log_prob(flat)

    def weights(of, x):
        return terms(of, x, DRAWS, torch.Generator().manual_seed(seed)).log_weight

    return Exactness(
        log_p=exact.mean().item(),
        stderr=(exact.std() / len(exact) ** 0.5).item(),
        gap=(weights(model, flat) - exact).abs().max().item(),
        network_gap=(elbo(weights(AsDensity(vae), x)) - exact).mean().item(),
        # A level is 1 / 255 wide: so wide is the interval that a density counts as one picture.
        discretized=(elbo(weights(vae, x)) - exact).mean().item()
        + flat.shape[1] * math.log(GREYS - 1),
    )
