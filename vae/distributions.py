"""The distributions that a VAE is made of.

Each is a value: `log_prob`, `sample` and moments, with every leading dimension a batch and the
last `event_dims` dimensions one event. Randomness comes in as a generator, so that the same seed
gives the same sample on every machine and nothing depends on what ran before
(torch.distributions takes no generator, which is why these few lines exist).

    log N(x; mu, s)      = -((x - mu) / s)^2 / 2 - log s - log(2 pi) / 2
    P(grey level k)      = Phi((k + 1/2 - mu) / s) - Phi((k - 1/2 - mu) / s), the ends open
    KL(N(mu, s) || N(m, t)) = log(t / s) + (s^2 + (mu - m)^2) / (2 t^2) - 1/2

What a code costs is its rate, and takes no table of pairs of distributions:

    KL(q || p) = -entropy(q) - E_q[log p(z)]

q knows its entropy. p knows E_q[log p]: a Gaussian from q's mean and variance, a choice from q's
probabilities, a mixture from samples. So `q.rate(p, z)` is exact where a closed form exists, and
elsewhere as good as the samples `z` of q.

Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
VAE with a VampPrior (Tomczak & Welling, 2018), https://arxiv.org/abs/1705.07120
PixelCNN++ (Salimans et al., 2017), of open ends, https://arxiv.org/abs/1701.05517
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import torch
import torch.nn.functional as F
from torch import Generator, Tensor


def softclip(x: Tensor, low: float) -> Tensor:
    """A smooth lower bound: about x where x >> low, never below low.

    Simple and Effective VAE Training with Calibrated Decoders (Rybkin et al., 2021),
    https://arxiv.org/abs/2006.13202
    """
    return low + F.softplus(x - low)


def unclipped(y: float, low: float) -> float:
    """What `softclip` makes `y` > low of."""
    return low + math.log(math.expm1(y - low))


def sum_event(x: Tensor, dims: int) -> Tensor:
    return x.flatten(-dims).sum(-1)


NO_RATE = math.nan  # what a posterior without a density costs

# How far a posterior may be from its prior, in the prior's standard deviations. Held-out digits and
# their binarizations stay within 5.7 and 1.06, but of white paper an encoder says 1,700 and 22,000.
# Means have more room, as a small beta spreads them over many.
FARTHEST, WIDEST = 100, 5


class Latent:
    """What every distribution over codes can do, from `log_prob`, `sample` and its own entropy.

    `entropy_per_dim` and `cross_per_dim` are (..., D) nats, `free` are the unbounded tensors that
    `at` makes it from.
    """

    def rate(self, p: "Latent", z: Tensor) -> Tensor:
        """KL(self || p) by samples `z` (K, ..., D) of self where need be: (K, ...) nats."""
        return -self.entropy_per_dim().sum(-1) - p.expected_log_prob(self, z)

    def penalty(self, p: "Latent", z: Tensor) -> Tensor:
        """What training adds to the distortion: the rate, where there is one."""
        return self.rate(p, z)

    def rate_per_dim(self, p: "Latent") -> Tensor:
        """KL(self || p) of each number, (..., D) nats. Their sum is the rate, but under a mixture:
        there each is held against the Gaussian with the mixture's moments."""
        return -self.entropy_per_dim() - p.cross_per_dim(self)

    def map(self, f: Callable[[Tensor], Tensor]) -> "Latent":
        """The same with `f` of each of its tensors."""
        of = {k.name: getattr(self, k.name) for k in fields(self)}
        return replace(self, **{k: f(v) for k, v in of.items() if torch.is_tensor(v)})

    def stretched(self, t: float) -> "Latent":
        """The same, `t` times as wide about its middle; a mixture about those of its parts."""
        return self

    def bounded(self, p: "Latent") -> "Latent":
        """This posterior, or of what is unlike all training data the nearest to it that is within
        reach of the prior `p`."""
        return self

    def expected_log_prob(self, q: "Latent", z: Tensor) -> Tensor:
        """E_q[log self], (K, ...) nats for samples `z` (K, ..., D) of q."""
        return self.cross_per_dim(q).sum(-1).expand(z.shape[:-1])

    uniforms: int  # how many uniform numbers make a sample

    def drawn(self, u: Tensor) -> Tensor:
        """The sample (..., D) that the numbers `u` (uniforms,) in [0, 1) make, as the browser makes
        it of them: with the same numbers for all of a batch."""
        raise NotImplementedError


