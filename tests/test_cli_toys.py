"""Every command opens a model of every kind: what it does, or a sentence why it does not."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from PIL import Image
from toys import CLASSES, TOYS, pictures, save

from vae import bundle
from vae import code as codes
from vae.data.base import to_bytes
from vae.metrics import METRICS

EVERY = pytest.mark.parametrize("kind", TOYS)
IN_ALL = [
    ["info"],
    ["sample", "--n", "4", "--out", "sheet.png"],
    ["sample", "--n", "4", "--source", "aggregate", "--out", "sheet.png"],
    ["sample", "--n", "4", "--source", CLASSES[3], "--out", "sheet.png"],
    ["sample", "--n", "4", "--around", "@3", "--out", "sheet.png"],
    ["morph", "@3", "@8", "--steps", "5", "--out", "walk.json"],
    ["traverse", "--all", "--out", "rows.json"],
    ["manifold", "--n", "3", "--through", "@3", "@2", "@1", "--out", "sheet.png"],
    ["encode", "picture.png", "--out", "codes.csv"],
    ["reconstruct", "picture.png", "--out", "reconstructions"],
    ["export-html", "--out", "page.html"],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A function that gives the folder of the bundle of a kind, made once."""
    root = tmp_path_factory.mktemp("toys")
    return cache(lambda kind: save(root, kind))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of one's own to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draw(kind: str, path: Path) -> None:
    x = pictures(TOYS[kind].image, 1, seed=5).x[0].numpy().transpose(1, 2, 0)
    Image.fromarray(x.squeeze()).save(path)


def written(words: list[str]) -> Path | None:
    return Path(words[words.index("--out") + 1]) if "--out" in words else None


@EVERY
@pytest.mark.parametrize("words", IN_ALL, ids=" ".join)
def test_every_command_takes_every_kind(folder, here, ends, kind, words):
    draw(kind, here / "picture.png")
    code, _, err = ends(words[0], folder(kind), *words[1:])
    assert code == 0, err
    assert not written(words) or written(words).exists()


def test_a_restyled_picture_is_its_code_as_each_class(folder, here, ends):
    draw("conditional", here / "picture.png")
    opened = bundle.load(folder("conditional"))
    code, out, err = ends(
        "restyle", folder("conditional"), "picture.png", "@3", "--scale", "1", "--out", "sheet.png"
    )
    assert code == 0, err
    assert re.search(rf"picture.png: ({'|'.join(CLASSES)}) \([\d.]+ %\)", out)
    sheet = np.asarray(Image.open(here / "sheet.png"))
    assert sheet.shape == (2 * 12, 5 * 12)
    z = torch.from_numpy(opened.atlas.mean[3]).expand(4, -1)
    want = to_bytes(opened.model.decode(z, torch.arange(4)).mean)
    got = sheet[12:, 12:].reshape(12, 4, 12).transpose(1, 0, 2)
    np.testing.assert_array_equal(got, want[:, 0])


def test_a_picture_may_be_read_as_any_class(folder, here, ends):
    draw("conditional", here / "picture.png")
    sheets = []
    for given in CLASSES:
        words = ["restyle", folder("conditional"), "picture.png", "--given", given]
        code, out, err = ends(*words, "--out", f"{given}.png")
        assert code == 0, err
        assert f"picture.png: {given} (100.0 %)" in out
        sheets.append((here / f"{given}.png").read_bytes())
    assert len(set(sheets)) == len(CLASSES)


@pytest.mark.parametrize(
    ("kind", "words", "says"),
    [
        ("standard", ["@3"], "no conditional model; train one with --condition"),
        ("discrete", ["@3"], "no conditional model"),
        ("conditional", ["@3", "--given", "heart"], "no class 'heart'; known are flat bar"),
        ("conditional", ["short.json"], "3 numbers; codes of this model have 7, its 4 classes'"),
        ("conditional", ["between.json"], "the weights of 'shape' must be positive with the sum 1"),
    ],
)
def test_what_cannot_be_restyled_is_refused(folder, here, refusal, kind, words, says):
    own = bundle.read_card(folder(kind)).files[bundle.WEIGHTS]
    for name, z in {"short": [0, 1, 2], "between": [1, 1, 0, 0, 0, 1, 2]}.items():
        (here / f"{name}.json").write_text(json.dumps({"z": z, "weights": own}))
    assert says in " ".join(refusal("restyle", folder(kind), *words).split())
    assert not (here / "styles.png").exists()


