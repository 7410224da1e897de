"""What a film's writer wrote, another library reads."""

import re
import subprocess
from io import BytesIO
from typing import NamedTuple

import av
import imageio_ffmpeg
import numpy as np
import pytest
import torch
import webp
from PIL import Image

from vae import film
from vae.errors import InputError
from vae.film import WRITERS, Film, contact, order, write

MOVING = [suffix for suffix in WRITERS if suffix != ".png"]
EVERY_WRITER = pytest.mark.parametrize("suffix", WRITERS)
EVERY_FILM = pytest.mark.parametrize("suffix", MOVING)
EVERY_RATE = pytest.mark.parametrize("fps", [1, 7.5, 12, 20, 24, 30, 45, 50])
MP4_ERROR = 1.5  # grey levels, on average
SOFT = {1: 15, 3: 8}  # the same in colour at these scales: it is stored for 2 x 2 pixels at a time
TICK = {".gif": 1 / 100, ".webp": 1 / 1000, ".mp4": 1 / 10_000}


class Read(NamedTuple):
    pixels: np.ndarray  # (T, H, W, 3) uint8
    delays: list[float]  # seconds


def read_gif(path) -> Read:
    with av.open(str(path)) as container:
        seen = list(container.decode(video=0))
    delays = [float(frame.duration * frame.time_base) for frame in seen]
    return Read(np.stack([frame.to_ndarray(format="rgb24") for frame in seen]), delays)


def read_webp(path) -> Read:
    data = webp.WebPData.from_buffer(path.read_bytes())  # the decoder does not keep it alive
    decoder = webp.WebPAnimDecoder.new(data)
    seen, ends = zip(*decoder.frames(), strict=True)
    return Read(np.stack(seen)[..., :3], (np.diff([0, *ends]) / 1000).tolist())


def read_mp4(path) -> Read:
    told = ffmpeg(path, "-f", "framecrc").decode()  # stream, dts, pts, duration, size, sum
    w, h = map(int, re.search(r"#dimensions 0: (\d+)x(\d+)", told).groups())
    second = int(re.search(r"#tb 0: 1/(\d+)", told)[1])
    rows = [line.split(",") for line in told.splitlines() if not line.startswith("#")]
    raw = ffmpeg(path, "-f", "rawvideo", "-pix_fmt", "rgb24")
    seen = np.frombuffer(raw, np.uint8).reshape(len(rows), h, w, 3)
    return Read(seen, [int(row[3]) / second for row in rows])


