"""Scripts are compressed once, weights never, and both arrive as they are on disk."""

import gzip
from collections import Counter

import anyio
import pytest
import requests
from loops import run

from vae.export import LIVE
from vae.ui import library
from vae.ui.compress import Compress
from vae.ui.routes.modules import MODULES

BODY = b"export const x = 1;\n" * 200
FOREVER = [(b"cache-control", b"public, immutable"), (b"content-length", str(len(BODY)).encode())]


def ask(app, *paths: str, accept: bytes = b"gzip, br") -> list[tuple[dict, bytes]]:
    """What is answered when all of these are asked for at once, by path: headers and body."""
    answers = []

    async def one(path):
        said = []

        async def send(message):
            said.append(message)

        headers = [(b"accept-encoding", accept)] if accept else []
        await app({"type": "http", "method": "GET", "path": path, "headers": headers}, None, send)
        answers.append((dict(said[0]["headers"]), b"".join(m.get("body", b"") for m in said[1:])))

    async def everyone():
        async with anyio.create_task_group() as tasks:
            for path in paths:
                tasks.start_soon(one, path)

    run(everyone)
    return answers


@pytest.fixture
def asked() -> Counter:
    return Counter()


@pytest.fixture
def app(asked):
    async def inner(scope, receive, send):
        asked[scope["path"]] += 1
        assert not scope["headers"], "It was asked for something compressed."
        status = 404 if "missing" in scope["path"] else 200
        headers = FOREVER if "x.js" in scope["path"] else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": BODY[:99], "more_body": True})
        await send({"type": "http.response.body", "body": BODY[99:]})

    return Compress(inner)


def test_a_class_that_asks_at_once_has_it_compressed_once(app, asked):
    for headers, body in ask(app, *["/live/1/x.js"] * 30):
        assert gzip.decompress(body) == BODY
        assert headers[b"content-encoding"] == b"gzip"
        assert int(headers[b"content-length"]) == len(body) < len(BODY) / 5
        assert headers[b"vary"] == b"Accept-Encoding"
    assert asked == {"/live/1/x.js": 1}


@pytest.mark.parametrize("path", ["/live/missing.js", "/live/y.js"])
def test_what_may_change_is_not_kept(app, asked, path):
    for _ in range(2):
        ((headers, body),) = ask(app, path)
        assert body == BODY
        assert b"content-encoding" not in headers
    assert asked == {path: 2}
    assert not app.kept


def test_weights_are_sent_as_they_are(app):
    ((headers, body),) = ask(app, "/models/digits/weights.safetensors")
    assert body == BODY
    assert b"content-encoding" not in headers


def test_who_reads_no_gzip_gets_none(app):
    ask(app, "/live/1/x.js")
    ((headers, body),) = ask(app, "/live/1/x.js", accept=b"")
    assert body == BODY
    assert b"content-encoding" not in headers


def test_modules_and_weights_arrive_as_they_are_on_disk(url):
    answer = requests.get(f"{url}{MODULES.root}/core/nn.js", timeout=60)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.content == (LIVE / "core" / "nn.js").read_bytes()
    answer = requests.get(f"{url}/models/digits/weights.safetensors", timeout=60)
    assert "Content-Encoding" not in answer.headers
    assert answer.content == (library.ASSETS / "digits" / "weights.safetensors").read_bytes()
