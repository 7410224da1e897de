"""The variational autoencoder with a Gaussian posterior and a standard normal prior.

    z ~ N(0, I)     q(z|x) = N(mu(x), diag s(x)^2)     p(x|z) = likelihood(decoder(z))

Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vae.distributions import LIKELIHOODS, Bernoulli, Gaussian, softclip
from vae.errors import InputError
from vae.nets import ARCHITECTURES, build, shape_after
from vae.settings import check, setting


@dataclass(frozen=True)
class Config:
    """What a model is made of; the weights are all that is missing."""

    image: tuple[int, int, int]  # (C, H, W)
    latent: int  # D
    likelihood: str  # a key of LIKELIHOODS
    encoder: list[dict]  # image -> (2 D,)
    decoder: list[dict]  # (D,) -> features of the likelihood

    def __post_init__(self):
        """Raise InputError where the parts do not fit together."""
        object.__setattr__(self, "image", tuple(self.image))
        if self.likelihood not in LIKELIHOODS:
            known = ", ".join(LIKELIHOODS)
            raise InputError(f"Unknown likelihood {self.likelihood!r}; known are {known}.")
        c, h, w = self.image
        ends = {
            "encoder": (shape_after(self.encoder, self.image), (2 * self.latent,)),
            "decoder": (
                shape_after(self.decoder, (self.latent,)),
                (c * LIKELIHOODS[self.likelihood].channels, h, w),
            ),
        }
        for name, (got, want) in ends.items():
            if got != want:
                raise InputError(f"The {name} ends in {got}; this model needs {want}.")


@dataclass(frozen=True)
class Design:
    """The few numbers from which a new model's `Config` is made."""

    latent: int = setting(16, "latent dimensions", min=2)
    net: str = setting("dense", "kind of network", choices=tuple(ARCHITECTURES))
    width: int = setting(512, "units of a hidden layer", min=1)
    depth: int = setting(1, "residual blocks", min=0)
    likelihood: str = setting(
        "bernoulli",
        "of a pixel; bernoulli binarizes the images dynamically",
        choices=tuple(LIKELIHOODS),
    )

    __post_init__ = check

    def config(self, image: tuple[int, int, int]) -> Config:
        channels = LIKELIHOODS[self.likelihood].channels
        shape = ARCHITECTURES[self.net]
        encoder, decoder = shape(image, self.latent, channels, self.width, self.depth)
        return Config(image, self.latent, self.likelihood, encoder, decoder)


class GaussianVAE(nn.Module):
    Config = Config
    Design = Design

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.likelihood = LIKELIHOODS[config.likelihood]
        self.encoder = build(config.encoder)
        self.decoder = build(config.decoder)
        self.register_buffer("origin", torch.zeros(config.latent), persistent=False)

    def prior(self) -> Gaussian:
        """p(z), event (D,)."""
        return Gaussian(self.origin, torch.ones_like(self.origin))

    def encode(self, x: Tensor) -> Gaussian:
        """q(z|x): (B, C, H, W) in [0, 1] -> event (D,)."""
        loc, log_scale = self.encoder(x).chunk(2, -1)
        # A scale under e^-6 is finer than any decoder here resolves, and log q would grow freely.
        # Over e^10 it is a picture like none before, and the next step would be infinity.
        return Gaussian(loc, softclip(log_scale, -6).clamp(max=10).exp())

    def decode(self, z: Tensor) -> Bernoulli | Gaussian:
        """p(x|z): (..., D) -> event (C, H, W)."""
        features = self.decoder(z.reshape(-1, z.shape[-1]))
        return self.likelihood(features.view(*z.shape[:-1], *features.shape[1:]))
