"""What takes a while never keeps the rest waiting, and ends when nobody waits for it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import numpy as np
import pytest
import requests

from vae.ui import library, pool
from vae.ui.routes import HEAVY, heavy

D = 16
VISITORS = 16
ENDS = {"from": [0.0] * D, "to": [1.0] * D, "steps": 4}


def film(frames: int = 60, scale: int = 4) -> dict:
    codes = np.random.default_rng(0).normal(size=(frames, 1, D)).round(3).tolist()
    weights = [[1]] * frames
    return {"kind": "mp4", "settings": {"scale": scale}, "codes": codes, "weights": weights}


def post(url: str, path: str, body=None, ticket: str = "", **more) -> requests.Response:
    data = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"X-Ticket": ticket} if ticket else {}
    return requests.post(f"{url}/{path}", data, headers=headers, timeout=300, **more)


def until(condition) -> None:
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end
        sleep(0.02)


def nothing_waits() -> bool:
    lines = (heavy.QUICK, heavy.SLOW)
    limits = (heavy.OF_A_VISITOR, heavy.OF_AN_ADDRESS, heavy.HELD)
    free = all(line.free == heavy.WORKERS and not line.waiting for line in lines)
    return free and not any(limit.now for limit in limits)


@pytest.fixture(autouse=True)
def at_rest() -> Iterator[None]:
    yield
    until(nothing_waits)


@pytest.fixture
def films(url):
    """Many visitors who all want a film now; ends when all have it."""
    with ThreadPoolExecutor(VISITORS) as visitors:
        asked = [
            visitors.submit(post, url, "film/digits", film(), f"visitor{i}.0")
            for i in range(VISITORS)
        ]
        until(lambda: len(heavy.SLOW.waiting) > VISITORS / 2)
        yield asked
        assert [answer.result().status_code for answer in asked] == [200] * VISITORS


def test_files_and_quick_work_do_not_wait_for_films(url, films):
    for path in ("models/digits/bundle.json", "models/digits/weights.safetensors") * 5:
        assert requests.get(f"{url}/{path}", timeout=60).status_code == 200
    with ThreadPoolExecutor(1) as another:
        quick = another.submit(post, url, "geodesic/digits", ENDS)
        until(lambda: heavy.QUICK.free < heavy.WORKERS or quick.done())
        assert heavy.SLOW.waiting  # it is at work while films still wait
        assert quick.result().status_code == 200


def test_a_visitor_is_told_the_place_in_line(url, films):
    places = {
        requests.get(f"{url}/place/visitor{i}.0", timeout=60).json()["place"]
        for i in range(VISITORS)
    }
    assert max(places) > VISITORS / 4
    assert requests.get(f"{url}/place/nobody.0", timeout=60).json() == {"place": 0}


def test_one_visitor_does_not_fill_the_line(url):
    with ThreadPoolExecutor(10) as aside:
        wanted = [aside.submit(post, url, "film/digits", film(), f"one.{i}") for i in range(10)]
        answers = [answer.result() for answer in wanted]
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [429] * 2
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["refused"].startswith("Eight of your requests are under way")


def leave(url: str, path: str, body, **query: str) -> None:
    """Ask, read what comes first, and go away."""
    answer = post(url, path, body, stream=True, params=query)
    next(answer.iter_lines())
    answer.close()


def test_who_leaves_ends_a_streamed_job_and_its_process_serves_on(url):
    many = json.dumps({"steps": 20_000, "samples": 1, "every": 1})
    leave(url, "refine/digits", bytes(784), settings=many)
    until(nothing_waits)
    few = json.dumps({"steps": 2})
    assert post(url, "refine/digits", bytes(784), params={"settings": few}).status_code == 200


def test_who_leaves_ends_a_job_that_says_nothing(url, monkeypatch):
    """A film has one part: the process that works on it is ended."""
    taken, take = [], pool.POOL.take
    monkeypatch.setattr(pool.POOL, "take", lambda: taken.append(take()) or taken[-1])
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{url}/film/digits", json.dumps(film(900, 20)), timeout=1)
    until(nothing_waits)
    (worker,) = taken
    assert worker.process.poll() is not None
    assert worker not in pool.POOL.idle


def test_what_takes_too_long_is_ended_with_a_sentence(url, monkeypatch):
    monkeypatch.setitem(vars(HEAVY["film"]), "seconds", 0.01)
    answer = post(url, "film/digits", film())
    assert answer.status_code == 422
    assert "took longer than 0.01 seconds" in answer.json()["refused"]


def test_a_process_that_dies_is_replaced(url):
    assert post(url, "geodesic/digits", ENDS).status_code == 200
    for worker in pool.POOL.idle:
        worker.process.kill()
        worker.process.wait()
    assert post(url, "geodesic/digits", ENDS).status_code == 200


def test_a_process_counts_its_own_memory_only(url):
    held = bytearray(pool.MOST)  # by the process that starts the others
    held[::4096] = b"1" * len(held[::4096])
    pool.POOL.close()
    assert post(url, "geodesic/digits", ENDS).status_code == 200
    until(nothing_waits)
    assert pool.POOL.idle


def test_a_process_that_held_much_is_not_used_again(url, monkeypatch):
    monkeypatch.setattr(pool, "MOST", 1)
    assert post(url, "geodesic/digits", ENDS).status_code == 200
    until(nothing_waits)
    assert not pool.POOL.idle


def test_the_server_loads_no_torch_and_a_worker_no_streamlit():

    code = (
        "import sys, {}; print([m for m in ('torch', 'streamlit', 'sklearn') if m in sys.modules])"
    )
    loaded = [
        subprocess.check_output([sys.executable, "-c", code.format(name)], cwd=pool.ROOT, text=True)
        for name in ("app", "vae.ui.jobs.worker")
    ]
    assert loaded == ["['streamlit']\n", "[]\n"]


# ---- open models


def test_models_are_kept_by_their_weights_within_a_bound():
    kept, made = library.Kept(100), []

    def get(key):
        return kept.get(key, lambda: made.append(key) or key, lambda _: 40)

    for key in "ababcabb":
        assert get(key) == key
    assert "".join(made) == "abcab"
    assert len(kept.values) == 2
    kept.get("huge", lambda: "huge", lambda _: 1000)
    assert list(kept.values) == ["huge"]


def test_the_same_weights_under_two_names_are_opened_once(saved, tmp_path):
    other = shutil.copytree(saved, tmp_path / "other")
    assert library.opened(saved) is library.opened(other)
