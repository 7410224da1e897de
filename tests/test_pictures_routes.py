"""The routes of a person's pictures refuse in one sentence, early, and keep nothing."""

import io
import json
import re
import struct
import tracemalloc
import zlib
from base64 import b64decode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlencode

import anyio
import numpy as np
import pytest
from PIL import Image, ImageFile
from starlette.applications import Starlette

import vae
from vae.data import DATASETS
from vae.data.prepare import MAX_BYTES, as_model_wants, open_picture, prepare
from vae.errors import InputError
from vae.ui import library
from vae.ui.jobs import pictures
from vae.ui.routes import ROUTES

APP = Starlette(routes=ROUTES)
DIGITS = "/pictures/digits"


class Answer(NamedTuple):
    status: int
    body: bytes
    taken: int  # parts of the upload

    def json(self) -> Any:
        return json.loads(self.body)


def call(method: str, path: str, query: dict[str, str], parts: Iterable[bytes]) -> Answer:
    """Ask the app as a server does, part by part; a test client would read an upload at once."""
    upload, said, taken = iter(parts), [], []

    async def receive():
        if taken and taken[-1] is None:
            await anyio.sleep_forever()  # whoever asked waits for the answer
        part = next(upload, None)
        taken.append(part)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def send(message):
        said.append(message)

    string = urlencode(query).encode()
    scope = {"type": "http", "method": method, "path": path, "query_string": string, "headers": []}
    with ThreadPoolExecutor(1) as aside:  # here a loop of Playwright's may be running
        aside.submit(anyio.run, APP, scope, receive, send).result()
    body = b"".join(message.get("body", b"") for message in said[1:])
    return Answer(said[0]["status"], body, len(taken))


def post(path: str, body: bytes = b"", **query: str) -> Answer:
    return call("POST", path, query, [body])


def prepared(data: bytes) -> None:
    """What a worker does with a picture, in this process."""
    assert len(list(pictures.picture(library.ASSETS / "digits", data, {}))) == 1


