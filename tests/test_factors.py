"""Laws of every data set that is drawn from known factors, and what the sprites are."""

from dataclasses import replace
from functools import partial
from hashlib import sha256

import numpy as np
import pytest
import torch

from vae.data import DATASETS, SPLITS, data_set_of, faces, sprites
from vae.data.factors import Factor, Factors
from vae.errors import InputError

DRAWN = {name: dataset for name, dataset in DATASETS.items() if dataset.factors}
EVERY = pytest.mark.parametrize("dataset", DRAWN.values(), ids=DRAWN)
ANY = Factors((Factor("a", 3), Factor("b"), Factor("c", 4)), render=np.array)


@EVERY
def test_images_are_those_of_their_factors(dataset):
    for split in ("train", "test"):
        images = dataset.published(split, {"train": 20, "test": 20})
        assert images.factors.shape == (20, len(dataset.factors.each))
        assert torch.equal(
            torch.from_numpy(dataset.factors.render(images.factors.numpy())), images.x
        )


@EVERY
def test_drawing_again_gives_the_same_pixels(dataset):
    drawn = dataset.factors.render(dataset.factors.sample(30, np.random.default_rng(0)))
    again = dataset.factors.render(dataset.factors.sample(30, np.random.default_rng(0)))
    assert drawn.dtype == np.uint8
    assert drawn.shape == (30, *dataset.image)
    assert np.array_equal(drawn, again)


@EVERY
def test_an_image_depends_on_no_other(dataset):
    rows = dataset.factors.sample(10, np.random.default_rng(1))
    together = dataset.factors.render(rows)
    assert np.array_equal(together[3:4], dataset.factors.render(rows[3:4]))


@EVERY
def test_scores_are_ordered_as_the_factors_and_distributed_as_codes_are(dataset):
    rows = dataset.factors.sample(4000, np.random.default_rng(3))
    ordered = [i for i, factor in enumerate(dataset.factors.each) if factor.ordered]
    scores = dataset.factors.scores(rows)
    assert scores.shape == (4000, len(ordered))
    for i, column in zip(ordered, scores.T, strict=True):
        by_factor = np.argsort(rows[:, i], kind="stable")
        assert (np.diff(column[by_factor]) >= 0).all()
        assert column.mean() == pytest.approx(0, abs=0.06)
        if dataset.factors.each[i].size != 2:
            assert column.std() == pytest.approx(1, abs=0.12)


def test_an_order_that_turns_or_only_names_values_is_none():
    factors = (
        Factor("a", 3, ("x", "y", "z")),
        Factor("b", circular=True),
        Factor("c", 2, ("n", "y")),
    )
    assert [factor.ordered for factor in factors] == [False, False, True]


@EVERY
def test_every_factor_changes_the_picture(dataset):
    rows = dataset.factors.sample(40, np.random.default_rng(2))
    for i, factor in enumerate(dataset.factors.each):
        other = rows.copy()
        other[:, i] = (rows[:, i] + 1) % factor.size if factor.size else 1 - rows[:, i]
        changed = (dataset.factors.render(rows) != dataset.factors.render(other)).any((1, 2, 3))
        assert changed.mean() > 0.5, factor.name


@EVERY
def test_factors_have_names_of_their_own_and_words_for_all_values_or_none(dataset):
    assert len(set(dataset.factors.names)) == len(dataset.factors.names)
    assert all(len(factor.words) in (0, factor.size) for factor in dataset.factors.each)


def test_factors_are_independent_uniform_and_within_their_sizes():
    rows = ANY.sample(20_000, np.random.default_rng(0))
    assert set(rows[:, 0]) == {0, 1, 2}
    assert set(rows[:, 2]) == {0, 1, 2, 3}
    assert 0 <= rows[:, 1].min() < 0.01 < 0.99 < rows[:, 1].max() < 1
    np.testing.assert_allclose(rows.mean(0), [1, 0.5, 1.5], atol=0.03)
    assert np.abs(np.corrcoef(rows.T) - np.eye(3)).max() < 0.03


