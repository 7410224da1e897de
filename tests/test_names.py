"""A dimension has a name where it clearly is one property, and no other dimension is it more."""

import numpy as np
import pytest
import torch

from vae import bundle
from vae.card import Name
from vae.data import DATASETS, Images
from vae.errors import InputError
from vae.metrics.names import CLEAR, STATISTICS, correlations, names, properties

N = 400


@pytest.fixture
def known():
    rng = np.random.default_rng(0)
    return {name: rng.random(N) for name in ("smile", "gaze", "tilt")}


def named(codes, known):
    found = correlations(codes, known)
    return {n.dimension: n for n in names(found, found, list(known), N)}


def test_a_monotone_function_of_a_property_has_its_name(known):
    codes = np.stack([-(known["gaze"] ** 3), np.exp(known["smile"])], 1)
    found = named(codes, known)
    assert {d: n.name for d, n in found.items()} == {0: "gaze", 1: "smile"}
    assert found[0].correlation == pytest.approx(-1)
    assert found[1] == Name(1, "smile", pytest.approx(1), N)


def test_noise_constants_and_mixtures_have_no_name(known):
    rng = np.random.default_rng(1)
    mixed = known["smile"] + known["gaze"] + known["tilt"]
    codes = np.stack([rng.normal(size=N), np.ones(N), mixed], 1)
    assert np.abs(correlations(codes, known)).max() < CLEAR
    assert named(codes, known) == {}


def test_of_two_dimensions_the_closer_one_has_the_name(known):
    noise = np.random.default_rng(1).normal(size=N)
    codes = np.stack([known["tilt"] + 0.1 * noise, known["tilt"] + 0.02 * noise], 1)
    assert {d: n.name for d, n in named(codes, known).items()} == {1: "tilt"}


def test_the_correlation_is_that_of_the_images_to_report(known):
    chosen, measured = np.float32([[0.9, 0.1, 0.2]]), np.float32([[0.65, 0.1, 0.2]])
    assert names(chosen, measured, list(known), 7) == [Name(0, "smile", pytest.approx(0.65), 7)]


def bar(height: int, width: int, lean: float = 0.0) -> np.ndarray:
    """A bar in a picture of 28 x 28."""
    row, column = np.mgrid[:28, :28] - 13.5
    return ((abs(row) <= height) & (abs(column + lean * row) <= width)).astype(np.float32)


@pytest.mark.parametrize(
    ("statistic", "less", "more"),
    [
        ("height", bar(6, 2), bar(10, 2)),
        ("width", bar(8, 2), bar(8, 5)),
        ("ink", bar(8, 2), bar(8, 4)),
        ("slant", bar(8, 2, -0.5), bar(8, 2, 0.5)),
    ],
)
def test_statistics_are_what_they_are_called(statistic, less, more):
    a, b = STATISTICS[statistic](np.stack([less, more]))
    assert a < b
    assert np.isfinite(STATISTICS[statistic](np.zeros((1, 28, 28)))).all()


def test_an_upright_bar_has_no_slant():
    assert STATISTICS["slant"](bar(8, 2)[None])[0] == pytest.approx(0, abs=1e-6)


def test_factors_without_an_order_are_no_property():
    factors = DATASETS["faces"].factors
    values = torch.from_numpy(factors.sample(5, np.random.default_rng(0)))
    blank = torch.zeros(5, 3, 64, 64, dtype=torch.uint8)
    found = properties(Images(blank, None, {}, values), factors, strokes=False)
    assert "hair style" not in found
    assert "glasses" in found
    assert len(found) >= 10


def test_nothing_is_known_of_photographs():
    blank = Images(torch.zeros(5, 1, 28, 20, dtype=torch.uint8), None, {})
    assert properties(blank, None, strokes=False) == {}
    assert properties(blank, None, strokes=True).keys() == STATISTICS.keys()


def test_names_are_kept_in_the_card(saved):
    found = [Name(2, "slant", -0.8, 100)]
    assert bundle.with_entries(saved, names=found).names == tuple(found)
    assert bundle.read_card(saved).names == tuple(found)


def test_a_name_of_no_dimension_is_refused(saved):
    with pytest.raises(InputError, match="names dimension 3; the code has 3"):
        bundle.with_entries(saved, names=[Name(3, "slant", 0.8, 100)])
    assert bundle.read_card(saved).names == ()
