"""Training: `fit` yields a `Step` after each step, and its consumer decides what to do.

    state = start(model, config)
    for step in fit(state, images, config, binary=True, validation=others):
        print(step.number, float(step.elbo))       # the CLI prints, a test takes three, break stops

The loss is the negative ELBO with the rate weighted by beta, or with several codes of each image
the negative importance-weighted bound; the weights that a bundle ships are an exponential moving
average (`ema`), as it was when it explained the validation images best. The data stay in memory as
one uint8 tensor, and a batch is one gather: no per-image Python.

All randomness is a function of (seed, step, rank), never of what ran before. So a run killed at any
moment continues from its last checkpoint to the same weights as an uninterrupted one.

With a weight of the total correlation it is a beta-TCVAE, whose dimensions are to be independent.
With a weight of the known factors the first dimensions are taught to be these factors. A rate that
weighs more at first lets in what saves most alone, and the rest later, each into its own dimension.
A model with a choice y learns from the classes of the images: its loss is that of log p(x|y), and
-log q(y|x) beside it, so that it can guess the class of a picture that has none.

Auto-Encoding Variational Bayes (Kingma & Welling, 2013), https://arxiv.org/abs/1312.6114
Importance Weighted Autoencoders (Burda et al., 2015), https://arxiv.org/abs/1509.00519
Isolating Sources of Disentanglement in Variational Autoencoders (Chen et al., 2018),
https://arxiv.org/abs/1802.04942
Disentangling Factors of Variation Using Few Labels (Locatello et al., 2020),
https://arxiv.org/abs/1905.01258
DynamicVAE: Decoupling Reconstruction Error and Disentangled Representation Learning (Shao et al.,
2020), https://arxiv.org/abs/2009.06795 (a weight of the rate that falls)
How to Train Deep Variational Autoencoders (Sonderby et al., 2016), https://arxiv.org/abs/1602.02282
(warming the rate up keeps dimensions alive)
Decoupled Weight Decay Regularization (Loshchilov & Hutter, 2017), https://arxiv.org/abs/1711.05101
"""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from vae import seeds
from vae.data.base import Images
from vae.distributions import Latent
from vae.errors import InputError
from vae.objective import Terms, iwae, penalty, sampled_rate, terms_of, total_correlation
from vae.seeds import Use
from vae.settings import check, setting

if TYPE_CHECKING:
    from lightning.fabric import Fabric


@dataclass(frozen=True)
class Train:
    """How long and how hard to train."""

    steps: int = setting(20_000, "optimizer steps, at most", min=1)
    batch: int = setting(128, "images in a step, over all devices together", min=1)
    learning_rate: float = setting(
        1.5e-3, "Adam's peak step size; it decays to 1 % as a cosine", min=0.0
    )
    weight_decay: float = setting(0.0, "decay of the layers' weights, as AdamW has it", min=0.0)
    beta: float = setting(1.0, "weight of the rate; 1 is the ELBO", min=0.0)
    total_correlation: float = setting(
        0.0,
        "weight of the codes' total correlation, beside the rate: beta - 1 of a beta-TCVAE",
        min=0.0,
    )
    supervision: float = setting(
        0.0,
        "weight of the squared error of the first dimensions' means as the known factors, "
        "of a data set that has some",
        min=0.0,
    )
    samples: int = setting(
        1,
        "codes of each image in a step; of more than one the importance-weighted bound is raised",
        min=1,
    )
    warmup: int = setting(3_000, "steps over which the rate's weight goes to beta", min=0)
    warm_from: float = setting(0.0, "the rate's weight at the first step", min=0.0)
    ema: float = setting(
        0.999, "decay of the weights' moving average, per step; less at first", min=0.0, max=1.0
    )
    clip: float = setting(200.0, "largest norm of a step's gradient", min=0.0)
    holdout: bool = setting(
        True, "hold one training image in 12 out, and keep the weights that explain those best"
    )
    check_every: int = setting(1_000, "steps between looks at the validation images", min=1)
    patience: int = setting(
        10, "looks without a better validation ELBO after which training ends; 0: never", min=0
    )
    seed: int = setting(0, "two runs with the same seed are equal", min=0)

    __post_init__ = check


