"""Figures of disentanglement on codes for which they are known: perfect, useless, duplicated."""

import numpy as np
import pytest
from commands import call
from msgspec.structs import replace

from vae import bundle
from vae.data import DATASETS
from vae.data.factors import Factor, Factors
from vae.metrics import disentanglement, samples
from vae.metrics.disentanglement import (
    above_chance,
    binned,
    concentration,
    gap,
    information,
    measured,
    one_set,
    represent,
)

FACTORS = Factors(
    (Factor("kind", 3, ("a", "b", "c")), Factor("size", 6), Factor("place", 12), Factor("light")),
    render=lambda values: values[:, None, None].repeat(8, 2),  # (N, 1, 8, F): itself, as an image
)
NOTHING = np.random.default_rng(9)
MIXED = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0]
CODES = {
    "perfect": lambda x: x,
    "twice": lambda x: np.concatenate([x, x], 1),
    "useless": lambda x: NOTHING.normal(size=x.shape),
    "mixed": lambda x: x @ MIXED,
    "still": lambda x: np.concatenate([x, 1e-3 * NOTHING.normal(size=x.shape)], 1),
}
BEST = ("perfect", "still")
TWICE = {"mig": 0, "sap": 0, "dci_disentanglement": 1, "dci_completeness": 0.66,
         "dci_informativeness": 1, "factor_vae": 1}  # fmt: skip


def encode(name: str):
    """Codes of images that are their own factors, each with variance 1 and a little noise."""
    rng = np.random.default_rng(0)

    def codes(images: np.ndarray) -> np.ndarray:
        x = images[:, 0, 0] / [0.82, 1.7, 3.45, 0.29]
        return CODES[name](x + 0.01 * rng.normal(size=x.shape))

    return codes


@pytest.fixture(scope="module")
def figures():
    values = FACTORS.sample(1000, np.random.default_rng(0))
    return {
        name: measured(represent(encode(name), FACTORS, FACTORS.render(values), values, 0), 0)
        for name in CODES
    }


EVERY = pytest.mark.parametrize("metric", TWICE)
NEEDS_NO_AXES = ("dci_informativeness", "factor_vae")


def test_every_figure_is_tested(figures):
    assert figures["perfect"].keys() == TWICE.keys()


@EVERY
@pytest.mark.parametrize("name", BEST)
def test_perfect_codes_have_all(figures, metric, name):
    assert figures[name][metric].value == pytest.approx(1, abs=0.08)


@EVERY
def test_useless_codes_have_nothing(figures, metric):
    least = 0.25 if metric == "factor_vae" else 0  # one of four factors, by chance
    assert figures["useless"][metric].value == pytest.approx(least, abs=0.08)


@EVERY
def test_duplicated_codes_have_no_gap_but_are_disentangled(figures, metric):
    assert figures["twice"][metric].value == pytest.approx(TWICE[metric], abs=0.08)


@EVERY
def test_mixed_codes_know_all_and_are_entangled(figures, metric):
    if metric in NEEDS_NO_AXES:
        assert figures["mixed"][metric].value > 0.8
    else:
        assert figures["mixed"][metric].value < figures["perfect"][metric].value - 0.25


@EVERY
def test_a_figure_comes_with_all_that_belongs_to_it(figures, metric):
    m = figures["perfect"][metric]
    assert (m.n, m.seed) == (1000, 0)
    assert 0 <= m.stderr < 0.05
    assert 0 <= m.value <= 1
    if metric not in NEEDS_NO_AXES:
        assert m.control < m.value - 0.2


def test_a_seed_repeats_the_figures():
    values = FACTORS.sample(300, np.random.default_rng(0))
    images = FACTORS.render(values)
    runs = [measured(represent(encode("mixed"), FACTORS, images, values, s), s) for s in (0, 0, 1)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_a_set_has_one_factor_the_same(figures):
    values = one_set(FACTORS, 2, np.random.default_rng(0))
    assert [len(np.unique(column)) > 1 for column in values.T] == [True, True, False, True]


def test_information_of_a_column_with_itself_is_its_entropy_and_of_others_nothing():
    a, b = np.repeat(np.arange(4), 50), np.tile(np.arange(5), 40)
    assert information(a, a) == pytest.approx(np.log(4))
    assert information(a, b) == pytest.approx(0, abs=1e-9)
    assert information(a, b) == pytest.approx(information(b, a), abs=1e-9)


def test_bins_are_equally_wide_and_all_are_used():
    assert np.bincount(binned(np.arange(2000.0))).tolist() == [100] * 20
    assert set(binned(np.zeros(9))) <= set(range(20))


def test_a_gap_needs_no_second():
    assert gap([0.7]) == pytest.approx(0.7)
    assert gap([0.2, 0.7, 0.5]) == pytest.approx(0.2)


def test_chance_is_nothing():
    values = np.array([0, 0, 0, 1])
    assert above_chance(np.zeros(4), values) == 0
    assert above_chance(values, values) == 1
    assert above_chance(1 - values, values) == 0


def test_concentration_is_one_for_one_entry_and_nothing_for_equal_ones():
    np.testing.assert_allclose(concentration(np.array([[0, 3, 0], [2, 2, 2]])), [1, 0], atol=1e-9)


@pytest.fixture
def drawn(tmp_path, make_model, atlas, card):
    """A model of sprites with random weights."""
    model = make_model(image=(1, 64, 64))
    card = replace(card, **model.config.entries(), data={**card.data, "name": "sprites"})
    bundle.save(tmp_path / "drawn", model, atlas, card)
    return tmp_path / "drawn"


def test_evaluate_measures_models_of_drawn_images(drawn, monkeypatch):
    monkeypatch.setattr(disentanglement, "VOTES", 60)
    monkeypatch.setattr(samples, "FEWEST", 501)  # nothing is said of samples here
    printed = call("evaluate", drawn, "--n", "500", "--k", "1")
    metrics = bundle.read_card(drawn).metrics
    for name in TWICE:
        assert (metrics[name]["n"], metrics[name]["seed"]) == (500, 0)
        assert name in printed
    assert metrics["mig"]["value"] < 0.2  # random weights know nothing
    assert f"{metrics['mig']['control']:.3g}" in call("info", drawn)


def test_too_few_images_are_said(drawn):
    assert "need 500 images" in call("evaluate", drawn, "--n", "20", "--k", "1")
    assert not TWICE.keys() & bundle.read_card(drawn).metrics.keys()


def test_codes_keep_the_order_of_the_images():
    factors = DATASETS["sprites"].factors
    values = factors.sample(130, np.random.default_rng(0))
    images = factors.render(values)
    now = represent(lambda images: images.mean((1, 2, 3))[:, None], factors, images, values, 0)
    assert np.array_equal(now.codes[:, 0], images.mean((1, 2, 3)))
