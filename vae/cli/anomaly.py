"""Commands that find pictures unlike others: anomaly fit, anomaly score, anomaly survey."""

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import typer

from vae import bundle
from vae.bundle import Bundle
from vae.cli.codes import weights
from vae.cli.files import Inputs, check_target, find, inputs, refuse
from vae.cli.options import BundlePath, Split, Threads, changes, err, out, progress
from vae.cli.pictures import DECIDED, held_images
from vae.conformal import check_rate
from vae.data.prepare import Prepare, as_model_wants, prepare_anyway
from vae.errors import InputError
from vae.files import replace, rewriting
from vae.seeds import Use, permutation
from vae.tasks.anomaly import Reference, Score, reference
from vae.tasks.detector import ALL, MOST, Detector, from_json, to_json

ROWS = 200  # pictures opened and scored at once
ALARM = 1  # exit code

app = typer.Typer()
HELP = """Find pictures unlike others: fit, score, survey.

Example: python -m vae anomaly fit assets/digits normal/ --out detector.json
"""
group = typer.Typer(help=HELP, no_args_is_help=True)
app.add_typer(group, name="anomaly")

Data = Annotated[str, typer.Option(help="data set; by default the model's own")]
Rate = Annotated[float, typer.Option(help="false alarms among normal pictures, as 0.05", min=0)]
HOW = "files, folders or patterns as 'scans/*.png'; without any, a data set's"


@group.command()
@changes(own=Prepare, without=DECIDED)
def fit(
    folder: BundlePath,
    normal: Annotated[list[str] | None, typer.Argument(help=f"normal pictures: {HOW}")] = None,
    data: Data = "",
    split: Split = "validation",
    score: Annotated[Literal[*ALL], typer.Option(help="what is high for anomalies")] = "surprise",
    rate: Rate = 0.05,
    by_class: Annotated[
        bool,
        typer.Option(
            help="keep the promise for each class that pictures seem to be of, by the nearest code"
        ),
    ] = False,
    out_file: Annotated[Path, typer.Option("--out", help="a .json file")] = Path("detector.json"),
    threads: Threads = 1,
    *,
    own: dict[str, Any],
) -> None:
    """Fit a detector to normal pictures that the model was not trained on.

    It promises that at most a share of RATE of further normal pictures is flagged. Of more than
    10,000 pictures as many are taken at random.

    Example: python -m vae anomaly fit assets/digits normal/ --rate 0.05 --out detector.json
    """
    check_target(out_file, folder, [".json"], normal or [])
    opened = opened_for(folder, threads)
    wanted = as_model_wants(opened.card.prepare, **own)
    pictures = named(normal, data, split, opened, wanted).some(MOST)
    check_rate(pictures.n or MOST, rate)  # before the work
    groups = groups_of(opened, by_class)
    seen = together(pictures, reference(opened), ALL[score], groups)
    detector = Detector(
        model=folder.resolve().name,
        weights=weights(opened),
        score=score,
        rate=rate,
        prepare=own,
        normal=[float(f"{s:.9g}") for s in seen.scores],
        groups=seen.groups.tolist() if by_class else None,
    )
    detector.check_rate(rate, classes(opened))
    replace(out_file, to_json(detector))
    out.print(
        f"Wrote {out_file}: {score} of {len(seen.scores):,} normal pictures.", highlight=False
    )
    refuse(seen.refused)


