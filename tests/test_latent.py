import numpy as np
import pytest

from vae.errors import InputError
from vae.latent import (
    NEIGHBOURS,
    analogy,
    blend,
    corners,
    grid,
    lerp,
    lift,
    nearest,
    place,
    plane,
    quantile_grid,
    slerp,
    traverse,
)


@pytest.fixture
def known():
    """Codes (60, 5) and their coordinates (60, 2)."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 5)).astype(np.float32), rng.normal(size=(60, 2)).astype(np.float32)


def queries(dims, n=30):
    return np.random.default_rng(1).normal(size=(n, dims))


# Each way of the map: from which of the known to which, and the function.
WAYS = {"place": (0, 1, place), "lift": (1, 0, lift)}
BOTH_WAYS = pytest.mark.parametrize("way", WAYS)


def along(way, known):
    start, end, f = WAYS[way]
    return known[start], known[end], lambda query, **k: f(query, *known, **k)


def test_nearest_agrees_with_sorting_all(known):
    for z in queries(5):
        distance = np.linalg.norm(known[0] - z, axis=1)
        indices, d = nearest(known[0], z, 7)
        assert (indices == np.argsort(distance)[:7]).all()
        np.testing.assert_allclose(d, np.sort(distance)[:7])


def test_ties_go_to_the_smaller_index():
    points = np.array([[1.0], [-1.0], [1.0], [0.5], [-1.0]])
    assert nearest(points, np.zeros(1), 3)[0].tolist() == [3, 0, 1]


@BOTH_WAYS
def test_a_known_point_is_met_exactly(way, known):
    points, values, f = along(way, known)
    for point, value in zip(points, values, strict=True):
        assert (f(point) == value).all()


@BOTH_WAYS
def test_a_point_close_to_a_known_one_lies_close_to_its_value(way, known):
    points, values, f = along(way, known)
    for point, value in zip(points, values, strict=True):
        np.testing.assert_allclose(f(point + 1e-9), value, atol=1e-6)


@BOTH_WAYS
@pytest.mark.parametrize("k", [NEIGHBOURS, NEIGHBOURS + 1], ids=["weights", "radius"])
def test_nothing_jumps_where_a_neighbour_leaves(way, known, k):
    points, _, f = along(way, known)

    def neighbours(query):
        return set(nearest(points, query, k)[0])

    ends = queries(points.shape[1])
    for a, b in zip(ends, -ends, strict=True):
        assert neighbours(a) != neighbours(b)
        for _ in range(40):  # close in on a place where the set of neighbours changes
            middle = (a + b) / 2
            a, b = (a, middle) if neighbours(a) != neighbours(middle) else (middle, b)
        np.testing.assert_allclose(f(a), f(b), atol=1e-6)


@BOTH_WAYS
def test_the_result_lies_among_the_neighbours_values(way, known):
    points, values, f = along(way, known)
    directions = queries(values.shape[1], 200)
    for query in queries(points.shape[1]):
        near, _ = nearest(points, query, NEIGHBOURS)
        sides = values[near].astype(np.float64) @ directions.T
        at = f(query) @ directions.T
        assert (sides.min(0) - 1e-9 <= at).all()
        assert (at <= sides.max(0) + 1e-9).all()


@BOTH_WAYS
def test_k_neighbours_count_and_no_more(way, known):
    points, values, _ = along(way, known)
    for query in queries(points.shape[1]):
        near, _ = nearest(points, query, 6)
        before = blend(points, values, query, 5)
        for rank, i in enumerate(near):
            other = values.copy()
            other[i] += 1
            assert (blend(points, other, query, 5) != before).any() == (rank < 5)


def test_equally_far_neighbours_weigh_the_same():
    corners = np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    values = np.array([[1.0], [2], [3], [4]])
    assert blend(corners, values, np.zeros(2), 8) == pytest.approx(2.5)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_known_points_are_enough(known, n):
    few = [k[:n] for k in known]
    for z in queries(5, 5):
        assert np.isfinite(place(z, *few)).all()


BEYOND = np.linspace(-0.5, 1.5, 21)


@pytest.mark.parametrize("path", [lerp, slerp])
def test_a_path_meets_its_ends_exactly(path, known):
    for z0, z1 in zip(known[0], known[0][1:], strict=False):
        assert (path(z0, z1, [0, 1, 0]) == np.stack([z0, z1, z0])).all()


@pytest.mark.parametrize("path", [lerp, slerp])
def test_between_equal_codes_a_path_stays(path, known):
    z = known[0][0]
    np.testing.assert_allclose(path(z, z, BEYOND)[5:16], np.tile(z, (11, 1)), atol=1e-12)


def test_slerp_keeps_the_norm(known):
    for z0, z1 in zip(known[0], known[0][1:], strict=False):
        n0, n1 = np.linalg.norm(np.float64([z0, z1]), axis=1)
        want = np.maximum(0, (1 - BEYOND) * n0 + BEYOND * n1)
        np.testing.assert_allclose(np.linalg.norm(slerp(z0, z1, BEYOND), axis=1), want, atol=1e-12)


def test_slerp_turns_evenly_and_stays_in_the_plane_of_its_ends(known):
    t = np.linspace(0, 1, 11)
    for z0, z1 in zip(known[0][:20], known[0][20:40], strict=True):
        z = slerp(z0, z1, t)
        u = z / np.linalg.norm(z, axis=1, keepdims=True)
        cos = (u[1:] * u[:-1]).sum(1)
        np.testing.assert_allclose(cos, cos[0], rtol=1e-6)
        assert np.linalg.matrix_rank(z, tol=1e-6) == 2


@pytest.mark.parametrize("angle", [1e-12, 9e-7, 1.1e-6, 1e-4, np.pi - 1e-5])
def test_slerp_holds_for_any_angle(angle):
    z0, z1 = np.array([2.0, 0]), 2 * np.array([np.cos(angle), np.sin(angle)])
    want = 2 * np.stack([np.cos(BEYOND * angle), np.sin(BEYOND * angle)], 1)
    np.testing.assert_allclose(slerp(z0, z1, BEYOND), want, atol=1e-9)


@pytest.mark.parametrize(
    ("path", "z0", "z1", "why"),
    [
        (slerp, [1, 2], [-2, -4], "opposite"),
        (slerp, [0, 0], [1, 2], "zero code"),
        (lerp, [1, 2], [1, 2, 3], "same model"),
        (slerp, [1, 2], [1, 2, 3], "same model"),
        (lerp, [1, 2], [1, np.nan], "finite"),
        (slerp, [np.inf, 2], [1, 2], "finite"),
        (lerp, [[1, 2]], [[1, 2]], "same model"),
    ],
)
def test_ends_without_a_path_are_refused(path, z0, z1, why):
    with pytest.raises(InputError, match=why):
        path(z0, z1, [0.5])


def test_a_plane_goes_through_its_codes_and_both_ways(known):
    a, b, c = known[0][:3].astype(np.float64)
    p = plane(a, b, c)
    np.testing.assert_allclose(p.axes @ p.axes.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(p.lift(p.place(np.stack([a, b, c]))), [a, b, c], atol=1e-12)
    np.testing.assert_allclose(p.place(a), [0, 0], atol=1e-12)
    np.testing.assert_allclose(p.place(b), [np.linalg.norm(b - a), 0], atol=1e-12)
    assert p.place(c)[1] > 0
    xy = grid([-3, 0, 2.5], [1, 7])
    np.testing.assert_allclose(p.place(p.lift(xy)), xy, atol=1e-12)


@pytest.mark.parametrize("c", [[0.0, 0, 0], [1, 1, 1], [3, 3, 3]])
def test_three_codes_on_a_line_span_no_plane(c):
    with pytest.raises(InputError, match="one line"):
        plane(np.zeros(3), np.ones(3), np.array(c))


def test_a_grid_counts_columns_by_x_and_rows_by_y():
    xy = grid([1, 2, 3], [10, 20])
    assert xy.shape == (2, 3, 2)
    assert xy[1, 2].tolist() == [3, 20]


@pytest.mark.parametrize("n", [1, 2, 20])
def test_a_quantile_grid_shares_the_normal_plane_evenly(n):
    from scipy.stats import norm

    xy = quantile_grid(n)
    assert xy.shape == (n, n, 2)
    np.testing.assert_allclose(norm.cdf(xy[0, :, 0]), (np.arange(n) + 0.5) / n)
    np.testing.assert_array_equal(xy, xy.transpose(1, 0, 2)[..., ::-1])


def test_a_traversal_changes_one_dimension(known):
    z, values = known[0][0], [-2.0, 0, 2]
    got = traverse(z, 3, values)
    np.testing.assert_array_equal(got[:, 3], values)
    np.testing.assert_array_equal(np.delete(got, 3, 1), np.tile(np.delete(z, 3), (3, 1)))


def test_an_analogy_goes_on_and_comes_back(known):
    a, b, c = known[0][:3].astype(np.float64)
    d = analogy(a, b, c)
    np.testing.assert_allclose(d - c, b - a)
    np.testing.assert_allclose(analogy(b, a, d), c)
    np.testing.assert_allclose(analogy(a, a, c), c)


def test_corners_are_met_exactly_and_edges_are_straight(known):
    codes = known[0][:4]
    assert (corners(codes, [0, 1, 0, 1], [0, 0, 1, 1]) == codes).all()
    t = np.linspace(-0.5, 1.5, 5)
    np.testing.assert_allclose(corners(codes, t, 0 * t), lerp(codes[0], codes[1], t))
    np.testing.assert_allclose(corners(codes, 0 * t, t), lerp(codes[0], codes[2], t))
    np.testing.assert_allclose(corners(codes, 0.5, 0.5), codes.mean(0), atol=1e-6)
    assert corners(codes, *np.meshgrid(t, t)).shape == (5, 5, 5)