@dataclass(frozen=True)
class Devices:
    """What to train on."""

    accelerator: str = setting("cpu", "cpu, cuda, mps, … (Lightning Fabric)")
    devices: int = setting(1, "devices on each machine", min=1)
    nodes: int = setting(1, "machines", min=1)
    precision: str = setting("32-true", "as Fabric names it")

    __post_init__ = check


class Step(NamedTuple):
    number: int  # steps taken so far
    rate: Tensor  # () nats, mean over the batch
    distortion: Tensor  # () nats
    validation: float | None  # the validation images' objective in nats, where it was looked at

    @property
    def elbo(self) -> Tensor:
        return -(self.rate + self.distortion)


class Parts(NamedTuple):
    """What a loss is the weighted sum of, () nats each, means over a batch."""

    rate: Tensor
    distortion: Tensor
    correlation: Tensor  # the codes' total correlation, or 0 where it is not asked for
    error: Tensor  # squared, of the first dimensions as the known factors; 0 where none are given
    guess: Tensor  # -log q(y|x); 0 where no class is learned


class Best(NamedTuple):
    """The average's weights when they explained the validation images best."""

    objective: float  # nats: the ELBO with the loss's weights
    step: int
    weights: dict[str, Tensor]


@dataclass
class State:
    """All that changes while training; the caller owns it and `fit` advances it."""

    model: nn.Module
    ema: AveragedModel
    optimizer: torch.optim.Optimizer
    step: int = 0  # steps taken
    best: Best | None = None


class Loss(nn.Module):
    """`Parts` as a module's forward, which is where Fabric's strategies synchronize gradients."""

    def __init__(self, model: nn.Module, config: Train):
        super().__init__()
        self.model, self.config = model, config

    def forward(self, x: Tensor, generator: Generator, known: "Known") -> Parts:
        return parts(self.model, x, generator, self.config, known)


class Known(NamedTuple):
    """What a model is told of images beside their pixels; None where it is not asked for."""

    factors: Tensor | None = None  # (B, F), as normal scores: what the first dimensions are to be
    y: Tensor | None = None  # (B,) classes


UNKNOWN = Known()


def parts(
    model: nn.Module,
    x: Tensor,
    generator: Generator,
    config: Train,
    known: Known = UNKNOWN,
) -> Parts:
    """Of pixels `x` (B, C, H, W); the total correlation only where it has a weight."""
    factors, y = known
    h = model.encoder(x)
    q = model.posterior(h, y)
    z = q.sample(config.samples, generator=generator)
    given = () if y is None else (y,)
    priced = penalty if config.samples == 1 else sampled_rate
    rate, distortion = (each.mean() for each in bounded(terms_of(model, x, q, z, priced, *given)))
    none = torch.zeros_like(rate)
    return Parts(
        rate,
        distortion,
        total_correlation(q, z[0]) if config.total_correlation else none,
        none if factors is None else squared_error(q, factors),
        none if y is None else F.nll_loss(model.log_class(h), y),
    )


def bounded(terms: Terms) -> tuple[Tensor, Tensor]:
    """A rate and a distortion (B,) of minus the importance-weighted bound, which is their sum.

    The rate is the codes' mean, each as heavy as its importance weight. One code leaves its terms.
    """
    if len(terms.rate) == 1:
        return terms.rate[0], terms.distortion[0]
    rate = (terms.log_weight.softmax(0) * terms.rate).sum(0)
    return rate, -iwae(terms.log_weight) - rate


def squared_error(q: Latent, factors: Tensor) -> Tensor:
    return (q.mean[:, : factors.shape[1]] - factors).square().sum(1).mean()


