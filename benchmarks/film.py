"""Milliseconds and bytes to write a film: `vae.film.WRITERS` beside the usual ways.

    python -m benchmarks.film [--repeats 15] [--json FILE]

60 frames of 28 x 28 at scale 8: a digit that turns into another, grey and in colours. The usual way
of Pillow is `save(..., save_all=True, append_images=...)` of the enlarged frames (WebP:
lossless=True), that of imageio is `mimwrite`; it is shown where it is installed (`pip install
imageio`, and imageio-ffmpeg for MP4). All run in this one process and take turns; a ratio is the
median over the turns. "Kept" is how many frames a reader finds: Pillow merges equal ones, of which
the film has eleven.
"""

import time
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from benchmarks.table import Json, machine, run, show, spread
from vae.film import WRITERS, Film

T, FPS, SCALE, HOLD = 60, 20, 8, 10
Way = Callable[[np.ndarray], bytes]  # (T, C, H, W) uint8 -> a file


def grey_film() -> np.ndarray:
    """(T, 1, 28, 28) uint8: one digit into another, and some frames of rest."""
    pair = [Image.fromarray((x * 15.9).astype(np.uint8)) for x in load_digits().images[:2]]
    a, b = (np.asarray(x.resize((20, 20), Image.Resampling.BICUBIC), float) for x in pair)
    t = np.linspace(0, 1, T - HOLD).repeat([1] * (T - HOLD - 1) + [HOLD + 1])[:, None, None]
    inner = np.rint((1 - t) * a + t * b).astype(np.uint8)
    return np.pad(inner, [(0, 0), (4, 4), (4, 4)])[:, None]


def colour_film() -> np.ndarray:
    grey = grey_film()
    return np.concatenate([grey, 255 - grey, np.roll(grey, 3, -1)], 1)


def enlarged(frames: np.ndarray) -> list[np.ndarray]:
    """(H, W) or (H, W, 3) each."""
    return list(frames.transpose(0, 2, 3, 1).repeat(SCALE, 1).repeat(SCALE, 2).squeeze())


def ours(suffix: str) -> Way:
    return lambda frames: WRITERS[suffix](frames, Film(fps=FPS, scale=SCALE))


def pillow(format: str, **options) -> Way:
    def write(frames: np.ndarray) -> bytes:
        first, *rest = map(Image.fromarray, enlarged(frames))
        file = BytesIO()
        times = {"duration": 1000 // FPS, "loop": 0}
        first.save(file, format, save_all=True, append_images=rest, **times, **options)
        return file.getvalue()

    return write


def imageio(suffix: str, **options) -> Way:
    def write(frames: np.ndarray) -> bytes:
        import imageio.v2

        with TemporaryDirectory() as folder:
            path = Path(folder) / f"film{suffix}"
            imageio.v2.mimwrite(path, enlarged(frames), **options)
            return path.read_bytes()

    return write


def ways() -> dict[str, dict[str, Way]]:
    found = {
        "GIF": {"ours": ours(".gif"), "Pillow": pillow("GIF")},
        "WebP": {"ours": ours(".webp"), "Pillow": pillow("WEBP", lossless=True)},
        "MP4": {"ours": ours(".mp4")},
    }
    if find_spec("imageio"):
        found["GIF"]["imageio"] = imageio(".gif", duration=1000 / FPS, loop=0)
        if find_spec("imageio_ffmpeg"):
            found["MP4"]["imageio"] = imageio(".mp4", fps=FPS)
    return found


def kept(data: bytes) -> int:
    """Frames in a file, as another library than ours counts them."""
    if data[4:8] != b"ftyp":
        with Image.open(BytesIO(data)) as image:
            return image.n_frames
    import av

    with av.open(BytesIO(data)) as container:
        return sum(1 for _ in container.decode(video=0))


def race(them: dict[str, Way], frames: np.ndarray, repeats: int) -> dict[str, list[float]]:
    """Milliseconds of each way in each turn; the first turn warms up."""
    times = {name: [] for name in them}
    for turn in range(-1, repeats):
        for name, way in them.items():
            begin = time.perf_counter()
            way(frames)
            if turn >= 0:
                times[name].append(1000 * (time.perf_counter() - begin))
    return times


def rows(frames: np.ndarray, what: str, repeats: int) -> list[dict]:
    made = []
    for format, them in ways().items():
        times = race(them, frames, repeats)
        for name, taken in times.items():
            data = them[name](frames)
            ratio = median(b / a for a, b in zip(times["ours"], taken, strict=True))
            made.append(
                {"film": what, "format": format, "by": name, "ms (median, p95)": spread(taken)}
                | {"this / ours": f"{ratio:.1f}", "kB": f"{len(data) / 1000:.0f}"}
                | {"frames kept": f"{kept(data)} of {len(frames)}"}
            )
    return made


def main(repeats: int = 15, file: Json = None) -> None:
    notes = [machine(), f"{T} frames of 28 x 28 at scale {SCALE}; n = {repeats} turns"]
    films = {"grey": grey_film(), "colour": colour_film()}
    table = [row for what, film in films.items() for row in rows(film, what, repeats)]
    show(notes, table, file=file)


if __name__ == "__main__":
    run(main)
