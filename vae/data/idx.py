"""MNIST and Fashion-MNIST, from the IDX files in which they are published.

An IDX file is a big-endian header, 0x00000D03 for images (0x00000801 for labels) followed by the
sizes, and then the bytes. http://yann.lecun.com/exdb/mnist/
"""

import gzip
import struct
from pathlib import Path

import numpy as np

from vae.data.base import Dataset, Images
from vae.data.sources import Source, find, local_folders, md5
from vae.errors import InputError

STEMS = {"train": "train", "test": "t10k"}


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
            f"{path} is not a complete IDX file ({why}). Delete it and it is downloaded again."
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