@group.command()
def score(
    folder: BundlePath,
    detector: Annotated[Path, typer.Argument(help="a file that `fit` wrote")],
    pictures: Annotated[list[str] | None, typer.Argument(help=f"pictures: {HOW}")] = None,
    data: Data = "",
    split: Split = "test",
    rate: Annotated[
        float | None, typer.Option(help="false alarms among normal pictures; by default as fitted")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="a .csv file, instead of the screen")
    ] = None,
    threads: Threads = 1,
) -> None:
    """Score pictures: a CSV row each with its score, p-value, flag (1: an anomaly), class, notes.

    Exits with 0 where nothing is flagged, with 1 where something is, with 2 where a picture could
    not be scored. Pictures are prepared as those that the detector was fitted to.

    Example: python -m vae anomaly score assets/digits detector.json new/ --out scores.csv
    """
    if out_file is not None:
        check_target(out_file, folder, [".csv"], [str(detector), *(pictures or [])])
    opened = opened_for(folder, threads)
    fitted = from_json(detector, weights(opened))
    rate = fitted.rate if rate is None else rate
    fitted.check_rate(rate, classes(opened))
    wanted = as_model_wants(opened.card.prepare, **fitted.prepare)
    given = named(pictures, data, split, opened, wanted)
    refused, n, flagged = list(given.refused), 0, 0
    groups = groups_of(opened, fitted.groups is not None)
    with table(out_file) as write:
        write(("picture", "score", "p_value", "flag", "class", "notes"))
        for part in scored(given, reference(opened), fitted.scoring, groups):
            p = fitted.p_values(part.scores, part.groups)
            for row in rows_of(part, p, p <= rate, classes(opened)):
                write(row)
            refused += part.refused
            n, flagged = n + len(p), flagged + int((p <= rate).sum())
        if not n:
            refuse(refused)
    err.print(f"{flagged:,} of {n:,} flagged.", highlight=False)
    refuse(refused)
    raise typer.Exit(ALARM if flagged else 0)


@group.command()
def survey(
    folder: BundlePath,
    n: Annotated[int, typer.Option(help="pictures of each kind, at most", min=100)] = 10_000,
    threads: Threads = 1,
) -> None:
    """Score a model's held-out examples and pictures of other kinds for the page Surprise.

    Adds to the atlas, in numbers: surprise, PNG size and brightness of each example, of the same
    upside down and turned, of a dot, of noise, and of other data sets that are on this computer.
    Of a large network fewer pictures (`--n 1000`) are enough.

    Example: python -m vae anomaly survey assets/digits
    """
    from vae.data import DATASETS
    from vae.tasks.comparison import KINDS, columns

    opened = opened_for(folder, threads)
    data, index = opened.card.data["name"], opened.atlas.index
    x = held_images(opened.card, opened.card.atlas.split)[index]
    others = {
        other.title: other.load("test").x[: len(x)]
        for name, other in DATASETS.items()
        if name != data and other.image == opened.model.config.image and other.here("test")
    }
    others = {title: images for title, images in others.items() if len(images) == len(x)}
    with progress("kinds of pictures", len(KINDS) + len(others)) as show:
        found = columns(opened.model, x, others, n, progress=show)
    bundle.with_columns(folder, found)
    kinds = ", ".join(column.title for column in found)
    out.print(
        f"Wrote the scores of {min(n, len(x)):,} pictures of each kind into {folder}: {kinds}."
    )


def opened_for(folder: Path, threads: int) -> Bundle:
    import torch

    torch.set_num_threads(threads)
    return bundle.load(folder)


# ---- pictures


class Pictures(NamedTuple):
    """Pictures of files or of a data set, read a portion at a time."""

    names: list[str]
    read: Callable[[np.ndarray], Inputs]  # those at these positions
    refused: list[str]

    @property
    def n(self) -> int:
        return len(self.names)

    def some(self, most: int, first: Callable[[str], bool] = lambda name: False) -> "Pictures":
        """The same, or of more than `most` as many at random, and before others those whose name
        is to be `first`."""
        if self.n <= most:
            return self
        order = permutation(self.n, Use.SPLIT, 0).tolist()
        rows = np.sort(sorted(order, key=lambda i: not first(self.names[i]))[:most])
        names = [self.names[i] for i in rows]
        return self._replace(names=names, read=lambda at: self.read(rows[at]))

    def portions(self) -> Iterator[Inputs]:
        """A portion at a time, so that the memory does not grow with the pictures."""
        with progress("pictures", self.n) as show:
            for start in range(0, self.n, ROWS):
                yield self.read(np.arange(start, min(start + ROWS, self.n)))
                show(start + ROWS)