def loss_of(found: Parts, config: Train, beta: float) -> Tensor:
    """() nats."""
    correlation = config.total_correlation * found.correlation
    known = config.supervision * found.error + found.guess
    return found.distortion + beta * found.rate + correlation + known


def start(model: nn.Module, config: Train) -> State:
    """
    Raises:
        InputError: the total correlation or known factors are asked of other codes, or the
            importance-weighted bound of a weighted rate or of a posterior without a density.
    """
    one_gaussian = [b.kind for b in model.config.code.blocks] == ["normal"]
    for option in ("total_correlation", "supervision"):
        if getattr(config, option) and not one_gaussian:
            raise InputError(
                f"A {option.replace('_', ' ')} is weighed where the posterior is one Gaussian; "
                f"leave --{option.replace('_', '-')} out for other codes."
            )
    if config.samples > 1 and not (config.beta == 1 and model.config.code.has_rate):
        raise InputError(
            "The importance-weighted bound is that of a posterior with a rate, of weight 1; "
            "leave --samples out, or --beta."
        )
    model.to(memory_format=torch.channels_last)  # convolutions take a quarter less time
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": weights}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(
        groups, config.learning_rate, weight_decay=config.weight_decay, fused=True
    )
    average = AveragedModel(model, multi_avg_fn=partial(update_average, config.ema))
    return State(model, average, optimizer)


def update_average(decay: float, averages: list[Tensor], weights: list[Tensor], n: Tensor) -> None:
    """The average's step number `n`: its memory grows to `decay` with it, so that the weights of a
    short training are not mostly those that it began with.

    https://www.tensorflow.org/api_docs/python/tf/train/ExponentialMovingAverage (`num_updates`)
    """
    n = int(n)
    get_ema_multi_avg_fn(min(decay, (1 + n) / (10 + n)))(averages, weights, n)


def on(where: Devices = Devices(), **more) -> "Fabric":
    """A launched Fabric."""
    from lightning.fabric import Fabric  # three seconds

    fabric = Fabric(
        accelerator=where.accelerator,
        devices=where.devices,
        num_nodes=where.nodes,
        precision=where.precision,
        **more,
    )
    fabric.launch()
    return fabric


def fit(
    state: State,
    images: Images,
    config: Train,
    binary: bool,
    fabric: "Fabric | None" = None,
    validation: Images | None = None,
) -> Iterator[Step]:
    """Train on `images` from where `state` is; yields after every step.

    With supervision their factors are what the first dimensions are to be: numbers of N(0, 1).

    `binary`: binarize dynamically, anew each time an image is seen. `validation`: images to choose
    the best weights by, and to end early by; without them it takes all steps.
    """
    fabric = fabric or on()
    loss, optimizer = fabric.setup(Loss(state.model, config), state.optimizer)
    state.ema.to(fabric.device)
    images = images.to(fabric.device)
    while state.step < config.steps and not out_of_patience(state, config):
        rate, distortion = take(state, loss, optimizer, images, config, binary, fabric)
        state.step += 1
        seen = None
        if validation is not None and is_due(state.step, config):
            seen = objective(state.ema.module, validation, config, binary, fabric)
            state.best = better(state, seen)
        yield Step(state.step, rate, distortion, seen)


def take(state: State, loss, optimizer, images: Images, config: Train, binary: bool, fabric):
    """One step; returns its rate and distortion, () each."""
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(state.step, config)
    beta = rate_weight(state.step, config)
    rank, world = fabric.global_rank, fabric.world_size
    generator = seeds.generator(Use.NOISE, config.seed, state.step, rank, device=fabric.device)
    batch = batch_at(images, state.step, config, rank, world)

    x = pixels(batch.x, binary, generator)
    found = loss(x, generator, known(state.model, batch, config))
    optimizer.zero_grad()
    fabric.backward(loss_of(found, config, beta))
    # A rare huge gradient would otherwise enter Adam's moments and stay there.
    fabric.clip_gradients(loss, optimizer, max_norm=config.clip)
    optimizer.step()
    state.ema.update_parameters(state.model)
    return found.rate.detach(), found.distortion.detach()


