"""Variational inference for one example: the posterior that the encoder should have found.

    maximize over mu, s    ELBO = E_q[log p(x|z)] - KL(q || p),   q = N(mu, diag s^2)

from the encoder's answer on, by Adam on reparameterized samples. What is gained is a lower bound on
the amortization gap: what one network for all examples loses on this one.

    for now in refine(model, x):
        print(now.step, now.elbo)
    won = gain(model, x, now.posterior, Generator().manual_seed(1))

Inference Suboptimality in Variational Autoencoders (Cremer et al., 2018),
https://arxiv.org/abs/1801.03558
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from vae.distributions import Gaussian
from vae.objective import Terms, closed_rate
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
    posterior: Gaussian  # loc and scale (1, D)


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
    """
    generator = Generator().manual_seed(config.seed)
    q = detached(model.encode(x))
    noise = drawn(q, DRAWS, generator)
    best = report(0, q, priced(model, x, q, noise))
    yield best
    loc, log_scale = q.loc.clone().requires_grad_(), q.scale.log().requires_grad_()
    adam = torch.optim.Adam([loc, log_scale], config.learning_rate)
    for step in range(1, config.steps + 1):
        adam.param_groups[0]["lr"] = config.learning_rate * (1 - (step - 1) / config.steps)
        climb(model, x, adam, drawn(q, config.samples, generator))
        if step % config.every == 0 or step == config.steps:
            q = detached(Gaussian(loc, log_scale.exp()))
            found = report(step, q, priced(model, x, q, noise))
            best = max(found, best._replace(step=step), key=lambda r: r.elbo)
            yield best


def detached(q: Gaussian) -> Gaussian:
    """A copy that does not move with `q`'s parameters, free of any graph."""
    return Gaussian(q.loc.detach().clone(), q.scale.detach().clone())


def drawn(q: Gaussian, n: int, generator: Generator) -> Tensor:
    """Standard normal noise for `n` codes, (n, 1, D)."""
    return Gaussian(torch.zeros_like(q.loc), torch.ones_like(q.scale)).sample(
        n, generator=generator
    )


def terms_at(model, x: Tensor, q: Gaussian, noise: Tensor) -> Terms:
    """Rate and distortion (K, 1) of `x` at the codes that the noise (K, 1, D) names."""
    z = q.loc + q.scale * noise
    return Terms(closed_rate(q, model.prior(), z), -model.decode(z).log_prob(x))


@torch.no_grad()
def priced(model, x: Tensor, q: Gaussian, noise: Tensor) -> Terms:
    return terms_at(model, x, q, noise)


@torch.enable_grad()
def climb(model, x: Tensor, adam: torch.optim.Optimizer, noise: Tensor) -> None:
    """One step of Adam up the ELBO. The model's own parameters gather no gradient."""
    posterior = loc, log_scale = adam.param_groups[0]["params"]
    rate, distortion = terms_at(model, x, Gaussian(loc, log_scale.exp()), noise)
    slopes = torch.autograd.grad((rate + distortion).mean(), posterior)
    loc.grad, log_scale.grad = slopes
    adam.step()


def report(step: int, q: Gaussian, terms: Terms) -> Refinement:
    rate, distortion = (term[:, 0] for term in terms)
    mean, stderr = mean_and_error(-(rate + distortion))
    return Refinement(step, mean, stderr, rate.mean().item(), distortion.mean().item(), q)


def mean_and_error(values: Tensor) -> tuple[float, float]:
    """The mean of (K,) values and its standard error."""
    return values.mean().item(), (values.std() / len(values) ** 0.5).item()


def gain(model, x: Tensor, refined: Gaussian, generator: Generator, draws: int = 1000) -> Gain:
    """Compare a posterior of `x` (1, C, H, W) with the encoder's, on `draws` of fresh noise.

    Give it a generator that `refine` did not choose with. Both use the same noise, so most of its
    variance cancels; the result may be slightly negative where there was nothing to gain.
    """
    noise = drawn(refined, draws, generator)
    start = detached(model.encode(x))
    before, after = (-sum(priced(model, x, q, noise))[:, 0] for q in (start, refined))
    nats, stderr = mean_and_error(after - before)
    return Gain(nats, stderr, before.mean().item(), after.mean().item())
