"""Laws of a first look: a photograph is no drawing, and several marks are counted and cut out."""

import json
from base64 import b64decode
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from photographs import daylight, handwritten, photographed
from PIL import Image

from vae.data.prepare import Picture, Prepare, prepare
from vae.errors import InputError
from vae.ui import library
from vae.ui.jobs import pictures

DIGITS = Prepare(digits=True)


def row(digits: str, gap: int = 30, side: int = 150) -> Image.Image:
    """Digits beside each other, light on black."""
    rng = np.random.default_rng(len(digits))
    board = Image.new("L", (60 + (side + gap) * len(digits), side + 80))
    for i, digit in enumerate(digits):
        mark = handwritten(int(digit), rng, side)
        board.paste(mark, (30 + i * (side + gap), 20 + int(rng.integers(40))))
    return board


def on_paper(mask: Image.Image) -> Image.Image:
    rng = np.random.default_rng(0)
    return photographed(mask, daylight(mask.height, mask.width, rng), rng)


GROUNDS = {
    "black": lambda mask: mask,
    "white": lambda mask: mask.point(lambda v: 255 - v),
    "nearly white": lambda mask: mask.point(lambda v: 250 - v * 3 // 4),
    "photographed": on_paper,
}


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
@pytest.mark.parametrize("digits", ["372", "15", "8064"])
def test_each_of_several_marks_can_be_cut_out(digits, ground):
    picture = Picture(ground(row(digits)))
    looks = prepare(picture, DIGITS).looks
    assert looks.drawing
    assert len(looks.marks) == len(digits)
    assert [mark[0] for mark in looks.marks] == sorted(mark[0] for mark in looks.marks)
    rng = np.random.default_rng(len(digits))
    for digit, box in zip(digits, looks.marks, strict=True):
        alone = prepare(picture, Prepare(digits=True, crop=box))
        want = prepare(Picture(handwritten(int(digit), rng, 150)), DIGITS).x
        rng.integers(40)
        assert alone.looks.marks == ()
        assert np.corrcoef(alone.x.ravel(), want.ravel())[0, 1] > 0.85


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=GROUNDS)
@pytest.mark.parametrize("digit", range(10))
def test_one_digit_is_a_drawing_of_one_mark(digit, ground):
    looks = prepare(Picture(ground(row(str(digit)))), DIGITS).looks
    assert looks.drawing
    assert looks.marks == ()
    assert not looks.extreme


def test_marks_of_a_part_are_shares_of_the_whole():
    picture = Picture(row("372"))
    left, _, right, _ = zip(*prepare(picture, DIGITS).looks.marks, strict=True)
    part = (left[1] - 0.01, 0.0, 1.0, 1.0)
    marks = prepare(picture, Prepare(digits=True, crop=part)).looks.marks
    np.testing.assert_allclose([mark[0] for mark in marks], left[1:], atol=0.02)
    np.testing.assert_allclose([mark[2] for mark in marks], right[1:], atol=0.02)


def clouds(seed: int, rough: float) -> Image.Image:
    """Grey levels of a random field, as photographs have them: amplitudes fall with frequency."""
    rng = np.random.default_rng(seed)
    y, x = np.meshgrid(np.fft.fftfreq(180), np.fft.fftfreq(240), indexing="ij")
    f = np.hypot(x, y)
    f[0, 0] = 1
    field = np.fft.ifft2(np.fft.fft2(rng.normal(size=f.shape)) / f**rough).real
    return Image.fromarray((128 + 45 * field / field.std()).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("rough", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("seed", range(4))
def test_a_photograph_is_no_drawing(seed, rough):
    with suppress(InputError):  # there is no ink in it, which is said too
        assert not prepare(Picture(clouds(seed, rough)), DIGITS).looks.drawing


@pytest.mark.parametrize("size", [(10_000, 50), (50, 10_000), (900, 100)])
def test_an_extreme_shape_gets_a_sentence(size):
    image = Image.new("L", size)
    image.paste(255, (size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2))
    prepared = prepare(Picture(image), DIGITS)
    assert prepared.looks.extreme
    assert any("times as long as it is wide" in note for note in prepared.notes)


def test_a_picture_that_is_not_to_be_a_drawing_is_not_looked_at():
    assert prepare(Picture(clouds(0, 1.0)), Prepare()).looks is None


# ---- other preparations, for the verdict

WRONG = {"invert": "no", "threshold": "off"}  # for ink on white paper


def tried(image: Image.Image, **given) -> dict[str, dict]:
    out = BytesIO()
    image.save(out, "PNG")
    query = {"settings": json.dumps(given)}
    (part,) = pictures.preparations(library.ASSETS / "digits", out.getvalue(), query)
    return {json.dumps(p["change"]): p for p in json.loads(part.body)["preparations"]}


@pytest.mark.parametrize("given", [{}, {"rotate": 90}, WRONG, {"threshold": "off"}], ids=str)
def test_a_preparation_that_was_tried_is_what_its_settings_make(given):
    image = row("5").point(lambda v: 255 - v)
    card = {"size": (28, 28), "digits": True}
    for other in tried(image, **given).values():
        again = prepare(Picture(image), Prepare(**{**card, **other["settings"]}))
        assert b64decode(other["x"]) == again.x.tobytes()


def test_every_turn_the_swap_the_ink_and_the_place_are_tried():
    changes = tried(row("5").point(lambda v: 255 - v), **WRONG).keys()
    for change in (
        '{"turn": 1}',
        '{"turn": 2}',
        '{"turn": 3}',
        '{"swap": true}',
        '{"centre": false}',
    ):
        assert change in changes
