"""Classifiers from few labels: laws that all learners keep."""

import numpy as np
import pytest
import torch

from vae.errors import InputError
from vae.tasks import classify
from vae.tasks.classify import LEARNERS, Few, Pool, check_labels
from vae.tasks.spreading import balanced, graph, nearest, spread, spread_to

CLASSES, N = 3, 300


@pytest.fixture(scope="module")
def blobs():
    """Three clouds of features, and of each point its own."""
    rng = np.random.default_rng(0)
    y = np.arange(N) % CLASSES
    x = rng.normal(size=(N, 4)) * 0.5 + 4 * np.eye(4)[y]
    return Pool(x.astype(np.float32), np.full((N, 4), 0.1, np.float32)), y


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(classify, "Few", lambda: Few(100, 32, 16, 1e-2, width=16))


every_learner = pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)


@every_learner
def test_two_labels_of_each_class_tell_clouds_apart(blobs, learner):
    pool, y = blobs
    rows = np.arange(2 * CLASSES)
    p = learner(pool, rows, y[rows], CLASSES, 0)(pool.mean)
    assert p.shape == (N, CLASSES)
    assert np.allclose(p.sum(1), 1)
    assert (p >= 0).all()
    assert (p.argmax(1) == y).mean() > 0.95


@every_learner
def test_a_class_without_a_label_is_no_obstacle(blobs, learner):
    pool, y = blobs
    rows = np.flatnonzero(y[:20] < 2)
    p = learner(pool, rows, y[rows], CLASSES, 0)(pool.mean)
    assert np.allclose(p.sum(1), 1)
    assert (p.argmax(1) == y)[y < 2].mean() > 0.95


@pytest.mark.parametrize("name", ["logistic", "spreading"])
def test_other_names_of_the_classes_change_no_probability(blobs, name):
    pool, y = blobs
    rows, new = np.arange(9), np.array([2, 0, 1])
    before = LEARNERS[name](pool, rows, y[rows], CLASSES, 0)(pool.mean)
    after = LEARNERS[name](pool, rows, new[y[rows]], CLASSES, 0)(pool.mean)
    assert np.allclose(after[:, new], before, atol=1e-5)


@every_learner
def test_the_same_seed_gives_the_same_classifier(blobs, learner):
    pool, y = blobs
    rows = np.arange(6)
    once, again = (learner(pool, rows, y[rows], CLASSES, 3)(pool.mean) for _ in range(2))
    assert np.array_equal(once, again)


def test_without_labels_the_generative_model_still_learns(blobs):
    pool, _ = blobs
    none = np.zeros(0, int)
    few = Few(steps=60, batch=32, width=16)
    *_, (taken, model) = classify.fit(pool, none, none, CLASSES, few, 0)
    assert taken == 60
    assert np.allclose(classify.reading(lambda x: model.classify(x).mean)(pool.mean).sum(1), 1)


@pytest.mark.parametrize(("y", "classes"), [([1, 1, 1], 3), ([0], 1)])
def test_one_class_is_refused(y, classes):
    with pytest.raises(InputError, match="two classes at least"):
        check_labels(np.array(y), classes)


# ---- the graph


def test_the_nearest_are_those_of_a_plain_search():
    rng = np.random.default_rng(0)
    x, queries = (rng.normal(size=(n, 3)).astype(np.float32) for n in (50, 7))
    lengths = np.linalg.norm(queries[:, None] - x, axis=-1)
    rows, d = nearest(x, queries, 5)
    assert (rows == lengths.argsort(1)[:, :5]).all()
    assert np.allclose(d, np.sort(lengths, 1)[:, :5], atol=1e-5)


def test_the_graph_is_symmetric_and_labels_spread_by_its_equation(blobs):
    pool, y = blobs
    w = graph(pool.mean)
    assert abs(w - w.T).max() == 0
    few = graph(pool.mean[:40]).toarray()
    root = np.diag(few.sum(1) ** -0.5)
    given = np.eye(CLASSES)[y[:40]] * (np.arange(40) < 6)[:, None]
    exact = np.linalg.solve(np.eye(40) - 0.99 * root @ few @ root, 0.01 * given)
    got = spread(graph(pool.mean[:40]), np.arange(6), y[:6], CLASSES)
    assert (got.argmax(1) == exact.argmax(1)).mean() > 0.97


def test_balanced_classes_are_equally_frequent_but_those_without_a_label_stay_out():
    p = np.random.default_rng(0).dirichlet([3, 1, 0.5], 500)
    assert np.allclose(balanced(p).mean(0), 1 / 3, atol=1e-3)
    wanted = np.array([0.5, 0.3, 0.2])
    assert np.allclose(balanced(p, wanted).mean(0), wanted, atol=1e-3)
    without = np.column_stack([p, np.zeros(500)])
    assert (balanced(without)[:, 3] == 0).all()


def test_a_feature_of_the_pool_gets_what_it_has(blobs):
    pool, y = blobs
    p = np.eye(CLASSES)[y]
    assert (spread_to(pool.mean, p, pool.mean).argmax(1) == y).all()


# ---- networks of images


def test_an_image_is_moved_whole_and_no_farther_than_asked():
    x = torch.zeros(640, 1, 8, 8)
    x[:, :, 3:5, 3:5] = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    moved = classify.shifted(x, 2, torch.Generator().manual_seed(0))
    assert moved.shape == x.shape
    assert torch.equal(moved.flatten(1).sort().values, x.flatten(1).sort().values)
    corner = (moved == 1).flatten(1).int().argmax(1)
    assert set(zip((corner // 8).tolist(), (corner % 8).tolist(), strict=True)) == {
        (i, j) for i in range(1, 6) for j in range(1, 6)
    }
    assert torch.equal(classify.shifted(x, 0, torch.Generator()), x)


def test_pseudo_labels_teach_what_they_say_and_a_uniform_guess_nothing():
    y = torch.arange(120) % 2
    images = torch.zeros(120, 1, 8, 8, dtype=torch.uint8)
    images[y == 0, :, 2:6, 3:5] = 255
    images[y == 1, :, 3:5, 2:6] = 255
    p = np.eye(2)[y]
    p[::3] = 0.5  # of a third nothing is known
    taught = classify.Taught(steps=120, batch=16, width=16, shift=1, learning_rate=1e-2)
    model = classify.pseudo_labels(images, p, taught, 0)
    got = classify.probabilities(model, images)
    assert np.allclose(got.sum(1), 1)
    assert (got.argmax(1) == y.numpy()).all()
