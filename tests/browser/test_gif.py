"""What the browser's GIF writer wrote, Pillow and FFmpeg read."""

import base64
from io import BytesIO

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

WRITE = """async ([frames, channels, width, scale, delays]) => {
  const { encodeGif, enlarge, indexed } = await import("/live/io/gif.js");
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const made = indexed(frames.map(bytes), channels);
  const height = made.frames[0].length / width;
  const large = made.frames.map((f) => enlarge(f, width, scale));
  const gif = encodeGif(large, width * scale, height * scale, made.palette, delays);
  return btoa(gif.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}"""


def written(page, frames: np.ndarray, scale: int, delays: list[int]) -> bytes:
    """`frames`: (T, H, W, C) uint8."""
    _, _, w, c = frames.shape
    raw = [base64.b64encode(frame.tobytes()).decode() for frame in frames]
    return base64.b64decode(page.evaluate(WRITE, [raw, c, w, scale, delays]))


def by_pillow(gif: bytes) -> tuple[np.ndarray, list[int]]:
    with Image.open(BytesIO(gif)) as image:
        assert image.info["loop"] == 0
        seen = [
            (np.array(f.convert("RGB")), f.info["duration"]) for f in ImageSequence.Iterator(image)
        ]
    return np.stack([pixels for pixels, _ in seen]), [time // 10 for _, time in seen]


def by_ffmpeg(gif: bytes) -> tuple[np.ndarray, list[int]]:
    with av.open(BytesIO(gif)) as container:
        seen = list(container.decode(video=0))
    times = [round(100 * frame.duration * frame.time_base) for frame in seen]
    return np.stack([frame.to_ndarray(format="rgb24") for frame in seen]), times


def check(page, frames: np.ndarray, scale: int = 1) -> None:
    delays = [2 + i % 5 for i in range(len(frames))]
    gif = written(page, frames, scale, delays)
    want = frames.repeat(scale, 1).repeat(scale, 2)
    for read in (by_pillow, by_ffmpeg):
        got, times = read(gif)
        assert times == delays
        assert (got == np.broadcast_to(want, got.shape)).all()


@pytest.mark.parametrize("scale", [1, 3])
@pytest.mark.parametrize("size", [(1, 1), (1, 2), (7, 5), (28, 28), (90, 110)], ids=str)
@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
def test_pixels_and_times_come_back(page, channels, size, scale):
    rng = np.random.default_rng(0)
    colours = rng.integers(0, 256, (256, channels), np.uint8)
    check(page, colours[rng.integers(0, 256, (3, *size))], scale)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 17, 128, 129, 256])
def test_any_number_of_colours_is_exact(page, n):
    rng = np.random.default_rng(0)
    colours = rng.permutation(2**24)[:n, None] >> np.array([16, 8, 0]) & 255
    check(page, colours.astype(np.uint8)[rng.integers(0, n, (2, 70, 80))])


def test_equal_frames_and_smooth_ones_come_back(page):
    x = np.arange(300) // 2 % 256
    frames = np.broadcast_to(x.astype(np.uint8)[None, None, :, None], (4, 200, 300, 1)).copy()
    frames[2] = 0
    check(page, frames)


@pytest.mark.parametrize("codes", [1, 254, 766, 1790, 3838])
def test_it_ends_well_where_codes_grow_and_where_they_are_used_up(page, codes):
    """No pair of pixels comes twice, so that each is a code of its own."""
    pairs = np.concatenate([[i, *np.stack([np.full(255 - i, i), np.arange(i + 1, 256)], 1).ravel()]
                            for i in range(256)]).astype(np.uint8)  # fmt: skip
    for n in range(max(1, codes - 4), codes + 8):
        check(page, pairs[None, None, :n, None])


def test_more_colours_are_near(page):
    y, x = np.mgrid[:32, :32].astype(np.uint8) * 8
    frames = np.stack([y, x, 255 - y // 2 - x // 2], -1)[None].repeat(2, 0)
    got, _ = by_pillow(written(page, frames, 1, [5, 5]))
    assert np.abs(got.astype(int) - frames).max() <= 26  # half of 255 / 5


def test_what_is_no_film_is_refused(page):
    from playwright.sync_api import Error

    encode = "import('/live/io/gif.js').then((m) => m.encodeGif({}, 2, 2, {}, [5]).length)"
    with pytest.raises(Error, match="2 × 2 pixels"):
        page.evaluate(encode.format("[new Uint8Array(3)]", "new Uint8Array(6)"))
    with pytest.raises(Error, match="256 colours"):
        page.evaluate(encode.format("[new Uint8Array(4)]", "new Uint8Array(771)"))
