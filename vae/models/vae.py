"""The variational autoencoder whose posterior has independent dimensions.

    z ~ p(z)     q(z|x) = product over the code's blocks     p(x|z) = likelihood(decoder(z))

With one normal block and the prior N(0, I) it is the one of Auto-Encoding Variational Bayes
(Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114. What else a code may be made of, and
where each block is in the two networks, is in code.py.

With a choice y as well, it is conditional: p(x|y, z), q(z|x, y), and p(z) independent of y, so that
z is what pictures of all classes share, as the handwriting of a digit. q(y|x) is beside them.

Semi-Supervised Learning with Deep Generative Models (Kingma et al., 2014),
https://arxiv.org/abs/1406.5298
Learning Structured Output Representation using Deep Conditional Generative Models (Sohn et al.,
2015), https://papers.nips.cc/paper/5775
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from msgspec import UNSET, Struct, structs
from torch import Tensor, nn

from vae import code as codes
from vae.architectures import ARCHITECTURES
from vae.code import Block, Code, sections, slices
from vae.distributions import (
    LIKELIHOODS,
    POSTERIORS,
    PRIORS,
    Bernoulli,
    Choice,
    Gaussian,
    Greys,
    Latent,
    certain,
    joint,
    one_hot,
)
from vae.errors import InputError
from vae.nets import build, shape_after
from vae.noise import NOISES
from vae.settings import check, setting


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """What a model is made of; the weights are all that is missing."""

    image: tuple[int, int, int]  # (C, H, W)
    code: Code
    likelihood: str  # a key of LIKELIHOODS
    encoder: list[dict]  # image -> (code.outputs,)
    decoder: list[dict]  # (D,) -> features of the likelihood

    def __post_init__(self):
        """Raise InputError where the parts do not fit together."""
        known(LIKELIHOODS, "likelihood", self.likelihood)
        prior = known(PRIORS, "prior", self.code.prior.kind)
        if prior.from_posteriors and not self.code.has_rate:
            raise InputError(
                f"A {self.code.prior.kind!r} prior is made of posteriors with a density; "
                "this model's are points."
            )
        c, h, w = self.image
        features = (c * LIKELIHOODS[self.likelihood].channels, h, w)
        fits("encoder", shape_after(self.encoder, self.image), (self.code.outputs,))
        fits("decoder", shape_after(self.decoder, (self.latent,)), features)

    @property
    def latent(self) -> int:
        """D"""
        return self.code.size

    def entries(self) -> dict[str, Any]:
        """What a bundle's card says of it: `code`, and the rest as `model`."""
        model = structs.asdict(self)
        return {"code": model.pop("code"), "model": model}


def known(table: dict, what: str, name: str):
    if name not in table:
        raise InputError(f"Unknown {what} {name!r}; known are {', '.join(table)}.")
    return table[name]


def fits(network: str, got: tuple, want: tuple) -> None:
    if got != want:
        raise InputError(f"The {network} ends in {got}; this model needs {want}.")


@dataclass(frozen=True)
class Design:
    """The few numbers from which a new model's `Config` is made."""

    latent: int = setting(16, "latent dimensions", min=2)
    net: str = setting("dense", "kind of network", choices=tuple(ARCHITECTURES))
    width: int = setting(512, "units of a hidden layer", min=1)
    depth: int = setting(1, "residual blocks", min=0)
    likelihood: str = setting(
        "bernoulli",
        "of a pixel; bernoulli binarizes the images dynamically, gaussian takes 256 greys",
        choices=tuple(LIKELIHOODS),
    )
    noise: str = setting(
        "pixel",
        "of the gaussian likelihood: a learned sigma per pixel, one shared by all, or unit, 1",
        choices=tuple(NOISES),
    )
    prior: str = setting(
        "normal", "of a code; all but normal are learned with the rest", choices=tuple(PRIORS)
    )
    components: int = setting(30, "parts of a learned prior", min=1)
    posterior: str = setting(
        "gaussian", "of a code; point makes a plain autoencoder", choices=("gaussian", "point")
    )
    condition: bool = setting(
        False,
        "learn from the images' classes too: a code is a class and what does not depend on it",
    )

    __post_init__ = check

    def code(self, classes: int = 0) -> Code:
        """Of data with so many classes."""
        if self.condition:
            return self.conditional(classes)
        kind = {"gaussian": "normal", "point": "point"}[self.posterior]
        learned = {} if self.prior == "normal" else {"components": self.components}
        return Code(
            (codes.Block("z", kind, self.latent),),
            codes.Prior(self.prior, **learned),
            codes.Posterior(self.posterior),
        )

    def conditional(self, classes: int) -> Code:
        if classes < 2:
            raise InputError(
                f"condition needs images of at least two classes; these have {classes or 'none'}."
            )
        if (self.prior, self.posterior) != ("normal", "gaussian"):
            raise InputError("condition needs the normal prior and the gaussian posterior.")
        return codes.conditional(classes, self.latent)

    def config(self, image: tuple[int, int, int], classes: int = 0) -> Config:
        if self.noise != "pixel" and LIKELIHOODS[self.likelihood].binary:
            raise InputError(
                f"noise {self.noise} needs the gaussian likelihood; {self.likelihood} has no sigma."
            )
        code, channels = self.code(classes), LIKELIHOODS[self.likelihood].channels
        encoder, decoder = ARCHITECTURES[self.net](
            image, code.size, code.outputs, channels, self.width, self.depth
        )
        return Config(tuple(image), code, self.likelihood, encoder, decoder)


