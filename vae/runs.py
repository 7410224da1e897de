"""A run: data set, design, fit, survey, bundle.

    for event in Run(DATASETS["digits"], Path("models/mine"), Design(latent=2)):
        ...                                   # the CLI prints, a page draws, a test takes three

Events come as they happen: `Started`, a `Step` after each step, `Surveyed` while the map is laid
out, `Written`. A run stops when no more events are asked for; started again it continues from its
last checkpoint and ends as if it had never stopped. Who sends `ENOUGH` after a step has the model
as it is by then. Only one run at a time may write to a folder.
"""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any, NamedTuple

from filelock import FileLock, Timeout
from torch import from_numpy, nn

from vae import bundle, checkpoint, seeds
from vae.atlas import survey
from vae.card import AtlasCard
from vae.data import Dataset, Images
from vae.distributions import LIKELIHOODS
from vae.errors import InputError
from vae.files import writing
from vae.models import MODELS
from vae.models.vae import Config, Design
from vae.noise import NOISES
from vae.project import Umap
from vae.seeds import Use
from vae.train import Devices, State, Step, Train, chosen, fit, on, start

ENOUGH = "enough"  # sent after a step: take no more, and write the bundle


class Started(NamedTuple):
    state: State  # advances from here on; its step is not 0 where a run continues
    images: int  # trained on
    validation: int  # held out of the training images
    test: Images  # makes the atlas


class Surveyed(NamedTuple):
    share: float  # of the map that is laid out


class Written(NamedTuple):
    folder: Path
    card: bundle.Card


Event = Started | Step | Surveyed | Written


@dataclass(frozen=True)
class Run:
    """What decides what a training makes, and where that goes."""

    data: Dataset
    folder: Path  # of the bundle; the checkpoint is beside it
    design: Design = field(default_factory=Design)
    config: Train = field(default_factory=Train)
    devices: Devices = field(default_factory=Devices)
    family: str = "vae"  # a key of MODELS
    title: str = ""  # the data set's where there is none
    command: str = ""  # that asked for it
    save_every: int = 1000  # steps between checkpoints
    base: Path | None = (
        None  # a bundle whose networks it begins with; their design must be this one
    )

    def __iter__(self) -> Generator[Event, str | None, None]:
        return events(self)

    @property
    def workplace(self) -> Path:
        """The folder of what is there while it trains."""
        return self.folder.with_name(self.folder.name + ".training")

    @property
    def checkpoint(self) -> Path:
        return self.workplace / "checkpoint.safetensors"


class Splits(NamedTuple):
    train: Images
    validation: Images | None  # chooses the weights; None where all training images are trained on
    test: Images  # makes the atlas


def events(run: Run) -> Generator[Event, str | None, None]:
    """From the beginning, or from the last checkpoint, to the bundle.

    Raises:
        InputError: the folder holds something else, or another run writes to it; a file cannot be
            written; the checkpoint is damaged, or is one of other settings.
    """
    bundle.check_target(run.folder)
    fabric = on(run.devices)
    with alone(run, fabric):
        splits = load(run)
        state = begin(run)
        yield Started(state, len(splits.train.x), held_out(splits), splits.test)
        yield from trained(run, state, splits, fabric)
        if fabric.is_global_zero:
            yield from written(run, state, splits)


@contextmanager
def alone(run: Run, fabric) -> Iterator[None]:
    """Keep other runs off the folder. The system frees it when this process ends, however."""
    path = run.workplace / "lock"
    lock = FileLock(path, blocking=False, thread_local=False, fallback_to_soft=False)
    refusal = fabric.broadcast(refused(run, lock) if fabric.is_global_zero else "")
    if refusal:
        raise InputError(refusal)
    try:
        yield
    finally:
        lock.release()


def refused(run: Run, lock: FileLock) -> str:
    """Take the lock; a sentence where that cannot be."""
    try:
        with writing(run.workplace):
            run.workplace.mkdir(parents=True, exist_ok=True)
            return taken(run, lock)
    except InputError as why:
        return str(why)


def taken(run: Run, lock: FileLock) -> str:
    try:
        lock.acquire()
    except Timeout:
        return f"Another training is writing to {run.folder}; wait for it, or name another folder."
    return ""


def load(run: Run) -> Splits:
    check_supervision(run)
    test = run.data.load("test")  # first: what is missing is missed before training, not after
    if not run.config.holdout:
        return Splits(scored(run, run.data.published("train")), None, test)
    train, validation = run.data.load("train"), run.data.load("validation")
    return Splits(scored(run, train), scored(run, validation), test)


def check_supervision(run: Run) -> None:
    """
    Raises:
        InputError: the data set has no known factors, or more than the model has dimensions; or
            the class that the model is given is one of them.
    """
    if not run.config.supervision:
        return
    if not run.data.factors:
        raise InputError(f"{run.data.title} has no known factors; leave --supervision out.")
    if run.design.condition and run.data.by:
        raise InputError(
            f"A model that is given {run.data.by} as the class must not have it in the code too; "
            "leave --supervision out."
        )
    n = sum(factor.ordered for factor in run.data.factors.each)
    if n > run.design.latent:
        raise InputError(
            f"{run.data.title} has {n} ordered factors, this model "
            f"{run.design.latent} dimensions; give --latent {n} or more."
        )