@dataclass(frozen=True)
class Gaussian(Latent):
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
        return sum_event(self.log_prob_per_dim(x), self.event_dims)

    def log_prob_per_dim(self, x: Tensor) -> Tensor:
        """Of each number, (..., *event) nats."""
        u = (x - self.loc) / self.scale
        return -0.5 * (u * u + math.log(2 * math.pi)) - self.scale.log()

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        """Reparameterized: loc + scale * eps, (*shape, ..., *event); gradients pass through."""
        size = (*shape, *self.loc.shape)
        eps = torch.randn(size, generator=generator, device=self.loc.device, dtype=self.loc.dtype)
        return self.loc + self.scale * eps

    def entropy_per_dim(self) -> Tensor:
        return self.scale.log() + UNIT_ENTROPY

    def cross_per_dim(self, q: Latent) -> Tensor:
        """Of any q: its mean and variance are all that matters."""
        square = ((q.mean - self.loc) / self.scale).square() + (q.stddev / self.scale).square()
        return -0.5 * (square - 1) - self.scale.log() - UNIT_ENTROPY

    def free(self) -> tuple[Tensor, ...]:
        return self.loc, self.scale.log()

    def stretched(self, t: float) -> "Gaussian":
        return replace(self, scale=t * self.scale)

    def at(self, loc: Tensor, log_scale: Tensor) -> "Gaussian":
        return Gaussian(loc, log_scale.exp(), self.event_dims)

    def bounded(self, p: Latent) -> "Gaussian":
        return replace(
            self, loc=near(self.loc, p), scale=torch.minimum(self.scale, WIDEST * p.stddev)
        )

    @property
    def uniforms(self) -> int:
        return 2 * self.loc.shape[-1]

    def drawn(self, u: Tensor) -> Tensor:
        radius, angle = (-2 * torch.log1p(-u[..., 0::2])).sqrt(), 2 * math.pi * u[..., 1::2]
        return self.loc + self.scale * (radius * angle.cos()).to(self.loc.dtype)


def near(loc: Tensor, p: Latent) -> Tensor:
    """The nearest to `loc` that is not too far from the mean of the prior `p`."""
    reach = FARTHEST * p.stddev
    return loc.clamp(p.mean - reach, p.mean + reach)


UNIT_ENTROPY = 0.5 * math.log(2 * math.pi * math.e)  # of N(0, 1), nats


@dataclass(frozen=True)
class Choice(Latent):
    """One of several classes, as weights (..., D) of which one is 1; by normalized `log_probs`.

    A sample is a class; its gradient is that of the probabilities (straight through: biased, of
    small variance). Estimating or Propagating Gradients Through Stochastic Neurons (Bengio et al.,
    2013), https://arxiv.org/abs/1308.3432
    """

    log_probs: Tensor

    @property
    def mean(self) -> Tensor:
        return self.log_probs.exp()

    @property
    def stddev(self) -> Tensor:
        return (self.mean * (1 - self.mean)).sqrt()

    def log_prob(self, x: Tensor) -> Tensor:
        """Of classes, (..., D) -> (...) nats; between classes the mean over them."""
        return (x * self.log_probs).sum(-1)

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        p = self.mean.expand(*shape, *self.log_probs.shape)
        u = torch.rand(p.shape[:-1], generator=generator, device=p.device, dtype=p.dtype)
        k = (u[..., None] > p.cumsum(-1)).sum(-1).clamp(max=p.shape[-1] - 1)
        return one_hot(k, p) + (p - p.detach())

    def entropy_per_dim(self) -> Tensor:
        return -self.mean * self.log_probs

    def cross_per_dim(self, q: Latent) -> Tensor:
        return q.mean * self.log_probs

    uniforms = 1

    def drawn(self, u: Tensor) -> Tensor:
        left = u >= self.mean.double().cumsum(-1)
        return one_hot(left.sum(-1).clamp(max=left.shape[-1] - 1), self.log_probs)

    def free(self) -> tuple[Tensor, ...]:
        """None: a choice has no small steps."""
        return ()

    def at(self) -> "Choice":
        return self


