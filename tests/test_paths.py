from pathlib import Path

import numpy as np
import pytest
import torch

import vae
from vae.bundle import find
from vae.errors import InputError
from vae.paths import (
    MOST_KEYS,
    PATHS,
    World,
    along,
    changes,
    data_line,
    geodesic_line,
    images,
    polyline,
    profile,
    times,
    walk,
)

ASSETS = Path(__file__).parents[1] / "assets"
EVERY_PATH = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
LATENT_PATHS = pytest.mark.parametrize("name", [name for name in PATHS if name != "pixels"])


def shipped() -> World:
    bundle = vae.load(find(ASSETS)["digits"])
    return World(lambda z: bundle.model.decode(z).mean, bundle.atlas.mean)


def linear() -> World:
    """A decoder without a bend, and codes of which some repeat."""
    g = torch.Generator().manual_seed(0)
    weight = torch.randn(4, 64, generator=g)
    codes = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
    codes[100:130] = codes[:30]
    return World(lambda z: (z @ weight).view(-1, 1, 8, 8), codes)


@pytest.fixture(scope="module", params=[shipped, linear], ids=lambda make: make.__name__)
def world(request):
    return request.param()


def pairs(world, n=4):
    """Ends (2, D): the codes of examples, and codes that lie between."""
    rng = np.random.default_rng(1)
    for i in range(n):
        ends = world.codes[rng.integers(0, len(world.codes), 2)].astype(np.float64)
        yield ends if i % 2 else (ends + rng.normal(size=ends.shape) / 3)


@EVERY_PATH
def test_a_path_ends_where_it_should(path, world):
    for ends in pairs(world):
        codes, weights = path(*ends, world, np.array([0.0, 1.0]))
        shown = weights > 0
        assert (codes[shown] == ends).all()
        assert (weights[shown] == 1).all()


@EVERY_PATH
def test_a_path_never_jumps(path, world):
    around = [0, 0.1, 0.25, 1 / 3, 0.5, 0.77, 1]
    t = np.concatenate([np.subtract(around, 1e-6), np.add(around, 1e-6)])
    for ends in pairs(world):
        got = path(*ends, world, t)
        x = np.concatenate([got.codes.ravel(), got.weights.ravel()])
        before, after = (part.reshape(2, len(around), -1) for part in (got.codes, got.weights))
        assert np.isfinite(x).all()
        np.testing.assert_allclose(before[0], before[1], atol=0.01)
        np.testing.assert_allclose(after[0], after[1], atol=0.01)


@EVERY_PATH
def test_between_equal_ends_a_path_stays(path, world):
    z = world.codes[3]
    for end in (z, z + 0.5):
        got = path(end, end, world, np.linspace(-0.5, 1.5, 9))
        np.testing.assert_allclose(got.codes, np.broadcast_to(end, got.codes.shape), atol=1e-6)


@EVERY_PATH
def test_a_path_goes_on_beyond_its_ends(path, world):
    for ends in pairs(world):
        codes, weights = path(*ends, world, np.array([-0.5, 1.5]))
        assert np.isfinite(codes).all()
        np.testing.assert_allclose(weights.sum(1), 1)
        at = (codes * weights[..., None]).sum(1)
        assert (np.linalg.norm(at - ends, axis=1) > 0.01).all()


@EVERY_PATH
def test_a_path_asked_for_one_moment_or_many_is_the_same(path, world):
    ends, t = next(pairs(world)), np.linspace(0, 1, 5)
    whole = path(*ends, world, t)
    for i in range(5):
        one = path(*ends, world, t[i : i + 1])
        np.testing.assert_allclose(one.codes[0], whole.codes[i], atol=1e-6)


@EVERY_PATH
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_path_refuses_codes_that_are_not_finite(path, world, bad):
    z = world.codes[0].copy()
    z[1] = bad
    with pytest.raises(InputError, match="finite"):
        path(world.codes[1], z, world, np.array([0.5]))


@EVERY_PATH
def test_a_path_refuses_codes_of_two_models(path, world):
    with pytest.raises(InputError, match="same model"):
        path(world.codes[0], world.codes[1][:-1], world, np.array([0.5]))


def test_slerp_refuses_opposite_codes(world):
    with pytest.raises(InputError, match="opposite"):
        walk(PATHS["slerp"], np.stack([world.codes[0], -world.codes[0]]), world, times(2, 3))


@EVERY_PATH
def test_a_walk_meets_every_key_on_time(path, world):
    keys = world.codes[:MOST_KEYS]
    codes, weights = walk(path, keys, world, np.arange(len(keys)))
    assert (codes[weights == 1] == keys).all()


def test_a_walk_takes_its_times_in_any_order(world):
    keys, t = world.codes[:3], np.array([1.5, -0.5, 2.5, 0.25, 1.0])
    got = walk(PATHS["line"], keys, world, t).codes[:, 0]
    want = np.stack([np.stack([np.interp(x, range(3), k) for k in keys.T]) for x in t])
    inside = (t >= 0) & (t <= 2)
    np.testing.assert_allclose(got[inside], want[inside], atol=1e-6)
    np.testing.assert_allclose(got[1], 1.5 * keys[0] - 0.5 * keys[1], atol=1e-6)
    np.testing.assert_allclose(got[2], 1.5 * keys[2] - 0.5 * keys[1], atol=1e-6)