class Prior(nn.Module):
    """p(z), with what is learned of it; a call returns the distribution."""

    def __init__(self, config: Config, encode_top: Callable[[Tensor], Gaussian]):
        super().__init__()
        self.code, self.encode_top = config.code, encode_top
        self.register_buffer("origin", torch.zeros(config.latent), persistent=False)
        size = sum(block.size for block in self.code.tops)
        prior = self.code.prior
        learned = PRIORS[prior.kind].start(size, prior.components, config.image)
        for name, array in learned.items():
            self.register_parameter(name, nn.Parameter(array))

    def forward(self, y: Tensor | None = None) -> Latent:
        classes = {} if y is None else {self.code.choice: y}
        return joint([self.block(b, self.origin[at], classes) for b, at in slices(self.code)])

    def block(self, block: Block, origin: Tensor, classes: dict[Block, Tensor]) -> Latent:
        if block in classes:
            return certain(classes[block], origin)
        if block.kind == "choice":
            return Choice((origin + 1).softmax(-1).log())
        head = PRIORS[self.code.prior_of(block)].head
        return head(dict(self.named_parameters()), origin, self.encode_top)


def posterior_of(block: Block, parts: dict[str, Tensor], fixed: dict[str, Tensor]) -> Latent:
    """q of one block, from the `parts` of the encoder's output and `fixed` classes, by block."""
    h = parts[block.name]
    if block.name in fixed:
        return certain(fixed[block.name], h)
    if block.given is not UNSET:
        logits = parts[block.given]
        h = of_class(h, fixed.get(block.given, logits.argmax(-1)), logits.shape[-1])
    return POSTERIORS[block.kind].head(h)


def of_class(h: Tensor, y: Tensor, classes: int) -> Tensor:
    """Of numbers (B, classes * n) those of the classes `y` (B,): (B, n)."""
    each = h.unflatten(-1, (classes, -1))
    return each.take_along_dim(y[..., None, None], -2).squeeze(-2)


class VAE(nn.Module):
    Config = Config
    Design = Design

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.likelihood = LIKELIHOODS[config.likelihood]
        self.encoder = build(config.encoder)
        self.decoder = build(config.decoder)
        # prior(y=None): p(z), event (D,). Classes y (B,) fix the code's choice, here and below.
        self.prior = Prior(config, self.encode_top)

    def encode(self, x: Tensor, y: Tensor | None = None) -> Latent:
        """q(z|x): (B, C, H, W) in [0, 1] -> event (D,)."""
        return self.posterior(self.encoder(x), y)

    def posterior(self, h: Tensor, y: Tensor | None = None) -> Latent:
        """What the encoder's output (B, outputs) says."""
        code = self.config.code
        parts = {block.name: h[..., at] for block, at in sections(code)}
        fixed = {} if y is None else {code.choice.name: y}
        q = joint([posterior_of(block, parts, fixed) for block in code.blocks])
        # Not in training, where a bound has no slope and a learned prior would be asked for.
        return q if self.training else q.bounded(self.prior())

    def log_class(self, h: Tensor) -> Tensor:
        """log q(y|x) of each class: (B, outputs) of the encoder -> (B, classes) nats."""
        code = self.config.code
        return h[..., dict(sections(code))[code.choice]].log_softmax(-1)

    def encode_top(self, x: Tensor) -> Latent:
        """q of the block on top alone, of which a learned prior may be made."""
        code = self.config.code
        [(block, at)] = [(b, at) for b, at in sections(code) if b in code.tops]
        return POSTERIORS[block.kind].head(self.encoder(x)[..., at])

    def decode(self, z: Tensor, y: Tensor | None = None) -> Bernoulli | Greys:
        """p(x|z): (..., D) -> event (C, H, W)."""
        z = z if y is None else self.with_class(z, y)
        features = self.decoder(z.reshape(-1, z.shape[-1]))
        return self.likelihood(features.view(*z.shape[:-1], *features.shape[1:]))

    def with_class(self, z: Tensor, y: Tensor) -> Tensor:
        """Codes (..., D) with their choice set to classes `y` (...)."""
        choice = self.config.code.choice
        parts = {b: z[..., at] for b, at in slices(self.config.code)}
        parts[choice] = one_hot(y, parts[choice]).expand_as(parts[choice])
        return torch.cat(list(parts.values()), -1)
