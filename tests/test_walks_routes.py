"""What the app answers when the browser asks for a geodesic, a film or the page to take away."""

import json
from io import BytesIO

import av
import numpy as np
import pytest
import requests
import torch
from PIL import Image

import vae
from vae import export
from vae.bundle import find
from vae.errors import InputError
from vae.ui import library
from vae.ui.jobs import exports

D, FRAMES = 16, 6


@pytest.fixture(scope="module")
def decode():
    model = vae.load(find(library.ASSETS)["digits"]).model
    return lambda z: model.decode(torch.from_numpy(np.float32(z))).mean.numpy()


def ask(url: str, path: str, body, model: str = "digits") -> requests.Response:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return requests.post(f"{url}/{path}/{model}", text, timeout=300)


def refused(answer: requests.Response) -> str:
    """The one sentence of a refusal."""
    assert answer.status_code == 422, answer.text[:500]
    (words,) = answer.json().values()
    assert "Traceback" not in words
    assert words.endswith(".")
    return words


# ---- geodesic


def pair(seed: int = 0) -> list[list[float]]:
    return np.random.default_rng(seed).normal(size=(2, D)).astype(np.float32).tolist()


def line_request(seed: int = 0, **other) -> dict:
    return dict(zip(("from", "to"), pair(seed), strict=True)) | {"steps": 8} | other


@pytest.mark.parametrize("seed", range(3))
def test_a_geodesics_energies_never_rise_and_its_ends_stay(url, seed):
    asked = line_request(seed)
    answer = ask(url, "geodesic", asked)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["round"] for line in lines] == list(range(len(lines)))
    energies = [line["energy"] for line in lines]
    assert energies == sorted(energies, reverse=True)
    assert energies[-1] < energies[0]
    ends = np.float32([asked["from"], asked["to"]])
    for line in lines:
        codes = np.float32(line["codes"])
        assert codes.shape == (9, D)
        assert (codes[[0, -1]] == ends).all()
    straight = np.linspace(*ends.astype(float), 9)
    np.testing.assert_allclose(lines[0]["codes"], straight, atol=1e-5)


def test_a_geodesic_from_a_code_to_itself_stays(url):
    z = pair()[0]
    *_, last = ask(url, "geodesic", {"from": z, "to": z, "steps": 4}).text.splitlines()
    assert json.loads(last)["energy"] < 1e-9
    np.testing.assert_allclose(json.loads(last)["codes"], [z] * 5, atol=1e-6)


NAN = [float("nan")] * D


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (line_request(steps=1), "from 2 to 64 steps"),
        (line_request(steps=65), "from 2 to 64 steps"),
        (line_request(steps=8.5), "from 2 to 64 steps"),
        (line_request(steps="8"), "from 2 to 64 steps"),
        (line_request(steps=True), "from 2 to 64 steps"),
        ({"from": [0.0] * 3, "to": [0.0] * 3, "steps": 8}, "16 numbers"),
        ({"from": NAN, "to": NAN, "steps": 8}, "16 numbers"),
        ({"from": [None] * D, "to": [0.0] * D, "steps": 8}, "16 numbers"),
        ({"from": [1e300] * D, "to": [0.0] * D, "steps": 8}, "16 numbers"),
        ({"from": [1e38] * D, "to": [0.0] * D, "steps": 8}, "not finite numbers"),
        ({"from": [[0.0], []], "to": [0.0] * D, "steps": 8}, "lists of numbers"),
        ({"from": "here", "to": [0.0] * D, "steps": 8}, "lists of numbers"),
        ({"from": [0.0] * D, "to": [0.0] * D}, "is incomplete"),
        ([1, 2, 3], "is incomplete"),
        ("", "is incomplete"),
        ("{", "is incomplete"),
        (b"\xff\xfe", "is incomplete"),
        ("[" * 100_000, "is incomplete"),
    ],
)
def test_a_geodesic_that_cannot_be_is_refused(url, asked, words):
    assert words in refused(ask(url, "geodesic", asked))


@pytest.mark.parametrize("path", ["geodesic", "film"])
def test_an_unknown_model_is_named(url, path):
    assert "no model “globe”" in refused(ask(url, path, film_request(), "globe"))


# ---- film


def film_request(kind: str = "gif", **other) -> dict:
    """Along a straight line, with its last frame a blend of two images."""
    a, b = np.float32(pair())
    t = np.linspace(0, 1, FRAMES)[:, None]
    codes = np.stack([(1 - t) * a + t * b, np.broadcast_to(a, (FRAMES, D))], 1)
    weights = [[1, 0]] * (FRAMES - 1) + [[0.5, 0.5]]
    asked = {"kind": kind, "settings": {"fps": 10, "scale": 2}}
    return (
        asked
        | {"codes": codes.tolist(), "weights": weights, "from": 0, "to": 0, "steps": 2}
        | other
    )


