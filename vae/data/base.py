"""What a data set is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from PIL import Image
from torch import Generator, Tensor, rand

SPLITS = ("train", "test")


class Images(NamedTuple):
    x: Tensor  # (N, C, H, W) uint8
    y: Tensor | None  # (N,) int64, the class
    checksums: dict[str, str]  # file name -> MD5 seen, to be recorded in what is trained on it


@dataclass(frozen=True)
class Dataset:
    """A data set's description and how to load a split of it."""

    name: str
    title: str
    licence: str
    source: str
    image: tuple[int, int, int]  # (C, H, W)
    classes: tuple[str, ...]
    load: Callable[[str], Images] = field(repr=False)
    prepare: dict[str, Any] = field(default_factory=dict)  # settings of `Prepare` for own pictures


def to_unit(x: Tensor) -> Tensor:
    """uint8 -> float in [0, 1]."""
    return x.float().div_(255)


def binarize(x: Tensor, generator: Generator | None = None) -> Tensor:
    """Dynamic binarization: each pixel of `x` in [0, 1] is on with its grey value as probability.

    On the Quantitative Analysis of Deep Belief Networks (Salakhutdinov & Murray, 2008),
    https://www.cs.toronto.edu/~rsalakhu/papers/dbn_ais.pdf
    """
    u = rand(x.shape, generator=generator, device=x.device)
    return (u < x).to(x.dtype)


def sheet(images: Tensor, scale: int = 1) -> Image.Image:
    """A contact sheet, about square: (N, C, H, W) uint8, each pixel `scale` squares wide."""
    n, c, h, w = images.shape
    columns = int(n**0.5 + 0.999)
    rows = -(-n // columns)
    board = images.new_zeros(rows * columns, c, h, w)
    board[:n] = images
    board = board.view(rows, columns, c, h, w).permute(0, 3, 1, 4, 2).reshape(rows * h, -1, c)
    picture = Image.fromarray(board.squeeze(-1).numpy())
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)
