import numpy as np
import pytest

from vae.errors import InputError
from vae.metrics.calibration import (
    calibration_error,
    heated,
    reliability,
    temperature,
)


@pytest.fixture
def drawn():
    """Probabilities, and classes drawn by them: calibrated by construction."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet([0.3] * 5, 20_000)
    y = (rng.random((len(p), 1)) > p.cumsum(1)).sum(1).clip(max=4)
    return p, y


def test_classes_drawn_by_their_probabilities_are_calibrated(drawn):
    assert calibration_error(*drawn) < 0.01


def test_the_error_is_the_distance_between_confidence_and_accuracy():
    p = np.tile([0.85, 0.15], (100, 1))
    assert calibration_error(p, np.repeat([0, 1], 50)) == pytest.approx(0.35)


def test_bins_hold_everything_once(drawn):
    bins = reliability(*drawn)
    assert sum(b.n for b in bins) == len(drawn[0])
    assert all(b / 10 - 1e-9 <= c.confidence <= (b + 1) / 10 + 1e-9 for b, c in enumerate(bins))


def test_a_temperature_is_found_and_changes_no_decision(drawn):
    p, y = drawn
    sharp = heated(p, 0.4)
    t = temperature(sharp, y)
    assert t == pytest.approx(2.5, rel=0.05)
    assert (heated(sharp, t).argmax(1) == p.argmax(1)).all()
    assert calibration_error(heated(sharp, t), y) < 0.02 < calibration_error(sharp, y)


def test_without_classes_there_is_no_temperature():
    with pytest.raises(InputError, match="none is"):
        temperature(np.ones((0, 3)), np.zeros(0, int))