def one_hot(k: Tensor, like: Tensor) -> Tensor:
    """Classes (...) as weights (..., D), with the D and the kind of numbers of `like`."""
    return F.one_hot(k, like.shape[-1]).to(like.dtype)


def certain(k: Tensor, like: Tensor) -> Choice:
    """All on the classes `k` (...)."""
    # Not -inf, which times the weight 0 of another class is no number.
    return Choice((1 - one_hot(k, like)) * torch.finfo(like.dtype).min)


@dataclass(frozen=True)
class Point(Latent):
    """All on one point `loc` (..., D): the posterior of a plain autoencoder.

    It has no density, and so no rate: both are `NO_RATE`.
    """

    loc: Tensor

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return torch.zeros_like(self.loc)

    def log_prob(self, x: Tensor) -> Tensor:
        return torch.full_like(x[..., 0] + self.loc[..., 0], NO_RATE)

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        return self.loc.expand(*shape, *self.loc.shape)

    def entropy_per_dim(self) -> Tensor:
        return torch.full_like(self.loc, NO_RATE)

    def penalty(self, p: Latent, z: Tensor) -> Tensor:
        """-log p(z), so that training maximizes log p(x, z)."""
        return -p.expected_log_prob(self, z)

    def free(self) -> tuple[Tensor, ...]:
        return (self.loc,)

    def at(self, loc: Tensor) -> "Point":
        return Point(loc)

    def bounded(self, p: Latent) -> "Point":
        return Point(near(self.loc, p))

    uniforms = 0

    def drawn(self, u: Tensor) -> Tensor:
        return self.loc


@dataclass(frozen=True)
class Mixture(Latent):
    """sum_k w_k N(loc_k, diag scale_k^2): `log_weights` (K,) normalized, a Gaussian of (K, D)."""

    log_weights: Tensor
    parts: Gaussian

    @property
    def mean(self) -> Tensor:
        return self.log_weights.exp() @ self.parts.mean

    @property
    def stddev(self) -> Tensor:
        square = (self.parts.mean - self.mean).square() + self.parts.stddev.square()
        return (self.log_weights.exp() @ square).sqrt()

    def log_prob(self, x: Tensor) -> Tensor:
        """(..., D) -> (...), nats."""
        return (self.log_weights + self.parts.log_prob(x[..., None, :])).logsumexp(-1)

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        pick = Choice(self.log_weights).sample(*shape, generator=generator).detach()
        some = Gaussian(pick @ self.parts.loc, pick @ self.parts.scale)
        return some.sample(generator=generator)

    def stretched(self, t: float) -> "Mixture":
        return replace(self, parts=self.parts.stretched(t))

    def expected_log_prob(self, q: Latent, z: Tensor) -> Tensor:
        """From the samples: a mixture has no closed form."""
        return self.log_prob(z)

    def cross_per_dim(self, q: Latent) -> Tensor:
        return Gaussian(self.mean, self.stddev).cross_per_dim(q)


