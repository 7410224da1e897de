"""Frames to files: a GIF, a WebP, a video, a strip.

    write(Path("walk.gif"), frames, Film(fps=20, bounce=True))     # frames: (T, C, H, W) uint8

Every frame of a film is shown for 1 / fps seconds, so that a pause is the same frame again. GIF and
WebP store only the rectangle that changed since the frame before, as both formats foresee; a frame
that equals the one before keeps a place of its own, where most writers merge the two.

GIF89a (CompuServe, 1990), https://www.w3.org/Graphics/GIF/spec-gif89a.txt
Recommendation BT.709 (ITU-R, 2015), https://www.itu.int/rec/R-REC-BT.709
WebP Container Specification (Google), https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import GifImagePlugin, Image

from vae.data.base import sheet
from vae.errors import InputError
from vae.files import replace
from vae.settings import check, setting

if TYPE_CHECKING:
    from torch import Tensor

    Frames = Tensor | np.ndarray  # (T, C, H, W) uint8, C = 1 or 3

MAX_PIXELS = 400_000_000  # of a film, over all its frames: half a minute of work, not an hour
MAX_SIDE = 16_383  # pixels; what WebP and H.264 can hold
GREYS = bytes(level for level in range(256) for _ in "rgb")
BT709 = np.array(  # red, green and blue, 0 to 255 -> Y from 16 to 235, Cb and Cr from 16 to 240
    [[0.2126, -0.114572, 0.5], [0.7152, -0.385428, -0.454153], [0.0722, 0.5, -0.045847]]
) * (np.array([219, 224, 224]) / 255)


@dataclass(frozen=True)
class Film:
    """How frames are shown. Raises InputError where a value makes no sense."""

    # Browsers take a GIF's delay of 1/100 s for a mistake and make it 1/10 s: 50 is the most.
    fps: float = setting(20.0, "frames per second", min=1.0, max=50.0)
    scale: int = setting(8, "squares for each pixel", min=1, max=64)
    bounce: bool = setting(False, "run back to the start after the last frame")
    loop: bool = setting(True, "start again at the end; a video leaves that to its player")
    hold: float = setting(0.0, "seconds to rest on the first and the last frame", min=0.0, max=10.0)

    __post_init__ = check


class Patch(NamedTuple):
    """The rectangle that differs from the frame before."""

    left: int  # even, as WebP wants it
    top: int  # even
    pixels: np.ndarray  # (h, w, C) uint8


# ---- what is shown when


def order(n: int, settings: Film) -> list[int]:
    """Which of `n` frames is shown in each 1 / fps seconds."""
    there = list(range(n))
    rest = round(settings.hold * settings.fps)
    way = [0] * rest + there + [n - 1] * rest
    return way + there[-2:0:-1] if settings.bounce else way


def delays(n: int, fps: float, clock: int) -> list[int]:
    """Ticks of 1 / clock seconds for each of `n` frames.

    Not each delay is rounded but the moment at which it ends, so that the film lasts n / fps
    seconds to half a tick: at 30 frames per second a GIF's are 3, 4, 3, 3, 4, 3 hundredths.
    """
    return np.diff(np.floor(np.arange(n + 1) * (clock / fps) + 0.5).astype(int)).tolist()


def pixels(frames: Frames) -> np.ndarray:
    """Frames as (T, H, W, C) uint8.

    Raises:
        InputError: no frames, another shape, or other numbers than uint8.
    """
    array = frames.numpy(force=True) if hasattr(frames, "numpy") else np.asarray(frames)
    if array.ndim != 4 or array.shape[1] not in (1, 3) or array.dtype != np.uint8:
        raise InputError(
            f"The frames are {array.dtype} of shape {array.shape}; "
            "they must be uint8 of shape (frames, 1 or 3, height, width)."
        )
    if 0 in array.shape:
        raise InputError(f"There is nothing to show in frames of shape {array.shape}: give one.")
    return array.transpose(0, 2, 3, 1)


def check_size(shown: int, h: int, w: int, scale: int) -> None:
    """Raises InputError where `shown` frames of h x w pixels are too many at `scale`."""
    total = shown * h * w
    if total * scale**2 <= MAX_PIXELS and max(h, w) * scale <= MAX_SIDE:
        return
    fits = min(math.isqrt(MAX_PIXELS // total), MAX_SIDE // max(h, w))
    raise InputError(
        f"{shown:,} pictures of {w * scale:,} x {h * scale:,} pixels are too large; the limits are "
        f"{MAX_SIDE:,} pixels a side and {MAX_PIXELS / 1e6:g} million in all: "
        + (f"scale {fits} fits." if fits else "no scale fits, choose fewer or smaller frames.")
    )


def reel(frames: Frames, settings: Film) -> list[np.ndarray]:
    """Each frame that is shown, (H, W, C) uint8, in its order; raises InputError as above."""
    array = pixels(frames)
    shown = order(len(array), settings)
    check_size(len(shown), *array.shape[1:3], settings.scale)
    return [array[i] for i in shown]


def patches(shown: list[np.ndarray]) -> Iterator[Patch]:
    yield Patch(0, 0, shown[0])
    for before, now in pairwise(shown):
        yield changed(before, now)


def changed(before: np.ndarray, now: np.ndarray) -> Patch:
    """What to draw over `before` to see `now`; where they are equal, one pixel."""
    differs = (before != now).any(-1)
    rows, columns = (np.flatnonzero(differs.any(axis)) for axis in (1, 0))
    top, bottom = (rows[0] & ~1, rows[-1] + 1) if len(rows) else (0, 1)
    left, right = (columns[0] & ~1, columns[-1] + 1) if len(columns) else (0, 1)
    return Patch(int(left), int(top), now[top:bottom, left:right])


def enlarged(image: Image.Image, scale: int) -> Image.Image:
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def picture(pixels: np.ndarray) -> Image.Image:
    """(H, W, C) uint8 -> L or RGB."""
    plain = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    return Image.fromarray(np.ascontiguousarray(plain))


# ---- GIF


def gif(frames: Frames, settings: Film) -> bytes:
    """An animated GIF: grey is exact, colour where a frame has at most 256 of them.

    Its clock ticks in 1/100 s; see `delays`. Raises InputError: frames that cannot be a film.
    """
    shown = reel(frames, settings)
    h, w, _ = shown[0].shape
    screen = struct.pack("<HHBBB", w * settings.scale, h * settings.scale, 0xF7, 0, 0)
    parts = [b"GIF89a", screen, GREYS]
    if settings.loop:
        parts.append(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")  # 0: for ever
    for patch, delay in zip(patches(shown), delays(len(shown), settings.fps, 100), strict=True):
        parts += gif_frame(patch, delay, settings.scale)
    return b"".join([*parts, b";"])


def gif_frame(patch: Patch, delay: int, scale: int) -> list[bytes]:
    """One image block, drawn over what is there."""
    made = picture(patch.pixels)
    colour = made.mode == "RGB"
    return GifImagePlugin.getdata(
        enlarged(indexed(patch.pixels) if colour else made, scale),
        (patch.left * scale, patch.top * scale),
        duration=10 * delay,
        disposal=1,
        include_color_table=colour,
    )


def indexed(pixels: np.ndarray) -> Image.Image:
    """(H, W, 3) uint8 -> an image with a palette: exact, or by median cut without dithering."""
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    colours, index = np.unique(packed, return_inverse=True)
    if len(colours) > 256:
        return picture(pixels).quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    made = Image.fromarray(index.reshape(packed.shape).astype(np.uint8))
    made.putpalette(colours.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes())
    return made


# ---- WebP


def webp(frames: Frames, settings: Film) -> bytes:
    """An animated WebP, every pixel exact, in milliseconds.

    Raises InputError: frames that cannot be a film.
    """
    shown = reel(frames, settings)
    h, w, _ = shown[0].shape
    canvas = bytes([2, 0, 0, 0]) + three(w * settings.scale - 1, h * settings.scale - 1)  # 2: moves
    head = chunk(b"VP8X", canvas) + chunk(b"ANIM", struct.pack("<IH", 0, not settings.loop))
    times = delays(len(shown), settings.fps, 1000)
    bodies = (
        webp_frame(patch, delay, settings.scale)
        for patch, delay in zip(patches(shown), times, strict=True)
    )
    return chunk(b"RIFF", b"WEBP" + head + b"".join(bodies))


def webp_frame(patch: Patch, delay: int, scale: int) -> bytes:
    """One picture as a still WebP, without that file's header, and its place and time."""
    image = enlarged(picture(patch.pixels), scale)
    still = BytesIO()
    # Method 0 takes a fifth of the time and five times the space; more effort hardly helps.
    image.save(still, "WEBP", lossless=True, quality=0, method=1)
    corner = three(patch.left * scale // 2, patch.top * scale // 2)
    size = three(image.width - 1, image.height - 1)
    over = b"\2"  # replaces what was there, and stays
    return chunk(b"ANMF", corner + size + three(delay) + over + still.getvalue()[12:])


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def three(*numbers: int) -> bytes:
    """Little-endian, 24 bits each."""
    return b"".join(n.to_bytes(3, "little") for n in numbers)


# ---- video


def mp4(frames: Frames, settings: Film) -> bytes:
    """A video that every browser and phone plays: H.264, 4:2:0, its index before its data.

    Grey is exact to a level or two, sharp edges of colour are a little soft. An odd width or height
    is made even by repeating the last column or row. Raises InputError: frames that cannot be a
    film.
    """
    shown = reel(frames, settings)
    with TemporaryDirectory() as folder:  # to move the index, FFmpeg opens its file by name again
        path = Path(folder) / "film.mp4"
        encode_video(path, shown, settings)
        return path.read_bytes()


def encode_video(path: Path, shown: list[np.ndarray], settings: Film) -> None:
    import av  # 0.1 s

    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", Fraction(settings.fps).limit_denominator(1001))
        describe(stream, *shown[0].shape[:2], settings.scale)
        for frame in shown:
            made = av.VideoFrame.from_ndarray(yuv420(frame, settings.scale), "yuv420p")
            container.mux(stream.encode(made))
        container.mux(stream.encode())


def describe(stream, h: int, w: int, scale: int) -> None:
    """Say what the frames are; players guess at the colours where a file is silent."""
    stream.height, stream.width = (n * scale + n * scale % 2 for n in (h, w))
    stream.pix_fmt = "yuv420p"
    stream.options = {"crf": "8", "preset": "veryfast", "tune": "animation"}
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = 1  # BT.709
    context.color_range = 1  # 16 to 235


def yuv420(frame: np.ndarray, scale: int) -> np.ndarray:
    """(H, W, C) -> (3 H scale / 2, W scale): brightness, then the two colours at half the size.

    FFmpeg's own conversion is quicker and errs by 0.9 grey levels on average, this one by 0.2.
    """
    rgb = np.broadcast_to(frame, (*frame.shape[:2], 3))
    planes = np.rint(rgb @ BT709 + (16, 128, 128)).astype(np.uint8)
    big = planes.repeat(scale, 0).repeat(scale, 1)
    h, w = big.shape[:2]
    big = np.pad(big, [(0, h % 2), (0, w % 2), (0, 0)], "edge")
    u, v = (halved(big[..., i]) for i in (1, 2))
    return np.concatenate([big[..., 0].ravel(), u, v]).reshape(-1, big.shape[1])


def halved(plane: np.ndarray) -> np.ndarray:
    """(2 h, 2 w) uint8 -> (h w,) uint8, the means of 2 x 2."""
    h, w = plane.shape
    return np.rint(plane.reshape(h // 2, 2, w // 2, 2).mean((1, 3))).astype(np.uint8).ravel()


# ---- stills


def png(frames: Frames, settings: Film) -> bytes:
    """A strip: the frames side by side, once each. Raises InputError: frames that make no strip."""
    t, h, w, _ = pixels(frames).shape
    check_size(1, h, t * w, settings.scale)
    file = BytesIO()
    contact(frames, t, settings.scale).save(file, "PNG")
    return file.getvalue()


def contact(
    frames: Frames, columns: int | None = None, scale: int = 1, gap: int = 0
) -> Image.Image:
    """A contact sheet; see `sheet`. Raises InputError: frames of a wrong shape, or too large."""
    from torch import from_numpy  # seconds

    array = pixels(frames)
    check_size(len(array), *array.shape[1:3], scale)
    return sheet(from_numpy(np.ascontiguousarray(array.transpose(0, 3, 1, 2))), scale, columns, gap)


# ---- files

WRITERS: dict[str, Callable[[Frames, Film], bytes]] = {
    ".gif": gif,
    ".webp": webp,
    ".mp4": mp4,
    ".png": png,
}


def writer(path: Path) -> Callable[[Frames, Film], bytes]:
    """Raises InputError: a suffix of which there is no writer."""
    if path.suffix.lower() not in WRITERS:
        raise InputError(f"{path} cannot be a film: its name must end in {', '.join(WRITERS)}.")
    return WRITERS[path.suffix.lower()]


def write(path: Path, frames: Frames, settings: Film = Film()) -> None:
    """Write a film in the format that the file's name says, whole or not at all.

    Raises:
        InputError: another suffix, frames that cannot be a film, too many pixels, or a place that
            cannot be written.
    """
    replace(path, writer(path)(frames, settings))
