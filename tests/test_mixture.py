from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import vae
from vae.bundle import find
from vae.errors import InputError
from vae.mixture import mixture

ASSETS = Path(__file__).parents[1] / "assets"


@pytest.fixture(scope="module")
def clouds():
    """Posteriors (600, 2) about two places, twice as many at the second."""
    rng = np.random.default_rng(0)
    mean = rng.normal(size=(600, 2)) * [0.5, 0.2] + [-3, 0]
    mean[200:] += [6, 2]
    return mean, np.full((600, 2), 0.1)


@pytest.fixture(scope="module")
def fitted(clouds):
    return mixture(*clouds, components=2)


def test_it_finds_the_clouds(fitted):
    order = fitted.means[:, 0].argsort()
    np.testing.assert_allclose(fitted.weights[order], [1 / 3, 2 / 3], atol=0.01)
    np.testing.assert_allclose(fitted.means[order], [[-3, 0], [3, 2]], atol=0.1)


def test_densities_sum_to_one(fitted):
    x, y = np.meshgrid(np.linspace(-8, 8, 400), np.linspace(-6, 8, 400))
    density = np.exp(fitted.log_prob(np.stack([x.ravel(), y.ravel()], 1)))
    assert density.sum() * (16 / 399) * (14 / 399) == pytest.approx(1, abs=1e-3)


def test_the_density_is_the_mixtures(fitted):
    z = np.random.default_rng(1).normal(size=(20, 2)) * 3
    parts = [
        w * multivariate_normal(m, c @ c.T).pdf(z)
        for w, m, c in zip(*fitted, strict=True)
    ]  # fmt: skip
    np.testing.assert_allclose(fitted.log_prob(z), np.log(np.sum(parts, 0)))


def test_samples_have_its_moments(fitted):
    z = fitted.sample(40_000, np.random.default_rng(0))
    mean = fitted.weights @ fitted.means
    np.testing.assert_allclose(z.mean(0), mean, atol=0.05)
    covariance = fitted.cholesky @ fitted.cholesky.transpose(0, 2, 1)
    off = fitted.means - mean
    want = np.einsum("k,kij->ij", fitted.weights, covariance + off[:, :, None] * off[:, None])
    np.testing.assert_allclose(np.cov(z.T), want, atol=0.1)


def test_the_same_seed_gives_the_same_numbers(clouds, fitted):
    again = mixture(*clouds, components=2)
    for a, b in zip(again, fitted, strict=True):
        np.testing.assert_array_equal(a, b)
    one, two = (fitted.sample(5, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert (mixture(*clouds, components=2, seed=1).means != fitted.means).any()


def test_it_knows_the_digits_better_than_the_prior_does():
    atlas = vae.load(find(ASSETS)["digits"]).atlas
    mean, scale = atlas.mean[:3000], atlas.scale[:3000]
    fitted = mixture(mean[:2000], scale[:2000], components=5)
    z = mean[2000:] + scale[2000:] * np.random.default_rng(1).normal(size=(1000, 16))
    prior = multivariate_normal(np.zeros(16)).logpdf(z).mean()
    assert fitted.log_prob(z).mean() > prior + 0.2


@pytest.mark.parametrize(
    ("mean", "scale", "components", "why"),
    [
        (np.ones((10, 2)), np.ones((10, 3)), 2, "must be"),
        (np.full((10, 2), np.nan), np.ones((10, 2)), 2, "finite"),
        (np.ones((10, 2)), -np.ones((10, 2)), 2, "negative"),
        (np.ones((10, 2)), np.ones((10, 2)), 6, "between 1 and 5"),
        (np.ones((10, 2)), np.ones((10, 2)), 0, "between 1 and 5"),
    ],
)
def test_what_cannot_be_fitted_is_refused(mean, scale, components, why):
    with pytest.raises(InputError, match=why):
        mixture(mean, scale, components)
