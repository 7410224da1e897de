"""A detector is fitted to normal pictures and finds others; whatever it refuses, it says why."""

import csv
import json
from io import StringIO

import numpy as np
import pytest
from commands import call
from PIL import Image

from vae import bundle
from vae.data import DATASETS
from vae.data.base import to_unit
from vae.errors import InputError
from vae.objective import surprise
from vae.tasks.anomaly import CONTROLS, SCORES
from vae.tasks.comparison import KINDS, columns
from vae.tasks.detector import Detector, from_json, to_json

GREYS = ("--invert", "no")  # as they are
ROWS = ["picture", "score", "p_value", "flag", "class", "notes"]


@pytest.fixture
def folder(tmp_path):
    """A function that writes pictures of noise of some brightness into a folder of their own."""

    def make(name, n, bright=60, seed=0):
        rng, path = np.random.default_rng(seed), tmp_path / name
        path.mkdir()
        for i in range(n):
            noise = rng.uniform(0, bright, (8, 8)).astype(np.uint8)
            Image.fromarray(noise).save(path / f"{i:03}.png")
        return path

    return make


@pytest.fixture
def fitted(saved, folder, tmp_path):
    """A function that fits a detector to 40 dark pictures; returns its path."""

    def fit(*words):
        path = tmp_path / "detector.json"
        call("anomaly", "fit", saved, folder("normal", 40), "--out", path, *GREYS, *words)
        return path

    return fit


def rows(text):
    first, *rest = csv.reader(StringIO(text))
    assert first == ROWS
    return [dict(zip(ROWS, row, strict=True)) for row in rest]


def test_others_are_flagged_and_normal_ones_rarely(saved, folder, fitted, ends):
    detector = fitted("--score", "brightness", "--rate", 0.1)
    code, out, err = ends("anomaly", "score", saved, detector, folder("white", 5, 255, 1))
    assert code == 1
    assert [row["flag"] for row in rows(out)] == ["1"] * 5
    assert {row["p_value"] for row in rows(out)} == {f"{1 / 41:.4g}"}
    assert "5 of 5 flagged" in err
    code, out, _ = ends("anomaly", "score", saved, detector, folder("dark", 5, 30, 2))
    assert code == 0
    assert [row["flag"] for row in rows(out)] == ["0"] * 5


@pytest.mark.parametrize("score", [*SCORES, *CONTROLS])
def test_every_score_can_be_fitted(saved, folder, fitted, ends, score):
    detector = fitted("--score", score, "--rate", 0.5)
    again = ends("anomaly", "score", saved, detector, folder("same", 40))[1]
    p = [float(row["p_value"]) for row in rows(again)]
    want = p_of_ranks([float(row["score"]) for row in rows(again)])
    assert sorted(set(p)) == pytest.approx(want, rel=1e-3)


def p_of_ranks(scores):
    """The p-values of the normal pictures themselves."""
    values = np.array(scores)
    return sorted({(1 + (values >= s).sum()) / (len(values) + 1) for s in values})


def test_a_file_has_the_same_rows_as_the_screen(saved, folder, fitted, ends, tmp_path):
    detector, pictures = fitted(), folder("new", 3)
    screen = ends("anomaly", "score", saved, detector, pictures)[1]
    ends("anomaly", "score", saved, detector, pictures, "--out", tmp_path / "scores.csv")
    assert rows((tmp_path / "scores.csv").read_text("utf-8")) == rows(screen)


def test_without_pictures_the_models_own_data_are_taken(saved, tmp_path, ends):
    path = tmp_path / "detector.json"
    call("anomaly", "fit", saved, "--out", path, "--by-class", "--rate", 0.5)
    code, out, _ = ends("anomaly", "score", saved, path)
    assert code == 1
    found = rows(out)
    assert len(found) == 360
    assert np.mean([int(row["flag"]) for row in found]) == pytest.approx(0.5, abs=0.12)
    assert {row["class"] for row in found} <= set("0123456789")


def test_pictures_are_prepared_as_they_were_for_the_fit(saved, folder, fitted, ends):
    detector = fitted("--score", "brightness", "--invert", "yes")
    assert json.loads(detector.read_text())["prepare"] == {"invert": "yes"}
    out = ends("anomaly", "score", saved, detector, folder("dark", 2, 5))[1]
    assert all(float(row["score"]) > 0.9 for row in rows(out))


def test_a_large_folder_is_read_in_portions(saved, folder, fitted, ends, monkeypatch):
    from vae.cli import anomaly

    detector, pictures = fitted(), folder("many", 25)
    whole = ends("anomaly", "score", saved, detector, pictures)[1]
    sizes, read = [], anomaly.inputs
    monkeypatch.setattr(anomaly, "ROWS", 10)
    monkeypatch.setattr(
        anomaly, "inputs", lambda paths, *how: sizes.append(len(paths)) or read(paths, *how)
    )
    scores = [
        float(r["score"]) for r in rows(ends("anomaly", "score", saved, detector, pictures)[1])
    ]
    assert sizes == [10, 10, 5]
    assert scores == pytest.approx([float(row["score"]) for row in rows(whole)], rel=1e-5)


