"""Training: `fit` yields a `Step` after each step, and whoever consumes it decides what to do.

    for step in fit(model, images, Train(steps=1000)):
        print(step.number, float(step.elbo))       # the CLI prints, a test takes three, break stops

The loss is the negative ELBO with the rate weighted by beta; the weights that a bundle ships are
an exponential moving average (`ema`). The data stay in memory as one uint8 tensor, and a batch is
one gather: no per-image Python.

All randomness is a function of (seed, step), never of what ran before. A checkpoint is therefore
only weights, moments and a step number, written atomically: a run killed at any moment goes on
from its last checkpoint to the same weights as an uninterrupted one.

Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
How to Train Deep Variational Autoencoders (Sonderby et al., 2016), https://arxiv.org/abs/1602.02282
(warming the rate up keeps dimensions alive)
"""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Generator, Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from vae.errors import InputError
from vae.objective import Terms, closed_rate, terms
from vae.settings import check, setting

if TYPE_CHECKING:
    from lightning.fabric import Fabric


@dataclass(frozen=True)
class Train:
    """How long and how hard to train."""

    steps: int = setting(20_000, "optimizer steps", min=1)
    batch: int = setting(128, "images in a step, over all devices together", min=1)
    learning_rate: float = setting(
        1.5e-3, "Adam's peak step size; it decays to 1 % as a cosine", min=0.0
    )
    beta: float = setting(1.0, "weight of the rate; 1 is the ELBO", min=0.0)
    warmup: int = setting(3_000, "steps over which the rate's weight rises to beta", min=0)
    ema: float = setting(0.999, "decay of the weights' moving average, per step", min=0.0, max=1.0)
    clip: float = setting(200.0, "largest norm of a step's gradient", min=0.0)
    seed: int = setting(0, "two runs with the same seed are equal", min=0)

    __post_init__ = check


class Step(NamedTuple):
    number: int  # steps taken so far
    rate: Tensor  # () nats, mean over the batch
    distortion: Tensor  # () nats

    @property
    def elbo(self) -> Tensor:
        return -(self.rate + self.distortion)


class Run(NamedTuple):
    """What changes while training; the caller owns it and `fit` advances it."""

    model: nn.Module
    ema: AveragedModel
    optimizer: torch.optim.Optimizer


class Loss(nn.Module):
    """The terms as a module's forward, which is where Fabric's strategies synchronize gradients."""

    def __init__(self, model: nn.Module):
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, generator: Generator) -> Terms:
        return terms(self.model, x, 1, generator, rate=closed_rate)


def start(model: nn.Module, config: Train) -> Run:
    average = get_ema_multi_avg_fn(config.ema)
    optimizer = torch.optim.Adam(model.parameters(), config.learning_rate, fused=True)
    return Run(model, AveragedModel(model, multi_avg_fn=average), optimizer)


def on(**where) -> "Fabric":
    """A launched Fabric: `on(accelerator="cuda", devices=8, num_nodes=2)`."""
    from lightning.fabric import Fabric  # three seconds

    fabric = Fabric(**where)
    fabric.launch()
    return fabric


def generator_at(device: torch.device, *key: int) -> Generator:
    """A generator that depends on nothing but `key`."""
    # Python hashes a tuple of ints the same way in every process and on every 64-bit machine.
    return Generator(device).manual_seed(hash(key) % 2**63)


