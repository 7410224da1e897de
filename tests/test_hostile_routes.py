"""Whatever is sent, a route answers with a result or one sentence, and its process lives on."""

import json
import os
import re
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from zlib import compress, crc32

import numpy as np
import pytest
import requests
from PIL import Image
from test_prepare import FORGED, encoded, mutated, seeds

from vae import bundle
from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.errors import InputError
from vae.ui import pool

FILES = int(os.environ.get("VAE_FUZZ", "2000"))  # each goes through HTTP and a process
BUNDLES = FILES * 3 // 20


def sentence(answer: requests.Response) -> str:
    """The refusal, nothing where there is none; anything else fails the test."""
    assert answer.status_code in (200, 422), answer.text[:500]
    if answer.status_code == 200:
        return ""
    (words,) = answer.json().values()
    assert words.endswith((".", ".)"))
    assert not {"Traceback", "/site-packages/", "\n"} & set(words.split(" "))
    return words


def working() -> set[int]:
    """The processes that are there, warm or at work a moment ago."""
    return {worker.process.pid for worker in pool.POOL.idle if worker.process.poll() is None}


def test_mutated_files_are_prepared_or_refused_and_no_process_ends(url):
    rng, files = np.random.default_rng(1), seeds()
    data = [mutated(rng, files) for _ in range(FILES)]

    def ask(body: bytes) -> str:
        return sentence(requests.post(f"{url}/pictures/digits", body, timeout=60))

    ask(files[0])
    before = working()
    with ThreadPoolExecutor(4) as visitors:
        refusals = [words for words in visitors.map(ask, data) if words]
    assert before <= working()  # so none has held much memory either
    assert FILES / 20 < len(refusals) < FILES


def chunk(name: bytes, data: bytes) -> bytes:
    """Of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(name + data))


def packed_png(side: int, depth: int, kind: int, channels: int) -> bytes:
    """A black picture that packs a thousand to one."""
    head = struct.pack(">IIBBBBB", side, side, depth, kind, 0, 0, 0)
    rows = compress(bytes(side * (1 + side * channels * depth // 8)), 1)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def with_text(png: bytes, kind: bytes) -> bytes:
    """A small picture with so much text that it is the bomb."""
    return png[:33] + chunk(kind, b"a\0\0" + compress(bytes(100_000_000), 1)) + png[33:]


SMALL = encoded(Image.new("L", (300, 200)))
BOMBS = {
    "grey": lambda: packed_png(7900, 8, 0, 1),
    "deep": lambda: packed_png(7900, 16, 0, 1),
    "colour": lambda: packed_png(7900, 8, 6, 4),
    "text": lambda: with_text(SMALL, b"zTXt"),
    "profile": lambda: with_text(SMALL, b"iCCP"),
    "GIF": lambda: encoded(Image.new("P", (7900, 7900)), "GIF"),
    "JPEG": lambda: encoded(Image.new("L", (7900, 7900)), "JPEG"),
    "progressive": lambda: encoded(Image.new("RGB", (4000, 4000)), "JPEG", progressive=True),
    **{f"promised by {kind}": partial(forge, SMALL) for kind, forge in FORGED.items()},
}


def most_held() -> int:
    """Bytes: the most that any process at work has held in its life."""
    texts = [Path(f"/proc/{pid}/status").read_text() for pid in working()]
    return max(int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) for text in texts) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_bombs_are_answered_within_a_bounded_memory(url, monkeypatch):
    """What a file may unpack to is bounded by its pixels, whatever they are packed in."""
    monkeypatch.setattr(pool, "MOST", sys.maxsize)  # so that the process is there to be asked
    pool.POOL.close()
    for name, make in BOMBS.items():
        answer = requests.post(f"{url}/pictures/digits", make(), timeout=120)
        sentence(answer)  # or a result, where the pixels are few enough
        assert most_held() < 1_200_000_000, name


def test_a_process_that_held_much_for_a_refusal_is_not_used_again(url, monkeypatch):
    pool.POOL.close()
    asked = partial(requests.post, f"{url}/pictures/digits", b"no picture", timeout=60)
    assert sentence(asked())
    before = working()
    assert sentence(asked())
    assert working() == before
    monkeypatch.setattr(pool, "MOST", 1)
    assert sentence(asked())
    assert not before & working()


HOSTILE = [
    b"[" * 200_000,
    b'{"from": ' * 50_000,
    b'{"from": 1e999, "to": -1e999, "steps": 3}',
    b'{"from": ' + b"9" * 5000 + b', "to": [], "steps": 2}',
    b'{"kind": "gif", "settings": {"__class__": 1}, "codes": [[]], "weights": [[]]}',
    b'{"kind": "../../x", "settings": {}, "codes": {}, "weights": "<script>"}',
    b"\xff\xfe\x00",
    "\N{PILE OF POO}".encode() * 1000,
    b"null",
]


@pytest.mark.parametrize("i", range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["geodesic", "film", "refine", "umap"])
def test_hostile_json_is_refused_in_a_sentence(url, path, i):
    query = {"settings": HOSTILE[i][:3000].decode("latin-1")}
    answer = requests.post(f"{url}/{path}/digits", HOSTILE[i], params=query, timeout=60)
    assert sentence(answer)


@pytest.mark.parametrize(
    "path",
    [
        "place/%00",
        "place/..%2f..",
        "place/<b>",
        "models/%2e%2e/app.py",
        "models/digits/%00",
        "models/digits/../../app.py",
        "maps/..%2fx.safetensors",
        "maps/%00.safetensors",
    ],
)
def test_hostile_addresses_lead_nowhere(url, path):
    answer = requests.get(f"{url}/{path}", timeout=60)
    assert answer.status_code == 404 or answer.json() == {"place": 0}


@pytest.mark.parametrize("given", ["x" * 10_000, "a.b.c", "../x.y", "<b>.1", "é.1"])
def test_a_hostile_ticket_is_no_ticket(url, given):
    answer = requests.post(
        f"{url}/geodesic/digits", b"{}", headers={"X-Ticket": given.encode()}, timeout=60
    )
    assert "is incomplete" in sentence(answer)


def test_mutated_bundles_are_opened_or_refused(saved):
    """Their sums agree, as somebody would make them who means harm."""
    rng = np.random.default_rng(0)
    whole = {name: (saved / name).read_bytes() for name in (CARD, WEIGHTS, ATLAS)}
    outcomes = {True: 0, False: 0}
    for _ in range(BUNDLES):
        name = list(whole)[rng.integers(3)]
        for other, body in whole.items():
            (saved / other).write_bytes(mutated(rng, [body]) if other == name else body)
        if name != CARD:
            card = json.loads(whole[CARD])
            card["files"][name] = bundle.sha256(saved / name)
            (saved / CARD).write_text(json.dumps(card))
        outcomes[opens(saved)] += 1
    assert min(outcomes.values()) > BUNDLES / 20


def opens(folder) -> bool:
    """False where it is refused by name; any other error fails the test."""
    try:
        return bool(bundle.load(folder))
    except InputError as why:
        return str(folder) not in str(why)
