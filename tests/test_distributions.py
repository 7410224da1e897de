import math

import pytest
import torch
from torch import Generator
from torch import distributions as reference

from vae.distributions import (
    GREYS,
    LIKELIHOODS,
    POSTERIORS,
    PRIORS,
    Bernoulli,
    Choice,
    Gaussian,
    Greys,
    certain,
    joint,
    softclip,
    unclipped,
)

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
def test_probabilities_of_all_pictures_sum_to_one(name):
    values = torch.linspace(0, 1, LIKELIHOODS[name].levels)
    x = torch.cartesian_prod(values, values).view(-1, 1, 1, 2)
    mass = LIKELIHOODS[name](features(name)).log_prob(x).exp()
    assert mass.sum().item() == pytest.approx(1, abs=1e-4)


GREY = torch.linspace(0, 1, GREYS)
SCALES = [1 / GREYS, 0.01, 0.1, 1.0, 30.0]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("loc", [-1.0, 0.0, 0.3, 0.501, 1.0, 2.5])
def test_grey_levels_have_all_of_a_gaussian_wherever_it_lies(loc, scale):
    at = Greys(torch.full((1, 1, 1), loc), torch.full((1, 1, 1), scale))
    mass = at.log_prob(GREY.view(-1, 1, 1, 1))
    assert mass.exp().double().sum().item() == pytest.approx(1, abs=2e-4)
    theirs = reference.Normal(torch.tensor(loc).double(), torch.tensor(scale).double())
    edges = (torch.arange(1, GREYS, dtype=torch.float64) - 0.5) / (GREYS - 1)
    below = torch.cat([torch.zeros(1), theirs.cdf(edges), torch.ones(1)])
    want = below.diff()
    sure = want > 1e-6  # where the reference has digits left
    torch.testing.assert_close(mass.exp()[sure].double(), want[sure], rtol=2e-3, atol=0)


def test_far_from_its_mean_a_grey_level_has_a_finite_price_with_a_slope():
    loc = torch.full((3, 1, 1, 1), 0.5, requires_grad=True)
    log_scale = torch.full((3, 1, 1, 1), -math.log(GREYS), requires_grad=True)
    x = torch.tensor([0.0, 200 / 255, 1.0]).view(3, 1, 1, 1)
    price = -Greys(loc, log_scale.exp()).log_prob(x)
    slopes = torch.autograd.grad(price.sum(), (loc, log_scale))
    assert price.isfinite().all()
    assert all(slope.isfinite().all() and (slope != 0).all() for slope in slopes)
    density = -Gaussian(loc, log_scale.exp(), 3).log_prob(x) + math.log(GREYS - 1)
    torch.testing.assert_close(price, density, rtol=0.02, atol=0)


def test_within_the_ends_a_wide_gaussian_gives_a_level_its_density():
    loc, scale = torch.full((1, 1, 1), 0.4), torch.full((1, 1, 1), 0.2)
    x = GREY[1:-1].view(-1, 1, 1, 1)
    density = Gaussian(loc, scale, 3).log_prob(x) - math.log(GREYS - 1)
    torch.testing.assert_close(Greys(loc, scale).log_prob(x), density, rtol=0, atol=2e-4)


@EVERY
def test_samples_have_the_stated_moments(name):
    at = features(name, 2)
    if LIKELIHOODS[name].levels == GREYS:  # in the middle, where no end cuts it off
        at = torch.cat([0.5 + 0.1 * at[:, :1], at[:, 1:] - 3], 1)
    p = LIKELIHOODS[name](at)
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


def prior(name, size=2):
    """A prior with arrays to begin with; posteriors of it are blurred corners of the images."""
    torch.manual_seed(0)
    arrays = PRIORS[name].start(size, 3, (1, 2, 2))
    return PRIORS[name].head(
        arrays, torch.zeros(size), lambda x: Gaussian(x[:, 0, 0], 0.3 + x[:, 0, 1])
    )


@pytest.mark.parametrize("name", PRIORS)
def test_density_of_a_prior_sums_to_one(name):
    line = torch.arange(-9, 9, 0.03)
    z = torch.cartesian_prod(line, line)
    assert (prior(name).log_prob(z).exp() * 0.03**2).sum().item() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", PRIORS)
def test_samples_of_a_prior_have_the_stated_moments(name):
    p = prior(name)
    z = p.sample(40_000, generator=seeded())
    torch.testing.assert_close(z.mean(0), p.mean, atol=0.04, rtol=0)
    torch.testing.assert_close(z.std(0), p.stddev, atol=0.04, rtol=0)


