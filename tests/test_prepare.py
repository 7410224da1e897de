"""Laws of preparing: any file gives the model's input, or one sentence; nothing else, silently."""

import io
import os
import time
import warnings
from contextlib import suppress
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from photographs import photographed
from PIL import Image, ImageFilter
from sklearn.datasets import load_digits

from vae.data.prepare import (
    FORMATS,
    MAX_BYTES,
    MAX_PIXELS,
    SUFFIXES,
    Picture,
    Prepare,
    as_model_wants,
    open_picture,
    prepare,
)
from vae.data.prepare.opening import LONGEST, SIGNATURES, TURNS
from vae.errors import InputError

FUZZ = int(os.environ.get("VAE_FUZZ", "2000"))
DIGITS = Prepare(digits=True)
COLOUR = Prepare(size=(16, 12), channels=3, fit="fit")


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def gradient(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """Unlike in every direction, so that no turn of it equals another."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    rgb = np.stack([x * 255 // size[0], y * 255 // size[1], 255 * (x * y > 200)], -1)
    image = Image.fromarray(rgb.astype(np.uint8))
    if mode == "LAB":
        return image.convert("LAB")
    if mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image.convert("L")).astype(np.uint16)) * 257)
    return image.convert("RGBA").convert(mode) if mode in ("La", "RGBa") else image.convert(mode)


def stroke(size: int = 120) -> Image.Image:
    """A light L on black."""
    a = np.zeros((size, size), np.uint8)
    a[size // 6 : -size // 6, size // 4 : size // 4 + size // 10] = 255
    a[-size // 6 - size // 10 : -size // 6, size // 4 : -size // 4] = 255
    return Image.fromarray(a)


def check(prepared, wanted: Prepare) -> None:
    x = prepared.x
    assert x.shape == (wanted.channels, *wanted.size)
    assert x.dtype == np.uint8
    assert x.flags.c_contiguous
    assert prepared.stages[-1].name == "model's input"
    assert all(stage.image.mode in ("L", "RGB") for stage in prepared.stages)
    assert all(note.endswith(".") for note in prepared.notes)
    assert (
        np.asarray(prepared.stages[-1].image).reshape(x.shape[1], x.shape[2], -1)
    ).size == x.size


def similar(a: np.ndarray, b: np.ndarray) -> float:
    """The correlation of two pictures; a pixel of rounding in the place is allowed."""
    shifts = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return max(np.corrcoef(np.roll(a, s, (-2, -1)).ravel(), b.ravel())[0, 1] for s in shifts)


def said(prepared, words: str) -> bool:
    return any(words in note for note in prepared.notes)


# ---- any mode, any format

MODES = ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV"]
MODES += ["LAB", "I", "F", "I;16"]
SETTINGS = [
    Prepare(),
    Prepare(size=(8, 8), fit="stretch", invert="yes"),
    COLOUR,
    Prepare(rotate=33.0, crop=(0.1, 0.2, 0.9, 1.0)),
    Prepare(channels=3, rotate=90.0, invert="yes", ground="#ff8800", fit="fit"),
]


@pytest.mark.parametrize("wanted", SETTINGS, ids=range(len(SETTINGS)))
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_becomes_the_models_input(mode, wanted):
    check(prepare(Picture(gradient(mode)), wanted), wanted)


def stored(kind: str) -> dict[str, bytes]:
    """A file of this format in each mode that Pillow writes in it."""
    files = {}
    for mode in MODES:
        with suppress(OSError, ValueError):
            files[mode] = encoded(gradient(mode, (32, 32)), kind)
    if kind in ("GIF", "WEBP", "AVIF"):
        files.pop("I;16", None)  # written as plain white
    return files


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_in_every_mode_it_stores(kind):
    files = stored(kind)
    assert files.keys() & {"L", "RGB"}
    for mode, data in files.items():
        prepared = prepare(open_picture(data), COLOUR)
        check(prepared, COLOUR)
        assert np.ptp(prepared.x) > 100, mode


def test_every_format_is_known_by_its_suffix():
    known = {kind for suffix, kind in Image.registered_extensions().items() if suffix in SUFFIXES}
    assert known >= set(FORMATS)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_modes_agree_on_grey(mode):
    plain = prepare(Picture(gradient("L")), Prepare(invert="no")).x.astype(int)
    other = prepare(Picture(gradient(mode)), Prepare(invert="no")).x.astype(int)
    assert np.abs(plain - other).max() <= 6


def test_stages_lead_from_the_upload_to_the_input():
    names = [stage.name for stage in prepare(Picture(gradient()), Prepare()).stages]
    assert names == ["uploaded", "oriented", "cropped", "grey", "model's input"]
    assert "ink" in [stage.name for stage in prepare(Picture(stroke()), DIGITS).stages]
    assert "colours" in [stage.name for stage in prepare(Picture(gradient()), COLOUR).stages]


def test_preparing_changes_nothing_it_was_given():
    image = gradient("RGBA")
    before = image.tobytes()
    prepare(Picture(image), Prepare(invert="yes", rotate=90.0))
    assert image.tobytes() == before


@pytest.mark.parametrize("channels", [1, 3])
def test_an_input_is_its_own_preparation(channels):
    wanted = Prepare(channels=channels)
    once = prepare(Picture(gradient()), wanted)
    twice = prepare(Picture(once.stages[-1].image), Prepare(channels=channels, invert="no"))
    np.testing.assert_array_equal(once.x, twice.x)


def test_a_path_and_an_open_file_give_the_same(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(encoded(gradient()))
    with path.open("rb") as file:
        several = [prepare(open_picture(d)).x for d in (path, str(path), file, path.read_bytes())]
    assert all((x == several[0]).all() for x in several)


# ---- orientation, transparency, depth, frames


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(kind, orientation):
    upright = gradient()
    undo = {6: 8, 8: 6}.get(orientation, orientation)
    stored = upright.transpose(TURNS[undo]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x112] = orientation
    picture = open_picture(encoded(stored, kind, exif=exif, quality=95))
    prepared = prepare(picture, COLOUR)
    want = prepare(Picture(upright), COLOUR).x
    assert similar(prepared.x, want) > 0.98
    assert picture.image.size == stored.size
    assert said(prepared, "EXIF") == (orientation > 1)


def test_exif_orientation_can_be_left():
    exif = Image.Exif()
    exif[0x112] = 6
    for kind in ("PNG", "TIFF"):
        picture = open_picture(encoded(gradient(), kind, exif=exif))
        left = prepare(picture, Prepare(exif=False))
        np.testing.assert_array_equal(left.x, prepare(Picture(gradient()), Prepare()).x)
        assert not said(left, "EXIF")


def transparent(mode: str, ink: int) -> Image.Image:
    alpha = stroke()
    grey = Image.new("L", alpha.size, ink)
    image = Image.merge("LA", (grey, alpha))
    return image.convert("RGBA").quantize(8) if mode == "P" else image.convert(mode)


TRANSPARENT = [("P", "PNG"), *product(("LA", "RGBA"), ("PNG", "WEBP", "TIFF"))]


@pytest.mark.parametrize(("mode", "kind"), TRANSPARENT)
@pytest.mark.parametrize(("ink", "ground"), [(0, "white"), (255, "black"), (60, "white")])
def test_transparent_parts_are_laid_over_what_contrasts(kind, mode, ink, ground):
    options = {"lossless": True} if kind == "WEBP" else {}
    prepared = prepare(open_picture(encoded(transparent(mode, ink), kind, **options)), DIGITS)
    assert said(prepared, f"laid over {ground}")
    want = prepare(Picture(stroke()), DIGITS).x
    assert similar(prepared.x, want) > 0.95


def test_a_colour_beyond_the_brightest_is_the_brightest():
    image = Image.new("RGB", (40, 30))
    wanted = Prepare(channels=3, ground="rgb(999, 0, 0)", fit="fit")
    assert prepare(Picture(image), wanted).x[:, 0, 0].tolist() == [255, 0, 0]


def test_the_ground_can_be_set():
    wanted = Prepare(ground="#ff0000", channels=3, invert="no")
    x = prepare(Picture(Image.new("RGBA", (20, 20), (0, 0, 0, 0))), wanted).x
    assert x.reshape(3, -1).T.tolist() == [[255, 0, 0]] * 784


def test_a_transparent_gif_and_png_colour():
    image = Image.new("P", (30, 30), 0)
    image.putpalette([0, 0, 0, 255, 255, 255])
    for kind in ("GIF", "PNG"):
        data = encoded(image, kind, transparency=0)
        assert said(prepare(open_picture(data)), "Transparent")
    grey = encoded(gradient("L"), "PNG", transparency=0)
    assert said(prepare(open_picture(grey)), "Transparent")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
@pytest.mark.parametrize("top", [1, 255, 4095, 65535])
def test_deep_grey_is_rescaled(kind, top):
    a = np.linspace(0, top, 900).reshape(30, 30).astype(np.uint16)
    prepared = prepare(open_picture(encoded(Image.fromarray(a), kind)), Prepare(invert="no"))
    assert prepared.x.min() <= 8
    assert prepared.x.max() >= 247
    assert said(prepared, f"{top} is white")


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 255), (-3, 7), (0, 1e6), (5, 5)])
def test_floats_are_rescaled(low, high):
    a = np.linspace(low, high, 900, dtype=np.float32).reshape(30, 30)
    x = prepare(open_picture(encoded(Image.fromarray(a), "TIFF")), Prepare(invert="no")).x[0]
    assert (np.diff(x[:, 14].astype(int)) >= 0).all()


def test_white_can_be_set():
    a = np.full((30, 30), 500, np.uint16)
    x = prepare(Picture(Image.fromarray(a)), Prepare(white=1000.0, invert="no")).x
    assert (x == 128).all()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_an_animation(kind):
    frames = [gradient().rotate(90 * i) for i in range(4)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    prepared = prepare(open_picture(data), COLOUR)
    assert said(prepared, "first of 4 frames")
    assert similar(prepared.x, prepare(Picture(frames[0]), COLOUR).x) > 0.9


def test_cmyk_is_said():
    assert said(prepare(open_picture(encoded(gradient("CMYK"), "JPEG"))), "CMYK")


# ---- crop, fit, rotate, invert


def test_crop_fit_and_stretch():
    image = Image.new("L", (60, 20), 0)
    image.paste(255, (20, 0, 40, 20))
    x = {
        how: prepare(Picture(image), Prepare(size=(20, 20), fit=how, invert="no")).x[0]
        for how in ("crop", "fit", "stretch")
    }
    assert x["crop"].min() == 255
    assert x["fit"][0].max() == 0
    assert x["stretch"][0, 9] == 255
    assert x["stretch"][0, 1] == 0


def test_margins_continue_the_border_or_are_as_set():
    image = Image.new("RGB", (60, 20), (10, 200, 30))
    x = prepare(Picture(image), Prepare(channels=3, fit="fit")).x
    assert (x == np.array([10, 200, 30])[:, None, None]).all()
    x = prepare(Picture(image), Prepare(channels=3, fit="fit", ground="blue")).x
    assert x[:, 0, 0].tolist() == [0, 0, 255]


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_quarter_turns_are_exact(quarter):
    image = gradient("L", (28, 28))
    wanted = Prepare(rotate=90.0 * quarter, invert="no")
    x = prepare(Picture(image), wanted).x[0]
    np.testing.assert_array_equal(x, np.rot90(np.asarray(image), -quarter))


def test_the_part_that_is_set_is_used():
    image = gradient("L", (56, 56))
    x = prepare(Picture(image), Prepare(crop=(0.5, 0.0, 1.0, 0.5), invert="no")).x[0]
    np.testing.assert_array_equal(x, np.asarray(image)[:28, 28:])


@pytest.mark.parametrize("digits", [False, True])
@pytest.mark.parametrize("light_ground", [False, True])
def test_dark_on_light_is_swapped(light_ground, digits):
    image = stroke().point(lambda v: 255 - v) if light_ground else stroke()
    auto = prepare(Picture(image), Prepare(digits=digits))
    told = prepare(Picture(image), Prepare(digits=digits, invert="yes" if light_ground else "no"))
    np.testing.assert_array_equal(auto.x, told.x)
    assert said(auto, "swapped") == light_ground
    assert auto.inverted == light_ground
    assert auto.x[0, 0, 0] == 0


def test_a_colour_picture_is_never_swapped_unasked():
    white = Image.new("RGB", (30, 30), "white")
    assert prepare(Picture(white), Prepare(channels=3)).x.min() == 255


# ---- digits: the convention of MNIST


@cache
def clean_digit(k: int, side: int = 320) -> Image.Image:
    """scikit-learn's first `k`, enlarged, light on black with room around it."""
    data = load_digits()
    a = data.images[np.flatnonzero(data.target == k)[0]] / 16 * 255
    image = Image.fromarray(a.astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    image = image.filter(ImageFilter.GaussianBlur(side / 40))
    sharp = image.point(lambda v: max(0, min(255, (v - 100) * 6)))
    whole = Image.new("L", (side * 7 // 5, side * 7 // 5))
    whole.paste(sharp, (side // 5, side // 5))
    return whole


def photograph(k: int, shadow=0.0, pen=(30, 40, 95), paper=(235, 222, 190)) -> Image.Image:
    """The digit in coloured ink on paper: turned, unevenly lit, noisy, and off the middle."""
    h, w = 700, 900
    mask = Image.new("L", (w, h))
    turned = clean_digit(k).rotate(4, Image.Resampling.BICUBIC)
    mask.paste(turned.resize((350, 350)), (225, 140))
    y, x = np.mgrid[0 : 1 : h * 1j, 0 : 1 : w * 1j]
    light = (1 - 0.35 * x - 0.15 * y) * (1 - shadow / (1 + np.exp(-20 * (x + 0.3 * y - 0.8))))
    return photographed(mask, light, np.random.default_rng(k), pen, paper)


PHOTOGRAPHS = {
    "pen": {},
    "pencil": {"pen": (150, 145, 135)},
    "chalk": {"pen": (225, 225, 215), "paper": (40, 60, 50)},
    "shadow": {"shadow": 0.4},
}


@pytest.mark.parametrize("scene", PHOTOGRAPHS.values(), ids=PHOTOGRAPHS)
@pytest.mark.parametrize("k", range(10))
def test_a_photographed_digit_is_the_clean_digit(k, scene):
    clean = prepare(Picture(clean_digit(k)), DIGITS).x
    photo = open_picture(encoded(photograph(k, **scene), "JPEG", quality=85))
    assert similar(prepare(photo, DIGITS).x, clean) > 0.9


@pytest.mark.parametrize("size", [8, 28, 32, 64])
@pytest.mark.parametrize("k", range(10))
def test_strokes_fill_the_box_and_are_centred_by_mass(k, size):
    x = prepare(Picture(clean_digit(k)), Prepare(size=(size, size), digits=True)).x[0]
    rows, columns = (np.flatnonzero(x.any(axis)) for axis in (1, 0))
    box = round(size * 20 / 28)
    assert box - 1 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= box
    assert x.max() == 255
    centre = [(x.sum(1 - a) * np.arange(size)).sum() / x.sum() for a in (0, 1)]
    assert np.abs(np.array(centre) - size / 2).max() <= 0.51


@pytest.mark.parametrize("k", range(10))
def test_a_prepared_digit_is_its_own_preparation(k):
    once = prepare(Picture(clean_digit(k)), DIGITS)
    twice = prepare(Picture(once.stages[-1].image), DIGITS)
    np.testing.assert_array_equal(once.x, twice.x)


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.5])
def test_a_digit_keeps_its_aspect_and_grey_edges(scale):
    x = prepare(Picture(stroke(round(120 * scale))), DIGITS).x[0]
    rows, columns = (np.flatnonzero(x.any(axis)) for axis in (1, 0))
    assert np.ptp(columns) / np.ptp(rows) == pytest.approx(60 / 80, abs=0.08)


def test_specks_are_left_out_and_can_be_kept():
    image = photograph(3)
    image.paste((20, 20, 20), (60, 60, 78, 78))
    clean = prepare(Picture(photograph(3)), DIGITS).x
    without = prepare(Picture(image), DIGITS)
    assert similar(without.x, clean) > 0.98
    assert said(without, "left out")
    assert similar(prepare(Picture(image), Prepare(digits=True, specks=0.0)).x, clean) < 0.9


def test_a_table_beside_the_paper_is_left_out():
    image = photograph(3)
    image.paste((60, 40, 30), (820, 0, 900, 700))
    assert (
        similar(prepare(Picture(image), DIGITS).x, prepare(Picture(photograph(3)), DIGITS).x) > 0.9
    )


def test_a_colour_model_of_digits_gets_the_same_three_times():
    x = prepare(Picture(photograph(2)), Prepare(channels=3, digits=True)).x
    want = prepare(Picture(photograph(2)), DIGITS).x
    np.testing.assert_array_equal(x, np.repeat(want, 3, axis=0))


def test_the_threshold_can_be_switched():
    on = prepare(Picture(clean_digit(5)), Prepare(digits=True, threshold="on"))
    off = prepare(Picture(clean_digit(5)), Prepare(digits=True, threshold="off"))
    assert said(on, "separated")
    assert not said(off, "separated")
    assert similar(on.x, off.x) > 0.95


def noise() -> Image.Image:
    a = np.random.default_rng(0).normal(128, 40, (300, 300))
    return Image.fromarray(a.clip(0, 255).astype(np.uint8))


def paper() -> Image.Image:
    y, x = np.mgrid[0:1:300j, 0:1:400j]
    light = 230 - 120 * x - 30 * y + np.random.default_rng(0).normal(0, 6, x.shape)
    return Image.fromarray(light.clip(0, 255).astype(np.uint8))


BLANK = {
    "black": Image.new("L", (280, 280), 0),
    "white": Image.new("RGB", (280, 280), "white"),
    "transparent": Image.new("RGBA", (280, 280), (0, 0, 0, 0)),
    "paper": paper(),
    "noise": noise(),
}


@pytest.mark.parametrize("threshold", ["auto", "on"])
@pytest.mark.parametrize("page", BLANK.values(), ids=BLANK)
def test_a_blank_page_has_no_ink(page, threshold):
    with pytest.raises(InputError, match="no ink"):
        prepare(Picture(page), Prepare(digits=True, threshold=threshold))


# ---- what is refused


def png_header(width: int, height: int) -> bytes:
    from zlib import crc32

    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    body = len(head[4:]).to_bytes(4, "big") + head + crc32(head).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + body + bytes(4) + b"IDAT" + crc32(b"IDAT").to_bytes(4, "big")


NAN, INFINITE = (
    encoded(Image.fromarray(np.full((9, 9), v, np.float32)), "TIFF") for v in (np.nan, -np.inf)
)
REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"hello, this is no picture", "not a picture"),
    "noise": (bytes(range(256)) * 9, "not a picture"),
    "svg": (
        b'\n<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        "SVG.*PNG or JPEG",
    ),
    "pdf": (b"%PDF-1.7\n...", "PDF.*PNG or JPEG"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC.*PNG or JPEG"),
    "heif": (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC.*PNG or JPEG"),
    "video": (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video"),
    "photoshop": (b"8BPS\0\1", "Photoshop"),
    "zip": (b"PK\3\4rest", "ZIP"),
    "one wide": (encoded(Image.new("L", (1, 40))), "1 x 40"),
    "one pixel": (encoded(Image.new("L", (1, 1))), "1 x 1"),
    "zero": (png_header(0, 10), "."),
    "bomb": (png_header(60_000, 60_000), "64 megapixels"),
    "just too large": (png_header(8001, 8000), "8001 x 8000.*64 megapixels"),
    "nan": (NAN, "NaN"),
    "infinite": (INFINITE, "infinite"),
    "text of pixels": (b"P3 2000 2000 255 " + b"7 " * 99, "1 megapixel.*PNG or JPEG"),
    "odd depth": (b"P5 2000 2000 100 " + bytes(99), "1 megapixel.*PNG or JPEG"),
    "too heavy": (bytes(MAX_BYTES + 1), "50 MB"),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence(data, why):
    with pytest.raises(InputError, match=why) as refusal:
        open_picture(data)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_cut_short_is_refused(kind):
    data = encoded(gradient(size=(64, 64)), kind)
    with pytest.raises(InputError, match="damaged"):
        open_picture(data[: len(data) * 2 // 3])


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM"])
def test_a_bomb_is_refused_from_its_header(kind):
    """Each header is made to say 16,000 x 16,000; a decoder that believed it would take seconds."""
    small = encoded(
        Image.new("L", (300, 200)), kind, **({"lossless": True} if kind == "WEBP" else {})
    )
    assert FORGED[kind](small) != small
    started = time.process_time()
    with pytest.raises(InputError, match="64 megapixels"):
        open_picture(FORGED[kind](small))
    assert time.process_time() - started < 0.2


def replaced(old: bytes, new: bytes):
    return lambda data: data.replace(old, new, 1)


def webp_forged(data: bytes) -> bytes:
    bits = int.from_bytes(data[21:25], "little")
    sides = 15999 | 15999 << 14
    return data[:21] + (bits & ~(2**28 - 1) | sides).to_bytes(4, "little") + data[25:]


def tiff_forged(data: bytes) -> bytes:
    wide = data.replace(b"\0\1\4\0\1\0\0\0\x2c\1", b"\0\1\4\0\1\0\0\0\x80\x3e")
    return wide.replace(b"\1\1\4\0\1\0\0\0\xc8\0", b"\1\1\4\0\1\0\0\0\x80\x3e")


FORGED = {
    "PNG": lambda data: png_header(16_000, 16_000),
    "GIF": replaced(b"\x2c\1\xc8\0", b"\x80\x3e\x80\x3e"),
    "WEBP": webp_forged,
    "BMP": replaced(b"\x2c\1\0\0\xc8\0\0\0", b"\x80\x3e\0\0\x80\x3e\0\0"),
    "TIFF": tiff_forged,
    "PPM": replaced(b"300 200", b"16000 16000"),
}


def test_a_missing_path_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            open_picture(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": (0, 28)},
        {"size": (28,)},
        {"size": (1024, 16)},
        {"channels": 2},
        {"fit": "squeeze"},
        {"invert": "maybe"},
        {"rotate": float("nan")},
        {"crop": (0.5, 0.0, 0.5, 1.0)},
        {"crop": (0.0, 0.0, 1.5, 1.0)},
        {"ground": "no colour"},
        {"specks": -1.0},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong)) + "|colour"):
        Prepare(**wrong)


def test_a_models_card_decides_unless_told_otherwise():
    card = {"size": [20, 16], "digits": True}
    assert as_model_wants(card) == Prepare(size=(20, 16), digits=True)
    assert as_model_wants(card, digits=False, rotate=9.0) == Prepare(size=(20, 16), rotate=9.0)


@pytest.mark.parametrize("card", [{"size": 28}, {"range": [0, 1]}, {"size": [28, "x"]}], ids=str)
def test_a_card_that_says_what_is_unknown_is_refused(card):
    with pytest.raises(InputError):
        as_model_wants(card)


def test_a_large_picture_is_kept_small():
    data = encoded(Image.new("L", (7000, 5000), 90), "JPEG")
    picture = open_picture(data)
    assert max(picture.image.size) <= LONGEST
    assert picture.image.size[0] * picture.image.size[1] < MAX_PIXELS
    assert said(prepare(picture), "7000 x 5000")


@pytest.mark.parametrize("size", [(2, 2), (2, 3000), (3000, 2), (3, 5)])
@pytest.mark.parametrize("how", ["crop", "fit", "stretch"])
def test_thin_and_tiny_pictures(size, how):
    wanted = Prepare(fit=how, crop=(0.3, 0.3, 0.31, 0.31), rotate=10.0)
    check(prepare(open_picture(encoded(gradient(size=size))), wanted), wanted)
    wanted = Prepare(fit=how)
    check(prepare(open_picture(encoded(gradient(size=size))), wanted), wanted)


# ---- fuzz


def seeds() -> list[bytes]:
    """Small real files of every kind, whose bytes the fuzz flips, cuts and splices."""
    exif = Image.Exif()
    exif[0x112] = 6
    images = [gradient(size=(24, 18)), transparent("RGBA", 0).resize((24, 24)), gradient("P")]
    files = [encoded(i, kind) for i in images for kind in ("PNG", "GIF", "WEBP", "TIFF", "ICO")]
    files += [encoded(gradient(m, (24, 18)), "JPEG", exif=exif) for m in ("L", "RGB", "CMYK")]
    files += [encoded(images[0], "JPEG", progressive=True), encoded(images[0], "BMP")]
    files += [encoded(gradient(m), "TIFF") for m in ("F", "I;16", "1", "CMYK")]
    files += [encoded(images[0], "TIFF", compression=c) for c in ("tiff_lzw", "jpeg", "packbits")]
    files += [encoded(gradient(m), "PPM") for m in ("1", "L", "RGB", "I;16")]
    frames = [images[0].rotate(90 * i) for i in range(3)]
    animated = {"save_all": True, "append_images": frames[1:]}
    files += [encoded(frames[0], kind, **animated) for kind in ("GIF", "PNG", "WEBP", "TIFF")]
    return files + ([encoded(images[0], "AVIF")] if "AVIF" in FORMATS else [])


def mutated(rng: np.random.Generator, files: list[bytes]) -> bytes:
    data = bytearray(files[rng.integers(len(files))])
    for at in rng.integers(0, len(data), rng.integers(0, 9)):
        near = at % 64 if rng.random() < 0.5 else at  # headers matter more
        data[min(near, len(data) - 1)] = rng.choice([0, 1, 127, 128, 255, rng.integers(256)])
    kind = rng.integers(4)
    if kind == 0:
        return bytes(data[: rng.integers(0, len(data))])
    if kind == 1:
        other = files[rng.integers(len(files))]
        return bytes(data[: rng.integers(0, len(data))]) + other[rng.integers(0, len(other)) :]
    return bytes(data)


def outcome(data: bytes, wanted: Prepare) -> str:
    """Prepared to the right shape, or refused in a sentence; anything else fails the test."""
    refusal = refused(lambda: check(prepare(open_picture(data), wanted), wanted))
    assert refusal is None or refusal.endswith(".")
    return "refused" if refusal else "prepared"


def refused(action) -> str | None:
    try:
        action()
    except InputError as why:
        return str(why)


def test_mutated_files_are_prepared_or_refused():
    rng, files = np.random.default_rng(0), seeds()
    choices = [Prepare(), COLOUR, DIGITS]
    counts = {"prepared": 0, "refused": 0}
    for i in range(FUZZ):
        counts[outcome(mutated(rng, files), choices[i % 3])] += 1
    print(counts)
    assert min(counts.values()) > FUZZ / 20


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.binary(max_size=400), st.sampled_from([b"", *SIGNATURES, b"P5 9 9 255\n"]))
def test_any_bytes_are_prepared_or_refused(tail, head):
    outcome(head + tail, Prepare())


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.integers(2, 12), st.integers(2, 12), st.data())
def test_any_pixels_are_prepared_or_have_no_ink(h, w, data):
    pixels = data.draw(st.binary(min_size=h * w, max_size=h * w))
    picture = Picture(Image.frombytes("L", (w, h), pixels))
    how = data.draw(st.sampled_from(["auto", "on", "off"]))
    wanted = data.draw(st.sampled_from([Prepare(), Prepare(digits=True, threshold=how)]))
    refusal = refused(lambda: check(prepare(picture, wanted), wanted))
    assert refusal is None or "no ink" in refusal


def test_no_warning_leaks():
    """Pillow warns of a large icon's size, of damaged EXIF data, of a bomb."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        outcome(png_header(10_000, 10_000), Prepare())
        outcome(encoded(gradient("P"), "GIF", transparency=1), Prepare())
    assert caught == []