def test_samples_of_a_class_are_the_conditional_models_own(folder, here, ends):
    _, out, _ = ends("sample", folder("conditional"), "--source", "ring", "--out", "sheet.png")
    assert "of class ring, from the prior" in out
    _, out, _ = ends("sample", folder("standard"), "--source", "ring", "--out", "sheet.png")
    assert "the model itself knows no classes" in " ".join(out.split())


@EVERY
def test_refine_improves_or_says_why_not(folder, here, ends, kind):
    draw(kind, here / "picture.png")
    code, out, err = ends("refine", folder(kind), "picture.png", "--steps", "2")
    if TOYS[kind].code.has_rate:
        assert code == 0
        assert "ELBO" in out
    else:
        assert code == 2
        assert "no ELBO to improve" in err


@EVERY
def test_a_traverse_leaves_choices_alone(folder, here, ends, kind):
    ends("traverse", folder(kind), "--all", "--out", "rows.json")
    rows = json.loads((here / "rows.json").read_text())["rows"]
    free = codes.free(TOYS[kind].code)
    assert sorted(row["dimension"] for row in rows) == np.flatnonzero(free).tolist()
    assert ("rate" in rows[0]) == TOYS[kind].code.has_rate


@EVERY
def test_what_a_picture_costs_has_a_rate_where_there_is_one(folder, here, ends, kind):
    draw(kind, here / "picture.png")
    ends("encode", folder(kind), "picture.png", "--out", "codes.npz")
    with np.load(here / "codes.npz") as file:
        made = dict(file)
    assert ("rate" in made) == TOYS[kind].code.has_rate
    assert made["mean"].shape == (1, TOYS[kind].code.size)
    assert 0 <= made["percentile"][0] <= 100


def test_the_whole_of_a_learned_prior_is_refused(tmp_path, make_model, atlas, card, refusal):
    flat = atlas._replace(mean=atlas.mean[:, :2], scale=atlas.scale[:, :2])
    model = make_model(latent=2, prior="mixture", components=3)
    bundle.save(tmp_path / "flat", model, flat, replace(card, **model.config.entries()))
    assert "where its prior is N(0, I)" in refusal("manifold", tmp_path / "flat")


@pytest.mark.parametrize("prior", ["normal", "mixture", "vamp"])
def test_a_model_of_every_prior_has_every_figure(tmp_path, make_model, atlas, card, ends, prior):
    measured, out = evaluated(tmp_path, make_model(prior=prior, components=3), atlas, card, ends)
    assert {"rate", "distortion", "elbo", "nll", *METRICS} <= measured.keys()
    assert measured["nll"]["value"] <= -measured["elbo"]["value"]
    assert "no rate" not in out


def test_a_point_posterior_is_measured_by_what_it_has(tmp_path, make_model, atlas, card, ends):
    measured, out = evaluated(tmp_path, make_model(posterior="point"), atlas, card, ends)
    assert {"distortion", *METRICS} <= measured.keys()
    assert not {"rate", "elbo"} & measured.keys()
    assert "one point without a density" in " ".join(out.split())


def test_a_conditional_model_is_measured_given_the_class(tmp_path, make_model, atlas, card, ends):
    model = make_model(condition=True, classes=10)
    rng, size = np.random.default_rng(0), model.config.latent
    mean = rng.normal(size=(len(atlas.mean), size)).astype(np.float32)
    own = atlas._replace(mean=mean, scale=np.exp(mean))
    measured, _ = evaluated(tmp_path, model, own, card, ends)
    assert measured["nll"]["note"] == "given the class"
    assert measured["active_units"]["value"] <= 3
    assert 0 <= measured["class_by_elbo"]["value"] <= 1
    assert 0 <= measured["class_by_encoder"]["value"] <= 1


def evaluated(tmp_path, model, atlas, card, ends):
    """The figures that `evaluate` writes, and what it prints."""
    about = replace(card, **model.config.entries(), metrics={})
    bundle.save(tmp_path / "model", model, atlas, about)
    code, out, err = ends("evaluate", tmp_path / "model", "--n", 9, "--k", 4)
    assert code == 0, err
    return bundle.read_card(tmp_path / "model").metrics, out
