"""Where each path of `vae.paths.PATHS` leads, over random pairs of examples, and its price.

    python -m benchmarks.paths [--pairs 40] [--frames 33] [--seed 0] [--json FILE]

Of each walk from one code to the other, at times even from 0 to 1, on the shipped digits:

    image length    how far the image moves, the sum over frames of |x_{i+1} - x_i|
    distance        of the code in the middle to the nearest known one; none where images blend
    energy          (T - 1) times the sum of |x_{i+1} - x_i|^2, over the straight line's

as mean ± standard error over the pairs. Times are Python's, from the two codes to the walk's, with
nothing decoded but what the path itself asks for. They are processor time on one thread, to which
other work on the machine adds little. "First" is the first walk in this process, in which `data`
joins the known codes; a geodesic has 16 steps.
"""

import time

import numpy as np

from benchmarks.table import DIGITS, Json, average, machine, run, show, spread
from vae.paths import PATHS, Path, Profile, World, profile, times, walk


def main(pairs: int = 40, frames: int = 33, seed: int = 0, file: Json = None) -> None:
    import torch

    from vae import bundle

    torch.set_num_threads(1)
    notes = [
        machine(),
        f"{pairs} pairs of examples, {frames} frames, seed {seed}",
        "± is the standard error over the pairs; times are median, p95",
    ]
    opened = bundle.load(DIGITS)
    world = World(lambda z: opened.model.decode(z).mean, opened.atlas.mean)
    rng = np.random.default_rng(seed)
    ends = [world.codes[rng.choice(len(world.codes), 2, replace=False)] for _ in range(pairs)]
    t = times(2, frames)
    walks = {name: walked(path, ends, world, t) for name, path in PATHS.items()}
    straight = [energy(facts) for facts in walks["line"][0]]
    rows = [row(name, *them, straight) for name, them in walks.items()]
    show(notes, rows, file=file)


def walked(path: Path, ends: list, world: World, t: np.ndarray) -> tuple[list[Profile], list]:
    """What happens between each pair; milliseconds of the first walk, and of one more for each."""
    walks, taken = [], []
    for pair in [ends[0], *ends]:
        begin = time.process_time()
        walks.append(walk(path, pair, world, t))
        taken.append(1000 * (time.process_time() - begin))
    return [profile(each, world) for each in walks[1:]], taken


def energy(facts: Profile) -> float:
    return len(facts.change) * (facts.change**2).sum()


def row(name: str, facts: list[Profile], taken: list[float], straight: list[float]) -> dict:
    first, *warm = taken
    middle = [each.distance[len(each.distance) // 2] for each in facts]
    share = [energy(each) / line for each, line in zip(facts, straight, strict=True)]
    return {
        "path": name,
        "image length": average([each.length[-1] for each in facts]),
        "distance in the middle": "–" if np.isnan(middle).any() else average(middle),
        "energy / the line's": average(share),
        "first, processor ms": f"{first:.0f}",
        "warm, processor ms": spread(warm),
    }


if __name__ == "__main__":
    run(main)
