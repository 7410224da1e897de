"""Known factors: what a drawn data set varies, and the drawing itself.

A drawn data set is a decoder whose latents are known. Its images come with them, and more can be
drawn at any factors, as metrics of disentanglement ask for:

    images, factors = dataset.load("test"), dataset.factors
    images.factors                                     # (N, F), a column for each of factors.names
    factors.render(factors.sample(64, rng))            # 64 images more
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from vae.errors import InputError

TAIL = 0.005  # of a number's values, on either side, that have one score


class Factor(NamedTuple):
    name: str
    size: int = 0  # how many values it has, 0 to size - 1; where 0, it is any number in [0, 1]
    words: tuple[str, ...] = ()  # the values' names, where they have any
    circular: bool = False  # after the largest value comes the smallest

    @property
    def ordered(self) -> bool:
        """Whether it is less here and more there, as one dimension can be."""
        return not self.circular and (self.size <= 2 or not self.words)

    @property
    def classes(self) -> tuple[str, ...]:
        """Its values as names of classes; a number's are its two halves."""
        name = self.name.replace("_", " ")
        if not self.size:
            return f"less {name}", f"more {name}"
        return tuple(f"{word} {name}" for word in self.words or range(self.size))

    def class_of(self, values: np.ndarray) -> np.ndarray:
        """Which of `classes` these values of it are: (N,) -> (N,) int64."""
        return (values if self.size else values >= 0.5).astype(np.int64)


@dataclass(frozen=True)
class Factors:
    """The factors in their order, and how to draw images of them."""

    each: tuple[Factor, ...]
    render: Callable[[np.ndarray], np.ndarray] = field(repr=False)  # (N, F) -> (N, C, H, W) uint8

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(factor.name for factor in self.each)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(factor.size for factor in self.each)

    @property
    def combinations(self) -> int:
        """How many different rows of factors there are; 0 where one is any number."""
        return math.prod(self.sizes)

    def place(self, name: str) -> int:
        """Which of `each` has this name.

        Raises:
            InputError: there is none.
        """
        if name in self.names:
            return self.names.index(name)
        raise InputError(f"There is no factor {name!r}; known are {', '.join(self.names)}.")

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Independent and uniform: (n, F) float32."""
        columns = [rng.integers(size, size=n) if size else rng.random(n) for size in self.sizes]
        return np.stack(columns, 1).astype(np.float32)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The ordered factors as numbers of N(0, 1), in the same order (van der Waerden's normal
        scores): (N, F) -> (N, F') float32."""
        from scipy.special import ndtri  # a tenth of a second

        share = [
            (rows[:, i] + 0.5) / factor.size if factor.size else rows[:, i].clip(TAIL, 1 - TAIL)
            for i, factor in enumerate(self.each)
            if factor.ordered
        ]
        return ndtri(np.stack(share, 1)).astype(np.float32)

    def combination(self, rows: np.ndarray) -> np.ndarray:
        """The combinations of these numbers, 0 to combinations - 1: (N,) -> (N, F) float32."""
        return np.stack(np.unravel_index(rows, self.sizes), 1).astype(np.float32)