@dataclass(frozen=True)
class Joint(Latent):
    """Independent blocks, one after the other in the last dimension."""

    parts: tuple[Latent, ...]

    @property
    def mean(self) -> Tensor:
        return concatenated([part.mean for part in self.parts])

    @property
    def stddev(self) -> Tensor:
        return concatenated([part.stddev for part in self.parts])

    def split(self, z: Tensor) -> tuple[Tensor, ...]:
        return z.split([part.mean.shape[-1] for part in self.parts], -1)

    def log_prob(self, z: Tensor) -> Tensor:
        return sum(p.log_prob(z) for p, z in zip(self.parts, self.split(z), strict=True))

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        # A block without a batch is drawn anew for each example of the others.
        batch = self.mean.shape[:-1]
        sizes = [(*shape, *batch[: len(batch) + 1 - part.mean.ndim]) for part in self.parts]
        parts = zip(self.parts, sizes, strict=True)
        return torch.cat([part.sample(*size, generator=generator) for part, size in parts], -1)

    def entropy_per_dim(self) -> Tensor:
        return concatenated([part.entropy_per_dim() for part in self.parts])

    def expected_log_prob(self, q: "Joint", z: Tensor) -> Tensor:
        blocks = zip(self.parts, q.parts, self.split(z), strict=True)
        return sum(p.expected_log_prob(q, z) for p, q, z in blocks)

    def cross_per_dim(self, q: "Joint") -> Tensor:
        blocks = zip(self.parts, q.parts, strict=True)
        return concatenated([p.cross_per_dim(q) for p, q in blocks])

    def penalty(self, p: "Joint", z: Tensor) -> Tensor:
        blocks = zip(self.parts, p.parts, self.split(z), strict=True)
        return sum(q.penalty(p, z) for q, p, z in blocks)

    def stretched(self, t: float) -> "Joint":
        return Joint(tuple(part.stretched(t) for part in self.parts))

    def bounded(self, p: "Joint") -> "Joint":
        return Joint(tuple(q.bounded(p) for q, p in zip(self.parts, p.parts, strict=True)))

    @property
    def uniforms(self) -> int:
        return sum(part.uniforms for part in self.parts)

    def drawn(self, u: Tensor) -> Tensor:
        parts = zip(self.parts, u.split([part.uniforms for part in self.parts], -1), strict=True)
        return torch.cat([part.drawn(u) for part, u in parts], -1)

    def free(self) -> tuple[Tensor, ...]:
        return tuple(tensor for part in self.parts for tensor in part.free())

    def map(self, f: Callable[[Tensor], Tensor]) -> "Joint":
        return Joint(tuple(part.map(f) for part in self.parts))

    def at(self, *free: Tensor) -> "Joint":
        rest = iter(free)
        return Joint(tuple(p.at(*(next(rest) for _ in p.free())) for p in self.parts))


def concatenated(parts: list[Tensor]) -> Tensor:
    """(..., D_i) -> (..., sum D_i), of batches that fit together."""
    batch = torch.broadcast_shapes(*(part.shape[:-1] for part in parts))
    return torch.cat([part.expand(*batch, -1) for part in parts], -1)


def joint(parts: list[Latent]) -> Latent:
    """Independent blocks; a single one is itself."""
    return parts[0] if len(parts) == 1 else Joint(tuple(parts))


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


GREYS = 256  # levels of a pixel: 0, 1/255, ..., 1


@dataclass(frozen=True)
class Greys:
    """Independent pixels of 256 grey levels: Gaussians `loc`, `scale` (..., *event), rounded.

    Each level has the mass of the Gaussian from half a level below to half a level above it; what
    lies beyond the first and the last is theirs.
    """

    loc: Tensor
    scale: Tensor
    event_dims: int = 3

    @property
    def mean(self) -> Tensor:
        """The Gaussian's, which rounding leaves as it is but near the ends."""
        return self.loc

    @property
    def stddev(self) -> Tensor:
        return self.scale

    def log_prob(self, x: Tensor) -> Tensor:
        """(..., *event) in [0, 1], rounded to grey levels -> (...), nats."""
        return sum_event(self.log_mass((x * (GREYS - 1) + 0.5).floor()), self.event_dims)

    def log_mass(self, level: Tensor) -> Tensor:
        """Of each pixel, (..., *event): log(Phi(above) - Phi(below)), both in the lower tail, where
        no digits cancel; the upper one is its mirror image. The end of the first and the last level
        that is open takes nothing off."""
        u, half = (level / (GREYS - 1) - self.loc) / self.scale, 0.5 / (GREYS - 1) / self.scale
        first, last = level <= 0, level >= GREYS - 1
        side = torch.where(first, u, torch.where(last, -u, -u.abs()))
        above, below = torch.special.log_ndtr(side + half), torch.special.log_ndtr(side - half)
        # Under a scale of millions of levels the two would be one number.
        rest = (-torch.expm1((below - above).clamp(max=-SMALLEST))).log()
        return above + rest.masked_fill(first | last, 0)

    def sample(self, *shape: int, generator: Generator | None = None) -> Tensor:
        x = Gaussian(self.loc, self.scale).sample(*shape, generator=generator)
        return ((GREYS - 1) * x).round().clamp(0, GREYS - 1) / (GREYS - 1)


SMALLEST = 1e-7
FINEST = -math.log(GREYS)  # log-scale of one grey level, below which there is nothing more to gain