@pytest.fixture(scope="module")
def wanted(decode) -> np.ndarray:
    """The frames (T, H, W) uint8 of `film_request`."""
    asked = film_request()
    codes, weights = np.float32(asked["codes"]), np.array(asked["weights"])
    x = decode(codes.reshape(-1, D)).reshape(FRAMES, 2, 28, 28)
    return np.rint(255 * np.einsum("tm,tmhw->thw", weights, x)).astype(int)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_film_holds_the_frames(url, wanted, kind):
    answer = ask(url, "film", film_request(kind))
    assert answer.headers["content-type"] == f"image/{kind}"
    with Image.open(BytesIO(answer.content)) as film:
        assert film.n_frames == FRAMES
        for i, want in enumerate(wanted):
            film.seek(i)
            got = np.asarray(film.convert("L")).astype(int)
            assert got.shape == (56, 56)
            assert np.abs(got[::2, ::2] - want).max() <= 1


def test_a_strip_holds_the_frames_side_by_side(url, wanted):
    answer = ask(url, "film", film_request("png"))
    with Image.open(BytesIO(answer.content)) as strip:
        got = np.asarray(strip.convert("L")).astype(int)[::2, ::2]
    assert np.abs(got - np.concatenate(wanted, 1)).max() <= 1


def test_a_video_holds_the_frames(url, wanted):
    answer = ask(url, "film", film_request("mp4"))
    assert answer.headers["content-type"] == "video/mp4"
    with av.open(BytesIO(answer.content)) as video:
        frames = [f.to_ndarray(format="gray").astype(int) for f in video.decode(video=0)]
    assert len(frames) == FRAMES
    assert abs(frames[0].mean() - wanted[0].mean()) < 20


def test_a_film_can_run_back(url):
    made = ask(url, "film", film_request(settings={"bounce": True, "fps": 10, "scale": 1}))
    with Image.open(BytesIO(made.content)) as film:
        assert film.n_frames == 2 * FRAMES - 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "exe"}, "one of gif, webp, mp4, png"),
        ({"kind": None}, "one of gif, webp, mp4, png"),
        ({"kind": ["gif"]}, "one of gif, webp, mp4, png"),
        ({"codes": []}, "numbers"),
        ({"codes": [[[0.0] * 3]], "weights": [[1.0]]}, "n x n x 16 numbers"),
        ({"codes": [[NAN]], "weights": [[1.0]]}, "n x n x 16 numbers"),
        ({"codes": [[[0.0] * D]], "weights": [[float("inf")]]}, "1 x 1 numbers"),
        ({"weights": [[1.0]]}, f"{FRAMES} x 2 numbers"),
        ({"settings": {"fps": 0}}, "fps must be from 1.0 to 50.0"),
        ({"settings": {"scale": 65}}, "scale must be from 1 to 64"),
        ({"settings": {"scale": "large"}}, "scale must be a number"),
        ({"settings": {"bounce": "yes"}}, "bounce must be true or false"),
        ({"settings": {"sound": 1}}, "no such setting"),
        ({"settings": [1]}, "no such setting"),
        ({"settings": None}, "no such setting"),
    ],
)
def test_a_film_that_cannot_be_is_refused(url, changed, words):
    assert words in refused(ask(url, "film", film_request() | changed))


def test_a_film_too_large_is_refused_with_what_fits(url):
    codes = [[[0.0] * D]] * 232
    asked = {"kind": "gif", "settings": {"scale": 64}, "codes": codes, "weights": [[1.0]] * 232}
    words = refused(ask(url, "film", asked))
    assert "232 pictures of 1,792 x 1,792 pixels are too large" in words
    assert "scale 46 fits" in words


# ---- the page to take away


def test_the_export_is_a_page_to_keep(url):
    answer = requests.post(f"{url}/export/digits", timeout=300)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-disposition"] == 'attachment; filename="digits.html"'
    assert answer.content.decode() == export.page(find(library.ASSETS)["digits"])


def test_an_export_too_large_or_of_no_model_is_refused(url, monkeypatch):
    assert "no model “globe”" in refused(requests.post(f"{url}/export/globe", timeout=300))
    monkeypatch.setattr(export, "MOST", 1_000_000)
    with pytest.raises(InputError, match="the limit is 1 MB"):
        next(exports.export(library.ASSETS / "digits", b"", {}))
