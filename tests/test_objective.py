"""On a model whose log p(x) is known exactly, every bound can be held against the truth."""

from math import log
from types import SimpleNamespace

import pytest
import torch
from torch import Generator, distributions

from vae.code import conditional
from vae.distributions import Gaussian, Mixture
from vae.objective import (
    class_elbos,
    closed_rate,
    elbo,
    iwae,
    sampled_rate,
    terms,
    total_correlation,
)

torch64 = torch.float64


class LinearGaussian:
    """z ~ N(0, I), x|z ~ N(W z + b, s^2 I): the columns of W are orthogonal, so that the posterior
    has independent dimensions. `off` moves q(z|x) away from it."""

    W = torch.tensor([[1.0, 0.5], [1.0, -0.5], [0.0, 1.0], [0.5, 0.0], [0.5, 0.0]], dtype=torch64)
    b = torch.linspace(-1, 1, 5, dtype=torch64)
    s = 0.7

    def __init__(self, off: float = 0.0):
        self.off = off
        self.variance = 1 / (1 + self.W.square().sum(0) / self.s**2)

    def prior(self):
        return Gaussian(torch.zeros(2, dtype=torch64), torch.ones(2, dtype=torch64))

    def encode(self, x):
        loc = (x - self.b) @ self.W / self.s**2 * self.variance
        return Gaussian(loc + self.off, self.variance.sqrt().expand_as(loc) * (1 + self.off))

    def decode(self, z):
        loc = z @ self.W.T + self.b
        return Gaussian(loc, torch.full_like(loc, self.s))

    def log_evidence(self, x):
        covariance = self.W @ self.W.T + self.s**2 * torch.eye(5, dtype=torch64)
        return distributions.MultivariateNormal(self.b, covariance).log_prob(x)


@pytest.fixture
def x():
    return torch.randn(64, 5, generator=Generator().manual_seed(1), dtype=torch64)


def seeded(seed=0):
    return Generator().manual_seed(seed)


def test_every_weight_is_exact_under_the_exact_posterior(x):
    model = LinearGaussian()
    exact = model.log_evidence(x).expand(16, -1)
    torch.testing.assert_close(terms(model, x, 16, seeded()).log_weight, exact, rtol=0, atol=1e-12)


def test_bounds_tighten_towards_the_evidence(x):
    model = LinearGaussian(off=0.4)
    log_w = terms(model, x, 4096 * 4, seeded()).log_weight.view(-1, 8, 64)
    loose = torch.stack([iwae(part) for part in log_w[:512]]).mean()
    tight = iwae(log_w.flatten(0, 1)[:4096]).mean()
    exact = model.log_evidence(x).mean()
    assert elbo(log_w.flatten(0, 1)).mean() + 0.05 < loose < tight - 0.01
    assert tight <= exact + 0.005
    assert tight == pytest.approx(exact.item(), abs=0.02)


def test_the_gap_of_the_elbo_is_the_divergence_from_the_posterior(x):
    wrong, exact = LinearGaussian(off=0.4), LinearGaussian()
    gap = closed_rate(wrong.encode(x), exact.encode(x), torch.zeros(1, 64, 2))[0]
    log_w = terms(wrong, x, 20_000, seeded()).log_weight
    error = log_w.std(0) / len(log_w) ** 0.5
    assert ((elbo(log_w) + gap - exact.log_evidence(x)).abs() < 5 * error).all()


class OfClasses:
    """A linear-Gaussian model for each class; its codes have a choice in front of z."""

    config = SimpleNamespace(code=conditional(3, 2))

    def __init__(self, off: float = 0.0):
        self.off, self.b = off, torch.linspace(-1, 1, 3, dtype=torch64)

    def of(self, y):
        [k] = y.unique()
        model = LinearGaussian(self.off)
        model.b = LinearGaussian.b * self.b[k]
        return model

    def prior(self, y):
        return self.of(y).prior()

    def encode(self, x, y):
        return self.of(y).encode(x)

    def decode(self, z, y):
        return self.of(y).decode(z)

    def log_evidence(self, x):
        return torch.stack([self.of(k).log_evidence(x) for k in torch.arange(3)], 1)


