"""A bundle as one file: the same bundle comes out, or a sentence and nothing."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import requests
from commands import call
from requests.adapters import HTTPAdapter, Retry

from vae import bundle
from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.errors import InputError
from vae.pack import pack, unpack
from vae.ui import library

ROOT = Path(__file__).parents[1]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def packed(saved, tmp_path):
    pack(saved, tmp_path / "model.vae")
    return tmp_path / "model.vae"


def write(path: Path, entries: dict[str, bytes], compression: int = ZIP_STORED) -> Path:
    with ZipFile(path, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def refused(path: Path, folder: Path) -> str:
    with pytest.raises(InputError) as why:
        unpack(path, folder)
    assert not folder.exists()
    return str(why.value)


def test_what_was_packed_comes_out_byte_for_byte(saved, packed, tmp_path):
    card = unpack(packed, tmp_path / "out")
    assert files(tmp_path / "out") == files(saved)
    assert card == bundle.read_card(saved)


def test_the_same_bundle_is_the_same_file(saved, packed, tmp_path):
    os.utime(saved / WEIGHTS, (1, 1))
    pack(saved, tmp_path / "again.vae")
    assert (tmp_path / "again.vae").read_bytes() == packed.read_bytes()


def test_a_damaged_bundle_is_not_packed(saved, tmp_path):
    with (saved / ATLAS).open("ab") as file:
        file.write(b"0")
    with pytest.raises(InputError, match="is damaged"):
        pack(saved, tmp_path / "model.vae")
    assert not (tmp_path / "model.vae").exists()


def test_a_file_that_is_cut_short_is_refused(packed, tmp_path):
    data = packed.read_bytes()
    for end in range(0, len(data), 997):
        packed.write_bytes(data[:end])
        refused(packed, tmp_path / "out")


def test_no_changed_byte_makes_another_model(saved, packed, tmp_path):
    data, want = packed.read_bytes(), files(saved)
    for at in range(0, len(data), 499):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        packed.write_bytes(changed)
        try:
            unpack(packed, tmp_path / f"out{at}")
        except InputError:
            assert not (tmp_path / f"out{at}").exists()
        else:  # a date, or another thing of the zip that says nothing of the model
            assert files(tmp_path / f"out{at}") == want


@pytest.mark.parametrize("name", ["../climbs", "/tmp/climbs", "a/../../climbs", "C:\\climbs"])
def test_no_path_climbs_out(saved, tmp_path, name):
    path = write(tmp_path / "hostile.vae", files(saved) | {name: b"0"})
    assert "must hold bundle.json, weights.safetensors" in refused(path, tmp_path / "in" / "out")
    path = write(tmp_path / "hostile.vae", dict.fromkeys((CARD, WEIGHTS, name), b"0"))
    assert "must hold bundle.json, weights.safetensors" in refused(path, tmp_path / "in" / "out")
    assert not list(tmp_path.rglob("*climbs*"))


def test_a_small_file_cannot_hold_a_huge_one(saved, tmp_path):
    huge = files(saved) | {WEIGHTS: bytes(50_000_000)}
    path = write(tmp_path / "bomb.vae", huge, ZIP_DEFLATED)
    assert path.stat().st_size < 1_000_000
    assert "is compressed or encrypted" in refused(path, tmp_path / "out")


def test_two_files_of_one_name_are_refused(saved, tmp_path):
    path = write(tmp_path / "twice.vae", files(saved))
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(path, "a") as archive:
        archive.writestr(CARD, b"{}")
    assert "must hold" in refused(path, tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 99}, "has format 99, newer than this program's"),
        ({"format": "x"}, "has no format number"),
        ({"files": {WEIGHTS: "0", ATLAS: "0"}}, "is damaged in weights.safetensors"),
        ({"files": {"../x": "0"}}, "must list the files"),
    ],
    ids=str,
)
def test_a_card_that_says_otherwise_is_refused(saved, tmp_path, change, says):
    card = json.loads((saved / CARD).read_text("utf-8")) | change
    path = write(tmp_path / "other.vae", files(saved) | {CARD: json.dumps(card).encode()})
    assert says in refused(path, tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\3\4" + bytes(100)])
def test_another_kind_of_file_is_refused(tmp_path, data):
    (tmp_path / "other.vae").write_bytes(data)
    assert "is no .vae file" in refused(tmp_path / "other.vae", tmp_path / "out")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "cannot be read (No such file" in refused(tmp_path / "none.vae", tmp_path / "out")


def test_what_else_is_in_a_folder_stays(packed, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds something else"):
        unpack(packed, tmp_path / "full")
    assert files(tmp_path / "full") == {"notes.txt": b"mine"}


def test_the_commands_are_inverses(saved, tmp_path):
    assert "Wrote" in call("pack", saved, "--out", tmp_path / "mine.vae")
    call("unpack", tmp_path / "mine.vae", "--out", tmp_path / "mine")
    assert files(tmp_path / "mine") == files(saved)


# ---- the app


def test_models_that_the_app_is_started_with_come_first(saved, packed, tmp_path, monkeypatch):
    monkeypatch.setenv(library.OPENED, "")
    shipped = list(library.folders())
    digits = packed.rename(packed.with_name("digits.vae"))
    library.open_first([digits, saved], tmp_path / "workplace")
    there = library.folders()
    assert list(there)[:2] == ["digits", saved.name]
    assert files(there["digits"]) == files(saved)
    assert set(there) == {*shipped, saved.name}


def test_what_is_no_model_does_not_start_the_app(tmp_path, monkeypatch):
    monkeypatch.setenv(library.OPENED, "")
    with pytest.raises(InputError, match="no model in"):
        library.open_first([tmp_path], tmp_path / "workplace")


def start(path: Path, temporary: Path) -> subprocess.Popen:
    words = [sys.executable, "app.py", str(path), "--port", "8750", "--no-browser"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
    )


def test_the_app_opens_a_file_and_clears_up(saved, packed, tmp_path):
    (tmp_path / "temporary").mkdir()
    session = requests.Session()  # which waits until the app listens
    session.mount("http://", HTTPAdapter(max_retries=Retry(connect=9, backoff_factor=0.5)))
    with start(packed, tmp_path / "temporary") as app:
        try:
            url = re.search(r"http\S+", app.stdout.readline())[0]
            answer = session.get(f"{url}/models/model/{CARD}", timeout=60)
        finally:
            app.terminate()
    assert answer.content == (saved / CARD).read_bytes()
    assert not list((tmp_path / "temporary").glob("vae-atelier-*"))


def test_the_app_refuses_a_damaged_file_in_one_sentence(packed, tmp_path):
    packed.write_bytes(packed.read_bytes()[:-100])
    with start(packed, tmp_path) as app:
        said, refusal = app.communicate()
    assert said == ""
    assert refusal.startswith(f"{packed} is no .vae file, is damaged or cut short")
    assert app.returncode == 1


# ---- its page


def test_the_page_of_a_model_says_what_its_card_says(saved):
    bundle.with_entries(saved, title="A | B")
    call("card", saved)
    text = (saved / "README.md").read_text("utf-8")
    assert text.startswith("---\nlibrary_name: vae-atelier\n")
    front = text.split("---\n")[1]
    assert 'datasets:\n- "digits"\n' in front
    for words in ("# A | B", "Random weights.", "3 latent dimensions", "n = 2, K = 8, seed 0"):
        assert words in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in tables)
    bundle.load(saved)  # which the page does not change