def named(
    words: list[str] | None, data: str, split: str, opened: Bundle, wanted: Prepare
) -> Pictures:
    if not words:
        return of_data(held_images(opened.card, split, data), split)
    paths, refused = find(words)
    # A picture without ink is as good as any: it is taken whole.
    return Pictures(
        [str(path) for path in paths],
        lambda at: inputs([paths[i] for i in at], wanted, prepare_anyway),
        refused,
    )


def of_data(x, split: str) -> Pictures:
    names = [f"{split} {i}" for i in range(len(x))]

    def read(at: np.ndarray) -> Inputs:
        return Inputs(x[at], {"picture": [names[i] for i in at], "notes": [""] * len(at)}, [])

    return Pictures(names, read, [])


class Scored(NamedTuple):
    scores: np.ndarray  # (B,)
    groups: np.ndarray  # (B,) the class that each seems to be of, -1 where that is not asked
    about: dict[str, list[str]]
    refused: list[str]


def scored(
    pictures: Pictures, known: Reference, score: Score, groups: Callable[[Any], np.ndarray]
) -> Iterator[Scored]:
    from vae.data.base import to_unit

    for part in pictures.portions():
        if len(part.x):
            x = to_unit(part.x)
            yield Scored(score(known, x).numpy(), groups(x), part.about, part.refused)
        else:
            yield Scored(np.zeros(0), np.zeros(0, int), part.about, part.refused)


def together(pictures: Pictures, *how) -> Scored:
    """All that could be scored, one at least. Raises InputError where none could."""
    parts = list(scored(pictures, *how))
    refused = [*pictures.refused, *(line for part in parts for line in part.refused)]
    if not any(len(part.scores) for part in parts):
        refuse(refused)
    scores, groups = (np.concatenate([getattr(p, k) for p in parts]) for k in ("scores", "groups"))
    return Scored(scores, groups, {}, refused)


def classes(opened: Bundle) -> tuple[str, ...]:
    """Their names; numbers where the data have none."""
    return tuple(opened.card.data.get("classes", ())) or tuple(map(str, range(256)))


def groups_of(opened: Bundle, wanted: bool) -> Callable[[Any], np.ndarray]:
    """What tells the class that pictures x (B, C, H, W) seem to be of: that of the nearest code."""
    from vae.latent import nearest

    if not wanted:
        return lambda x: np.full(len(x), -1)
    atlas = opened.atlas
    if atlas.label is None:
        raise InputError(f"The data of {opened.card.title} have no classes: leave out --by-class.")

    def groups(x) -> np.ndarray:
        means = opened.model.encode(x).mean.detach().numpy()
        return np.array([atlas.label[nearest(atlas.mean, z, 1)[0][0]] for z in means])

    return groups


# ---- what is written


@contextmanager
def table(path: Path | None) -> Iterator[Callable[[tuple], None]]:
    """What writes a row: on the screen, or into a file that is there as a whole or not at all."""
    if path is None:
        yield csv.writer(sys.stdout, lineterminator="\n").writerow
        return
    with rewriting(path) as file:

        def write(row: tuple) -> None:
            text = StringIO(newline="")
            csv.writer(text).writerow(row)
            file.write(text.getvalue().encode())

        yield write


def rows_of(
    part: Scored, p: np.ndarray, flagged: np.ndarray, names: tuple[str, ...]
) -> Iterator[tuple]:
    about = zip(part.about["picture"], part.about["notes"], strict=True)
    numbers = zip(part.scores, p, flagged, part.groups, strict=True)
    for (picture, notes), (score, p_value, flag, k) in zip(about, numbers, strict=True):
        name = "" if k < 0 else names[int(k)]
        yield picture, f"{score:.9g}", f"{p_value:.4g}", int(flag), name, notes
