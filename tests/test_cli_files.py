"""Whatever a command writes is there as a whole, or what was there before still is."""

from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from vae import bundle, cli
from vae.errors import InputError

WRITING = {
    "encode": ["codes.csv", "codes.json", "codes.npz"],
    "refine": ["codes.json"],
    "reconstruct": ["picture.png"],
    "sample": ["sheet.png"],
    "traverse": ["figure.png", "film.gif"],
    "export-html": ["page.html"],
}
CASES = [(command, name) for command, names in WRITING.items() for name in names]
TAKES_PICTURES = ("encode", "refine", "reconstruct")


def refusal(*words) -> str:
    with pytest.raises(InputError) as why:
        CliRunner().invoke(cli.app, list(map(str, words)), catch_exceptions=False)
    return str(why.value)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "in" / "picture.png"
    path.parent.mkdir()
    Image.linear_gradient("L").resize((8, 8)).save(path)
    return path


@pytest.mark.parametrize(("command", "name"), CASES, ids=[f"{c} {n}" for c, n in CASES])
def test_what_cannot_be_written_leaves_the_old(
    saved, picture, tmp_path, monkeypatch, command, name
):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    words = [picture] if command in TAKES_PICTURES else []
    words += ["--steps", 1] if command == "refine" else []
    words += ["--all"] if command == "traverse" else []
    target = folder if command == "reconstruct" else folder / name
    says = refusal(command, saved, *words, "--out", target)
    assert says == f"{folder / name} cannot be written (No space left on device): choose another."
    assert [(p.name, p.read_text()) for p in folder.iterdir()] == [(name, "old")]


@pytest.mark.parametrize("command", ["encode", "refine"])
def test_the_model_itself_is_not_written_over(saved, picture, command):
    card = (saved / bundle.CARD).read_bytes()
    assert "would be lost" in refusal(command, saved, picture, "--out", saved / bundle.CARD)
    assert (saved / bundle.CARD).read_bytes() == card