def batch_at(images: Tensor, step: int, config: Train, rank: int = 0, world: int = 1) -> Tensor:
    """This rank's share of the step's batch, (batch / world, C, H, W) uint8: epochs, reshuffled."""
    per_epoch = max(len(images) // config.batch, 1)
    epoch, at = divmod(step, per_epoch)
    order = permutation(len(images), config.seed, epoch)
    return images[order[at * config.batch : (at + 1) * config.batch][rank::world].to(images.device)]


def permutation(n: int, seed: int, epoch: int, cache: dict = {}) -> Tensor:  # noqa: B006
    """The epoch's order of `n` images; the last one is kept, as all its steps ask for it."""
    if (key := (n, seed, epoch)) not in cache:
        cache.clear()
        cache[key] = torch.randperm(n, generator=generator_at(torch.device("cpu"), *key))
    return cache[key]


def binarize_bytes(x: Tensor, generator: Generator) -> Tensor:
    """uint8 -> {0, 1}, on with probability x / 255 exactly: `data.base.binarize` in integers."""
    u = torch.empty_like(x).random_(0, 255, generator=generator)
    return (u < x).float()


def learning_rate(step: int, config: Train) -> float:
    """A short linear rise, then half a cosine down to 1 %."""
    rise = min(1.0, (step + 1) / min(500, config.steps))
    fall = 0.5 * (1 + math.cos(math.pi * step / config.steps))
    return config.learning_rate * rise * (0.01 + 0.99 * fall)


def fit(
    run: Run,
    images: Tensor,
    config: Train,
    binary: bool,
    fabric: "Fabric | None" = None,
    first: int = 0,
) -> Iterator[Step]:
    """Train on `images` (N, C, H, W) uint8 from step `first` on; yields after every step.

    `binary`: binarize dynamically, anew each time an image is seen.
    """
    fabric = fabric or on(accelerator="cpu", devices=1)
    loss, optimizer = fabric.setup(Loss(run.model), run.optimizer)
    run.ema.to(fabric.device)
    images = images.to(fabric.device)
    for step in range(first, config.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, config)
        beta = config.beta * min(1.0, (step + 1) / max(config.warmup, 1))
        generator = generator_at(fabric.device, config.seed, step, fabric.global_rank)
        x = batch_at(images, step, config, fabric.global_rank, fabric.world_size)
        x = binarize_bytes(x, generator) if binary else x.float().div_(255)

        rate, distortion = (term.mean() for term in loss(x, generator))
        optimizer.zero_grad()
        fabric.backward(distortion + beta * rate)
        # A rare huge gradient would otherwise enter Adam's moments and stay there.
        fabric.clip_gradients(loss, optimizer, max_norm=config.clip)
        optimizer.step()
        run.ema.update_parameters(run.model)
        yield Step(step + 1, rate.detach(), distortion.detach())


def tensors(run: Run) -> dict[str, Tensor]:
    """All of a run's state under flat names."""
    state = {f"model.{k}": v for k, v in run.model.state_dict().items()}
    state |= {f"ema.{k}": v for k, v in run.ema.state_dict().items()}
    for i, moments in run.optimizer.state_dict()["state"].items():
        state |= {f"adam.{i}.{k}": v for k, v in moments.items()}
    return {k: v.detach().cpu().contiguous() for k, v in state.items()}


def save(path: Path, run: Run, config: Train, step: int, data: str = "") -> None:
    """Write a checkpoint of a run on the data set `data`.

    A crash leaves either the old file or the new one, whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    about = {"step": str(step), "data": data, "train": json.dumps(asdict(config))}
    save_file(tensors(run), part, metadata=about)
    with part.open("rb+") as f:
        os.fsync(f.fileno())
    part.replace(path)


def load(path: Path, run: Run, config: Train, data: str = "") -> int:
    """Restore `run` from a checkpoint; returns the steps already taken.

    Raises:
        InputError: the file is damaged, or belongs to a run with other settings or data.
    """
    try:
        with safe_open(path, "pt") as f:
            about = f.metadata()
            state = {k: f.get_tensor(k) for k in f.keys()}  # noqa: SIM118 (not a dict)
        if json.loads(about["train"]) != asdict(config) or about["data"] != data:
            raise InputError(
                f"{path} belongs to a run with other settings ({about['data']} {about['train']}). "
                "Repeat those to go on with it, or name another --out."
            )
        run.model.load_state_dict(part(state, "model."))
        run.ema.load_state_dict(part(state, "ema."))
        moments = {}
        for name, value in part(state, "adam.").items():
            i, key = name.split(".", 1)
            moments.setdefault(int(i), {})[key] = value
        groups = run.optimizer.state_dict()["param_groups"]
        run.optimizer.load_state_dict({"state": moments, "param_groups": groups})
        return int(about["step"])
    except InputError:
        raise
    except Exception as why:  # safetensors, json and torch each raise their own
        raise InputError(
            f"The checkpoint {path} cannot be used ({why}). Delete it to start this run anew."
        ) from why


def part(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