def test_probabilities_of_a_choice_sum_to_one_and_its_samples_have_them():
    q = Choice(torch.randn(3, 4, generator=seeded()).log_softmax(-1))
    classes = torch.eye(4)[:, None]
    torch.testing.assert_close(q.log_prob(classes).exp().sum(0), torch.ones(3))
    z = q.sample(40_000, generator=seeded())
    assert ((z == 0) | (z == 1)).all()
    assert (z.sum(-1) == 1).all()
    torch.testing.assert_close(z.mean(0), q.mean, atol=0.02, rtol=0)
    torch.testing.assert_close(z.std(0), q.stddev, atol=0.02, rtol=0)


def test_rate_of_a_choice_agrees_with_torch():
    q, p = (Choice(torch.randn(3, 4, generator=seeded(k)).log_softmax(-1)) for k in (0, 1))
    theirs = reference.kl_divergence(
        reference.Categorical(logits=q.log_probs), reference.Categorical(logits=p.log_probs)
    )
    torch.testing.assert_close(q.rate(p, q.sample(1))[0], theirs)


def test_a_certain_choice_costs_the_logarithm_of_the_classes_and_itself_nothing():
    like = torch.zeros(4)
    q, uniform = certain(torch.tensor([2, 0]), like), Choice(like.log_softmax(-1))
    assert q.mean.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]
    torch.testing.assert_close(q.rate(uniform, q.sample(1)), torch.full((1, 2), 4.0).log())
    assert (q.rate(q, q.sample(1)) == 0).all()
    assert (q.log_prob(q.mean) == 0).all()


@pytest.mark.parametrize("kind", POSTERIORS)
def test_a_posterior_is_its_moments(kind):
    h = torch.randn(5, 6, generator=seeded())
    q = POSTERIORS[kind].head(h)
    again = POSTERIORS[kind].from_moments(q.mean, q.stddev)
    torch.testing.assert_close(again.mean, q.mean)
    torch.testing.assert_close(again.stddev, q.stddev)


@pytest.mark.parametrize("kind", POSTERIORS)
def test_a_posterior_is_made_of_its_free_tensors(kind):
    q = POSTERIORS[kind].head(torch.randn(5, 6, generator=seeded()))
    torch.testing.assert_close(q.at(*q.free()).mean, q.mean)
    torch.testing.assert_close(q.at(*q.free()).stddev, q.stddev)
    both = joint([q, POSTERIORS["normal"].head(torch.randn(5, 4, generator=seeded()))])
    moved = both.at(*(tensor + 1 for tensor in both.free()))
    torch.testing.assert_close(moved.mean[:, -2:], both.mean[:, -2:] + 1)


def test_blocks_are_independent_and_stand_in_order():
    y, z = Choice(torch.zeros(5, 3).log_softmax(-1)), gaussians()[0]
    z = Gaussian(z.loc[:1].expand(5, 3), z.scale[:1].expand(5, 3))
    q = joint([y, z])
    drawn = q.sample(6, generator=seeded())
    apart = y.log_prob(drawn[..., :3]) + z.log_prob(drawn[..., 3:])
    assert drawn.shape == (6, 5, 6)
    torch.testing.assert_close(q.log_prob(drawn), apart)
    torch.testing.assert_close(q.rate_per_dim(q), torch.zeros(5, 6))
    assert joint([y]) is y


def test_a_block_without_a_batch_is_drawn_for_each_example_of_the_others():
    p = joint(
        [certain(torch.tensor([0, 1]), torch.zeros(3)), Gaussian(torch.zeros(2), torch.ones(2))]
    )
    z = p.sample(4, generator=seeded())
    assert z.shape == (4, 2, 5)
    assert len(z[..., 3:].unique()) == 16
    assert p.log_prob(z).shape == (4, 2)


def test_gradients_pass_through_a_choice_as_through_its_probabilities():
    logits = torch.zeros(4, requires_grad=True)
    z = Choice(logits.log_softmax(-1)).sample(generator=seeded())
    (z * torch.arange(4.0)).sum().backward()
    torch.testing.assert_close(logits.grad, (torch.arange(4.0) - 1.5) / 4)


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


@pytest.mark.parametrize("y", [-5.9, -5.0, 0.0, 30.0])
def test_unclipped_is_the_inverse_of_softclip(y):
    x = torch.tensor(unclipped(y, -6), dtype=torch.float64)
    assert float(softclip(x, -6)) == pytest.approx(y, abs=1e-9)


def test_gaussian_pixels_are_no_finer_than_a_grey_level():
    p = LIKELIHOODS["gaussian"](torch.full((2, 1, 1), -1000.0))
    assert p.stddev.item() == pytest.approx(1 / 256)
