"""What a data set is. Nothing here imports torch before there are images: a page that only asks
which data sets there are is quick."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from vae.data.factors import Factors
from vae.errors import InputError
from vae.seeds import Use, permutation

if TYPE_CHECKING:
    from torch import Generator, Tensor, device

SPLITS = ("train", "validation", "test")
HELD_OUT = 12  # one training image in so many is for validation


class Images(NamedTuple):
    x: Tensor  # (N, C, H, W) uint8
    y: Tensor | None  # (N,) int64, the class
    checksums: dict[str, str]  # file name -> MD5 seen, to be recorded in what is trained on it
    factors: Tensor | None = None  # (N, F) float32, what each image was drawn from, where known

    def take(self, rows: Tensor | slice) -> Images:
        return self.each(lambda values: values[rows])

    def to(self, device: device) -> Images:
        return self.each(lambda values: values.to(device))

    def each(self, change: Callable[[Tensor], Tensor]) -> Images:
        """With each of its tensors changed."""
        changed = (None if v is None else change(v) for v in (self.x, self.y, self.factors))
        x, y, factors = changed
        return Images(x, y, self.checksums, factors)


@dataclass(frozen=True)
class Dataset:
    """A data set's description and how to load a split of it.

    It is published as training and test images. Whatever is chosen by looking at images that were
    not trained on (weights, thresholds, mixtures) is chosen on the validation images, which are
    training images held out: always the same ones. The test images are for final figures.
    """

    name: str
    title: str
    licence: str
    source: str
    image: tuple[int, int, int]  # (C, H, W)
    classes: tuple[str, ...]
    published: Callable[[str], Images] = field(repr=False)  # "train" (all of it) or "test"
    prepare: dict[str, Any] = field(default_factory=dict)  # settings of `Prepare` for own pictures
    on_disk: Callable[[str], bool] = field(default=lambda split: True, repr=False)  # no download
    factors: Factors | None = None  # of a drawn data set
    shuffled: bool = False  # kept in random order, so that each split is one piece of a file
    version: str = ""  # of pictures that may change under the same name
    by: str = ""  # the known factor whose values are the classes, where they are not its own

    @property
    def identity(self) -> str:
        """Which images these are: what was begun with them can only go on with them."""
        return " ".join(filter(None, (self.name, self.version, self.by and f"by {self.by}")))

    def classed_by(self, factor: str) -> Dataset:
        """The same images, with the values of a known factor as their classes.

        Raises:
            InputError: it has no known factors, or none of this name.
        """
        from torch import from_numpy

        if not self.factors:
            raise InputError(f"{self.title} has no known factors, so no --by.")
        place = self.factors.place(factor)
        known = self.factors.each[place]

        def published(part: str) -> Images:
            images = self.published(part)
            return images._replace(y=from_numpy(known.class_of(images.factors[:, place].numpy())))

        return replace(self, classes=known.classes, published=published, by=factor)

    def load(self, split: str) -> Images:
        """One of SPLITS: the training images without those for validation, those, or the test's."""
        images = self.published(part_of(split))
        if split == "test":
            return images
        held_out = len(images.x) // HELD_OUT
        if self.shuffled:
            return images.take(slice(held_out) if split == "validation" else slice(held_out, None))
        order = permutation(len(images.x), Use.SPLIT, 0)
        rows = order[:held_out] if split == "validation" else order[held_out:]
        return images.take(rows.sort().values)

    def here(self, split: str) -> bool:
        """Whether a split can be loaded without a download."""
        return self.on_disk(part_of(split))


def part_of(split: str) -> str:
    """The published split that holds `split`."""
    return "test" if split == "test" else "train"


def to_unit(x: Tensor) -> Tensor:
    """uint8 -> float in [0, 1]."""
    return x.float().div_(255)


def to_bytes(x: Tensor) -> Tensor:
    """Images in [0, 1], and what goes beyond cut off, as uint8."""
    return x.clamp(0, 1).mul(255).round().byte()


def binarize(x: Tensor, generator: Generator | None = None) -> Tensor:
    """Dynamic binarization: each pixel of `x` in [0, 1] is on with its grey value as probability.

    On the Quantitative Analysis of Deep Belief Networks (Salakhutdinov & Murray, 2008),
    https://www.cs.toronto.edu/~rsalakhu/papers/dbn_ais.pdf
    """
    from torch import rand

    u = rand(x.shape, generator=generator, device=x.device)
    return (u < x).to(x.dtype)


def sheet(images: Tensor, scale: int = 1, columns: int | None = None, gap: int = 0) -> Image.Image:
    """A contact sheet: (N, C, H, W) uint8, C = 1 or 3, each pixel `scale` squares wide.

    `columns`: as many as make it about square where not given; `gap`: black pixels between images,
    as large as the images' own.
    """
    n, c, h, w = images.shape
    columns = min(n, columns or math.isqrt(n - 1) + 1)
    rows = -(-n // columns)
    board = images.new_zeros(rows * columns, c, h + gap, w + gap)
    board[:n, :, :h, :w] = images
    board = board.view(rows, columns, c, h + gap, w + gap).permute(0, 3, 1, 4, 2)
    board = board.reshape(rows * (h + gap), -1, c)[: -gap or None, : -gap or None]
    picture = Image.fromarray(board.squeeze(-1).numpy())
    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)
