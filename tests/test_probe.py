from dataclasses import replace

import numpy as np
import pytest

from vae import bundle
from vae.data import DATASETS
from vae.errors import InputError
from vae.tasks.probe import READERS, Target, View, labelled, readings, targets_of, views_of

RNG = np.random.default_rng(0)
Y = RNG.integers(0, 4, 900)
CLASS = Target("class", Y[:600], Y[600:], 4)
V = RNG.random(900).astype(np.float32)
NUMBER = Target("size", V[:600], V[600:], 0)
EVERY = pytest.mark.parametrize("target", [CLASS, NUMBER], ids=lambda t: t.name)
READER = pytest.mark.parametrize("reader", READERS)


def telling(target: Target) -> View:
    """Features from which it can be read off."""

    def features(y):
        return np.eye(4)[y] * 5 if target.classes else np.stack([y, -y], 1) * 10

    return View("telling", features(target.pool), features(target.test))


NOISE = View("noise", RNG.normal(size=(600, 5)), RNG.normal(size=(300, 5)))


def scores(view: View, target: Target, reader: str) -> list[float]:
    found = readings([view], target, (60, 200), draws=2, seed=0)
    return [reading.score for reading in found if reading.reader == reader]


@EVERY
@READER
def test_what_says_all_is_read_and_noise_is_not(target, reader):
    assert min(scores(telling(target), target, reader)) > 0.95
    assert max(scores(NOISE, target, reader)) < (0.4 if target.classes else 0.1)


@EVERY
def test_readings_are_the_same_with_the_same_seed(target):
    def all_of(seed):
        return list(readings([NOISE], target, (60,), draws=2, seed=seed))

    assert all_of(0) == all_of(0)
    assert all_of(0) != all_of(1)


@pytest.mark.parametrize("labels", [4, 5, 11, 40, 599])
def test_classes_have_equally_many_labels(labels):
    """As far as it goes: of 600 images of four classes no class is short before 40 each."""
    rows = labelled(CLASS, labels, seed=0, draw=0)
    assert len(set(rows)) == labels
    counts = np.bincount(CLASS.pool[rows], minlength=4)
    assert counts.max() - counts.min() <= (1 if labels <= 40 else 60)


@pytest.mark.parametrize(("target", "labels"), [(CLASS, 3), (CLASS, 601), (NUMBER, 1)])
def test_labels_that_cannot_be_drawn_are_refused(target, labels):
    with pytest.raises(InputError, match=f"{labels} labels of {target.name} cannot be drawn"):
        next(readings([NOISE], target, (labels,), draws=1, seed=0))


def test_one_label_a_class_is_enough():
    assert len(list(readings([NOISE], CLASS, (4,), draws=1, seed=0))) == len(READERS)


def test_views_are_codes_as_many_components_and_pixels(make_model, digits):
    opened = bundle.Bundle(make_model(), None, None, None)
    found = views_of(opened, digits, digits.take(slice(50)))
    size = digits.x[0].numel()
    assert [view.pool.shape[1] for view in found] == [3, 3, size]
    for view in found:
        assert (len(view.pool), len(view.test)) == (len(digits.x), 50)
        assert view.pool.var(0).mean() == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("name", ["digits", "sprites"])
def test_targets_are_the_factors_or_else_the_class(name):
    source = DATASETS[name]
    images = source.load("test").take(slice(20))
    names = [target.name for target in targets_of(source, images, images)]
    assert names == (list(source.factors.names) if source.factors else ["class"])


def test_a_data_set_of_which_nothing_is_known_is_refused(digits):
    with pytest.raises(InputError, match="neither classes nor factors"):
        targets_of(replace(DATASETS["digits"], classes=()), digits, digits)