def ffmpeg(path, *options: str) -> bytes:
    exe = imageio_ffmpeg.get_ffmpeg_exe()
    untouched = ("-fps_mode", "passthrough", "-enc_time_base", "demux")
    command = [exe, "-v", "error", "-i", str(path), *untouched, *options, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def read_png(path, width: int) -> Read:
    with av.open(str(path)) as container:
        strip = next(container.decode(video=0)).to_ndarray(format="rgb24")
    return Read(np.stack(np.split(strip, strip.shape[1] // width, 1)), [])


READERS = {".gif": read_gif, ".webp": read_webp, ".mp4": read_mp4}


def walk(channels: int, h: int, w: int, n: int = 9) -> np.ndarray:
    """(n, C, h, w) uint8: a smooth wave, with a still moment, one changed pixel and a return."""
    t, c, y, x = np.ogrid[:n, :channels, :h, :w]
    frames = np.rint(127.5 * (1 + np.sin(0.7 * t + 2 * c + 0.3 * y + 0.2 * x))).astype(np.uint8)
    frames[3] = frames[2]
    frames[4] = frames[3]
    frames[4, :, h // 2, w - 1] ^= 128
    frames[-1] = frames[0]
    return frames


def enlarged(frames: np.ndarray, scale: int) -> np.ndarray:
    """What is to be seen, (T, H, W, 3)."""
    seen = frames.transpose(0, 2, 3, 1).repeat(scale, 1).repeat(scale, 2)
    return np.broadcast_to(seen, (*seen.shape[:3], 3))


def error(read: Read, frames: np.ndarray, scale: int) -> np.ndarray:
    """The absolute differences, where the sizes are right."""
    want = enlarged(frames, scale)
    assert len(read.pixels) == len(want)
    return np.abs(read.pixels.astype(int) - want)


@pytest.mark.parametrize("scale", [1, 3, 8])
@pytest.mark.parametrize("size", [(1, 1), (5, 7), (8, 8), (12, 9)], ids=str)
@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
@EVERY_WRITER
def test_what_was_written_is_read_frame_by_frame(tmp_path, suffix, channels, size, scale):
    frames = walk(channels, *size)
    path = tmp_path / f"film{suffix}"
    write(path, torch.from_numpy(frames), Film(scale=scale))
    if suffix == ".png":
        assert error(read_png(path, size[1] * scale), frames, scale).max() == 0
    elif suffix == ".mp4":
        h, w = (n * scale for n in size)
        read = read_mp4(path)
        assert read.pixels.shape[1:3] == (h + h % 2, w + w % 2)
        seen = read._replace(pixels=read.pixels[:, :h, :w])
        assert error(seen, frames, scale).mean() < (
            SOFT.get(scale, MP4_ERROR) if channels == 3 else MP4_ERROR
        )
    else:
        assert error(READERS[suffix](path), frames, scale).max() == 0


@EVERY_RATE
@EVERY_FILM
def test_it_lasts_as_long_as_it_says_and_no_delay_is_too_short(tmp_path, suffix, fps):
    frames = walk(1, 4, 4, n=23)
    path = tmp_path / f"film{suffix}"
    write(path, frames, Film(fps=fps, scale=2))
    delays = READERS[suffix](path).delays
    assert len(delays) == len(frames)
    assert sum(delays) == pytest.approx(len(frames) / fps, abs=TICK[suffix] / 2 + 1e-9)
    assert max(abs(delay - 1 / fps) for delay in delays) < TICK[suffix]
    assert min(delays) >= 0.02 - 1e-9


@EVERY_FILM
def test_bouncing_and_resting_frames_are_all_there(tmp_path, suffix):
    frames, settings = walk(1, 6, 6), Film(bounce=True, hold=0.2, scale=2)
    path = tmp_path / f"film{suffix}"
    write(path, frames, settings)
    shown = frames[order(len(frames), settings)]
    assert error(READERS[suffix](path), shown, 2).mean() < MP4_ERROR * (suffix == ".mp4") + 1e-9


@pytest.mark.parametrize("hold", [0, 0.3])
@pytest.mark.parametrize("bounce", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_the_order_moves_one_frame_at_a_time(n, bounce, hold):
    shown = order(n, Film(fps=10, bounce=bounce, hold=hold))
    assert set(shown) == set(range(n))
    assert np.abs(np.diff(shown)).max(initial=0) <= 1
    if bounce:
        assert abs(shown[-1] - shown[0]) <= 1  # where it starts again
    rest = 3 * (hold > 0)
    assert shown[: rest + 1] == [0] * (rest + 1)
    assert len(shown) == n + 2 * rest + bounce * max(n - 2, 0)


@EVERY_FILM
def test_one_frame_is_a_film_too(tmp_path, suffix):
    write(tmp_path / f"film{suffix}", walk(3, 4, 4, n=5)[:1], Film())
    assert len(READERS[suffix](tmp_path / f"film{suffix}").pixels) == 1


def test_every_grey_level_is_exact_in_a_gif(tmp_path):
    frames = np.arange(256, dtype=np.uint8).reshape(1, 1, 16, 16).repeat(3, 0)
    write(tmp_path / "film.gif", frames, Film(scale=1))
    assert error(read_gif(tmp_path / "film.gif"), frames, 1).max() == 0


def test_a_gif_of_too_many_colours_is_near_and_has_no_dots(tmp_path):
    y, x = np.mgrid[:32, :32].astype(np.uint8) * 8
    frames = np.stack([y, x, 255 - y // 2 - x // 2])[None].repeat(2, 0)
    write(tmp_path / "film.gif", frames, Film(scale=1))
    read = read_gif(tmp_path / "film.gif")
    assert error(read, frames, 1).mean() < 8
    assert error(read, frames, 1).max() < 48


@pytest.mark.parametrize("loop", [True, False])
def test_it_starts_again_or_stops(loop):
    frames = walk(1, 4, 4)
    data = webp.WebPData.from_buffer(WRITERS[".webp"](frames, Film(loop=loop)))
    assert webp.WebPAnimDecoder.new(data).anim_info.loop_count == (0 if loop else 1)
    with Image.open(BytesIO(WRITERS[".gif"](frames, Film(loop=loop)))) as gif:
        assert gif.info.get("loop") == (0 if loop else None)


def test_a_video_plays_everywhere_and_before_it_is_whole(tmp_path):
    data = WRITERS[".mp4"](walk(3, 5, 5), Film())
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(BytesIO(data)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.colorspace, context.color_range) == (1, 1)


def test_a_contact_sheet_has_its_images_in_rows():
    frames = walk(3, 4, 5, n=7)
    made = np.asarray(contact(frames, columns=3, scale=2, gap=1))
    assert made.shape == ((3 * 5 - 1) * 2, (3 * 6 - 1) * 2, 3)
    for i, frame in enumerate(frames):
        y, x = i // 3 * 10, i % 3 * 12
        assert (made[y : y + 8, x : x + 10] == enlarged(frames, 2)[i]).all(), frame.shape
    assert contact(frames[:, :1]).size == (3 * 5, 3 * 4)  # 7 in three rows of three
    assert contact(frames[:2], columns=5).size == (2 * 5, 4)


# ---- refusals


def refusal(suffix: str, frames, settings: Film | None = None) -> str:
    with pytest.raises(InputError) as told:
        WRITERS[suffix](frames, settings or Film())
    return str(told.value)


@EVERY_WRITER
def test_what_is_no_film_is_refused(suffix):
    frames = walk(3, 4, 4)
    assert "float64 of shape (9, 3, 4, 4)" in refusal(suffix, frames / 255)
    assert "1 or 3" in refusal(suffix, frames[:, :2])
    assert "1 or 3" in refusal(suffix, frames[0])
    assert "nothing to show" in refusal(suffix, frames[:0])
    assert "nothing to show" in refusal(suffix, frames[:, :, :, :0])


@EVERY_WRITER
def test_what_is_too_large_is_refused_with_a_scale_that_fits(suffix):
    frames = np.broadcast_to(np.uint8(0), (100, 1, 28, 100))
    told = refusal(suffix, frames, Film(scale=50))
    assert "400 million" in told
    assert "16,383" in told
    fits = int(told.rsplit("scale ", 1)[1].split()[0])
    shape = (1, 28, 100 * 100) if suffix == ".png" else (100, 28, 100)
    film.check_size(*shape, fits)
    with pytest.raises(InputError):
        film.check_size(*shape, fits + 1)


@EVERY_WRITER
def test_where_no_scale_fits_that_is_said(suffix):
    frames = np.broadcast_to(np.uint8(0), (9, 1, 9000, 9000))
    assert "fewer or smaller" in refusal(suffix, frames, Film(scale=1))


@pytest.mark.parametrize("name", ["film.avi", "film", "film.gif.txt"])
def test_another_suffix_is_refused_with_those_that_work(tmp_path, name):
    with pytest.raises(InputError) as told:
        write(tmp_path / name, walk(1, 4, 4))
    assert all(suffix in str(told.value) for suffix in WRITERS)
    assert not list(tmp_path.iterdir())


def test_a_capital_suffix_will_do(tmp_path):
    write(tmp_path / "FILM.GIF", walk(1, 4, 4))
    assert read_gif(tmp_path / "FILM.GIF").pixels.shape == (9, 32, 32, 3)


@EVERY_WRITER
def test_a_refusal_leaves_the_old_file(tmp_path, suffix):
    path = tmp_path / f"film{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(InputError):
        write(path, walk(1, 4, 4)[:0])
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere.*cannot be written"):
        write(tmp_path / "nowhere" / "film.gif", walk(1, 4, 4))
    (tmp_path / "folder.gif").mkdir()
    with pytest.raises(InputError, match=r"folder\.gif cannot be written"):
        write(tmp_path / "folder.gif", walk(1, 4, 4))
    assert [p.name for p in tmp_path.iterdir()] == ["folder.gif"]


@pytest.mark.parametrize(
    "wrong", [{"fps": 0}, {"fps": 51}, {"scale": 0}, {"hold": -1}, {"fps": float("nan")}], ids=str
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Film(**wrong)