# ---- batches, pixels, step sizes


def batch_at(images: Images, step: int, config: Train, rank: int = 0, world: int = 1) -> Images:
    """This rank's share of the step's batch, batch / world images: epochs, reshuffled."""
    per_epoch = max(len(images.x) // config.batch, 1)
    epoch, at = divmod(step, per_epoch)
    order = order_of(len(images.x), config.seed, epoch)
    rows = order[at * config.batch : (at + 1) * config.batch][rank::world]
    return images.take(rows.to(images.x.device))


@lru_cache(maxsize=1)  # all steps of an epoch ask for it
def order_of(n: int, seed: int, epoch: int) -> Tensor:
    return seeds.permutation(n, Use.ORDER, seed, epoch)


def known(model, images: Images, config: Train) -> Known:
    """
    Raises:
        InputError: the model learns classes, and the images have none.
    """
    learns_classes = model.config.code.has_choice
    if learns_classes and images.y is None:
        raise InputError("This model learns classes; these images have none.")
    return Known(
        images.factors if config.supervision else None, images.y if learns_classes else None
    )


def pixels(x: Tensor, binary: bool, generator: Generator) -> Tensor:
    """uint8 -> what the likelihood scores, float in [0, 1]."""
    return binarize_bytes(x, generator) if binary else x.float().div_(255)


def binarize_bytes(x: Tensor, generator: Generator) -> Tensor:
    """uint8 -> {0, 1}, on with probability x / 255 exactly: `data.base.binarize` in integers."""
    u = torch.empty_like(x).random_(0, 255, generator=generator)
    return (u < x).float()


def rate_weight(step: int, config: Train) -> float:
    """A straight way from `warm_from` to `beta`, and there it stays."""
    share = min(1.0, (step + 1) / max(config.warmup, 1))
    return config.warm_from + share * (config.beta - config.warm_from)


def learning_rate(step: int, config: Train) -> float:
    """A short linear rise, then half a cosine down to 1 %."""
    rise = min(1.0, (step + 1) / min(500, config.steps))
    fall = 0.5 * (1 + math.cos(math.pi * step / config.steps))
    return config.learning_rate * rise * (0.01 + 0.99 * fall)


# ---- the validation images


def is_due(step: int, config: Train) -> bool:
    return step % config.check_every == 0 or step == config.steps


@torch.no_grad()
def objective(model, images: Images, config: Train, binary: bool, fabric: "Fabric") -> float:
    """Of `images`, in nats: the ELBO with the loss's weights; the same noise at each look."""
    rows = torch.arange(fabric.global_rank, len(images.x), fabric.world_size)
    generator = seeds.generator(
        Use.VALIDATION, config.seed, fabric.global_rank, device=fabric.device
    )
    total = torch.zeros((), device=fabric.device)
    for some in map(images.take, rows.split(1000)):
        some = some.to(fabric.device)
        x = pixels(some.x, binary, generator)
        with fabric.autocast():
            known_of = known(model, some, config)
            found = parts(model, x, generator, config, known_of)
        total -= len(x) * loss_of(found, config, config.beta)
    return float(fabric.all_reduce(total, reduce_op="sum")) / len(images.x)


def better(state: State, seen: float) -> Best:
    """The best weights so far, now that the average has this objective."""
    if state.best and not seen > state.best.objective:  # nor is one that is no number
        return state.best
    weights = {k: v.clone() for k, v in state.ema.module.state_dict().items()}
    return Best(seen, state.step, weights)


def out_of_patience(state: State, config: Train) -> bool:
    since = state.step - state.best.step if state.best else 0
    return 0 < config.patience * config.check_every <= since


def chosen(state: State) -> nn.Module:
    """The model to ship: the best average, or the last one where no validation images chose."""
    model = deepcopy(state.ema.module).cpu().eval().to(memory_format=torch.contiguous_format)
    if state.best:
        model.load_state_dict(state.best.weights)
    return model