def test_a_survey_adds_numbers_to_the_atlas_and_can_be_repeated(saved):
    before = bundle.load(saved)
    for _ in range(2):
        assert "20 pictures of each kind" in call("anomaly", "survey", saved)
    after = bundle.load(saved)
    added = after.atlas.columns.keys() - before.atlas.columns.keys()
    assert {column.name for column in added} == {f"scores.{kind}" for kind in KINDS}
    normal = after.atlas.named()["scores.normal"]
    assert normal.shape == (20, 3)
    images = DATASETS["digits"].load("test").x[after.atlas.index]
    nats = surprise(after.model, to_unit(images)).nats
    assert np.allclose(normal[:, 0], nats, rtol=1e-3)
    assert np.allclose(normal[:, 2], to_unit(images).mean((1, 2, 3)), rtol=1e-3)


def test_a_survey_of_some_pictures_leaves_the_others_without_a_score(saved):
    opened = bundle.load(saved)
    images = DATASETS["digits"].load("test").x[opened.atlas.index]
    whole, some = (columns(opened.model, images, {}, most) for most in (20, 5))
    for scores in some.values():
        there = np.isfinite(scores).all(1)
        assert there.sum() == 5
        assert np.isnan(scores[~there]).all()
    normal = next(iter(some))
    there = np.isfinite(some[normal][:, 0])
    assert np.allclose(some[normal][there], whole[normal][there], rtol=1e-3)


# ---- what is refused


def test_too_few_normal_pictures_get_the_lowest_rate_that_they_promise(
    saved, folder, refusal, tmp_path
):
    path = tmp_path / "detector.json"
    words = ["anomaly", "fit", saved, folder("few", 12), "--out", path]
    says = "12 normal pictures promise a false-alarm rate of 7.693 % at best, not 5 %"
    assert says in refusal(*words)
    assert not path.exists()
    call(*words, "--rate", 0.08)


def test_a_class_with_too_few_is_named(saved, folder, refusal, tmp_path):
    words = ["--by-class", "--out", tmp_path / "detector.json"]
    says = refusal("anomaly", "fit", saved, folder("normal", 40), *words)
    assert "normal pictures like " in says


def test_a_model_without_classes_has_none_to_tell_apart(
    tmp_path, make_model, atlas, card, folder, refusal
):
    bundle.save(tmp_path / "none", make_model(net="conv-decoder"), atlas._replace(label=None), card)
    words = [folder("normal", 40), "--by-class", "--out", tmp_path / "detector.json"]
    assert "have no classes" in refusal("anomaly", "fit", tmp_path / "none", *words)


def test_a_folder_without_pictures_is_refused(saved, folder, fitted, refusal, tmp_path):
    empty, path = folder("empty", 0), tmp_path / "none.json"
    says = f"There are no pictures in {empty}."
    assert says in refusal("anomaly", "fit", saved, empty, "--out", path)
    assert not path.exists()
    target = tmp_path / "scores.csv"
    target.write_text("old")
    assert says in refusal("anomaly", "score", saved, fitted(), empty, "--out", target)
    assert target.read_text() == "old"


def test_one_damaged_picture_loses_no_other(saved, folder, fitted, ends):
    detector, pictures = fitted(), folder("new", 3)
    (pictures / "001.png").write_bytes(b"\x89PNG\r\n")
    code, out, err = ends("anomaly", "score", saved, detector, pictures)
    assert code == 2
    assert [row["picture"][-7:] for row in rows(out)] == ["000.png", "002.png"]
    assert "001.png" in err


def test_pictures_of_any_size_are_prepared(saved, folder, fitted, ends):
    pictures = folder("new", 1)
    Image.linear_gradient("L").resize((31, 17)).save(pictures / "wide.png")
    Image.new("RGB", (100, 300)).save(pictures / "tall.png")
    code, out, _ = ends("anomaly", "score", saved, fitted(), pictures)
    assert code in (0, 1)
    assert len(rows(out)) == 3


def test_a_detector_of_another_model_is_refused(
    saved, tmp_path, make_model, atlas, card, folder, fitted, refusal
):
    other = tmp_path / "other"
    bundle.save(other, make_model(net="conv-decoder", seed=1), atlas, card)
    says = refusal("anomaly", "score", other, fitted(), folder("new", 1))
    assert "was fitted to another model, tiny: name that one" in says


DAMAGE = {
    "no JSON": lambda raw: None,
    "another format": lambda raw: raw | {"format": 99},
    "unknown score": lambda raw: raw | {"score": "luck"},
    "unknown entry": lambda raw: raw | {"more": 1},
    "no numbers": lambda raw: raw | {"normal": ["a"]},
    "nothing normal": lambda raw: raw | {"normal": []},
    "classes of others": lambda raw: raw | {"groups": [1]},
    "a class that is none": lambda raw: raw | {"groups": [-7, *[10**6] * 39]},
    "unknown preparation": lambda raw: raw | {"prepare": {"luck": 1}},
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_detector_is_refused_in_a_sentence(saved, folder, fitted, refusal, damage):
    path = fitted()
    raw = damage(json.loads(path.read_text()))
    path.write_text("{" if raw is None else json.dumps(raw))
    says = refusal("anomaly", "score", saved, path, folder("new", 1))
    assert says.strip().endswith(".")


def test_a_detector_is_saved_as_it_is(tmp_path):
    detector = Detector(
        model="m", weights="w", score="regret", rate=0.1, prepare={}, normal=[1.5], groups=[3]
    )
    path = tmp_path / "detector.json"
    path.write_bytes(to_json(detector))
    assert from_json(path, "w") == detector
    with pytest.raises(InputError, match="another model, m"):
        from_json(path, "v")
