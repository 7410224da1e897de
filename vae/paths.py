"""Paths from one code to another, one signature for all.

A path is a function `(z0, z1, world, t) -> Walk` that stands at `z0` at time 0, at `z1` at time 1,
and goes on beyond both. An image of the walk is a weighted sum of decoded codes: of one code on a
path through the latent space, of two where pixels are blended.

    line        straight through the latent space
    slerp       about the origin: the direction by the great circle, the norm linearly
    geodesic    the image changes least (vae/geodesic.py), at an even speed in image space
    data        from example to example, at an even speed in the latent space
    pixels      a cross-fade of the two images, for comparison

`data` is the shortest path on the graph that joins each example's code to its nearest, an edge
weighing its length squared. Squares make one long leap dearer than many short ones, which leads
through dense places: on 60 pairs of digits the codes passed have their tenth neighbour at 1.98
(2.14 with plain lengths, 2.44 for all codes), and the path is only 4 % longer.

A Global Geometric Framework for Nonlinear Dimensionality Reduction (Tenenbaum et al., 2000),
https://doi.org/10.1126/science.290.5500.2319
Shortest Path through Random Points (Hwang et al., 2016), https://arxiv.org/abs/1202.0045
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from vae import latent
from vae.errors import InputError
from vae.geodesic import Decode, geodesic

SHARE = 0.5  # of the code in a geodesic's length: see vae/geodesic.py
NEIGHBOURS = 10  # of each example in the graph
MOST_KEYS = 8
CHEAPEST = 1e-12  # of an edge: sparse matrices drop what is 0, as between codes that are equal
SLOWEST = 1e-3  # share of the mean segment's time that every segment gets, so that none is a jump


class Walk(NamedTuple):
    """Images in a row; the last axis but one is the codes whose images are blended."""

    codes: np.ndarray  # (T, M, D)
    weights: np.ndarray  # (T, M), rows sum to 1


@dataclass(frozen=True, eq=False)
class World:
    """What a path may ask about the space that it crosses."""

    decode: Decode  # (N, D) -> (N, C, H, W), mean images
    codes: np.ndarray  # (N, D), the examples' codes

    @cached_property
    def graph(self):
        """The examples' codes and their nearest, (N, N) sparse; made when first asked for."""
        from scipy.sparse import csr_array
        from sklearn.neighbors import kneighbors_graph

        n = len(self.codes)
        if n == 1:
            return csr_array((1, 1))
        codes = self.codes.astype(np.float64)
        edges = kneighbors_graph(codes, min(NEIGHBOURS, n - 1), mode="distance")
        edges.data = np.maximum(edges.data**2, CHEAPEST)
        return csr_array(edges)


# z0 and z1 (D,), the world, times (T,). Raises InputError for codes that are not of one length or
# not finite, and where there is no such path.
Path = Callable[[np.ndarray, np.ndarray, World, np.ndarray], Walk]


def single(codes: np.ndarray) -> Walk:
    """The walk that shows each of `codes` (T, D) as it is."""
    return Walk(codes[:, None], np.ones((len(codes), 1)))


def line(z0: np.ndarray, z1: np.ndarray, world: World, t: np.ndarray) -> Walk:
    return single(latent.lerp(z0, z1, t))


def slerp(z0: np.ndarray, z1: np.ndarray, world: World, t: np.ndarray) -> Walk:
    return single(latent.slerp(z0, z1, t))


def shortest(z0: np.ndarray, z1: np.ndarray, world: World, t: np.ndarray) -> Walk:
    return single(along(geodesic_line(z0, z1, world), t))


def data(z0: np.ndarray, z1: np.ndarray, world: World, t: np.ndarray) -> Walk:
    return single(along(data_line(z0, z1, world), t))


def pixels(z0: np.ndarray, z1: np.ndarray, world: World, t: np.ndarray) -> Walk:
    ends, t = np.stack(latent.pair(z0, z1)), np.asarray(t, np.float64)
    return Walk(np.broadcast_to(ends, (len(t), *ends.shape)), np.stack([1 - t, t], -1))


