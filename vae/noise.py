"""How much of its noise a model of grey pictures may choose: NOISES of the `gaussian` likelihood.

    pixel     the decoder says a sigma for each pixel of each picture
    shared    one sigma for all pixels of all pictures
    unit      sigma = 1

All are the same networks. Where the noise is not free, the weights of the decoder's last layer
that make log-scales are 0 and their biases are one number: before training and, as gradients are
steered, after every step. So averages, checkpoints and bundles hold it too, and whoever decodes
need not know.

For a density the best shared sigma is the root mean square of the residuals. Here a pixel that is
quite black or quite white has the mass of all that lies beyond, so a mean far beyond is no error
(a censored regression). The best sigma is where pictures cost least: a function of one number, with
one minimum as mass is log-concave in 1 / sigma; where no pixel is at an end, the root mean square.

Simple and Effective VAE Training with Calibrated Decoders (Rybkin et al., 2021),
https://arxiv.org/abs/2006.13202
Estimation of Relationships for Limited Dependent Variables (Tobin, 1958),
https://doi.org/10.2307/1907382
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from vae import seeds
from vae.distributions import FINEST, unclipped
from vae.seeds import Use

ROWS = 1000  # decoded at once
LARGEST = math.log(10)  # log sigma of more noise than any picture has


@dataclass(frozen=True)
class Noise:
    """`hold` is done to a new model before it is trained; `settle` to the trained one, with the
    training images (N, C, H, W) uint8 and a seed."""

    hold: Callable[[nn.Module], None] = lambda model: None
    settle: Callable[[nn.Module, Tensor, int], None] = lambda model, images, seed: None


# Which dimension of a layer's weights counts its outputs.
OUTPUTS = {nn.Linear: 0, nn.Conv2d: 0, nn.ConvTranspose2d: 1}


def last_layer(model: nn.Module) -> nn.Module:
    """The one whose outputs are means and log-scales, two halves."""
    return [layer for layer in model.decoder.modules() if type(layer) in OUTPUTS][-1]


def set_sigma(model: nn.Module, sigma: float) -> None:
    """One sigma for all, whatever the code."""
    last = last_layer(model)
    with torch.no_grad():
        last.weight.chunk(2, OUTPUTS[type(last)])[1].zero_()
        last.bias.chunk(2)[1].fill_(unclipped(math.log(sigma), FINEST))


def held(follow: Callable[[Tensor], Tensor]) -> Callable[[nn.Module], None]:
    """Begin at sigma = 1; training follows `follow(gradient)` of the biases of log-scales."""

    def hold(model: nn.Module) -> None:
        set_sigma(model, 1.0)
        last = last_layer(model)
        steer(last.weight, OUTPUTS[type(last)], torch.zeros_like)
        steer(last.bias, 0, follow)

    return hold


def steer(parameter: nn.Parameter, dim: int, follow: Callable[[Tensor], Tensor]) -> None:
    """From now on the second half of its gradient along `dim` is `follow` of it."""

    def steered(gradient: Tensor) -> Tensor:
        means, log_scales = gradient.chunk(2, dim)
        return torch.cat([means, follow(log_scales)], dim)

    parameter.register_hook(steered)


def settle(model: nn.Module, images: Tensor, seed: int) -> None:
    """Its sigma becomes the one under which `images` cost least, with the networks as they are."""
    from scipy.optimize import minimize_scalar  # a tenth of a second

    best = minimize_scalar(
        lambda log_sigma: distortion(model, images, math.exp(log_sigma), seed),
        bounds=(FINEST, LARGEST),
        method="bounded",
        options={"xatol": 1e-3},  # float16 keeps no more of it
    )
    set_sigma(model, math.exp(best.x))


@torch.no_grad()
def distortion(model: nn.Module, images: Tensor, sigma: float, seed: int) -> float:
    """What `images` cost with this sigma, given a code of each: the mean, in nats."""
    generator, total = seeds.generator(Use.SIGMA, seed), 0.0
    for some in images.split(ROWS):
        x = some.float() / 255
        p = model.decode(model.encode(x).sample(generator=generator))
        total -= float(replace(p, scale=torch.full((), sigma)).log_prob(x).double().sum())
    return total / len(images)


NOISES = {
    "pixel": Noise(),
    "shared": Noise(held(lambda gradient: gradient.mean().expand_as(gradient)), settle),
    "unit": Noise(held(torch.zeros_like)),
}
