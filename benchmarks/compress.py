"""Lossless compression of test pictures, and what else there is for it, on the same pictures.

    python -m benchmarks.compress [--n 2000] [--seed 0] [--model assets/digits] [--grid 4]

The first n test images of the data set that the model was trained on; where its pixels are black
and white they are binarized once, with the seed. Bits are of the whole file, names and all, for
each pixel; what decompression needs besides (the model; the dictionary, of 500 training images) is
not counted. Times are of one thread's processor. Data sets are looked for as `python -m vae` does.

    bits back     vae/tasks/compress, in blocks of `--block` pictures, any of which is read alone
    one by one    a file for each picture: PNG (optimized), WebP (lossless), zstd with a dictionary
    all at once   xz, bz2 and zstd of all pictures as one, of which none is read alone; black and
                  white as bits or as bytes, whichever is smaller
"""

import bz2
import lzma
import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import zstandard
from PIL import Image
from torch import Tensor

from benchmarks.table import DIGITS, Json, machine, run, show

SAMPLES = 500  # training images for the dictionary
DRAWS = 16  # codes for each picture's ELBO
TRACED = 200  # pictures whose memory is traced


class Codec(NamedTuple):
    compress: Callable[[np.ndarray], list[bytes]]  # (N, C, H, W) symbols
    decompress: Callable[[list[bytes]], np.ndarray]


# ---- one by one


def files(**options) -> Callable[[int, tuple[int, ...]], Codec]:
    """Each picture as a file that Pillow writes."""

    def codec(levels: int, image: tuple[int, ...]) -> Codec:
        scale = 255 // (levels - 1)

        def compress(x: np.ndarray) -> list[bytes]:
            return [written(scale * one, levels, options) for one in x]

        def decompress(data: list[bytes]) -> np.ndarray:
            return np.array([read(one, image) for one in data]) // scale

        return Codec(compress, decompress)

    return codec


def written(values: np.ndarray, levels: int, options: dict) -> bytes:
    picture = Image.fromarray(values.transpose(1, 2, 0).squeeze())
    if options["format"] == "PNG" and levels == 2:
        picture = picture.convert("1")  # its smallest
    file = BytesIO()
    picture.save(file, **options)
    return file.getvalue()


def read(data: bytes, image: tuple[int, ...]) -> np.ndarray:
    c, h, w = image
    values = np.asarray(Image.open(BytesIO(data)).convert("L" if c == 1 else "RGB"))
    return values.reshape(h, w, c).transpose(2, 0, 1)


