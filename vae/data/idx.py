"""MNIST and Fashion-MNIST, from the IDX files in which they are published.

An IDX file is a big-endian header, 0x00000D03 for images (0x00000801 for labels) followed by the
sizes, and then the bytes. http://yann.lecun.com/exdb/mnist/
"""

import gzip
import os
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs

from vae.data.base import Dataset, Images
from vae.errors import InputError

STEMS = {"train": "train", "test": "t10k"}


@dataclass(frozen=True)
class Source:
    """Where the four files are: folder names to look in, a base URL, and their MD5 sums."""

    folders: tuple[str, ...]
    url: str
    md5: dict[str, str]
    elsewhere: tuple[Path, ...] = ()


MNIST_SOURCE = Source(
    folders=("mnist",),
    url="https://ossci-datasets.s3.amazonaws.com/mnist/",
    md5={
        "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    },
)
FASHION_SOURCE = Source(
    folders=("fashion", "fashion-mnist"),
    url="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    md5={
        "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    },
    elsewhere=(Path("/usr/share/datasets/fashion-mnist"),),  # Debian's dataset-fashion-mnist
)


def local_folders(source: Source) -> list[Path]:
    root = os.environ.get("VAE_DATA_DIR")
    named = [Path(root) / folder for folder in source.folders] if root else []
    cache = Path(platformdirs.user_cache_dir("vae-atelier")) / source.folders[0]
    return [*named, *source.elsewhere, cache]


def find(source: Source, name: str) -> Path:
    """The file `name` on this machine, or downloaded to the user's cache with its sum checked.

    Raises:
        InputError: it is not here and cannot be downloaded; the sentence says what to put where.
    """
    folders = local_folders(source)
    for folder in folders:
        if (folder / name).is_file():
            return folder / name

    import pooch  # only a download needs it
    import requests

    cache, known = folders[-1], f"md5:{source.md5[name]}"
    try:
        return Path(
            pooch.retrieve(source.url + name, known, fname=name, path=cache, progressbar=True)
        )
    except (requests.RequestException, OSError, ValueError) as why:
        raise InputError(
            f"{name} is not on this machine and could not be downloaded from {source.url} "
            f"({type(why).__name__}). Put the file into {cache}, "
            f"or name a folder that holds {source.folders[0]}/{name} in $VAE_DATA_DIR."
        ) from why


def md5(path: Path, expected: str) -> str:
    """The file's MD5, with a warning that names the file where it is not the public one."""
    import hashlib

    seen = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    if seen != expected:
        warnings.warn(
            f"{path} has MD5 {seen}, the public file {expected}: using the local copy.",
            stacklevel=2,
        )
    return seen


def read(path: Path) -> np.ndarray:
    """An IDX file of bytes. Raises InputError where it is not one, or is cut short."""
    try:
        raw = gzip.decompress(path.read_bytes())
        zero, kind, dims = struct.unpack(">HBB", raw[:4])
        shape = struct.unpack(f">{dims}I", raw[4 : 4 + 4 * dims])
        if (zero, kind) != (0, 8):
            raise ValueError("not an IDX file of bytes")
        return np.frombuffer(raw, np.uint8, offset=4 + 4 * dims).reshape(shape)
    except (OSError, EOFError, ValueError, struct.error, gzip.zlib.error) as why:
        raise InputError(
            f"{path} is not a whole IDX file ({why}). Delete it and it is downloaded anew."
        ) from why


def names(split: str) -> list[str]:
    """The files of a split: images, labels."""
    return [f"{STEMS[split]}-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1")]


def here(source: Source, split: str) -> bool:
    """Whether a split can be loaded without a download."""
    folders = local_folders(source)
    return all(any((folder / name).is_file() for folder in folders) for name in names(split))


def load(source: Source, split: str) -> Images:
    import torch

    paths = [find(source, name) for name in names(split)]
    sums = {p.name: md5(p, source.md5[p.name]) for p in paths}
    x, y = (torch.from_numpy(read(path).copy()) for path in paths)
    if x.ndim != 3 or y.shape != x.shape[:1]:
        raise InputError(f"{paths[0]} and {paths[1]} do not belong together.")
    return Images(x[:, None], y.long(), sums)


MNIST = Dataset(
    name="mnist",
    title="MNIST",
    licence="CC BY-SA 3.0 (LeCun, Cortes, Burges)",
    source="http://yann.lecun.com/exdb/mnist/",
    image=(1, 28, 28),
    classes=tuple("0123456789"),
    published=lambda split: load(MNIST_SOURCE, split),
    on_disk=lambda split: here(MNIST_SOURCE, split),
    prepare={"digits": True},
)
FASHION = Dataset(
    name="fashion",
    title="Fashion-MNIST",
    licence="MIT (Zalando Research)",
    source="https://github.com/zalandoresearch/fashion-mnist",
    image=(1, 28, 28),
    classes=(
        "T-shirt", "trouser", "pullover", "dress", "coat",
        "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ),
    published=lambda split: load(FASHION_SOURCE, split),
    on_disk=lambda split: here(FASHION_SOURCE, split),
)  # fmt: skip
