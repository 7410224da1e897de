"""How good samples are: on images that are as good as can be, on noise, and on one class only."""

from dataclasses import replace

import numpy as np
import platformdirs
import pytest
import torch
from commands import call

from vae import bundle
from vae.data import DATASETS
from vae.errors import InputError
from vae.metrics import samples
from vae.metrics.samples import (
    UNITS,
    Seen,
    batches,
    class_shares,
    classifier,
    codes,
    figures,
    frechet,
    measured,
    portions,
    seen,
)

DIGITS = DATASETS["digits"]
KINDS = ("prior", "aggregate", "reconstructions")


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platformdirs, "user_cache_dir", lambda name: str(folder))
        yield folder / "classifiers"


@pytest.fixture(scope="module")
def judge(cache):
    return classifier(DIGITS)


@pytest.fixture(scope="module")
def test_images():
    return DIGITS.load("test")


def look(judge, x) -> Seen:
    return seen(judge, portions(x))


def test_the_classifier_knows_images_that_it_has_not_seen(judge, test_images):
    said = look(judge, test_images.x)
    assert (said.shares.argmax(1) == test_images.y.numpy()).mean() > 0.94
    assert said.features.shape == (360, samples.FEATURES)
    np.testing.assert_allclose(said.shares.sum(1), 1, atol=1e-5)


def test_it_is_trained_once_and_always_the_same(judge, cache):
    (path,) = cache.iterdir()
    before = path.stat().st_mtime_ns, path.read_bytes()
    again = classifier(DIGITS).state_dict()
    assert all(torch.equal(again[name], value) for name, value in judge.state_dict().items())
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    path.unlink()
    classifier(DIGITS)
    assert path.read_bytes() == before[1]


def test_other_classes_of_the_same_images_have_a_classifier_of_their_own(
    judge, tmp_path, monkeypatch
):
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(tmp_path))

    def parity(part):
        images = DIGITS.published(part)
        return images._replace(y=images.y % 2)

    classifier(DIGITS)
    other = classifier(replace(DIGITS, classes=("even", "odd"), published=parity))
    assert (judge.head.out_features, other.head.out_features) == (10, 2)


def test_a_kept_classifier_that_is_damaged_is_named(judge, cache):
    (path,) = cache.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with pytest.raises(InputError, match=r"digits-\w+\.safetensors is not a complete"):
        classifier(DIGITS)
    path.write_bytes(whole)


@pytest.mark.parametrize("n", [5, 128, 300])
def test_batches_take_every_row_once_an_epoch(n):
    rows = list(batches(n))
    each = n // min(samples.BATCH, n)
    epoch = torch.cat(rows[:each])
    assert len(rows) == samples.STEPS
    assert len(set(epoch.tolist())) == len(epoch) > n - samples.BATCH
    assert not torch.equal(torch.cat(rows[each : 2 * each]), epoch)


def test_good_images_noise_and_one_class_are_told_apart(judge, test_images):
    train = look(judge, DIGITS.load("train").x)
    shares = class_shares(look(judge, test_images.x))
    noise = torch.randint(0, 256, (300, 1, 8, 8), generator=torch.Generator().manual_seed(0))
    good = figures(look(judge, test_images.x), train, shares)
    bad = figures(look(judge, noise.byte()), train, shares)
    zeros = figures(look(judge, test_images.x[test_images.y == 0]), train, shares)
    assert good["classes"] == 0
    assert good["confident"] > 0.9 > bad["confident"]
    assert good["frechet"] < bad["frechet"] / 5
    assert zeros["classes"] == pytest.approx(0.9, abs=0.03)
    assert zeros["frechet"] > 5 * good["frechet"]


def test_the_distance_between_gaussians_is_the_known_one():
    a = np.random.default_rng(0).normal(size=(20_000, 4))
    assert frechet(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet(a, a + np.array([1, 0, 0, 2])) == pytest.approx(5)
    assert frechet(a, 3 * a) == pytest.approx(
        4 * np.trace(np.cov(a.T)) + 4 * (a.mean(0) ** 2).sum()
    )
    turned = a @ np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0]
    assert frechet(a, turned) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("design", [{}, {"posterior": "point"}, {"prior": "mixture"}], ids=str)
def test_each_figure_comes_with_its_control(make_model, atlas, card, tmp_path, design):
    bundle.save(tmp_path / "a", make_model(**design), atlas, card_of(card, make_model(**design)))
    opened = bundle.load(tmp_path / "a")
    got, again = (measured(opened, DIGITS, 300, seed=1) for _ in range(2))
    assert got == again
    assert got.keys() == {f"{kind}_{name}" for kind in KINDS for name in UNITS}
    for m in got.values():
        assert (m.n, m.seed) == (300, 1)
        assert m.stderr >= 0
        assert "the test images" in m.note
    assert got["prior_confident"].control > 0.9
    assert got["prior_frechet"].value > 5 * got["prior_frechet"].control  # its weights are random
    assert got["prior_classes"].control == 0
    assert "9 " in got["prior_classes"].note


def card_of(card, model):
    from msgspec.structs import replace

    return replace(card, **model.config.entries())


def test_codes_are_as_many_as_asked_for(saved, test_images):
    opened = bundle.load(saved)
    for name, z in codes(opened, test_images.x[:50], 50, seed=0):
        assert z.shape == (50, 3), name
        assert z.dtype == torch.float32


def test_evaluate_says_how_good_samples_are(saved):
    printed = call("evaluate", saved, "--n", "300", "--k", "1")
    metrics = bundle.read_card(saved).metrics
    for kind in KINDS:
        assert metrics[f"{kind}_frechet"]["n"] == 300
        assert f"{kind}_frechet" in printed


def test_evaluate_says_what_it_leaves_out(saved):
    assert "needs 256 images" in call("evaluate", saved, "--n", "20", "--k", "1")


def test_a_classifier_that_is_not_sure_of_test_images_is_no_judge(saved, monkeypatch):
    def unsure(classifier, images):
        real = seen(classifier, images)
        return real._replace(shares=np.full_like(real.shares, 1 / real.shares.shape[1]))

    monkeypatch.setattr(samples, "seen", unsure)
    printed = call("evaluate", saved, "--n", "300", "--k", "1")
    assert "sure of 0% of the test images, so it says nothing of samples" in " ".join(
        printed.split()
    )
    assert "prior_frechet" not in printed
