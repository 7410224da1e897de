"""Images a second while training: `vae.train.fit` beside the loop that tutorials write.

    python -m benchmarks.train [--blocks 15] [--steps 40] [--json FILE]

The plain loops take the same network and the same loss through a DataLoader: one `__getitem__` for
each image, `ToTensor` or its like, batches of 128, Adam with its defaults. They do less than ours,
which also clips the gradient, averages the weights and moves the learning rate. All run in this one
process on one thread and take turns, a block of steps each, so that a busy machine slows them
alike; the ratio is the median over the blocks. MNIST where it is found in $VAE_DATA_DIR, else
random bytes of its shape: the work is the same.
"""

import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from benchmarks.table import Json, machine, run, show
from vae import train
from vae.data import DATASETS
from vae.data.base import Images
from vae.models import MODELS
from vae.models.vae import Design
from vae.seeds import Use, seeded

BATCH = 128
NETS = {
    "dense 448 × 2, 16 latents (as shipped)": Design(latent=16, width=448, depth=2),
    "dense 200, 16 latents": Design(latent=16, width=200, depth=0),
}


class Tensors(Dataset):
    """The quickest honest `__getitem__`: a row of one tensor in memory."""

    def __init__(self, images: Tensor):
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, i: int) -> Tensor:
        return self.images[i].float() / 255


class Pictures(Tensors):
    """What torchvision's MNIST does with `ToTensor`: by way of a PIL image."""

    def __getitem__(self, i: int) -> Tensor:
        picture = Image.fromarray(self.images[i, 0].numpy())
        pixels = torch.from_numpy(np.array(picture, np.uint8, copy=True)).view(28, 28, 1)
        return pixels.permute(2, 0, 1).contiguous().float().div(255)


def plain(model, dataset: Dataset, workers: int) -> Iterator[None]:
    """The loop of a tutorial; yields after each step."""
    optimizer = torch.optim.Adam(model.parameters())
    loader = DataLoader(
        dataset, BATCH, shuffle=True, num_workers=workers, persistent_workers=workers > 0
    )
    while True:
        for x in loader:
            x = (torch.rand_like(x) < x).float()  # torch.bernoulli(x) takes six times as long
            loc, log_scale = model.encoder(x).chunk(2, -1)
            z = loc + log_scale.exp() * torch.randn_like(loc)
            logits = model.decoder(z)
            distortion = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
            rate = 0.5 * (loc**2 + (2 * log_scale).exp() - 1 - 2 * log_scale).sum()
            optimizer.zero_grad()
            ((distortion + rate) / len(x)).backward()
            optimizer.step()
            yield


def ours(model, images: Tensor) -> Iterator[train.Step]:
    config = train.Train(steps=1_000_000, batch=BATCH)
    return train.fit(train.start(model, config), Images(images, None, {}), config, binary=True)


def speed(steps: Iterator, n: int) -> float:
    """Images a second over `n` steps."""
    list(islice(steps, 5))  # what the loader's workers prepared while it was another's turn
    begin = time.perf_counter()
    list(islice(steps, n))
    return n * BATCH / (time.perf_counter() - begin)


def race(loops: dict[str, Iterator], blocks: int, steps: int) -> dict[str, list[float]]:
    """Images a second of each loop in each block; the order turns round from block to block."""
    speeds = {name: [] for name in loops}
    for block in range(-1, blocks):  # the first one warms up
        for name in list(loops)[:: -1 if block % 2 else 1]:
            now = speed(loops[name], steps)
            if block >= 0:
                speeds[name].append(now)
    return speeds


def images() -> tuple[Tensor, str]:
    if (Path(os.environ.get("VAE_DATA_DIR", "")) / "mnist").is_dir():
        return DATASETS["mnist"].load("train").x, "MNIST"
    g = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (60_000, 1, 28, 28), dtype=torch.uint8, generator=g), "random"


def main(blocks: int = 15, steps: int = 40, file: Json = None) -> None:
    torch.set_num_threads(1)
    notes = [machine()]
    x, what = images()
    rows = []
    for net, design in NETS.items():

        def fresh(design=design):
            with seeded(Use.WEIGHTS, 0):
                return MODELS["vae"](design.config((1, 28, 28)))

        loops = {
            "`vae.train.fit`": ours(fresh(), x),
            "DataLoader, rows of a tensor": plain(fresh(), Tensors(x), 0),
            "the same, num_workers=2": plain(fresh(), Tensors(x), 2),
            "DataLoader, PIL and ToTensor": plain(fresh(), Pictures(x), 0),
        }
        speeds = race(loops, blocks, steps)
        us = next(iter(speeds.values()))
        for name, them in speeds.items():
            ratio = median(a / b for a, b in zip(us, them, strict=True))
            rows.append(
                {"network": net, "loop": name, "images/s (median)": f"{median(them):,.0f}"}
                | {"slowest, fastest block": f"{min(them):,.0f}, {max(them):,.0f}"}
                | {"ours / this": f"{ratio:.2f}"}
            )
    notes.append(
        f"{what} images, batches of {BATCH}, one thread, no GPU; n = {blocks} blocks of "
        f"{steps} steps, in turns; ratios are medians over the blocks"
    )
    show(notes, rows, file=file)


if __name__ == "__main__":
    run(main)
