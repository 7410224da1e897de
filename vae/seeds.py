"""Randomness as a function of a key, never of what ran before.

    generator(Use.NOISE, seed, step, rank)      the same numbers for the same key

A seed and the use that is made of it are mixed with numpy's `SeedSequence`, so that streams of
neighbouring seeds, steps and uses have nothing in common.

https://numpy.org/doc/stable/reference/random/parallel.html

What the browser draws too comes from `sfc32`, its generator: see live/core/random.js.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


class Use(IntEnum):
    """What random numbers are for: with one seed, each use has numbers of its own."""

    WEIGHTS = 0  # those that a model begins with
    ORDER = 1  # of the images in an epoch
    NOISE = 2  # of a training step
    SPLIT = 3  # training images into those that teach and those that choose
    VALIDATION = 4  # noise of the validation ELBO
    FACTORS = 5  # of drawn images
    CLASSIFIER = 6  # which judges samples
    SIGMA = 7  # codes by which one noise for all pixels is chosen
    PROBE = 8  # which images have labels
    LABELS = 9  # training by few of them
    EXAMINATION = 10  # of a model by the doctor
    RECORD = 11  # noise of what a training costs held-out examples while it is watched


def word(use: Use, seed: int, *key: int) -> int:
    """64 bits that depend on nothing but the arguments."""
    # The key of a spawned sequence, as zeros that end a plain one are ignored.
    sequence = np.random.SeedSequence(seed, spawn_key=(use, *key))
    return int(sequence.generate_state(1, np.uint64)[0])


def generator(use: Use, seed: int, *key: int, device: str | torch.device = "cpu"):
    """A torch.Generator on `device`."""
    from torch import Generator

    return Generator(device).manual_seed(word(use, seed, *key))


def permutation(n: int, use: Use, seed: int, *key: int) -> torch.Tensor:
    """The numbers 0 to n - 1 in random order."""
    from torch import randperm

    return randperm(n, generator=generator(use, seed, *key))


@contextmanager
def seeded(use: Use, seed: int) -> Iterator[None]:
    """For code that draws from torch's global generator, which afterwards is as it was before."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(word(use, seed))
        yield


@lru_cache(maxsize=32)
def sfc32(seed: int, n: int) -> np.ndarray:
    """The first `n` uniform numbers in [0, 1) that the browser draws with this seed (read-only).

    sfc32 of PractRand (Chris Doty-Humphrey, 2018), https://pracrand.sourceforge.net
    """
    numbers = np.array([*islice(running(seed), RUN_IN, RUN_IN + n)], np.float64) / 2**32
    numbers.flags.writeable = False
    return numbers


RUN_IN = 12  # numbers thrown away first, so that seeds nearby have nothing in common


def running(seed: int) -> Iterator[int]:
    a, b, c, counter = 0, seed % 2**32, 0, 1
    while True:
        out = (a + b + counter) % 2**32
        counter = (counter + 1) % 2**32
        a, b = b ^ (b >> 9), (c + (c << 3)) % 2**32
        c = (((c << 21) | (c >> 11)) + out) % 2**32
        yield out
