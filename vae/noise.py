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
from vae.distributions import FINEST, Greys, unclipped
from vae.seeds import Use

ROWS = 500  # decoded at once
MOST = 2**23  # numbers in the images by which sigma is settled: 10,700 of 28 x 28
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
    """Its sigma becomes the one under which `images` cost least, with the networks as they are.

    Of many images as many as have MOST numbers, at random.
    """
    from scipy.optimize import minimize_scalar  # a tenth of a second

    most = max(MOST // images[0].numel(), 1)
    if len(images) > most:
        images = images[seeds.permutation(len(images), Use.SIGMA, seed, 1)[:most]]
    known = reconstructed(model, images, seed)
    best = minimize_scalar(
        lambda log_sigma: cost(*known, math.exp(log_sigma)),
        bounds=(FINEST, LARGEST),
        method="bounded",
        options={"xatol": 1e-3},  # float16 keeps no more of it
    )
    set_sigma(model, math.exp(best.x))


def distortion(model: nn.Module, images: Tensor, sigma: float, seed: int) -> float:
    """What `images` cost with this sigma, given a code of each: the mean, in nats."""
    return cost(*reconstructed(model, images, seed), sigma)


@torch.no_grad()
def reconstructed(model: nn.Module, images: Tensor, seed: int) -> tuple[Tensor, Greys]:
    """The images in [0, 1] and what is drawn from a code of each."""
    generator, x = seeds.generator(Use.SIGMA, seed), images.float() / 255
    codes = (model.encode(some).sample(generator=generator) for some in x.split(ROWS))
    means = torch.cat([model.decode(z).mean for z in codes])
    return x, Greys(means, torch.ones(()))


def cost(x: Tensor, p: Greys, sigma: float) -> float:
    """Of images (N, C, H, W), the mean in nats."""
    return -float(replace(p, scale=torch.full((), sigma)).log_prob(x).double().mean())


NOISES = {
    "pixel": Noise(),
    "shared": Noise(held(lambda gradient: gradient.mean().expand_as(gradient)), settle),
    "unit": Noise(held(torch.zeros_like)),
}
