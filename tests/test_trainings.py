"""Trainings of the app: real processes, which outlive the server and any kill."""

import json
import os
import signal
from io import BytesIO
from time import monotonic, sleep
from zipfile import ZipFile

import numpy as np
import pytest
import requests
from PIL import Image, ImageSequence
from safetensors.torch import load_file

from vae import bundle, record
from vae.data import DATASETS
from vae.data.folder import about
from vae.errors import InputError
from vae.models.vae import Design
from vae.runs import Run, Surveyed
from vae.train import Train
from vae.ui import library, permission, pool, trainings, turns

SETTINGS = {"latent": 2, "width": 8, "depth": 0, "batch": 32, "steps": 300, "check_every": 5000}
LONG, ENDLESS = 8000, 50_000  # steps: some seconds, and more than there is time for
VISITOR = {"X-Visitor": "me"}


@pytest.fixture(autouse=True, scope="module")
def own_places(tmp_path_factory):
    """Folders of these tests, for the processes that work for the app too."""
    pool.POOL.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
        pool.POOL.close()


@pytest.fixture(autouse=True)
def none_left(own_places):
    yield
    for one in trainings.trainings():
        trainings.remove(one)


def sent(url: str, path: str, body=None, **more) -> requests.Response:
    return requests.post(f"{url}/{path}", json.dumps(body), timeout=120, headers=VISITOR, **more)


