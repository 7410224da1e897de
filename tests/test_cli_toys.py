"""Every command opens a model of every kind: what it does, or a sentence why it does not."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image
from toys import CLASSES, TOYS, pictures, save

from vae import bundle
from vae import code as codes
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


def evaluated(tmp_path, model, atlas, card, ends):
    """The figures that `evaluate` writes, and what it prints."""
    about = replace(card, **model.config.entries(), metrics={})
    bundle.save(tmp_path / "model", model, atlas, about)
    code, out, err = ends("evaluate", tmp_path / "model", "--n", 9, "--k", 4)
    assert code == 0, err
    return bundle.read_card(tmp_path / "model").metrics, out