def test_every_combination_comes_once():
    rows = np.arange(sprites.FACTORS.combinations)
    each = sprites.FACTORS.combination(rows).astype(int)
    assert len(rows) == 3 * 6 * 40 * 32 * 32
    assert np.array_equal(np.ravel_multi_index(each.T, sprites.FACTORS.sizes), rows)
    assert ANY.combinations == 0


def test_no_sprite_is_in_two_splits():
    rows = [DATASETS["sprites"].load(split).factors.numpy() for split in SPLITS]
    assert [len(part) for part in rows] == [55_000, 5_000, 10_000]
    assert len(np.unique(np.concatenate(rows), axis=0)) == 70_000


def test_sprites_are_binary_and_whole():
    """Each lies within its box, so within the image at every place, and is as large as it says."""
    stamps = sprites.stamps()
    assert set(np.unique(stamps)) == {0, 255}
    assert not stamps[..., [0, -1], :].any()
    assert not stamps[..., :, [0, -1]].any()
    area = (stamps > 0).sum((-1, -2))
    assert np.sqrt(area[0, :, 0]).tolist() == [11, 13, 15, 17, 19, 21]
    assert np.allclose(
        area[1], np.pi / 2 * ((sprites.REACH * sprites.SCALES) ** 2)[:, None], rtol=0.08
    )
    assert (np.diff(area.astype(int), axis=1) > 0).all()


def test_a_place_is_where_a_sprite_is():
    corner, far = sprites.render(np.array([[2, 5, 0, 0, 0], [2, 5, 0, 31, 7]]))
    assert np.array_equal(np.roll(corner, (7, 31), (1, 2)), far)


def test_sprites_have_the_same_pixels_for_ever():
    """What was trained on them before has them for its held-out images after an update."""
    drawn = DATASETS["sprites"].load("test").x[:1000].numpy()
    assert sha256(drawn.tobytes()).hexdigest()[:16] == "cd4e8e0c8e6a536a"


def test_faces_have_the_same_pixels_for_ever():
    rows = faces.FACTORS.sample(50, np.random.default_rng(0))
    assert sha256(faces.render(rows).tobytes()).hexdigest()[:16] == "1114392aa0cc5482"


def test_turning_the_hue_all_the_way_round_changes_nothing():
    rows = faces.FACTORS.sample(5, np.random.default_rng(0))
    hue = faces.NAMES.index("background")
    ends = [np.where(np.arange(len(faces.NAMES)) == hue, end, rows) for end in (0, 1)]
    assert np.array_equal(*map(faces.render, ends))


@EVERY
def test_other_seeds_draw_other_images(dataset):
    few = {"train": 50, "test": 50}
    rows = [dataset.published("train", few, seed).factors for seed in (0, 0, 1)]
    assert torch.equal(rows[0], rows[1])
    assert not torch.equal(rows[0], rows[2])


@EVERY
def test_any_factor_may_be_the_class(dataset):
    rows = dataset.factors.sample(500, np.random.default_rng(0))
    for factor, values in zip(dataset.factors.each, rows.T, strict=True):
        classes = factor.class_of(values)
        assert len(set(factor.classes)) == len(factor.classes) == (factor.size or 2)
        assert set(classes) <= set(range(len(factor.classes)))
        assert (np.diff(classes[np.argsort(values, kind="stable")]) >= 0).all()


@EVERY
def test_classes_by_a_factor_are_its_values_of_the_same_images(dataset):
    factor = dataset.factors.each[0]
    by = dataset.classed_by(factor.name)
    assert by.classes == factor.classes
    assert by.identity != dataset.identity
    assert data_set_of({"name": dataset.name, "by": factor.name}).classes == by.classes
    small = replace(dataset, published=partial(dataset.published, n={"train": 20, "test": 20}))
    images, own = small.classed_by(factor.name).load("test"), small.load("test")
    assert torch.equal(images.x, own.x)
    assert images.y.tolist() == factor.class_of(own.factors[:, 0].numpy()).tolist()


def test_classes_by_what_is_no_factor_are_refused():
    with pytest.raises(InputError, match="no factor 'moustache'; known are skin, "):
        DATASETS["faces"].classed_by("moustache")
    with pytest.raises(InputError, match="no known factors"):
        DATASETS["digits"].classed_by("glasses")