@pytest.mark.parametrize("n", [0, 1, MOST_KEYS + 1])
def test_a_walk_refuses_too_few_or_too_many_keys(world, n):
    with pytest.raises(InputError, match=f"these are {n}"):
        walk(PATHS["line"], world.codes[:n], world, np.array([0.0, 1.0]))


def test_a_walk_names_the_key_of_another_model(world):
    with pytest.raises(InputError, match="Key frame 2"):
        walk(PATHS["line"], [world.codes[0], world.codes[0][:2]], world, np.array([0.0]))


@pytest.mark.parametrize("t", [[], [np.nan], [[0.0]]], ids=["none", "nan", "table"])
def test_a_walk_refuses_times_that_are_none(world, t):
    with pytest.raises(InputError, match="times"):
        walk(PATHS["line"], world.codes[:2], world, np.array(t))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_walk_has_at_least_two_steps(steps):
    with pytest.raises(InputError, match="at least 2 steps"):
        times(2, steps)


def test_the_geodesic_takes_no_more_energy_than_the_line(world):
    for ends in pairs(world):
        line = walk(PATHS["line"], ends, world, times(2, 17))
        short = walk(PATHS["geodesic"], ends, world, geodesic_line(*ends, world).at)
        energies = [(changes(images(w, world.decode)) ** 2).sum() for w in (short, line)]
        assert energies[0] <= energies[1] * (1 + 1e-5)  # float32


def test_the_geodesic_changes_the_image_evenly(world):
    for ends in pairs(world):
        way = geodesic_line(*ends, world)
        x = images(walk(PATHS["geodesic"], ends, world, way.at), world.decode)
        np.testing.assert_allclose(changes(x) / changes(x).sum(), np.diff(way.at), atol=1e-4)


def test_the_way_over_the_data_goes_from_code_to_code(world):
    known = {tuple(z) for z in world.codes.astype(np.float64)}
    for ends in pairs(world):
        points, at = data_line(*ends, world)
        assert all(tuple(z) in known for z in points[1:-1])
        speed = np.linalg.norm(np.diff(points, axis=0), axis=1) / np.diff(at)
        np.testing.assert_allclose(speed, speed[0], rtol=1e-6)


def test_the_way_over_the_data_keeps_to_a_ring():
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 400)
    ring = World(None, np.stack([np.cos(angle), np.sin(angle)], 1))
    got = PATHS["data"](np.array([1.0, 0]), np.array([-1.0, 0]), ring, np.linspace(0, 1, 50))
    np.testing.assert_allclose(np.linalg.norm(got.codes, axis=-1), 1, atol=0.01)


def test_where_no_edge_leads_over_the_way_is_straight():
    clouds = np.random.default_rng(0).normal(size=(40, 2))
    clouds[20:] += 100
    got = data_line(clouds[0], clouds[30], World(None, clouds))
    np.testing.assert_array_equal(got.points, clouds[[0, 30]])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_known_codes_are_enough(n):
    codes = np.random.default_rng(0).normal(size=(n, 2))
    got = PATHS["data"](codes[0], codes[0] + 3, World(None, codes), np.linspace(-1, 2, 7))
    assert np.isfinite(got.codes).all()


def test_a_polyline_is_met_at_its_times():
    points = np.random.default_rng(0).normal(size=(6, 3))
    lengths = np.array([1.0, 0, 2, 3, 0.5])
    way = polyline(points, lengths)
    assert (along(way, way.at) == points).all()
    assert (np.diff(way.at) > 0).all()


def test_knots_that_repeat_are_left_out():
    points = np.array([[0.0], [0], [1], [1], [3], [3]])
    way = polyline(points, np.abs(np.diff(points[:, 0])))
    np.testing.assert_allclose(way.points[:, 0], [0, 1, 3])
    np.testing.assert_allclose(along(way, np.array([-1.0, 0.5, 2.0]))[:, 0], [-3, 1.5, 6])


def test_pixels_blend_the_two_images(world):
    ends = next(pairs(world))
    walked = walk(PATHS["pixels"], ends, world, times(2, 3))
    x = images(walked, world.decode)
    np.testing.assert_allclose(x[1], (x[0] + x[2]) / 2, atol=1e-5)
    assert np.isnan(profile(walked, world).distance).tolist() == [False, True, False]


@LATENT_PATHS
def test_a_profile_tells_what_happens_on_the_way(world, name):
    ends = world.codes[:2]
    walked = walk(PATHS[name], ends, world, times(2, 9))
    change, length, distance = profile(walked, world)
    x = images(walked, world.decode)
    np.testing.assert_allclose(change[4], torch.linalg.vector_norm(x[5] - x[4]), rtol=1e-4)
    np.testing.assert_allclose(np.diff(length), change, atol=1e-6)
    assert distance[0] == distance[-1] == 0
    assert len(distance) == 9
