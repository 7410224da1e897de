"""What the app answers when the browser asks for another UMAP."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import numpy as np
import pytest
import requests
from safetensors.numpy import save

from vae.bundle import ATLAS
from vae.files import replace
from vae.project import Umap
from vae.ui import library
from vae.ui.routes import heavy, maps


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(maps, "maps_folder", lambda: tmp_path)
    return tmp_path


def ask(url: str, model: str = "digits", **settings) -> requests.Response:
    query = {"settings": json.dumps(settings)}
    return requests.post(f"{url}/umap/{model}", params=query, stream=True, timeout=60)


def first(url: str, **settings) -> tuple[dict, Iterator[bytes], requests.Response]:
    """What is said first, and what keeps the rest of it coming."""
    answer = ask(url, **settings)
    lines = answer.iter_lines()
    return json.loads(next(lines)), lines, answer


def made_before(cache) -> str:
    """A map with the usual settings, as a child would have left it."""
    path = maps.map_path(library.read_card(library.ASSETS / "digits").files[ATLAS], Umap())
    replace(path, save({"umap": np.zeros((2, 2), np.float32)}))
    return path.name


def test_a_map_that_is_there_is_served_and_not_made_again(url, cache):
    name = made_before(cache)
    (said,) = map(json.loads, ask(url).iter_lines())
    assert said == {"words": "This map was made before.", "map": name}
    got = requests.get(f"{url}/maps/{name}", timeout=60)
    assert got.content == (cache / name).read_bytes()
    assert maps.map_path("another atlas", Umap()).name != name


def test_who_goes_away_ends_the_child_and_leaves_a_place(url, cache):
    said, _, answer = first(url, seed=0)
    assert said["share"] == 0
    with ThreadPoolExecutor(1) as aside:
        after = aside.submit(first, url, seed=1)
        until = monotonic() + 60
        while not heavy.MAPS.waiting:
            assert monotonic() < until
            sleep(0.01)
        assert not after.done()
        answer.close()
        said, _, answer = after.result()
    assert said["share"] == 0
    answer.close()
    assert not list(cache.iterdir())


def test_a_child_that_stops_says_why(url, monkeypatch):
    monkeypatch.setattr(
        maps, "command", lambda *_: ["sh", "-c", "echo one >&2; echo two. >&2; exit 1"]
    )
    *_, last = map(json.loads, ask(url).iter_lines())
    assert last == {"refused": "UMAP stopped: two."}


def test_maps_that_nobody_uses_make_room(url, cache, monkeypatch):
    """A map that is asked for again is the last to go."""
    monkeypatch.setattr(maps, "KEPT", 250)
    for i, name in enumerate(("old", "older", "oldest")):
        replace(cache / f"{name}.safetensors", bytes(100))
        os.utime(cache / f"{name}.safetensors", (1e9 - i, 1e9 - i))
    (cache / "umap-1.warm").touch()
    monkeypatch.setattr(maps, "command", lambda *_: ["true"])
    *_, last = map(json.loads, ask(url).iter_lines())
    assert last["words"].startswith("Done.")
    assert {p.stem for p in cache.iterdir()} == {"old", "older", "umap-1"}


@pytest.mark.parametrize(
    ("model", "settings", "words"),
    [
        ("nothing", {}, "There is no model “nothing” here"),
        ("digits", {"neighbors": 1}, "neighbors"),
        ("digits", {"colour": 1}, "There is no such setting"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(url, model, settings, words):
    answer = ask(url, model, **settings)
    assert answer.status_code == 422
    assert words in answer.json()["refused"]