def with_dictionary(samples: np.ndarray) -> Callable[[int, tuple[int, ...]], Codec]:
    rows = [row.tobytes() for row in samples]
    known = zstandard.ZstdCompressionDict(b"".join(rows), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    one = zstandard.ZstdCompressor(level=19, dict_data=known)
    back = zstandard.ZstdDecompressor(dict_data=known)

    def codec(levels: int, image: tuple[int, ...]) -> Codec:
        return Codec(
            lambda x: [one.compress(row.tobytes()) for row in x],
            lambda data: np.array(
                [np.frombuffer(back.decompress(row), np.uint8).reshape(image) for row in data]
            ),
        )

    return codec


# ---- all at once


def stream(compress, decompress, packed: bool) -> Callable[[int, tuple[int, ...]], Codec]:
    def codec(levels: int, image: tuple[int, ...]) -> Codec:
        pack = np.packbits if packed and levels == 2 else np.ravel
        unpack = np.unpackbits if packed and levels == 2 else np.ravel

        def back(data: list[bytes]) -> np.ndarray:
            values = unpack(np.frombuffer(decompress(data[0]), np.uint8))
            size = int(np.prod(image))
            return values[: len(values) // size * size].reshape(-1, *image)

        return Codec(lambda x: [compress(pack(x).tobytes())], back)

    return codec


STREAMS = {
    "xz": (lambda b: lzma.compress(b, preset=9 | lzma.PRESET_EXTREME), lzma.decompress),
    "bz2": (bz2.compress, bz2.decompress),
    "zstd, level 22": (
        zstandard.ZstdCompressor(level=22).compress,
        zstandard.ZstdDecompressor().decompress,
    ),
}
ONE_BY_ONE = {
    "PNG, optimized": files(format="PNG", optimize=True),
    "WebP, lossless": files(format="WEBP", lossless=True, quality=100, method=6),
    "AVIF, quality 100": files(format="AVIF", quality=100, subsampling="4:4:4"),
}


# ---- ours


def archive(bundle, block: int, grid: int) -> Codec:
    """The whole way to a file with its header and names, and back."""
    from vae.bundle import WEIGHTS
    from vae.tasks.compress import file
    from vae.tasks.compress.pictures import picture_codec

    config, codec = bundle.model.config, picture_codec(bundle.model, grid)

    def compress(x: np.ndarray) -> list[bytes]:
        rows, group = x.reshape(len(x), -1), block * file.LANES
        groups = (rows[i : i + group] for i in range(0, len(rows), group))
        blocks = list(file.blocks_of(codec, groups, block))
        card, levels = bundle.card, bundle.model.likelihood.levels
        about = file.About(
            card.files[WEIGHTS], card.title, grid, config.image, levels, block,
            tuple(map(len, blocks)), (("0", len(x)),),
        )  # fmt: skip
        return [file.to_bytes(file.Archive(about, blocks))]

    def decompress(data: list[bytes]) -> np.ndarray:
        held = file.opened(data[0])
        rows = np.concatenate(list(file.restored(held, codec, range(len(held.blocks)))))
        return rows.reshape(-1, *config.image)

    return Codec(compress, decompress)


@torch.no_grad()
def elbo_bits(model, x: Tensor) -> float:
    """-ELBO of pictures in [0, 1], in bits for each value."""
    from vae.objective import closed_rate, elbo, terms

    generator = torch.Generator().manual_seed(1)
    parts = (terms(model, part, DRAWS, generator, closed_rate) for part in x.split(500))
    nats = torch.cat([-elbo(part.log_weight) for part in parts])
    return float(nats.double().mean() / np.log(2) / x[0].numel())


# ---- figures


def measured(codec: Codec, x: np.ndarray) -> dict:
    begin = time.process_time()
    data = codec.compress(x)
    middle = time.process_time()
    back = codec.decompress(data)
    end = time.process_time()
    bits = 8 * sum(map(len, data)) / x.size
    speeds = [len(x) / max(seconds, 1e-9) for seconds in (middle - begin, end - middle)]
    return {"bits": bits, "to": speeds[0], "from": speeds[1], "same": np.array_equal(back, x)}


def row(name: str, figures: dict) -> dict[str, str]:
    return {
        "what": name,
        "bits/pixel": f"{figures['bits']:.4f}",
        "compressed, pictures/s": f"{figures['to']:,.0f}",
        "restored, pictures/s": f"{figures['from']:,.0f}",
        "every bit": "yes" if figures["same"] else "no",
    }


def peak(work: Callable[[], object]) -> float:
    """The most memory that Python and NumPy hold meanwhile, MB."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def main(
    n: int = 2000,
    seed: int = 0,
    model: Path = DIGITS,
    grid: int | None = None,
    block: int = 1000,
    file: Json = None,
) -> None:
    from threadpoolctl import threadpool_limits

    from vae import bundle
    from vae.data import DATASETS
    from vae.data.base import binarize, to_unit
    from vae.tasks.compress.pictures import best_grid

    torch.set_num_threads(1)
    opened = bundle.load(model)
    source, likelihood = DATASETS[opened.card.data["name"]], opened.model.likelihood
    generator = torch.Generator().manual_seed(seed)

    def seen(split: str, count: int) -> Tensor:
        x = to_unit(source.load(split).x[:count])
        return binarize(x, generator) if likelihood.binary else x

    views, samples = seen("test", n), seen("train", SAMPLES)
    x, samples = ((likelihood.levels - 1) * t for t in (views, samples))
    x, samples = x.round().byte().numpy(), samples.round().byte().numpy()
    args = likelihood.levels, x.shape[1:]
    if grid is None:
        grid = best_grid(opened.atlas.scale, min(block, len(x)))
    with threadpool_limits(1):
        ours = archive(opened, block, grid)
        figures = measured(ours, x)
        floor = elbo_bits(opened.model, views)
        memory = peak(lambda: ours.compress(x[:TRACED]))
        rows = [row(f"**bits back**, {opened.card.title}", figures)]
        for name, make in {
            **ONE_BY_ONE,
            "zstd, level 19, dictionary": with_dictionary(samples),
        }.items():
            rows.append(row(f"{name}, one by one", measured(make(*args), x)))
        for name, pair in STREAMS.items():
            both = [measured(stream(*pair, packed)(*args), x) for packed in (True, False)]
            rows.append(row(f"{name}, all at once", min(both, key=lambda f: f["bits"])))
    notes = [
        machine(),
        f"{opened.card.title}: {len(x)} test images of {source.title}, seed {seed}; blocks of "
        f"{block}, grid of multiples of 2^-{grid}",
        f"-ELBO {floor:.4f} bits/pixel; the file is {100 * (figures['bits'] / floor - 1):.2f} % "
        f"over; memory while compressing {TRACED} pictures: {memory:.1f} MB",
    ]
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