@pytest.fixture(scope="module")
def bundle():
    return vae.load(library.ASSETS / "digits")


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def seven(side: int = 60) -> bytes:
    """Two strokes, light on black."""
    a = np.zeros((side, side), np.uint8)
    a[side // 6 : side // 4, side // 4 : -side // 4] = 255
    a[side // 6 : -side // 6, -side // 3 : -side // 4] = 255
    return png(Image.fromarray(a))


def header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and has none."""
    shape = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    whole = struct.pack(">I", 13) + shape + struct.pack(">I", zlib.crc32(shape))
    return b"\x89PNG\r\n\x1a\n" + whole + struct.pack(">I", 0) + b"IDAT" + b"\x35\xaf\x06\x1e"


def refused(answer, words: str) -> None:
    """422, and one sentence that a person can read."""
    assert answer.status == 422, answer.body.decode()
    said = answer.json()
    assert list(said) == ["refused"]
    sentence = said["refused"]
    assert words in sentence
    assert sentence.endswith((".", ".)"))
    assert "Traceback" not in sentence
    assert not re.search(r"\n|/site-packages/|\.py\b", sentence)


def test_a_picture_is_prepared_as_by_the_command_line(bundle):
    for given in ({}, {"rotate": 90}, {"crop": [0, 0, 1, 0.9], "threshold": "on"}):
        answer = post(DIGITS, seven(), settings=json.dumps(given))
        assert answer.status == 200
        said = answer.json()
        own = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        want = prepare(open_picture(seven()), as_model_wants(bundle.card.prepare, **own))
        assert b64decode(said["x"]) == want.x.tobytes()
        assert said["notes"] == list(want.notes)
        assert [stage["name"] for stage in said["stages"]] == [stage.name for stage in want.stages]
        for stage in said["stages"]:
            data = b64decode(stage["src"].removeprefix("data:image/png;base64,"))
            with Image.open(io.BytesIO(data)) as image:
                assert max(image.size) <= 256


def test_the_size_and_the_colours_are_the_models_own():
    given = json.dumps({"size": [1000, 1000], "channels": 3})
    assert len(b64decode(post(DIGITS, seven(), settings=given).json()["x"])) == 784


BAD = {
    "empty": (b"", "The file is empty"),
    "words": (b"These are words.", "not a picture that can be opened here"),
    "half": (seven()[:90], "The PNG picture is damaged, cut short"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing"),
    "pdf": (b"%PDF-1.7\n", "This is a PDF document"),
    "zip": (b"PK\3\4" + bytes(50), "This is a ZIP archive"),
    "thin": (png(Image.new("L", (1, 50), 255)), "1 x 50 pixels; each side needs 2"),
    "bomb": (header(60_000, 60_000), "the limit is 64 megapixels"),
    "large": (header(9_000, 9_000), "9000 x 9000 pixels; the limit is 64 megapixels"),
}


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_without_ink_is_taken_whole_and_says_so(level):
    made = post(DIGITS, png(Image.new("L", (50, 50), level))).json()
    assert len(b64decode(made["x"])) == 784
    assert made["notes"][0].startswith("There is no ink in it")
    assert made["looks"] | {"drawing": False, "marks": []} == made["looks"]
    others = post("/preparations/digits", png(Image.new("L", (50, 50), level))).json()
    assert [one["change"] for one in others["preparations"]] == [{"centre": False}]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused(name):
    data, words = BAD[name]
    refused(post(DIGITS, data), words)


SETTINGS = {
    "not json": ("{rotate: 90}", "not readable as JSON"),
    "too deep": ("[" * 5000, "not readable as JSON"),
    "a list": ("[1]", "must be names with values"),
    "unknown": ('{"sharpen": 1}', "sharpen"),
    "a word": ('{"rotate": "left"}', "rotate must be a number"),
    "no number": ('{"rotate": NaN}', "rotate must be a number"),
    "no choice": ('{"invert": "maybe"}', "invert must be one of auto, yes, no"),
    "no part": ('{"crop": [0.5, 0, 0.5, 1]}', "crop must be left < right"),
    "no colour": ('{"ground": "<b>"}', "is not a colour"),
    "beyond": ('{"box": 2}', "box must be from 0.1 to 1"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_bad_setting_is_refused(name):
    given, words = SETTINGS[name]
    refused(post(DIGITS, seven(), settings=given), words)


@pytest.mark.parametrize("name", ["none", "..", "%2e%2e%2fdigits", "<b>"])
@pytest.mark.parametrize("what", ["pictures", "examples", "refine"])
def test_an_unknown_model_is_refused(what, name):
    refused(post(f"/{what}/{name}"), f"There is no model “{name}” here")


def test_a_body_is_refused_while_it_streams():
    """An endless upload is answered as soon as it is larger than any picture may be."""
    answer = call("POST", DIGITS, {}, repeat(bytes(1_000_000)))
    refused(answer, "larger than 50 MB")
    assert answer.taken == MAX_BYTES / 1_000_000 + 1


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_by_its_header(monkeypatch, size):
    def load(self):
        raise AssertionError("The pixels were decoded.")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    tracemalloc.start()
    with pytest.raises(InputError, match="megapixels"):
        prepared(header(*size))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_bomb_within_the_limit_is_decoded_small():
    """A picture of one colour packs 1,000 : 1; what is promised counts, and one at a time."""
    data = png(Image.new("L", (7_000, 7_000), 0))
    assert len(data) < 100_000
    assert post(DIGITS, data).json()["notes"][0].startswith("There is no ink")


# ---- refining


def test_an_input_of_another_size_is_refused():
    refused(post("/refine/digits", bytes(10)), "The picture has 10 values")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("{", "not readable as JSON"),
        ('{"steps": -1}', "steps must be from 0 to 100000"),
        ('{"steps": 1000000000}', "steps must be from 0 to 100000"),
        ('{"momentum": 1}', "momentum"),
    ],
)
def test_a_bad_setting_of_a_refinement_is_refused(given, words):
    answer = post("/refine/digits", bytes(784), settings=given)
    refused(answer, words)


def test_a_refinement_comes_line_by_line(bundle):
    x = b64decode(post(DIGITS, seven()).json()["x"])
    given = json.dumps({"steps": 20, "every": 10})
    answer = post("/refine/digits", x, settings=given)
    *steps, last = map(json.loads, answer.body.decode().splitlines())
    assert [step["step"] for step in steps] == [0, 10, 20]
    assert all(len(step["mean"]) == len(step["scale"]) == 16 for step in steps)
    assert sorted(step["elbo"] for step in steps) == [step["elbo"] for step in steps]
    assert set(last["gain"]) == {"nats", "stderr", "before", "after"}


@pytest.mark.parametrize("level", [0, 255])
def test_a_refinement_is_json_whatever_the_picture(level):
    """A white picture is unlike any digit: nothing of its answer may be infinite or no number."""
    given = json.dumps({"steps": 2})
    answer = post("/refine/digits", bytes([level] * 784), settings=given)
    assert answer.status == 200

    def refuse(word):
        raise AssertionError(f"{word} is not JSON.")

    for line in answer.body.decode().splitlines():
        json.loads(line, parse_constant=refuse)


# ---- examples


@pytest.mark.parametrize("seed", ["0", "1", "-1", "x", "²", "9" * 5000, ""])
def test_examples_are_offered_for_any_seed(seed):
    answer = post("/examples/digits", seed=seed)
    assert answer.status == 200
    groups = answer.json()
    assert len(groups["scikit-learn"]) == 10
    assert all(len(b64decode(e["x"])) == 784 for group in groups.values() for e in group)


def card_of(image: list[int]) -> SimpleNamespace:
    return SimpleNamespace(
        data={"name": "digits"}, atlas=SimpleNamespace(split="test"), model={"image": image}
    )


def test_an_example_by_its_number_is_that_of_the_data_set():
    images = DATASETS["digits"].load("test").x
    assert b64decode(pictures.numbered(card_of([1, 8, 8]), "12")) == images[12].numpy().tobytes()


@pytest.mark.parametrize("index", ["-1", "x", "²", "9" * 5000, "", "360"])
def test_an_example_that_is_not_there_has_no_pixels(index):
    assert pictures.numbered(card_of([1, 8, 8]), index) is None
    assert pictures.numbered(card_of([1, 28, 28]), "12") is None


# ---- nothing is kept


def test_an_answer_does_not_depend_on_what_came_before():
    first = post(DIGITS, seven()).json()
    for data, _ in BAD.values():
        post(DIGITS, data)
    post(DIGITS, seven(90), settings='{"rotate": 30}')
    assert post(DIGITS, seven()).json() == first


def test_memory_and_disk_do_not_grow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    data = seven(1500)  # two megabytes once it is decoded
    for _ in range(3):
        prepared(data)
    tracemalloc.start()
    prepared(data)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(8):
        prepared(data)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 1_000_000
    assert not list(tmp_path.iterdir())
