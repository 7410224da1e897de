"""What split-conformal thresholds promise holds for any score; the area of a ROC is of ranks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.conformal import by_group, finest, needed, p_values, threshold
from vae.errors import InputError
from vae.metrics.roc import auroc

SOURCES = {
    "normal": lambda rng, n: rng.normal(size=n),
    "heavy tails": lambda rng, n: rng.standard_cauchy(n),
    "few values": lambda rng, n: rng.integers(0, 4, n).astype(float),
    "with infinity": lambda rng, n: np.where(rng.random(n) < 0.1, np.inf, rng.random(n)),
}
COUNTS = st.integers(1, 300)
RATES = st.floats(0.001, 0.999)


def splits(source, n: int, seeds: int = 4000):
    """Normal scores (n,) and one new score of the same source, again and again."""
    rng = np.random.default_rng(0)
    for row in source(rng, seeds * (n + 1)).reshape(seeds, n + 1):
        yield row[:n], row[n:]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize(("n", "rate"), [(19, 0.05), (99, 0.05), (40, 0.2)])
def test_false_alarms_are_as_rare_as_promised(source, n, rate):
    alarms = np.array([new[0] > threshold(normal, rate) for normal, new in splits(source, n)])
    error = np.sqrt(rate * (1 - rate) / len(alarms))
    assert alarms.mean() <= rate + 4 * error
    if source is SOURCES["normal"]:  # no two are equal, so the rate is also used up
        assert alarms.mean() >= rate - 1 / (n + 1) - 4 * error


def test_p_values_of_normal_pictures_are_uniform():
    n = 9
    p = np.array([p_values(normal, new)[0] for new, normal in splits(SOURCES["normal"], 1)])
    assert set(p) <= {1.0, 0.5}  # one normal score has two answers
    p = np.array([p_values(new, normal)[0] for normal, new in splits(SOURCES["normal"], n)])
    counts = np.bincount(np.rint(p * (n + 1)).astype(int), minlength=n + 2)[1:]
    want = len(p) / (n + 1)
    assert ((counts - want) ** 2 / want).sum() < 27.9  # chi-squared, 9 degrees: 1 in 1,000


@given(COUNTS, RATES, st.integers(0, 100))
def test_an_alarm_is_a_score_above_the_threshold(n, rate, seed):
    rng = np.random.default_rng(seed)
    normal, scores = rng.integers(0, 30, n), rng.integers(-1, 31, 50)
    if rate < finest(n):
        with pytest.raises(InputError, match="at best"):
            threshold(normal, rate)
    else:
        p = p_values(scores, normal)
        near = np.isclose(p, rate)  # a rate that is not quite a fraction
        assert ((scores > threshold(normal, rate)) == (p <= rate))[~near].all()


@given(st.integers(2, 500))
def test_a_rate_can_be_promised_from_the_number_on_that_is_named(k):
    assert needed(1 / k) == k - 1
    assert threshold(np.arange(needed(1 / k)), 1 / k) == k - 2
    with pytest.raises(InputError):
        threshold(np.arange(k - 2), 1 / k)


def test_too_few_normal_pictures_get_the_lowest_rate_that_they_promise():
    says = r"^12 normal pictures promise a false-alarm rate of 7.693 % at best, not 5 %: "
    with pytest.raises(InputError, match=says + r"that takes 19\.$"):
        threshold(np.arange(12), 0.05)
    assert threshold(np.arange(12), 0.07693) == 11


@pytest.mark.parametrize("rate", [0, 1, -0.1, 2, float("nan")])
def test_a_rate_is_between_0_and_1(rate):
    with pytest.raises(InputError, match="between 0 and 1"):
        threshold(np.arange(100), rate)


def test_nothing_is_promised_without_normal_scores():
    with pytest.raises(InputError, match="no normal picture"):
        p_values(np.ones(3), np.array([]))
    with pytest.raises(InputError, match="has no score"):
        threshold(np.array([1.0, np.nan]), 0.5)


def test_each_group_keeps_its_own_promise():
    """Marginal thresholds spend all false alarms on the group with the higher scores."""
    rng, rate = np.random.default_rng(0), 0.1
    groups = rng.integers(0, 2, (2, 20_000))
    normal, new = rng.normal(3 * groups, 1)
    own = by_group(new, groups[1], normal, groups[0]) <= rate
    shared = new > threshold(normal, rate)
    assert [own[groups[1] == k].mean() for k in (0, 1)] == pytest.approx([rate, rate], abs=0.02)
    assert shared[groups[1] == 0].mean() < 0.01
    assert shared[groups[1] == 1].mean() > 0.18


def test_a_picture_of_a_group_without_normal_ones_is_held_against_all():
    normal, groups = np.arange(9), np.array([0] * 4 + [1] * 5)
    p = by_group(np.array([9, 3, 3]), np.array([5, 5, 0]), normal, groups)
    assert p.tolist() == [0.1, 0.7, 0.4]


# ---- ROC


def test_a_perfect_score_has_the_area_1_and_a_useless_one_a_half():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3000))
    assert auroc(a + 100, b) == (1, 0)
    assert auroc(np.ones(5), np.ones(7)) == (0.5, 0)
    area = auroc(a, b)
    assert abs(area.value - 0.5) < 4 * area.stderr


@given(st.lists(st.integers(0, 9), min_size=1), st.lists(st.integers(0, 9), min_size=1))
def test_the_area_is_the_share_of_pairs_in_order(a, b):
    a, b = np.array(a), np.array(b)
    order = np.sign(a[:, None] - b)
    assert auroc(a, b).value == pytest.approx((order + 1).mean() / 2)
    assert auroc(b, a).value == pytest.approx(1 - auroc(a, b).value)


def test_only_the_order_of_scores_matters():
    a, b = np.random.default_rng(0).normal([[0.5], [0]], 1, (2, 200))
    assert auroc(np.exp(3 * a), np.exp(3 * b)) == auroc(a, b)
    assert (p_values(np.exp(3 * a), np.exp(3 * b)) == p_values(a, b)).all()


def test_the_error_of_the_area_is_how_much_it_varies():
    rng = np.random.default_rng(0)
    areas = [auroc(rng.normal(1, 1, 200), rng.normal(0, 1, 300)) for _ in range(400)]
    spread = np.std([area.value for area in areas])
    assert np.mean([area.stderr for area in areas]) == pytest.approx(spread, rel=0.15)