PATHS: dict[str, Path] = {
    "line": line,
    "slerp": slerp,
    "geodesic": shortest,
    "data": data,
    "pixels": pixels,
}


class Polyline(NamedTuple):
    """Straight segments between knots, each met at its time."""

    points: np.ndarray  # (K, D), K >= 2
    at: np.ndarray  # (K,), rising from 0 to 1


def polyline(points: np.ndarray, lengths: np.ndarray) -> Polyline:
    """Through `points` (K, D), each segment taking time as its share of `lengths` (K - 1,).

    Knots that repeat the one before are left out.
    """
    new = (points[1:] != points[:-1]).any(1)
    if not new.any():
        return Polyline(points[[0, -1]], np.array([0.0, 1.0]))
    lengths = lengths[new]
    lengths = np.maximum(lengths, SLOWEST * lengths.mean()) if lengths.any() else lengths + 1
    at = np.concatenate([[0], np.cumsum(lengths)])
    return Polyline(points[np.concatenate([[True], new])], at / at[-1])


def along(way: Polyline, t: np.ndarray) -> np.ndarray:
    """Where `way` is at times `t` (T,): (T, D); straight on, at the last speed, beyond its ends."""
    points, at = way
    t = np.asarray(t, np.float64)
    i = np.clip(np.searchsorted(at, t, "right") - 1, 0, len(at) - 2)
    s = ((t - at[i]) / (at[i + 1] - at[i]))[:, None]
    return (1 - s) * points[i] + s * points[i + 1]


def geodesic_line(z0: np.ndarray, z1: np.ndarray, world: World, steps: int = 16) -> Polyline:
    """The geodesic between two codes (D,), timed by arc length in image space."""
    z0, z1 = latent.pair(z0, z1)
    ends = torch.from_numpy(np.float32([z0, z1]))
    *_, best = geodesic(world.decode, *ends, steps, share=SHARE)
    points = np.concatenate([[z0], best.codes[1:-1].cpu().numpy(), [z1]])
    return polyline(points, changes(decoded(points, world.decode)))


def data_line(z0: np.ndarray, z1: np.ndarray, world: World) -> Polyline:
    """The shortest path along examples' codes, timed by arc length in the latent space.

    An end is joined to its nearest codes, and straight to the other end where that is among them;
    where no edges lead over, the way is the straight line.
    """
    z0, z1 = latent.pair(z0, z1)
    nodes = np.concatenate([world.codes, [z0, z1]])
    points = nodes[shortest_way(world, z0, z1)]
    return polyline(points, np.linalg.norm(np.diff(points, axis=0), axis=1))


def shortest_way(world: World, z0: np.ndarray, z1: np.ndarray) -> list[int]:
    """Nodes from N, which is `z0`, to N + 1, which is `z1`."""
    from scipy.sparse import block_diag, csr_array
    from scipy.sparse.csgraph import dijkstra

    n = len(world.codes)
    to, d = zip(*(latent.nearest(world.codes, z, NEIGHBOURS) for z in (z0, z1)), strict=True)
    edges = [(n, i, x) for i, x in zip(to[0], d[0], strict=True)]
    edges += [(n + 1, i, x) for i, x in zip(to[1], d[1], strict=True)]
    apart = np.linalg.norm(z1 - z0)
    if apart <= max(d[0][-1], d[1][-1]):
        edges.append((n, n + 1, apart))
    i, j, x = map(np.array, zip(*edges, strict=True))
    ends = csr_array((np.maximum(x**2, CHEAPEST), (i, j)), (n + 2, n + 2))
    graph = block_diag([world.graph, csr_array((2, 2))], "csr") + ends
    _, before = dijkstra(graph, directed=False, indices=n, return_predecessors=True)
    way = [n + 1]
    while way[-1] != n:
        last = before[way[-1]]
        way.append(n if last < 0 else int(last))
    return way[::-1]


