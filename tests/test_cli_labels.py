"""Classes after labels of a few pictures; whatever is refused, it says why and writes nothing."""

import csv
from io import StringIO

import numpy as np
import pytest
from commands import call
from PIL import Image

from vae.errors import InputError
from vae.tasks import labeller

GREYS = ("--invert", "no")  # as they are


@pytest.fixture
def folder(tmp_path):
    """Forty pictures of noise, dark ones and bright ones in turn."""
    rng, path = np.random.default_rng(0), tmp_path / "pictures"
    path.mkdir()
    for i in range(40):
        noise = rng.uniform(0, 40, (8, 8)) + 200 * (i % 2)
        Image.fromarray(noise.astype(np.uint8)).save(path / f"{i:02}.png")
    return path


@pytest.fixture
def labels(tmp_path):
    """A function that writes a table of labels."""

    def write(*rows):
        path = tmp_path / "labels.csv"
        path.write_text("\n".join(rows), "utf-8")
        return path

    return write


def truth(i):
    return ("dark", "bright")[i % 2]


def rows_for(n):
    return ["name,label", *(f"{i:02}.png,{truth(i)}" for i in range(n))]


def fit(saved, table, folder, out, *words):
    return call("label", "fit", saved, table, folder, "--no-examples", "--out", out, *GREYS, *words)


def test_labels_of_a_few_name_the_others(saved, folder, labels, tmp_path):
    out = tmp_path / "labels.safetensors"
    said = fit(saved, labels(*rows_for(20)), folder, out)
    assert "20 labels of 2 classes, spread over 40 codes; of labels left out" in said
    table = call("label", "predict", saved, out, folder, "--out", tmp_path / "classes.csv")
    table = (tmp_path / "classes.csv").read_text("utf-8")
    found = list(csv.DictReader(StringIO(table)))
    assert [row["class"] for row in found] == [truth(i) for i in range(40)]
    assert all(0.5 <= float(row["probability"]) <= 1 for row in found)


def test_of_many_pictures_those_with_a_label_are_taken_first(
    saved, folder, labels, tmp_path, monkeypatch
):
    monkeypatch.setattr("vae.cli.labels.MOST", 12)
    last = ["name,label", *(f"{i:02}.png,{truth(i)}" for i in range(30, 40))]
    said = fit(saved, labels(*last), folder, tmp_path / "labels.safetensors")
    assert "10 labels of 2 classes, spread over 12 codes" in said


def test_labels_spread_over_the_models_own_examples_too(saved, folder, labels, tmp_path):
    out = tmp_path / "labels.safetensors"
    said = call("label", "fit", saved, labels(*rows_for(6)), folder, "--out", out, *GREYS)
    assert "spread over 60 codes." in said


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["00.png,dark", "02.png,dark"], "two classes at least"),
        (["00.png,dark", "00.png,bright"], "contradicts itself: 00.png is 'dark' and 'bright'"),
        (["00.png,dark", "99.png,bright"], "labels pictures that are not there: 99.png"),
        (["00.png,dark", "01.png"], "Row 2 of"),
        (["00.png,"], "Row 1 of"),
        (["name,label"], "holds no label"),
        ([], "holds no label"),
    ],
)
def test_what_cannot_be_used_is_refused(saved, folder, labels, tmp_path, rows, says):
    out = tmp_path / "labels.safetensors"
    with pytest.raises(InputError, match=says):
        fit(saved, labels(*rows), folder, out)
    assert not out.exists()


def test_a_missing_table_and_an_empty_folder_are_refused(saved, folder, labels, tmp_path):
    out, empty = tmp_path / "labels.safetensors", tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="cannot be read as a table of labels"):
        fit(saved, tmp_path / "none.csv", folder, out)
    with pytest.raises(InputError, match="There are no pictures in"):
        fit(saved, labels(*rows_for(4)), empty, out)
    assert not out.exists()


def test_an_unreadable_picture_is_named_and_the_rest_is_used(saved, folder, labels, tmp_path):
    (folder / "01.png").write_bytes(b"no picture")
    out = tmp_path / "labels.safetensors"
    with pytest.raises(InputError, match=r"01\.png"):
        fit(saved, labels(*rows_for(6)), folder, out)
    assert out.exists()


def test_a_file_that_is_none_and_one_of_another_model_are_refused(saved, folder, labels, tmp_path):
    out = tmp_path / "labels.safetensors"
    fit(saved, labels(*rows_for(6)), folder, out)
    whole = out.read_bytes()
    with pytest.raises(InputError, match="fitted to another model"):
        labeller.from_file(out, "0" * 64, 3)
    for broken in (b"", whole[:50], b"{}", whole[:-100]):
        out.write_bytes(broken)
        with pytest.raises(InputError, match=r"cannot be read as a labeller|not a labeller"):
            call("label", "predict", saved, out, folder)


def test_a_file_is_read_as_it_was_written(tmp_path):
    rng, path = np.random.default_rng(0), tmp_path / "a.safetensors"
    codes = rng.normal(size=(30, 4)).astype(np.float16).astype(np.float32)
    about = {"model": "m", "weights": "w", "classes": ["a", "b"], "prepare": {}}
    fitted = labeller.fit(codes, np.arange(6), np.arange(6) % 2, **about)
    path.write_bytes(labeller.to_file(fitted))
    again = labeller.from_file(path, "w", 4)
    assert again.about == fitted.about
    assert np.array_equal(again.codes, codes)
    assert np.allclose(again(codes), fitted(codes), atol=2e-3)
    with pytest.raises(InputError, match="does not fit together"):
        labeller.from_file(path, "w", 5)