def ask(url: str, steps: int = 300, **more) -> str:
    """The id of a training that was asked for."""
    body = {"data": "digits", "title": "Tiny", "settings": SETTINGS | {"steps": steps} | more}
    answer = sent(url, "train/ask?visitor=me", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def refusal(answer: requests.Response) -> str:
    assert answer.status_code == 422, answer.text
    (words,) = answer.json().values()
    assert words.endswith((".", ".)"))
    return words


def listed(url: str) -> dict[str, dict]:
    return {one["id"]: one for one in requests.get(f"{url}/trainings", timeout=60, headers=VISITOR)
            .json()["trainings"]}  # fmt: skip


def until(holds, seconds: int = 300):
    """What `holds()` gives as soon as it gives something."""
    end = monotonic() + seconds
    while not (value := holds()):
        assert monotonic() < end
        sleep(0.05)
    return value


def in_state(url: str, name: str, state: str) -> dict:
    return until(lambda: (one := listed(url)[name])["state"] == state and one)


def under_way(url: str, name: str, step: int = 1) -> dict:
    return until(lambda: (one := listed(url)[name])["step"] >= step and one)


def test_a_training_is_started_watched_kept_and_opens(url):
    name = ask(url)
    one = in_state(url, name, "done")
    assert (one["title"], one["step"], one["steps"], one["yours"]) == ("Tiny", 300, 300, True)
    shared = requests.get(f"{url}/trainings/{name}/about", timeout=60).json()
    assert (shared["n"], shared["image"], len(shared["labels"])) == (360, [1, 8, 8], 360)
    frame = requests.get(f"{url}/trainings/{name}/frame", timeout=60)
    assert len(frame.content) == 4 + 360 * 2 * 4 + 8 * 64
    assert int(np.frombuffer(frame.content, "<u4", 1)[0]) == 300
    again = {"If-None-Match": frame.headers["etag"]}
    same = requests.get(f"{url}/trainings/{name}/frame", timeout=60, headers=again)
    assert (same.status_code, same.content) == (304, b"")
    points = requests.get(f"{url}/trainings/{name}/curve", timeout=60).json()
    assert points[0][:2] == [0, None]
    assert points[-1][0] == 300
    rest = requests.get(f"{url}/trainings/{name}/curve?from=1", timeout=60).json()
    assert rest == points[1:]

    for wanted, why in [("digits", "a model “digits” already"), ("../up", "cannot name a model")]:
        assert why in refusal(sent(url, f"trainings/{name}/keep", {"name": wanted, "title": ""}))
    assert "no longer possible" in refusal(sent(url, f"trainings/{name}/pause"))
    assert "tiny" not in library.folders()
    assert sent(url, f"trainings/{name}/keep", {"name": "tiny", "title": "Mine"}).json() == {}
    card = bundle.load(library.folders()["tiny"]).card
    assert card.title == "Mine"
    assert card.training["command"].startswith("python -m vae train digits --out model")
    assert "/" not in card.training["command"]
    assert listed(url)[name]["kept"] == "tiny"
    film = Image.open(BytesIO(sent(url, f"train-film/{name}").content))
    assert film.format == "GIF"
    assert sum(1 for _ in ImageSequence.Iterator(film)) >= len(points)
    assert sent(url, f"trainings/{name}/remove").json() == {}
    assert listed(url) == {}
    assert "tiny" in library.folders()


def uninterrupted(folder, steps: int) -> dict:
    """The numbers of the same training in one go."""
    run = Run(
        DATASETS["digits"],
        folder / "model",
        Design(latent=2, width=8, depth=0),
        Train(batch=32, steps=steps, check_every=5000),
    )
    next(event for event in run if isinstance(event, Surveyed))
    return load_file(run.checkpoint)


def test_paused_killed_and_gone_on_with_it_is_as_if_it_had_never_stopped(url, tmp_path):
    name = ask(url, LONG)
    under_way(url, name)
    sent(url, f"trainings/{name}/pause")
    paused = in_state(url, name, "paused")
    assert not trainings.training_of(name).model.exists()
    sent(url, f"trainings/{name}/go-on")
    under_way(url, name, paused["step"] + 1)
    os.kill(trainings.training_of(name).turn.process, signal.SIGKILL)
    assert in_state(url, name, "ended")["why"].startswith("Its process has ended")
    sent(url, f"trainings/{name}/go-on")
    until(lambda: listed(url)[name]["phase"] == "map")
    ours = load_file(trainings.training_of(name).workplace / "checkpoint.safetensors")
    want = uninterrupted(tmp_path, LONG)
    assert ours.keys() == want.keys()
    assert all((ours[key] == want[key]).all() for key in want)


def test_one_trains_and_the_others_wait_in_order(url):
    first, second, third = (ask(url, ENDLESS) for _ in range(3))
    under_way(url, first)
    assert [one["state"] for one in listed(url).values()] == ["training", "waiting", "waiting"]
    assert turns.advance() is None  # nor would another server begin a second one
    sent(url, f"trainings/{second}/pause")  # leaves the line
    sent(url, f"trainings/{first}/finish")
    under_way(url, third)
    done = listed(url)[first]
    assert (done["state"], done["step"] < ENDLESS) == ("done", True)
    assert listed(url)[second]["state"] == "paused"
    trainings.remove(trainings.training_of(third))  # with its process
    assert third not in listed(url)


def test_what_is_refused_is_a_sentence_and_leaves_nothing(url):
    def asked(data="digits", **values) -> str:
        return refusal(sent(url, "train/ask", {"data": data, "title": "", "settings": values}))

    assert "no data set 'nothing'" in asked("nothing")
    assert "latent must be at least 2, not 1" in asked(latent=1)
    assert "no such setting: colour" in asked(colour=1)
    assert "condition needs the normal prior" in asked(condition=True, prior="mixture")
    assert "at most 50,000 steps" in asked(steps=50_001)
    assert "noise shared needs the gaussian likelihood" in asked(noise="shared")
    assert "incomplete" in refusal(sent(url, "train/ask", []))
    assert "not here any more" in refusal(sent(url, "trainings/nobody/pause"))
    assert listed(url) == {}


def test_only_this_machine_trains_unless_others_may(url, monkeypatch):
    """A proxy on this machine asks under another name."""
    elsewhere = {"Host": "lab.example"}
    monkeypatch.setenv("VAE_HOSTS", "lab.example")

    def get() -> dict:
        return requests.get(f"{url}/trainings", headers=elsewhere, timeout=60).json()

    assert get() == {"refused": permission.REFUSAL, "trainings": []}
    for path in ("train/ask", "train/settings", "trainings/x/pause", "train-film/x"):
        answer = requests.post(f"{url}/{path}", b"{}", headers=elsewhere, timeout=60)
        assert refusal(answer) == permission.REFUSAL
    monkeypatch.setenv(permission.FOR_ALL, "1")
    assert get()["refused"] == ""


# ---- pictures that are brought


def picture(k: int) -> bytes:
    file = BytesIO()
    rng = np.random.default_rng(k)
    Image.fromarray(rng.integers(0, 256, (12, 12), np.uint8)).save(file, "PNG")
    return file.getvalue()


def bring(url: str, name: str, files: dict[str, bytes]) -> requests.Response:
    form = [("file", (path, data)) for path, data in files.items()] or {"none": ("", b"")}
    return requests.post(f"{url}/train/pictures?name={name}", files=form, timeout=120)


def zipped(files: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


FLOWERS = {f"{'roses' if k % 2 else 'tulips'}/{k}.png": picture(k) for k in range(104)}


@pytest.mark.parametrize("as_zip", [False, True])
def test_pictures_become_a_data_set_that_trains(url, as_zip):
    name = "packed" if as_zip else "flowers"
    files = {"flowers.zip": zipped(FLOWERS)} if as_zip else FLOWERS | {"broken.png": b"no"}
    made = bring(url, name, files).json()
    assert (made["name"], made["n"], made["classes"]) == (name, 104, 2)
    assert made["unusable"] == (not as_zip)
    assert [("broken.png" in words) for words in made["refused"]] == [True] * (not as_zip)
    assert "already" in refusal(bring(url, name, files))
    known = {one["name"]: one for one in sent(url, "train/settings").json()["sets"]}
    assert known[name]["start"]["likelihood"] == "gaussian"
    body = {"data": name, "title": "", "settings": known[name]["start"] | SETTINGS}
    training = sent(url, "train/ask", body).json()["id"]
    assert under_way(url, training)["title"] == name.capitalize()


BAD_DROPS = {
    "nothing": ({}, "There are no pictures in what was dropped"),
    "no picture": ({"a.txt": b"text"}, "There are no pictures in what was dropped"),
    "one picture": ({"a.png": picture(0)}, "What was dropped has 1 picture. A model needs 100"),
    "unreadable": ({"a.png": b"no"}, "None of 1 pictures can be opened"),
    "no zip": ({"a.zip": b"PK\3\4 no"}, "a.zip is no zip, is damaged or cut short"),
    "climbing": ({"a.zip": zipped({"../../a.png": picture(0)})}, "would write outside its folder"),
    "absolute": ({"a.zip": zipped({"/a.png": picture(0)})}, "would write outside its folder"),
}


@pytest.mark.parametrize("kind", BAD_DROPS)
def test_a_bad_drop_is_refused_in_a_sentence(url, kind):
    files, why = BAD_DROPS[kind]
    assert why in refusal(bring(url, "nothing", files))
    assert about("nothing") is None


@pytest.mark.parametrize("name", ["digits", "", "a/b", "model"])
def test_pictures_need_a_name_of_their_own(url, name):
    refusal(bring(url, name, {"a.png": picture(0)}))


def test_a_zip_that_promises_too_much_is_not_unpacked(tmp_path, monkeypatch):
    from vae.data.folder import archive

    monkeypatch.setattr(archive, "MOST_BYTES", 500)
    (tmp_path / "a.zip").write_bytes(zipped({"a.png": bytes(501)}))
    with pytest.raises(InputError, match="would become 1 files"):
        archive.unzip(tmp_path / "a.zip", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_half_a_training_is_none(url):
    half = trainings.root() / "0123"
    half.mkdir(parents=True)
    (half / "turn.json").write_bytes(b"{}")
    assert listed(url) == {}
    assert record.status(half, 5)["phase"] == "reading"
