"""What a training leaves behind to be watched: its curves, and how its map forms.

    for event in recorded(run): ...           # the run's own events, as they come

It is in files beside the checkpoint (record.py).

About once a second the training is looked at: where are the codes of the same held-out examples,
on the plane of their two principal components, turned so that points stay as near as they can to
where they were; what does the model make of a few; what do all of them cost. The last frame
is the UMAP of the finished model. A run that continues forgets what came after its checkpoint.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import numpy as np
import torch

from vae import bundle, seeds
from vae.data.base import Images, to_bytes, to_unit
from vae.distributions import LIKELIHOODS
from vae.errors import InputError
from vae.files import make_folder, replace, writing
from vae.project import aligned, pca
from vae.record import (
    FINISH,
    PAUSE,
    PICTURES,
    About,
    Point,
    Progress,
    curve,
    frames,
    last_frame,
)
from vae.runs import ENOUGH, Event, Run, Started, Surveyed, Written
from vae.seeds import Use
from vae.train import Known, State, Step, parts, pixels

EXAMPLES = 500  # held-out ones, on the map
EVERY = 1.0  # seconds between two looks,
SHARE = 0.1  # and the most of the time that looks may take


def folder_of(run: Run) -> Path:
    return run.workplace / "record"


def request_of(run: Run) -> Path:
    return run.workplace / "request"


def recorded(run: Run, every: float = EVERY) -> Iterator[Event]:
    """The events of `run`, which leaves a record, and ends as its file `request` says.

    Raises:
        InputError: as the run, or its record cannot be written, or each device would write one.
    """
    if run.devices.devices * run.devices.nodes > 1:
        raise InputError("A training on several devices leaves no record; leave --record out.")
    events, recorder, answer = iter(run), Recorder(run, every), None
    with suppress(StopIteration):
        while True:
            event = events.send(answer)
            recorder.hear(event)
            yield event
            asked = wish(run) if isinstance(event, Step) else ""
            if asked == PAUSE and event.number % run.save_every == 0:
                return events.close()
            answer = ENOUGH if asked == FINISH else None


def wish(run: Run) -> str:
    with suppress(FileNotFoundError):
        return request_of(run).read_text("utf-8")
    return ""


class Recorder:
    """Hears the events of a run and writes its record."""

    def __init__(self, run: Run, every: float):
        self.run, self.every, self.folder = run, every, folder_of(run)
        self.due = 0.0  # on the clock: when to look again
        self.terms: list[tuple] = []  # rate and distortion of the steps since the last look
        self.speed = Speed()

    def hear(self, event: Event) -> None:
        match event:
            case Started():
                self.begin(event)
            case Step():
                self.step(event)
            case Surveyed(share):
                if self.terms:
                    self.look()
                self.say(Progress("map", self.state.step, share))
            case Written():
                self.end(event.folder)

    def begin(self, started: Started) -> None:
        self.state, images = started.state, spread(started.test)
        labels = None if images.y is None else tuple(images.y.tolist())
        data = self.run.data
        steps = self.run.config.steps
        self.about = About(len(images.x), data.image, data.classes, labels, steps)
        self.looking = Looking(self.run, images)
        make_folder(self.folder)
        replace(self.folder / "originals.raw", self.looking.pictures.numpy().tobytes())
        replace(self.folder / "about.json", msgspec.json.encode(self.about))
        forget(self.folder, self.about, self.state.step)
        self.look()

    def step(self, step: Step) -> None:
        self.terms.append((step.rate, step.distortion))
        if monotonic() >= self.due or step.number == self.run.config.steps:
            self.look()

    def look(self) -> None:
        """Write a point, a frame and how far it is; the next look is due so much later that looks
        take a small part of the time."""
        begin, step = monotonic(), self.state.step
        last = last_frame(self.folder, self.about)
        if last is None or last["step"] != step:  # else it continues from where it was looked at
            codes, pictures, costs = self.looking.at(self.state)
            self.write(step, pca(codes).place(codes), pictures, last)
            self.append("curve.jsonl", msgspec.json.encode(Point(step, self.mean(), costs)) + b"\n")
        self.say(Progress("training", step, speed=self.speed.at(step)))
        self.terms, now = [], monotonic()
        self.due = now + max(self.every, (now - begin) / SHARE)

    def mean(self) -> tuple[float, float] | None:
        if not self.terms:
            return None
        rate, distortion = (sum(map(float, column)) for column in zip(*self.terms, strict=True))
        return rate / len(self.terms), distortion / len(self.terms)

    def write(self, step: int, places: np.ndarray, pictures: np.ndarray, last: Any) -> None:
        frame = np.zeros((), self.about.frame)
        frame["step"], frame["pictures"] = step, pictures
        frame["places"] = places if last is None else aligned(places, last["places"])
        self.append("frames.raw", frame.tobytes())

    def end(self, folder: Path) -> None:
        """The finished model, which is the best one and no longer the last."""
        opened, last = bundle.load(folder), last_frame(self.folder, self.about)
        rows = places_of(len(opened.atlas.umap))
        places = alike(opened.atlas.umap[rows], last["places"])
        pictures = reconstructions(opened.model, to_unit(self.looking.pictures))
        self.write(self.state.step, places, pictures, last)
        self.say(Progress("done", self.state.step, 1.0))

    def say(self, progress: Progress) -> None:
        replace(self.folder / "progress.json", msgspec.json.encode(progress))

    def append(self, name: str, data: bytes) -> None:
        with writing(self.folder), (self.folder / name).open("ab") as file:
            file.write(data)


class Speed:
    """Steps a second between the last two times that it was asked."""

    def __init__(self):
        self.last: tuple[float, int] | None = None

    def at(self, step: int) -> float:
        now, last = (monotonic(), step), self.last
        self.last = now
        return 0.0 if last is None else (step - last[1]) / max(now[0] - last[0], 1e-9)


class Looking:
    """What is looked at, with the same noise each time; it draws nothing that training draws."""

    def __init__(self, run: Run, images: Images):
        self.run, self.images = run, images
        self.pictures = images.x[unlike(images)]

    @torch.no_grad()
    def at(self, state: State) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
        """Codes (N, D), pictures (8, C, H, W) as bytes, and (rate, distortion) in nats."""
        model = state.ema.module
        images = self.images.to(next(model.parameters()).device)
        codes = model.encode(to_unit(images.x)).mean.cpu().numpy()
        pictures = reconstructions(model, to_unit(self.pictures.to(images.x.device)))
        return codes, pictures, self.costs(model, images)

    def costs(self, model, images: Images) -> tuple[float, float]:
        config = self.run.config
        generator = seeds.generator(Use.RECORD, config.seed, device=images.x.device)
        x = pixels(images.x, LIKELIHOODS[self.run.design.likelihood].binary, generator)
        known = Known(None, images.y if model.config.code.has_choice else None)
        found = parts(model, x, generator, config, known)
        return float(found.rate), float(found.distortion)


@torch.no_grad()
def reconstructions(model, x: torch.Tensor) -> np.ndarray:
    return to_bytes(model.decode(model.encode(x).mean).mean).cpu().numpy()


def places_of(n: int) -> np.ndarray:
    """Which of `n` held-out examples are looked at."""
    return np.linspace(0, n - 1, min(n, EXAMPLES)).astype(int)


def spread(images: Images) -> Images:
    return images.take(torch.from_numpy(places_of(len(images.x))))


def unlike(images: Images) -> list[int]:
    """Which of them are reconstructed: one of each class first, and else from first to last."""
    n = len(images.x)
    rows = np.linspace(0, n - 1, min(n, PICTURES)).astype(int).tolist()
    if images.y is not None:
        rows = np.unique(images.y.numpy(), return_index=True)[1].tolist() + rows
    return list(dict.fromkeys(rows))[: min(n, PICTURES)]


def alike(xy: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Another map's points, as wide as those of `to`."""
    return (xy - xy.mean(0)) * (to.std() / max(xy.std(), np.finfo(np.float32).tiny))


def forget(folder: Path, about: About, step: int) -> None:
    """Leave out what came after a step, and what was not written to its end."""
    kept = [point for point in curve(folder) if point.step <= step]
    n = int((frames(folder, about)["step"] <= step).sum())
    lines = b"".join(msgspec.json.encode(point) + b"\n" for point in kept)
    replace(folder / "curve.jsonl", lines)
    with writing(folder), (folder / "frames.raw").open("ab") as file:
        file.truncate(n * about.frame.itemsize)
