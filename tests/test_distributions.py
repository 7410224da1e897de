import pytest
import torch
from torch import Generator
from torch import distributions as reference

from vae.distributions import LIKELIHOODS, Bernoulli, Gaussian, softclip

# All values of one pixel, and the volume that each stands for.
SUPPORT = {
    "bernoulli": (torch.tensor([0.0, 1.0]), 1.0),
    "gaussian": (torch.arange(-8, 8, 0.02), 0.02),
}
EVERY = pytest.mark.parametrize("name", LIKELIHOODS)


def seeded(seed=0):
    return Generator().manual_seed(seed)


def features(name, *batch, image=(1, 1, 2)):
    c, h, w = image
    shape = (*batch, c * LIKELIHOODS[name].channels, h, w)
    return 0.5 * torch.randn(shape, generator=seeded())


def gaussians():
    loc, m = torch.randn(2, 4, 3, generator=seeded())
    scale, t = torch.randn(2, 4, 3, generator=seeded(1)).exp()
    return Gaussian(loc, scale), Gaussian(m, t)


@EVERY
def test_density_sums_to_one(name):
    values, volume = SUPPORT[name]
    x = torch.cartesian_prod(values, values).view(-1, 1, 1, 2)
    density = LIKELIHOODS[name](features(name)).log_prob(x).exp()
    assert (density * volume**2).sum().item() == pytest.approx(1, abs=1e-4)


@EVERY
def test_samples_have_the_stated_moments(name):
    p = LIKELIHOODS[name](features(name, 2))
    x = p.sample(40_000, generator=seeded())
    assert x.shape == (40_000, 2, 1, 1, 2)
    torch.testing.assert_close(x.mean(0), p.mean, atol=0.04, rtol=0)
    torch.testing.assert_close(x.std(0), p.stddev, atol=0.04, rtol=0)


@EVERY
def test_sample_depends_on_the_seed_alone(name):
    p = LIKELIHOODS[name](features(name, image=(1, 8, 8)))
    first = p.sample(3, generator=seeded(5))
    torch.rand(7)
    assert torch.equal(first, p.sample(3, generator=seeded(5)))
    assert not torch.equal(first, p.sample(3, generator=seeded(6)))


@EVERY
def test_one_probability_for_each_example_of_any_batch(name):
    p = LIKELIHOODS[name](features(name, 5, 4, image=(3, 2, 2)))
    x = p.sample(generator=seeded())
    assert p.log_prob(x).shape == (5, 4)
    assert p.log_prob(x[0]).shape == (5, 4)
    torch.testing.assert_close(p.log_prob(x)[1, 2], p.log_prob(x[1, 2])[1, 2])


def test_gaussian_agrees_with_torch():
    q, _ = gaussians()
    x = q.sample(6, generator=seeded())
    theirs = reference.Independent(reference.Normal(q.loc, q.scale), 1)
    torch.testing.assert_close(q.log_prob(x), theirs.log_prob(x))


def test_bernoulli_agrees_with_torch():
    p = Bernoulli(torch.randn(5, 3, 2, 2, generator=seeded()))
    x = p.sample(6, generator=seeded())
    theirs = reference.Independent(reference.Bernoulli(logits=p.logits), 3)
    torch.testing.assert_close(p.log_prob(x), theirs.log_prob(x))


def test_gradients_pass_through_a_gaussian_sample():
    loc, scale = torch.zeros(3, requires_grad=True), torch.ones(3, requires_grad=True)
    z = Gaussian(loc, scale).sample(generator=seeded())
    z.sum().backward()
    assert torch.equal(loc.grad, torch.ones(3))
    torch.testing.assert_close(scale.grad, z.detach())


def test_rate_agrees_with_torch():
    q, p = gaussians()
    theirs = reference.kl_divergence(
        reference.Normal(q.loc, q.scale), reference.Normal(p.loc, p.scale)
    )
    torch.testing.assert_close(q.rate_per_dim(p), theirs)
    assert (q.rate_per_dim(q) == 0).all()


def test_rate_agrees_with_monte_carlo():
    q, p = gaussians()
    z = q.sample(100_000, generator=seeded())
    log_ratio = q.log_prob(z) - p.log_prob(z)
    error = log_ratio.std(0) / len(z) ** 0.5
    assert ((log_ratio.mean(0) - q.rate_per_dim(p).sum(-1)).abs() < 4 * error).all()


def test_softclip_stays_above_and_lets_the_rest_pass():
    x = torch.linspace(-50, 50, 1001)
    y = softclip(x, -6)
    assert (y >= -6).all()
    assert (y.diff() >= 0).all()
    torch.testing.assert_close(y[x > 2], x[x > 2], atol=1e-3, rtol=0)


def test_gaussian_pixels_are_no_finer_than_a_grey_level():
    p = LIKELIHOODS["gaussian"](torch.full((2, 1, 1), -1000.0))
    assert p.stddev.item() == pytest.approx(1 / 256)
