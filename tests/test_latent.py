import numpy as np
import pytest

from vae.latent import NEIGHBOURS, blend, lift, nearest, place


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
