"""Variational inference for one example: the posterior that the encoder should have found.

    maximize over mu, s    ELBO = E_q[log p(x|z)] - KL(q || p),   q = N(mu, diag s^2)

from the encoder's answer on, by Adam on reparameterized samples. A choice in the code stays as the
encoder has it. What is gained is a lower bound on
the amortization gap: what one network for all examples loses on this one.

    for now in refine(model, x):
        print(now.step, now.elbo)
    won = gain(model, x, now.posterior, Generator().manual_seed(1))

Inference Suboptimality in Variational Autoencoders (Cremer et al., 2018),
https://arxiv.org/abs/1801.03558
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from vae.distributions import Latent
from vae.errors import InputError
from vae.objective import Terms, closed_rate, terms_of
from vae.settings import check, setting

DRAWS = 64  # of the noise on which all posteriors are compared


@dataclass(frozen=True)
class Refine:
    """How long and how hard to look for a better posterior."""

    steps: int = setting(150, "optimizer steps", min=0, max=100_000)
    samples: int = setting(8, "codes drawn from the posterior in a step", min=1, max=10_000)
    learning_rate: float = setting(
        0.02, "Adam's first step size, in the units of the code; it falls to 0", min=0.0
    )
    every: int = setting(10, "steps between two reports", min=1)
    seed: int = setting(0, "the same seed gives the same result", min=0)

    __post_init__ = check


class Refinement(NamedTuple):
    """The best posterior so far, after `step` steps."""

    step: int
    elbo: float  # nats, over the `DRAWS` that all reports share
    stderr: float  # nats, of that mean over the draws
    rate: float  # nats
    distortion: float  # nats; ELBO = -(rate + distortion)
    posterior: Latent  # batch (1,), event (D,)


class Gain(NamedTuple):
    """What the refined posterior is worth; `nats` and `stderr` are of the paired differences."""

    nats: float
    stderr: float
    before: float  # nats, ELBO of the encoder's posterior
    after: float  # nats, ELBO of the refined one


def refine(model, x: Tensor, config: Refine = Refine()) -> Iterator[Refinement]:
    """Improve the encoder's posterior of one image `x`, (1, C, H, W) in [0, 1].

    Yields at step 0, every `config.every` steps and at the end, each time the best so far by one
    and the same noise: so the ELBO never falls, and the last is the best. Choosing on the noise
    that also measures flatters slightly; `gain` says what is left of it on fresh noise.

    Raises:
        InputError: the posterior is one point, which has no ELBO.
    """
    generator = Generator().manual_seed(config.seed)
    q = detached(model.encode(x))
    best = report(0, q, priced(model, x, q, DRAWS, generator))
    if isnan(best.elbo):
        raise InputError("The posterior of this model is one point: it has no ELBO to improve.")
    yield best

    def draw(q: Latent) -> Tensor:
        return q.sample(config.samples, generator=generator)

    for step, now in ascent(model, x, q, config, draw):
        if step % config.every == 0 or step == config.steps:
            same = Generator().manual_seed(config.seed)
            found = report(step, now, priced(model, x, now, DRAWS, same))
            best = max(found, best._replace(step=step), key=lambda r: r.elbo)
            yield best


def ascent(
    model, x: Tensor, q: Latent, config: Refine, draw: Callable[[Latent], Tensor]
) -> Iterator[tuple[int, Latent]]:
    """From the posterior `q` of examples `x` (B, C, H, W) up each one's ELBO: (step, posterior).

    `draw(q)` are the codes (K, B, D) of a step.
    """
    free = [tensor.clone().requires_grad_() for tensor in q.free()]
    adam = torch.optim.Adam(free, config.learning_rate)
    for step in range(1, config.steps + 1):
        adam.param_groups[0]["lr"] = config.learning_rate * (1 - (step - 1) / config.steps)
        climb(model, x, q, adam, draw)
        yield step, detached(q.at(*free))


def detached(q: Latent) -> Latent:
    """A copy that does not move with `q`'s parameters, free of any graph."""
    return q.map(lambda tensor: tensor.detach().clone())


@torch.no_grad()
def priced(model, x: Tensor, q: Latent, k: int, generator: Generator) -> Terms:
    return terms_of(model, x, q, q.sample(k, generator=generator), closed_rate)


@torch.enable_grad()
def climb(
    model, x: Tensor, q: Latent, adam: torch.optim.Optimizer, draw: Callable[[Latent], Tensor]
) -> None:
    """One step of Adam up the ELBO of each example, which is as far as if it were alone. The
    model's own parameters gather no gradient."""
    free = adam.param_groups[0]["params"]
    now = q.at(*free)
    loss = -terms_of(model, x, now, draw(now), closed_rate).log_weight.mean(0).sum()
    for tensor, slope in zip(free, torch.autograd.grad(loss, free), strict=True):
        tensor.grad = slope
    adam.step()


def report(step: int, q: Latent, terms: Terms) -> Refinement:
    rate, distortion = (term[:, 0] for term in terms)
    mean, stderr = mean_and_error(-(rate + distortion))
    return Refinement(step, mean, stderr, rate.mean().item(), distortion.mean().item(), q)


def mean_and_error(values: Tensor) -> tuple[float, float]:
    """The mean of (K,) values and its standard error."""
    return values.mean().item(), (values.std() / len(values) ** 0.5).item()


def gain(model, x: Tensor, refined: Latent, generator: Generator, draws: int = 1000) -> Gain:
    """Compare a posterior of `x` (1, C, H, W) with the encoder's, on `draws` of fresh noise.

    Give it a generator that `refine` did not choose with. Both use the same noise, so most of its
    variance cancels; the result may be slightly negative where there was nothing to gain.
    """
    start, noise = detached(model.encode(x)), generator.get_state()
    before = priced(model, x, start, draws, generator).log_weight[:, 0]
    after = priced(model, x, refined, draws, generator.set_state(noise)).log_weight[:, 0]
    nats, stderr = mean_and_error(after - before)
    return Gain(nats, stderr, before.mean().item(), after.mean().item())