def test_by_the_exact_posteriors_classes_follow_bayes_rule(x):
    exact = OfClasses().log_evidence(x)
    found = class_elbos(OfClasses(), x, 8, seeded())
    torch.testing.assert_close(found, exact, rtol=0, atol=1e-12)
    assert len(found.argmax(1).unique()) == 3


def test_by_any_other_posteriors_they_are_bounds(x):
    assert (class_elbos(OfClasses(0.4), x, 4096, seeded()) < OfClasses().log_evidence(x)).all()


def test_rate_and_distortion_are_the_elbo(x):
    model = LinearGaussian(off=0.4)
    rate, distortion = terms(model, x, 8, seeded())
    assert rate.shape == distortion.shape == (8, 64)
    torch.testing.assert_close(
        -(rate + distortion).mean(0), elbo(terms(model, x, 8, seeded()).log_weight)
    )


def test_closed_rate_is_the_mean_of_the_sampled_rate(x):
    model = LinearGaussian(off=0.4)
    q, p = model.encode(x), model.prior()
    z = q.sample(20_000, generator=seeded())
    sampled = sampled_rate(q, p, z)
    error = sampled.std(0) / len(z) ** 0.5
    assert closed_rate(q, p, z).shape == sampled.shape
    assert ((sampled.mean(0) - closed_rate(q, p, z)[0]).abs() < 5 * error).all()


def test_closed_rate_needs_samples_of_a_mixture_alone(x):
    q = LinearGaussian().encode(x)
    weights = torch.tensor([0.3, 0.7], dtype=torch64).log()
    p = Mixture(
        weights, Gaussian(torch.randn(2, 2, dtype=torch64), torch.ones(2, 2, dtype=torch64))
    )
    z = q.sample(20_000, generator=seeded())
    closed, sampled = closed_rate(q, p, z), sampled_rate(q, p, z)
    error = (closed - sampled).std(0) / len(z) ** 0.5
    assert ((closed - sampled).mean(0).abs() < 5 * error).all()
    assert (closed.std(0) > 0).all()
    assert (closed.std(0) < sampled.std(0)).all()


def test_one_sample_makes_both_bounds_equal():
    log_w = torch.randn(1, 5, generator=seeded())
    torch.testing.assert_close(elbo(log_w), iwae(log_w))


def test_the_importance_weighted_bound_is_the_log_of_the_mean_weight():
    log_w = torch.tensor([[log(1.0)], [log(2.0)], [log(6.0)]])
    assert iwae(log_w).item() == pytest.approx(log(3))


def narrow(means: torch.Tensor) -> Gaussian:
    return Gaussian(means, torch.full_like(means, 0.01))


@pytest.mark.parametrize("sides", [(2, 3), (5, 5), (1, 4), (2, 3, 4)])
def test_independent_dimensions_have_no_total_correlation(sides):
    """All combinations of some values on each axis."""
    means = torch.cartesian_prod(*(torch.arange(n) * 1.0 for n in sides)).double()
    q = narrow(means)
    torch.testing.assert_close(
        total_correlation(q, q.sample(generator=seeded())), torch.tensor(0.0).double()
    )


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("d", [2, 5])
def test_dimensions_that_say_the_same_are_wholly_correlated(n, d):
    """Each of them knows which of n far apart codes it is of: (d - 1) log n nats too much."""
    q = narrow(torch.arange(n).double()[:, None].expand(n, d))
    got = total_correlation(q, q.sample(generator=seeded()))
    torch.testing.assert_close(got, torch.tensor((d - 1) * log(n)).double())


def test_equal_posteriors_have_no_total_correlation():
    q = Gaussian(torch.zeros(9, 3).double(), torch.ones(9, 3).double())
    got = total_correlation(q, q.sample(generator=seeded()))
    torch.testing.assert_close(got, torch.tensor(0.0).double())