@dataclass(frozen=True)
class Likelihood:
    """How a decoder's features become p(x|z).

    `channels` is the number of feature channels for each image channel; a pixel has one of `levels`
    values. Data for two levels are binarized before they are scored.
    """

    channels: int
    levels: int
    head: Callable[[Tensor], Bernoulli | Greys]

    @property
    def binary(self) -> bool:
        return self.levels == 2

    def __call__(self, features: Tensor) -> Bernoulli | Greys:
        return self.head(features)


def bernoulli(features: Tensor) -> Bernoulli:
    return Bernoulli(features)


def gaussian(features: Tensor) -> Greys:
    """Mean and learned log-scale of each pixel, two halves of the feature channels.

    Models are trained with the mass of grey levels, not with the density: so the ELBO of training
    is the one that is measured, in nats of 8-bit pictures, and paper that is quite black or quite
    white costs next to nothing.
    """
    loc, log_scale = features.chunk(2, -3)
    return Greys(loc, softclip(log_scale, FINEST).exp())


LIKELIHOODS = {
    "bernoulli": Likelihood(channels=1, levels=2, head=bernoulli),
    "gaussian": Likelihood(channels=2, levels=GREYS, head=gaussian),
}


# ---- posteriors


@dataclass(frozen=True)
class Posterior:
    """How q of one kind of block is made, from the encoder's output for the block or from the
    mean and the standard deviation of q, which are all that an atlas keeps."""

    head: Callable[[Tensor], Latent]
    from_moments: Callable[[Tensor, Tensor], Latent]


def bounded_gaussian(h: Tensor) -> Gaussian:
    loc, log_scale = h.chunk(2, -1)
    return Gaussian(loc, bounded_scale(log_scale))


def bounded_scale(log_scale: Tensor) -> Tensor:
    """The scale of a latent, from a network's output."""
    # A scale under e^-6 is finer than any decoder here resolves, and log q would grow freely.
    # Over e^10 it is a picture like none before, and the next step would be infinity.
    return softclip(log_scale, -6).clamp(max=10).exp()


def choice_of(p: Tensor, _: Tensor) -> Choice:
    return Choice(p.clamp(min=torch.finfo(p.dtype).tiny).log())  # of 0 it would be no number


POSTERIORS = {
    "normal": Posterior(bounded_gaussian, Gaussian),
    "choice": Posterior(lambda h: Choice(h.log_softmax(-1)), choice_of),
    "point": Posterior(Point, lambda loc, _: Point(loc)),
}


# ---- priors


@dataclass(frozen=True)
class Prior:
    """How learned arrays, if it has any, become p(z) over D numbers.

    `start` gives the arrays to begin with, from D, the number of components and an image's shape;
    `head` takes them, the origin (D,) and q(z|x) of images in [0, 1], and returns the
    distribution. `from_posteriors` says that it asks for q(z|x).
    """

    start: Callable[[int, int, tuple[int, ...]], dict[str, Tensor]]
    head: Callable[[dict[str, Tensor], Tensor, Callable[[Tensor], Gaussian]], Latent]
    from_posteriors: bool = False


def standard_normal(arrays: dict[str, Tensor], origin: Tensor, encode) -> Gaussian:
    return Gaussian(origin, torch.ones_like(origin))


def mixture_start(size: int, components: int, image: tuple[int, ...]) -> dict[str, Tensor]:
    loc = torch.randn(components, size)
    return {"logits": torch.zeros(components), "loc": loc, "log_scale": torch.zeros_like(loc)}


def mixture(arrays: dict[str, Tensor], origin: Tensor, encode) -> Mixture:
    parts = Gaussian(arrays["loc"], arrays["log_scale"].exp())
    return Mixture(arrays["logits"].log_softmax(-1), parts)


def vamp_start(size: int, components: int, image: tuple[int, ...]) -> dict[str, Tensor]:
    return {"inputs": torch.randn(components, *image)}


def vamp(arrays: dict[str, Tensor], origin: Tensor, encode) -> Mixture:
    """The mean of the posteriors of pseudo-inputs, which are the sigmoid of `inputs`."""
    parts = encode(arrays["inputs"].sigmoid())
    return Mixture(torch.full_like(parts.loc[:, 0], -math.log(len(parts.loc))), parts)


PRIORS = {
    "normal": Prior(lambda size, components, image: {}, standard_normal),
    "mixture": Prior(mixture_start, mixture),
    "vamp": Prior(vamp_start, vamp, from_posteriors=True),
}
