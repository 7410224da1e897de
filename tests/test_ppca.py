"""Probabilistic PCA, by three roads to the same best."""

from itertools import islice

import pytest
import torch
from commands import call

from vae import bundle
from vae.data import DATASETS
from vae.errors import InputError
from vae.metrics.exact import exactness
from vae.models.ppca import (
    LinearVAE,
    angle,
    as_vae,
    ascent,
    beginning,
    closed_form,
    em,
    log_likelihood,
    moments,
)
from vae.objective import terms

LATENT = 4


@pytest.fixture(scope="module")
def images(digits):
    return digits.x[:400]


@pytest.fixture(scope="module")
def data(images):
    return moments(images)


@pytest.fixture(scope="module")
def best(data):
    return closed_form(data, LATENT)


@pytest.fixture
def start(data):
    return beginning(data, LATENT, torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def x(images):
    return images.flatten(1).double() / 255


def dense(model):
    """N(mu, C) as PyTorch has it."""
    c = model.weight @ model.weight.mT + model.variance * torch.eye(len(model.mean)).double()
    return torch.distributions.MultivariateNormal(model.mean, c)


def test_moments_are_those_of_the_images(data, x):
    torch.testing.assert_close(data.mean, x.mean(0))
    torch.testing.assert_close(data.covariance, torch.cov(x.mT, correction=0))


def test_log_p_is_the_density_of_a_full_gaussian(best, start, data, x):
    for model in (best, start):
        want = dense(model).log_prob(x)
        torch.testing.assert_close(model.log_prob(x), want)
        torch.testing.assert_close(log_likelihood(model, data), want.mean())


def test_every_weight_of_the_exact_posterior_is_log_p(best, start, x):
    for model in (best, start):
        log_w = terms(model, x, 3, torch.Generator().manual_seed(1)).log_weight
        torch.testing.assert_close(log_w, model.log_prob(x).expand(3, -1))


def test_the_closed_form_is_a_maximum(best, data):
    top = log_likelihood(best, data)
    for seed in range(8):
        near = beginning(data, LATENT, torch.Generator().manual_seed(seed))
        moved = torch.lerp(best.weight, near.weight, 0.01)
        other = next(em(data, type(best)(best.mean, moved, best.variance * 1.01)))
        assert log_likelihood(other, data) < top


def test_em_never_falls_and_ends_in_the_closed_form(best, start, data):
    steps = list(islice(em(data, start), 400))
    climbed = torch.stack([log_likelihood(model, data) for model in steps])
    assert (climbed.diff() > -1e-9).all()
    assert climbed[-1] == pytest.approx(log_likelihood(best, data).item(), abs=1e-6)
    assert angle(steps[-1], best) < 1e-4
    torch.testing.assert_close(steps[-1].variance, best.variance, rtol=1e-6, atol=0)
    torch.testing.assert_close(steps[-1].weight.abs(), best.weight.abs(), rtol=0, atol=1e-3)


def test_the_columns_of_every_step_are_orthogonal(start, data):
    for model in islice(em(data, start), 5):
        gram = model.weight.mT @ model.weight
        torch.testing.assert_close(gram, gram.diagonal().diag())


def test_a_linear_vae_learns_the_same_likelihood(best, start, data):
    vae = LinearVAE(start)
    elbos = list(ascent(vae, data, 1500))
    top = log_likelihood(best, data).item()
    assert max(elbos) <= top + 1e-9
    assert elbos[-1] == pytest.approx(top, abs=1e-3)
    assert log_likelihood(vae.model(), data).item() == pytest.approx(top, abs=1e-3)


def test_its_mean_elbo_is_that_of_its_samples(start, data, x):
    vae = LinearVAE(start)
    for _ in ascent(vae, data, 20):
        pass

    class Sampled:
        prior, decode = (
            start.prior,
            staticmethod(
                lambda z: type(start)(vae.mean, vae.weight, (2 * vae.log_sigma).exp()).decode(z)
            ),
        )

        @staticmethod
        def encode(x):
            loc = (x - vae.mean) @ vae.encoder.mT
            return type(start.encode(x))(loc, vae.log_scale.exp().expand_as(loc))

    with torch.no_grad():
        log_w = terms(Sampled, x, 200, torch.Generator().manual_seed(0)).log_weight
        assert log_w.mean().item() == pytest.approx(vae.elbo(data).item(), abs=0.05)


def test_as_a_vae_it_says_the_same(best, images, x):
    vae = as_vae(best, (1, 8, 8))
    q, want = vae.encode(images / 255), best.encode(x)
    torch.testing.assert_close(q.mean, want.mean.float(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(q.stddev, want.stddev.float())
    p, drawn = vae.decode(q.mean), best.decode(want.mean)
    torch.testing.assert_close(p.loc.flatten(1), drawn.loc.float(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(p.scale.flatten(1), drawn.scale.float())


def test_the_gap_is_none_and_of_grey_levels_it_is_measured(best, images):
    found = exactness(best, as_vae(best, (1, 8, 8)), images)
    assert found.gap < 1e-9
    assert abs(found.network_gap) < 1e-3
    assert found.log_p == pytest.approx(best.log_prob(images.flatten(1) / 255).mean().item())


@pytest.mark.parametrize("latent", [0, 64, 65])
def test_as_many_components_as_pixels_are_refused(data, latent):
    with pytest.raises(InputError, match="have 1 to 63 principal components"):
        closed_form(data, latent)


def test_pictures_without_noise_are_refused(images):
    with pytest.raises(InputError, match="nothing is left for noise"):
        closed_form(moments(images[:4]), 10)


def test_the_command_writes_a_bundle_that_opens(tmp_path):
    folder = tmp_path / "linear"
    said = call("ppca", "digits", "--out", folder, "--latent", 4, "--examples", 60)
    opened = bundle.load(folder)
    assert "The ELBO of the exact posterior is as much" in said
    assert len(opened.atlas.mean) == opened.card.atlas.n == 60
    assert opened.card.training["method"] == "closed form"
    x = DATASETS["digits"].load("test").x[:60] / 255
    codes = opened.model.encode(x).mean.numpy()
    assert abs(codes - opened.atlas.mean).max() < 0.02  # float16