def scored(run: Run, images: Images) -> Images:
    """With supervision: the factors as what the first dimensions are to be."""
    if not run.config.supervision:
        return images
    return images._replace(factors=from_numpy(run.data.factors.scores(images.factors.numpy())))


def held_out(splits: Splits) -> int:
    return len(splits.validation.x) if splits.validation else 0


def begin(run: Run) -> State:
    """The state to go on from: the last checkpoint's, or a new model's."""
    state = start(seeded_model(run), run.config)
    if run.checkpoint.is_file():
        checkpoint.load(run.checkpoint, state, run.config, run.data.identity, run.design.noise)
    return state


def seeded_model(run: Run) -> nn.Module:
    """A new model, or one with the networks of another."""
    with seeds.seeded(Use.WEIGHTS, run.config.seed):
        model = MODELS[run.family](config(run))
    if run.base:
        inherit(model, run.base)
    NOISES[run.design.noise].hold(model)
    return model


def config(run: Run) -> Config:
    return run.design.config(run.data.image, len(run.data.classes))


def inherit(model: nn.Module, base: Path) -> None:
    """Take over the networks of the bundle `base`; a learned prior begins anew.

    Raises:
        InputError: there is no such bundle, or its networks are others.
    """
    other = bundle.load(base).model
    for name in ("encoder", "decoder"):
        if getattr(other.config, name) != getattr(model.config, name):
            raise InputError(
                f"The {name} of {base} has other layers; "
                "give --net, --width, --depth and --latent as it was trained with."
            )
        getattr(model, name).load_state_dict(getattr(other, name).state_dict())


class Rehearsal(NamedTuple):
    """What a run would take."""

    training: int  # images
    validation: int
    test: int
    weights: int
    seconds: float  # a step


def rehearsal(run: Run, steps: int = 5) -> Rehearsal:
    """Take a few steps that nobody keeps; the first one, which prepares the others, is not timed.

    Raises:
        InputError: as the run itself would.
    """
    bundle.check_target(run.folder)
    splits, model, times = load(run), seeded_model(run), []
    config = replace(run.config, steps=steps + 1)
    binary = LIKELIHOODS[run.design.likelihood].binary
    for _ in fit(start(model, config), splits.train, config, binary, on(run.devices)):
        times.append(perf_counter())
    return Rehearsal(
        training=len(splits.train.x),
        validation=held_out(splits),
        test=len(splits.test.x),
        weights=sum(p.numel() for p in model.parameters()),
        seconds=(times[-1] - times[0]) / steps,
    )


def trained(run: Run, state: State, splits: Splits, fabric) -> Generator[Step, str | None, None]:
    """Its steps, with checkpoints on the way and at the end."""

    def save() -> None:
        if fabric.is_global_zero:
            checkpoint.save(run.checkpoint, state, run.config, run.data.identity, run.design.noise)

    binary = LIKELIHOODS[run.design.likelihood].binary
    for step in fit(state, splits.train, run.config, binary, fabric, splits.validation):
        if step.number % run.save_every == 0:
            save()
        if (yield step) == ENOUGH:
            break
    save()


def written(run: Run, state: State, splits: Splits) -> Iterator[Event]:
    """The map of the test images' codes, then the bundle."""
    yield Surveyed(0.0)  # UMAP is long in coming
    model = chosen(state)
    NOISES[run.design.noise].settle(model, splits.train.x, run.config.seed)
    atlas = yield from streamed(
        lambda tell: survey(model, splits.test, Umap(), lambda share: tell(Surveyed(share)))
    )
    yield Written(run.folder, bundle.save(run.folder, model, atlas, card(run, state, splits)))


def streamed(work: Callable[[Callable[[Any], None]], Any]) -> Generator[Any, None, Any]:
    """Runs `work(report)` in a thread of its own; yields what it reports, returns its result."""
    reports, end = SimpleQueue(), object()
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(work, reports.put)
        result.add_done_callback(lambda _: reports.put(end))
        yield from iter(reports.get, end)
    return result.result()


def dimensions(design: Design) -> str:
    return f"{'A class and ' if design.condition else ''}{design.latent} latent dimensions"


def card(run: Run, state: State, splits: Splits) -> bundle.Card:
    data, design = run.data, run.design
    best = state.best and {"step": state.best.step, "validation": state.best.objective}
    noise = {} if LIKELIHOODS[design.likelihood].binary else {"noise": design.noise}
    taken = {"command": run.command, "taken": state.step, "best": best}
    return bundle.Card(
        title=run.title or data.title,
        description=f"{dimensions(design)}, trained on {data.title}.",
        family=run.family,
        **config(run).entries(),
        data=entry(data, len(splits.train.x), held_out(splits), splits.train.checksums),
        training=asdict(run.config) | noise | taken,
        atlas=AtlasCard("test", len(splits.test.x), asdict(Umap())),
        prepare={"size": data.image[1:], "channels": data.image[0], **data.prepare},
    )


def entry(data: Dataset, n: int, validation: int, checksums: dict[str, str]) -> dict[str, Any]:
    """What a card says of the `n` images that a model learned from."""
    return {
        "name": data.name,
        "title": data.title,
        "licence": data.licence,
        "source": data.source,
        "classes": list(data.classes),
        **({"version": data.version} if data.version else {}),
        **({"by": data.by} if data.by else {}),
        "split": "train",
        "n": n,
        "validation": validation,
        "checksums": checksums,
    }
