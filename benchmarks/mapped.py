"""Batches a second from pictures that are mapped from a file, beside the same ones in memory.

    python -m benchmarks.mapped [--n 20000] [--repeats 15] [--json FILE]

As training takes them: 128 rows at random, as float, of 64 x 64 pixels in colour. The system has
read the file before. Both take turns in one process; the ratio is the median over the turns.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import torch

from benchmarks.table import Json, machine, run, show
from vae.data.base import Images
from vae.data.folder.cache import tensor_of
from vae.train import Train, batch_at, pixels

IMAGE, STEPS = (3, 64, 64), 50
CONFIG = Train()


def speed(x: torch.Tensor, first: int) -> float:
    """Batches a second, of STEPS from `first` on."""
    begin = perf_counter()
    for step in range(first, first + STEPS):
        pixels(batch_at(Images(x, None, {}), step, CONFIG).x, False, torch.default_generator)
    return STEPS / (perf_counter() - begin)


def main(n: int = 20_000, repeats: int = 15, json: Json = None) -> None:
    """Compare the two."""
    torch.set_num_threads(1)
    with TemporaryDirectory() as folder:
        path = Path(folder, "pixels.raw")
        x = np.random.default_rng(0).integers(0, 256, (n, *IMAGE), np.uint8)
        x.tofile(path)
        kinds = {"mapped": tensor_of(path, x.shape), "in memory": torch.from_numpy(x)}
        turns = [
            {kind: speed(x, turn * STEPS) for kind, x in kinds.items()}
            for turn in range(repeats + 1)
        ][1:]  # the first reads the file
    table = [
        {"pictures": kind, "batches/s": f"{median(turn[kind] for turn in turns):.0f}"}
        for kind in kinds
    ]
    ratio = median(turn["mapped"] / turn["in memory"] for turn in turns)
    table.append({"pictures": "mapped / in memory", "batches/s": f"{ratio:.2f}"})
    show([machine(), f"n = {n:,}, {repeats} turns"], table, file=json)


if __name__ == "__main__":
    run(main)
