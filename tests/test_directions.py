import json

import numpy as np
import pytest

from vae.directions import FEWEST, alignment, auc_left_out, direction, from_json, to_json
from vae.errors import InputError

WEIGHTS = "0f" * 32


def two_sets(shift=3.0, n=12, m=20, seed=0):
    """Codes (n, 5) that lie `shift` further along the first latent than codes (m, 5)."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, 5)), rng.normal(size=(m, 5))
    x[:, 0] += shift
    return x, y


def test_the_vector_leads_from_mean_to_mean():
    x, y = two_sets()
    found = direction(x, y)
    np.testing.assert_allclose(y.mean(0) + found.vector, x.mean(0))
    assert (found.n_with, found.n_without) == (12, 20)


def test_a_clear_attribute_is_found_and_noise_is_not():
    clear = direction(*two_sets(shift=6))
    assert clear.auc > 0.95
    assert clear.alignment > 5 * clear.random_alignment
    noise = [direction(*two_sets(shift=0, n=5, m=8, seed=s)) for s in range(300)]
    assert np.mean([f.auc for f in noise]) == pytest.approx(0.5, abs=0.03)
    scores = [f.alignment / f.random_alignment for f in noise]
    assert np.mean(scores) == pytest.approx(0, abs=0.2)
    assert np.std(scores) == pytest.approx(1, abs=0.2)


def test_the_auc_leaves_each_pair_out():
    x, y = two_sets(shift=1, n=4, m=6)
    wins = 0
    for i in range(4):
        for j in range(6):
            vector = np.delete(x, i, 0).mean(0) - np.delete(y, j, 0).mean(0)
            wins += vector @ (x[i] - y[j]) > 0
    assert auc_left_out(x, y) == pytest.approx(wins / 24)


def test_alignment_is_the_mean_cosine_of_pairs():
    x, y = two_sets(n=4, m=6)
    d = [a - b for a, b in zip(x, y, strict=False)]
    unit = [v / np.linalg.norm(v) for v in d]
    cos = [unit[i] @ unit[j] for i in range(4) for j in range(4) if i != j]
    mean, chance = alignment(x, y)
    assert mean == pytest.approx(np.mean(cos))
    assert chance == pytest.approx(np.sqrt(np.mean(np.square(cos)) * 2 / 12))


def test_random_alignment_is_that_of_pairs_turned_round():
    x, y = two_sets(shift=1, n=6, m=6)
    turned = []
    for bits in range(2**6):
        swap = np.array([bits >> k & 1 for k in range(6)], bool)[:, None]
        turned.append(alignment(np.where(swap, y, x), np.where(swap, x, y))[0])
    assert np.mean(turned) == pytest.approx(0, abs=1e-12)
    assert np.std(turned) == pytest.approx(alignment(x, y)[1])


@pytest.mark.parametrize(("n", "m"), [(0, 5), (2, 5), (5, 2)])
def test_too_few_examples_are_refused_with_the_number_needed(n, m):
    with pytest.raises(InputError, match=f"at least {FEWEST} .* are {n} and {m}"):
        direction(np.zeros((n, 5)), np.zeros((m, 5)))


@pytest.mark.parametrize(
    ("x", "y", "why"),
    [
        (np.ones((3, 4)), np.ones((3, 5)), "same model"),
        (np.full((3, 4), np.nan), np.ones((3, 4)), "finite"),
        (np.ones((3, 4)), np.ones((4, 4)), "same mean"),
    ],
)
def test_examples_without_a_direction_are_refused(x, y, why):
    with pytest.raises(InputError, match=why):
        direction(x, y)


def test_json_holds_all_of_it():
    found = direction(*two_sets())
    back = from_json(to_json(found, WEIGHTS), WEIGHTS, 5)
    assert (back.vector == found.vector).all()
    assert vars(back) | {"vector": 0} == vars(found) | {"vector": 0}


def changed(**entries):
    return json.dumps(json.loads(to_json(direction(*two_sets()), WEIGHTS)) | entries)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "JSON"),
        ("[]", "not a direction"),
        (changed(format=2), "not a direction"),
        (changed(weights="aa"), "another model"),
        (changed(vector=[1, 2]), "vector of 5"),
        (changed(vector="12345"), "vector of 5"),
        (changed(vector=[1, 2, 3, 4, float("nan")]), "number 5 of the vector"),
        (changed(vector=[1, 2, 3, 4, "5"]), "number 5 of the vector"),
        (changed(vector=[1, 2, 3, True, 5]), "number 4 of the vector"),
        (changed(auc=float("nan")), "auc"),
        (changed(alignment=1.5), "alignment"),
        (changed(n_with=None), "n_with"),
    ],
)
def test_json_that_does_not_fit_is_refused(text, why):
    with pytest.raises(InputError, match=why):
        from_json(text, WEIGHTS, 5)