def times(keys: int, steps: int) -> np.ndarray:
    """Evenly from the first to the last of `keys` key frames: (steps,), in key frames.

    Raises:
        InputError: fewer than 2 steps.
    """
    if steps < 2:
        raise InputError(f"A path needs at least 2 steps, its two ends; {steps} is too few.")
    return np.linspace(0, keys - 1, steps)


def walk(path: Path, keys: np.ndarray, world: World, t: np.ndarray) -> Walk:
    """Through all `keys` (N, D), key i at time i, one `path` from each to the next.

    `t` (T,) counts key frames, from 0 to N - 1 (`times` spaces it evenly), and may go beyond.

    Raises:
        InputError: fewer than 2 or more than 8 keys, keys that are not finite or do not fit the
            examples' codes, times that are not finite, or what the path itself refuses.
    """
    keys, t = check_keys(keys, world), np.asarray(t, np.float64)
    if t.ndim != 1 or len(t) == 0 or not np.isfinite(t).all():
        raise InputError("The times of a path must be one or more finite numbers in a row.")
    leg = np.clip(np.floor(t), 0, len(keys) - 2).astype(int)
    parts = [path(keys[i], keys[i + 1], world, t[leg == i] - i) for i in np.unique(leg)]
    back = np.argsort(np.argsort(leg, kind="stable"))  # from leg after leg to the order of `t`
    return Walk(*(np.concatenate(part)[back] for part in zip(*parts, strict=True)))


def check_keys(keys: np.ndarray, world: World) -> np.ndarray:
    if not 2 <= len(keys) <= MOST_KEYS:
        raise InputError(f"A path joins 2 to {MOST_KEYS} key frames; these are {len(keys)}.")
    d = world.codes.shape[1]
    for i, z in enumerate(keys):
        if np.shape(z) != (d,):
            raise InputError(
                f"Key frame {i + 1} has the shape {np.shape(z)}, but codes of this model have "
                f"{d} numbers; take key frames of one model."
            )
    keys = np.asarray(keys, np.float64)
    if not np.isfinite(keys).all():
        raise InputError("A key frame holds NaN or infinity; every number must be finite.")
    return keys


@torch.no_grad()
def decoded(codes: np.ndarray, decode: Decode) -> Tensor:
    """(N, D) -> (N, C, H, W)"""
    return decode(torch.from_numpy(codes.astype(np.float32)))


def images(walk: Walk, decode: Decode) -> Tensor:
    """The walk as pictures: (T, C, H, W), in [0, 1] unless pixels go beyond their ends."""
    t, m, d = walk.codes.shape
    x = decoded(walk.codes.reshape(t * m, d), decode)
    weights = torch.from_numpy(walk.weights).to(x)
    return torch.einsum("tm,tmchw->tchw", weights, x.view(t, m, *x.shape[1:]))


def changes(x: Tensor) -> np.ndarray:
    """How far each of the images `x` (T, C, H, W) lies from the one before: (T - 1,)."""
    return (x[1:] - x[:-1]).flatten(1).norm(dim=1).double().cpu().numpy()


class Profile(NamedTuple):
    """What happens along a walk; images are compared by the root of their summed squares."""

    change: np.ndarray  # (T - 1,), of the image from step to step
    length: np.ndarray  # (T,), arc length so far in image space, from 0
    distance: np.ndarray  # (T,), of the code to the nearest known one; NaN where images are blended


def profile(walk: Walk, world: World) -> Profile:
    """Of a walk of T images, after decoding them all."""
    change = changes(images(walk, world.decode))
    codes = walk.codes[np.arange(len(walk.codes)), walk.weights.argmax(1)]
    distance = np.array([latent.nearest(world.codes, z, 1)[1][0] for z in codes])
    distance[~(walk.weights == 1).any(1)] = np.nan
    return Profile(change, np.concatenate([[0], np.cumsum(change)]), distance)
