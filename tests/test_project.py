import numpy as np
import pytest

from vae.errors import InputError
from vae.project import METRICS, Umap, pca, umap


@pytest.fixture(scope="module")
def codes():
    """Two clouds far apart, (40, 4)."""
    cloud = np.random.default_rng(0).normal(size=(40, 4))
    cloud[20:] += 20
    return cloud.astype(np.float32)


@pytest.fixture(scope="module")
def mapped(codes):
    """A map of the codes, and what its progress said."""
    shares = []
    return umap(codes, Umap(neighbors=5), shares.append), shares


def test_pca_goes_both_ways(codes):
    plane = pca(codes.astype(np.float64))
    xy = np.random.default_rng(1).normal(size=(7, 2))
    np.testing.assert_allclose(plane.place(plane.lift(xy)), xy, atol=1e-12)
    np.testing.assert_allclose(plane.place(plane.lift(xy, codes[:7])), xy, atol=1e-12)
    np.testing.assert_allclose(plane.lift(plane.place(codes), codes), codes, atol=1e-12)


def test_pca_axes_are_orthonormal_and_explain_what_they_say(codes):
    plane = pca(codes.astype(np.float64))
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    share = plane.place(codes).var(0) / codes.astype(np.float64).var(0).sum()
    np.testing.assert_allclose(plane.explained, share)
    assert share[0] >= share[1]


def test_pca_looks_the_same_from_both_sides(codes):
    np.testing.assert_allclose(pca(codes).axes, pca(2 * codes.mean(0) - codes).axes, atol=1e-5)


def test_umap_is_a_centred_map_that_keeps_clouds_apart(mapped):
    xy, _ = mapped
    assert (xy.shape, xy.dtype) == ((40, 2), np.float32)
    np.testing.assert_allclose(xy.mean(0), 0, atol=1e-4)
    a, b = xy[:20], xy[20:]
    apart = np.linalg.norm(a.mean(0) - b.mean(0))
    assert apart > max(np.linalg.norm(c - c.mean(0), axis=1).max() for c in (a, b))


def test_umap_with_the_same_seed_is_the_same_map(codes, mapped):
    assert (umap(codes, Umap(neighbors=5)) == mapped[0]).all()
    assert (umap(codes, Umap(neighbors=5, seed=1)) != mapped[0]).any()


def test_umap_tells_its_progress(mapped):
    _, shares = mapped
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_umap_prints_nothing(codes, capfd):
    umap(codes, Umap(neighbors=5))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("n", [0, 1, 5])
def test_umap_refuses_too_few_codes(codes, n):
    with pytest.raises(InputError, match=f"{n} codes are too few for 5 neighbours"):
        umap(codes[:n], Umap(neighbors=5))


@pytest.mark.parametrize(
    "bad",
    [
        {"neighbors": 1},
        {"neighbors": 201},
        {"neighbors": 2.5},
        {"neighbors": "5"},
        {"min_dist": -0.1},
        {"min_dist": 1.0},
        {"min_dist": float("nan")},
        {"seed": -1},
        {"seed": 2**31},
        {"seed": 0.5},
        {"seed": True},
        {"metric": "hamming"},
    ],
    ids=str,
)
def test_umap_refuses_bad_settings_by_name(bad):
    [name] = bad
    with pytest.raises(InputError, match=name):
        Umap(**bad)


@pytest.mark.parametrize("metric", METRICS)
def test_umap_lays_codes_out_by_every_metric_it_offers(codes, metric):
    xy = umap(codes, Umap(metric=metric, neighbors=5))
    assert xy.shape == (40, 2)
    assert np.isfinite(xy).all()
