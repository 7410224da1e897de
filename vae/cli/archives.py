"""Commands that keep pictures in little space: compress, decompress."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from vae.cli.files import check_target, find, refuse
from vae.cli.options import BundlePath, Threads, out, progress
from vae.cli.pictures import SomePictures
from vae.errors import InputError
from vae.files import replace, replacing
from vae.tasks.compress.codecs import FINEST

app = typer.Typer()

SUFFIX = ".vaez"
MODES = {1: ("1", "L"), 3: ("RGB",)}  # Pillow's names of pixels that a model has, by channels
HALF = 128  # the darkest grey that --binarize makes white


@app.command()
def compress(
    folder: BundlePath,
    pictures: SomePictures,
    out_file: Annotated[Path, typer.Option("--out", help=f"a {SUFFIX} file")],
    block: Annotated[
        int, typer.Option(min=1, max=100_000, help="pictures that are restored together")
    ] = 1000,
    grid: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=FINEST,
            help="a code's numbers are multiples of 2^-GRID; the best for the model if not given",
        ),
    ] = None,
    binarize: Annotated[
        bool, typer.Option(help="make grey pixels black or white where the model has no greys")
    ] = False,
    threads: Threads = 1,
) -> None:
    """Compress pictures of the model's size, every pixel of them, by bits back.

    Pixels and names are kept; dates, colour profiles and the like are not.

    Example: python -m vae compress assets/digits scans/ --out scans.vaez
    """
    from threadpoolctl import threadpool_limits

    from vae import bundle
    from vae.tasks.compress import file
    from vae.tasks.compress.pictures import best_grid, picture_codec

    check_target(out_file, folder, [SUFFIX], pictures)
    paths, refused = find(pictures)
    refuse(refused)
    paths.sort(key=lambda path: file.natural(path.stem))
    file.check_names(path.stem for path in paths)
    model, atlas, card, _ = bundle.load(folder)
    if grid is None:
        grid = best_grid(atlas.scale, min(block, len(paths)))
    codec = picture_codec(model, grid)
    groups = read(paths, model, binarize, block * file.LANES)
    with threadpool_limits(threads), progress("blocks", -(-len(paths) // block)) as show:
        blocks = []
        for data in file.blocks_of(codec, groups, block):
            blocks.append(data)
            show(len(blocks))
    about = file.About(
        model=card.files[bundle.WEIGHTS],
        title=card.title,
        grid=grid,
        image=model.config.image,
        levels=model.likelihood.levels,
        block=block,
        sizes=tuple(map(len, blocks)),
        runs=file.runs_of(path.stem for path in paths),
    )
    data = file.to_bytes(file.Archive(about, blocks))
    replace(out_file, data)
    out.print(f"Wrote {out_file}: {said(len(paths), len(data), model.config.image)}.")


def said(n: int, size: int, image: tuple[int, int, int]) -> str:
    each = 8 * size / (n * np.prod(image))
    return f"{n} pictures in {size:,} bytes, {each:.4f} bits for each of their values"


def read(paths: list[Path], model, binarize: bool, group: int) -> Iterator[np.ndarray]:
    """The pictures as symbols (N, P) of the model's likelihood, so many at once."""
    c, h, w = model.config.image
    symbols = partial(binary, binarize=binarize) if model.likelihood.binary else lambda x, path: x
    for i in range(0, len(paths), group):
        some = paths[i : i + group]
        yield np.array([symbols(pixels(path, c, (w, h)), path) for path in some])


def pixels(path: Path, channels: int, size: tuple[int, int]) -> np.ndarray:
    """A picture's values (P,) uint8, as they are.

    Raises:
        InputError: another kind of file, another size, other pixels than the model has.
    """
    try:
        with Image.open(path) as file:
            check_picture(path, file, channels, size)
            values = np.asarray(file.convert("L") if channels == 1 else file)
    except InputError:
        raise
    except Exception as why:  # Pillow's plugins let a dozen types through
        raise InputError(f"{path} is not a picture that can be read ({why}).") from why
    return values.reshape(*size[::-1], channels).transpose(2, 0, 1).ravel()


def check_picture(path: Path, file: Image.Image, channels: int, size: tuple[int, int]) -> None:
    if file.size != size:
        raise InputError(
            f"{path} has {file.width} x {file.height} pixels; this model compresses pictures of "
            f"{size[0]} x {size[1]}."
        )
    if file.mode not in MODES[channels]:
        raise InputError(
            f"{path} has pixels of the kind {file.mode}, this model those of the kind "
            f"{' or '.join(MODES[channels])}; another kind would not come back as it was."
        )
    if getattr(file, "n_frames", 1) > 1:
        raise InputError(f"{path} has several frames; save each as a picture.")


def binary(x: np.ndarray, path: Path, binarize: bool) -> np.ndarray:
    """Black and white as 0 and 1."""
    if not binarize and not np.isin(x, (0, 255)).all():
        raise InputError(
            f"{path} has grey pixels; this model knows black and white only. --binarize rounds "
            "them, and so loses the greys."
        )
    return (x >= HALF).astype(np.uint8)


@app.command()
def decompress(
    folder: BundlePath,
    archive: Annotated[Path, typer.Argument(help=f"a {SUFFIX} file")],
    out_folder: Annotated[Path, typer.Option("--out", help="a new or empty folder")],
    only: Annotated[
        str, typer.Option(help="name of the only picture to restore, from its block alone")
    ] = "",
    threads: Threads = 1,
) -> None:
    """Restore pictures that compress wrote, each a PNG, with the model that compressed them.

    All of them are written, or none.

    Example: python -m vae decompress assets/digits scans.vaez --out restored
    """
    from threadpoolctl import threadpool_limits

    from vae import bundle
    from vae.tasks.compress import file

    check_new(out_folder)
    held = file.opened(read_bytes(archive))
    model, _, card, _ = bundle.load(folder)
    codec = file.codec_for(held, model, card.files[bundle.WEIGHTS])
    places, n = wanted(held, only), 0
    with (
        threadpool_limits(threads),
        replacing(out_folder) as new,
        progress("pictures", 1 if only else held.about.n) as show,
    ):
        for name, symbols in file.named(held, codec, places):
            if name == only or not only:
                picture(held.about, symbols).save(new / f"{name}.png")
                n += 1
                show(n)
    out.print(f"Wrote {n} pictures to {out_folder}.")


def check_new(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise InputError(f"{folder} holds something already; name a new folder.")


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise InputError(f"{path} cannot be read ({why.strerror}).") from why


def wanted(held, only: str) -> list[int]:
    """The places of the blocks that have the picture `only`, or of all."""
    about = held.about
    if not only:
        return list(range(len(about.sizes)))
    if only not in (names := about.names):
        raise InputError(f"There is no picture {only!r} in the file.")
    return [names.index(only) // about.block]


def picture(about, symbols: np.ndarray) -> Image.Image:
    c, h, w = about.image
    values = (symbols * (255 // (about.levels - 1))).reshape(c, h, w).transpose(1, 2, 0)
    return Image.fromarray(values.squeeze(-1) if c == 1 else values)
