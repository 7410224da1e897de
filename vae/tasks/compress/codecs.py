"""Codecs: pairs (push, pop), and builders that make them of distributions and of other codecs.

A codec works on several stacks at once, so that networks see a batch: `push` takes symbols (B, n),
one row for each of B stacks, and `pop` gives them back. `pop` undoes `push`, and the other way
round; one law in the tests holds for all.
"""

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from vae.errors import InputError
from vae.tasks.compress.exact import REACH, WHOLE, normal_cdf
from vae.tasks.compress.stack import ALTERED, Find, Interval, Stack

GREYS = 256
BINARY_BITS, POSTERIOR_BITS, PRIOR_BITS, GREY_BITS = 16, 16, 20, 20
FINEST = 12  # grid: with PRIOR_BITS each of its cells has a count


class Codec(NamedTuple):
    push: Callable[[list[Stack], np.ndarray], None]
    pop: Callable[[list[Stack]], np.ndarray]


# ---- one distribution for each symbol, its law


def independent(
    bits: int, laws: list[list], interval: Callable[[Any, int], Interval], find: Find
) -> Codec:
    """Symbols that do not depend on each other, by their laws: `laws[b]` those of stack b's. They
    are pushed last to first, so that they are popped first to last."""

    def push(stacks: list[Stack], symbols: np.ndarray) -> None:
        for stack, own, row in zip(stacks, laws, symbols.tolist(), strict=True):
            stack.push(map(interval, reversed(own), reversed(row)), bits)

    def pop(stacks: list[Stack]) -> np.ndarray:
        pairs = zip(stacks, laws, strict=True)
        return np.array([stack.pop(find, own, bits) for stack, own in pairs])

    return Codec(push, pop)


def binary(p: np.ndarray) -> Codec:
    """0 and 1, by the probability (B, n) of 1. The law of a symbol is the count of 0."""
    whole = 1 << BINARY_BITS
    zeros = whole - np.clip(np.floor(p * whole + 0.5), 1, whole - 1).astype(int)

    def interval(zero: int, symbol: int) -> Interval:
        return (zero, whole - zero) if symbol else (0, zero)

    def find(zero: int, v: int) -> tuple[int, int, int]:
        return (0, 0, zero) if v < zero else (1, zero, whole - zero)

    return independent(BINARY_BITS, zeros.tolist(), interval, find)


def cumulative(
    bits: int, symbols: int, laws: list[list], below: Callable[[Any, int], int]
) -> Codec:
    """Symbols less than `symbols`, of which those less than k have `below(law, k)` counts."""
    known = range(symbols)

    def interval(law, symbol: int) -> Interval:
        start = below(law, symbol)
        if count := below(law, symbol + 1) - start:
            return start, count
        raise InputError(ALTERED)  # no encoder pops what has no counts

    def find(law, v: int) -> tuple[int, int, int]:
        symbol = bisect_right(known, v, key=lambda k: below(law, k)) - 1
        return symbol, *interval(law, symbol)

    return independent(bits, laws, interval, find)


def pairs(loc: np.ndarray, scale: np.ndarray) -> list[list[tuple[float, float]]]:
    """The laws of Gaussians (B, n)."""
    return np.stack([loc, scale], -1).tolist()


def greys(loc: np.ndarray, scale: np.ndarray) -> Codec:
    """256 grey levels by Gaussians (B, n), rounded; each level has one count at least."""
    top, spare = GREYS - 1, 2**GREY_BITS - GREYS

    def below(law: tuple[float, float], level: int) -> int:
        if level in (0, GREYS):
            return level and 2**GREY_BITS
        loc, scale = law
        return normal_cdf(((level - 0.5) / top - loc) / scale) * spare // WHOLE + level

    return cumulative(GREY_BITS, GREYS, pairs(loc, scale), below)


# ---- codes


class Grid(NamedTuple):
    """The multiples of 2^-bits up to +-REACH, each the centre of a cell."""

    centres: np.ndarray  # (K,)
    edges: list[float]  # (K + 1), with infinite ends
    starts: list[int]  # (K + 1), counts of N(0, 1) below each edge; each cell has one at least


def grid(bits: int) -> Grid:
    n = int(REACH) << bits
    centres, inner = np.arange(-n, n + 1) / 2**bits, np.arange(0.5 - n, n) / 2**bits
    edges, spare = [-np.inf, *inner.tolist(), np.inf], 2**PRIOR_BITS - len(centres)
    starts = [normal_cdf(edge) * spare // WHOLE + i for i, edge in enumerate(edges)]
    return Grid(centres, edges, starts)


def standard(cells: Grid, shape: tuple[int, int]) -> Codec:
    """The cells of a grid, (B, D), by N(0, 1)."""
    stacks, size = shape
    laws = [[None] * size] * stacks
    return cumulative(PRIOR_BITS, len(cells.centres), laws, lambda _, cell: cells.starts[cell])


def gaussians(cells: Grid, loc: np.ndarray, scale: np.ndarray) -> Codec:
    """The cells of a grid, by Gaussians (B, D). A cell may have no counts: what is popped has some,
    and nothing else is pushed."""
    share = WHOLE >> POSTERIOR_BITS

    def below(law: tuple[float, float], cell: int) -> int:
        loc, scale = law
        return normal_cdf((cells.edges[cell] - loc) / scale) // share

    return cumulative(POSTERIOR_BITS, len(cells.centres), pairs(loc, scale), below)


# ---- codecs of codecs


def bits_back(
    prior: Callable[[int], Codec],
    likelihood: Callable[[np.ndarray], Codec],
    posterior: Callable[[np.ndarray], Codec],
) -> Codec:
    """Data of a model with codes z: prior(B) is the codec of B of them, posterior(x) that of
    z for data x, likelihood(z) that of data."""

    def push(stacks: list[Stack], x: np.ndarray) -> None:
        z = posterior(x).pop(stacks)
        likelihood(z).push(stacks, x)
        prior(len(stacks)).push(stacks, z)

    def pop(stacks: list[Stack]) -> np.ndarray:
        z = prior(len(stacks)).pop(stacks)
        x = likelihood(z).pop(stacks)
        posterior(x).push(stacks, z)
        return x

    return Codec(push, pop)
