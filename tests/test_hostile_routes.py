"""Whatever is sent, a route answers with a result or one sentence, and its process lives on."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import requests
from test_prepare import mutated, seeds

from vae import bundle
from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.errors import InputError
from vae.ui import pool

FILES = int(os.environ.get("VAE_FUZZ", "2000")) // 10  # each goes through HTTP and a process
BUNDLES = 300


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
    assert before <= working()
    assert FILES / 20 < len(refusals) < FILES


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
    assert "not whole" in sentence(answer)


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
