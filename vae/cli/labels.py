"""Commands that name the classes of pictures after labels of a few: label fit, label predict."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer

from vae.bundle import Bundle
from vae.cli.anomaly import Pictures, named, opened_for, table
from vae.cli.codes import weights
from vae.cli.files import check_target, refuse
from vae.cli.options import BundlePath, Threads, changes, err, out
from vae.cli.pictures import DECIDED
from vae.data.prepare import Prepare, as_model_wants
from vae.errors import InputError
from vae.files import replace

MOST = 50_000  # pictures and examples that labels spread over
SHOWN = 3  # names of pictures in a sentence

app = typer.Typer()
HELP = """Name the classes of pictures after labels of a few: fit, predict.

Example: python -m vae label fit assets/digits labels.csv pictures/ --out labels.safetensors
"""
group = typer.Typer(help=HELP, no_args_is_help=True)
app.add_typer(group, name="label")

Words = Annotated[list[str], typer.Argument(help="pictures: files, folders or patterns")]


@group.command()
@changes(own=Prepare, without=DECIDED)
def fit(
    folder: BundlePath,
    labels: Annotated[Path, typer.Argument(help="a .csv file: a picture's file name, its label")],
    pictures: Words,
    examples: Annotated[
        bool, typer.Option(help="labels spread over the model's own held-out examples too")
    ] = True,
    out_file: Annotated[Path, typer.Option("--out", help="a .safetensors file")] = Path(
        "labels.safetensors"
    ),
    threads: Threads = 1,
    *,
    own: dict[str, Any],
) -> None:
    """Learn classes from labels of some pictures and the codes of all.

    Labels spread from each picture to those with the nearest codes. From twenty labels on, it is
    printed how many of them are named right when they are left out.

    Example: python -m vae label fit assets/digits labels.csv pictures/ --out labels.safetensors
    """
    from vae.tasks import labeller

    check_target(out_file, folder, [".safetensors"], [str(labels), *pictures])
    given = read_labels(labels)
    opened = opened_for(folder, threads)
    every = named(pictures, "", "", opened, as_model_wants(opened.card.prepare, **own))
    every = every.some(MOST, first=lambda name: name in given or Path(name).name in given)
    seen = encoded(opened, every)
    rows, y, classes = matched(given, seen.names, every.names, labels)
    codes = np.concatenate([seen.codes, opened.atlas.mean]) if examples else seen.codes
    fitted = labeller.fit(
        codes, rows, y, model=folder.resolve().name, weights=weights(opened), classes=classes,
        prepare=own,
    )  # fmt: skip
    replace(out_file, labeller.to_file(fitted))
    out.print(f"Wrote {out_file}: {summary(fitted.about, len(codes))}", highlight=False)
    refuse(seen.refused)


@group.command()
def predict(
    folder: BundlePath,
    labeller_file: Annotated[Path, typer.Argument(metavar="LABELLER", help="what `fit` wrote")],
    pictures: Words,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="a .csv file, instead of the screen")
    ] = None,
    threads: Threads = 1,
) -> None:
    """Name the class of pictures: a CSV row each with its class, the probability of that, notes.

    Example: python -m vae label predict assets/digits labels.safetensors new/ --out classes.csv
    """
    from vae.tasks import labeller

    if out_file is not None:
        check_target(out_file, folder, [".csv"], [str(labeller_file), *pictures])
    opened = opened_for(folder, threads)
    fitted = labeller.from_file(labeller_file, weights(opened), opened.model.config.latent)
    given = named(
        pictures, "", "", opened, as_model_wants(opened.card.prepare, **fitted.about.prepare)
    )
    refused, n = list(given.refused), 0
    with table(out_file) as write:
        write(("picture", "class", "probability", "notes"))
        for part in portions(opened, given):
            p = fitted(part.codes)
            for name, notes, q in zip(part.names, part.notes, p, strict=True):
                write((name, fitted.about.classes[int(q.argmax())], f"{q.max():.4f}", notes))
            refused += part.refused
            n += len(p)
        if not n:
            refuse(refused)
    err.print(f"{n:,} pictures named.", highlight=False)
    refuse(refused)


def summary(about, codes: int) -> str:
    left_out = "" if about.accuracy is None else f"; of labels left out {about.accuracy:.0%} right"
    known = f"{about.labels} labels of {len(about.classes)} classes"
    return f"{known}, spread over {codes:,} codes{left_out}."


# ---- pictures


class Encoded(NamedTuple):
    codes: np.ndarray  # (N, D) float32
    names: list[str]
    notes: list[str]
    refused: list[str]


def portions(opened: Bundle, pictures: Pictures) -> Iterator[Encoded]:
    from vae.data.base import to_unit

    for part in pictures.portions():
        codes = np.zeros((0, opened.model.config.latent), np.float32)
        if len(part.x):
            codes = opened.model.encode(to_unit(part.x)).mean.numpy()
        yield Encoded(codes, part.about["picture"], part.about["notes"], part.refused)


def encoded(opened: Bundle, pictures: Pictures) -> Encoded:
    """All that can be read, one at least. Raises InputError where none can."""
    parts = list(portions(opened, pictures))
    refused = [*pictures.refused, *(line for part in parts for line in part.refused)]
    names = [name for part in parts for name in part.names]
    if not names:
        refuse(refused)
    codes = np.concatenate([part.codes for part in parts])
    return Encoded(codes, names, [], refused)


# ---- labels


def read_labels(path: Path) -> dict[str, str]:
    """The label of each name in a CSV file of two columns, with or without the header name,label.

    Raises:
        InputError: it cannot be read, a row is not a name and a label, two contradict each other.
    """
    try:
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as why:
        raise InputError(f"{path} cannot be read as a table of labels ({why}).") from why
    labels: dict[str, str] = {}
    for i, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (i == 1 and [c.lower() for c in cells] == ["name", "label"]):
            continue
        if len(cells) != 2 or not all(cells):
            raise InputError(f"Row {i} of {path} must be a picture's file name and its label.")
        name, label = cells
        if labels.setdefault(name, label) != label:
            raise InputError(
                f"{path} contradicts itself: {name} is {labels[name]!r} and {label!r}."
            )
    if not labels:
        raise InputError(f"{path} holds no label.")
    return labels


def matched(
    labels: dict[str, str], pictures: list[str], there: list[str], path: Path
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The rows of the `pictures` that have labels, their classes, and the classes' names. Of those
    that are `there` some could not be read: they are named at the end.

    Raises:
        InputError: a label is of a picture that is not there, or of two of the same name.
    """
    rows = {name: i for i, name in enumerate(pictures)}
    by_name: dict[str, list[int]] = {}
    for i, picture in enumerate(pictures):
        by_name.setdefault(Path(picture).name, []).append(i)
    found = {name: [rows[name]] if name in rows else by_name.get(name, []) for name in labels}
    known = {name for picture in there for name in (picture, Path(picture).name)}
    if absent := [name for name in labels if name not in known]:
        raise InputError(f"{path} labels pictures that are not there: {some(absent)}.")
    if several := [name for name in labels if len(found[name]) > 1]:
        raise InputError(
            f"{path} labels {some(several)}, a name that several pictures have: give paths."
        )
    here = {found[name][0]: label for name, label in labels.items() if found[name]}
    classes = sorted(set(here.values()))
    y = np.array([classes.index(label) for label in here.values()], int)
    return np.array(list(here), int), y, classes


def some(names: list[str]) -> str:
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
