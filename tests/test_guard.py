"""Who is answered, and what every answer tells the browser."""

import socket

import pytest
import requests
from loops import run

from vae.ui import guard

MODEL = "/models/digits/bundle.json"
OWN = socket.gethostname().lower()


def ask(url: str, path: str = MODEL, method: str = "GET", **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, url + path, headers=named, timeout=60)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "LOCALHOST.", "127.0.0.1:1", "192.168.1.7", "[::1]:85"]
)
def test_this_machine_is_known_by_its_addresses(url, host):
    assert ask(url, Host=host).status_code == 200


def test_this_machine_is_known_by_its_own_name(url):
    for host in (OWN, f"{OWN.upper()}:8501", OWN.partition(".")[0] + ".local"):
        assert ask(url, Host=host).status_code == 200
    assert ask(url, Host=f"{OWN}.evil.example").status_code == 403


FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "localhost:8501:1",
    "",
    "a b",
    "[::1",
    "[1.2]",
]


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_another_name_is_refused_in_a_sentence(url, host):
    answer = ask(url, Host=host)
    assert answer.status_code == 403
    assert "does not answer for the name" in answer.json()["refused"]


def test_a_name_can_be_added_for_a_proxy(url, monkeypatch):
    monkeypatch.setenv(guard.NAMES, "lab.example, other.example")
    assert ask(url, Host="Lab.Example").status_code == 200
    assert ask(url, Host="127.0.0.1:9", Origin="https://lab.example").status_code == 200
    assert ask(url, Host="evil.lab.example").status_code == 403
    assert ask(url, Origin="https://evil.lab.example").status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:1",
        "https://[",
        "http://localhost.evil.example",
    ],
)
@pytest.mark.parametrize("path", [MODEL, "/geodesic/digits", "/nowhere"])
def test_another_origin_is_refused(url, origin, path):
    method = "GET" if path == MODEL else "POST"
    answer = ask(url, path, method, Origin=origin)
    assert answer.status_code == 403
    assert "its own pages only" in answer.json()["refused"]


def test_the_apps_own_pages_are_answered(url):
    assert ask(url, Origin=url, Sec_Fetch_Site="same-origin").status_code == 200
    assert ask(url, Sec_Fetch_Site="none").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_may_link_to_a_page_and_nothing_else(url, site):
    link = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert ask(url, **link).status_code == 200
    assert ask(url, method="POST", **link).status_code == 403
    assert ask(url, **link | {"Sec_Fetch_Dest": "iframe"}).status_code == 403
    assert ask(url, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors").status_code == 403


@pytest.mark.parametrize(
    ("origin", "let_in"), [(None, True), ("http://here", True), ("http://evil.example", False)]
)
def test_a_foreign_websocket_is_closed_before_it_opens(monkeypatch, origin, let_in):
    monkeypatch.setenv(guard.NAMES, "here")
    heard, said = [], []

    async def inner(scope, receive, send):
        heard.append(scope["type"])

    async def send(message):
        said.append(message["type"])

    headers = [(b"host", b"here")] + ([(b"origin", origin.encode())] if origin else [])
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    run(guard.Guard(inner), scope, None, send)
    assert (heard, said) == ((["websocket"], []) if let_in else ([], ["websocket.close"]))


@pytest.mark.parametrize("path", [MODEL, "/nowhere", "/geodesic/digits"])
def test_every_answer_says_what_the_browser_may_do(url, path):
    for answer in (ask(url, path), ask(url, path, Host="evil.example")):
        for name, value in guard.HEADERS.items():
            assert answer.headers[name] == value
        policy = answer.headers["Content-Security-Policy"]
        for part in ("default-src 'self'", "frame-ancestors 'self'", "object-src 'none'"):
            assert part in policy
        assert "http" not in policy
        assert "*" not in policy
        assert "script-src 'self' blob: 'wasm-unsafe-eval'" in policy
        assert "'unsafe-eval'" not in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_a_host_cannot_write_into_the_policy(url):
    answer = ask(url, Host="x; script-src *")
    assert answer.status_code == 403
    assert "script-src *" not in answer.headers["Content-Security-Policy"]
