"""The files of a command: pictures that the user names, and what is written of them."""

import csv
import glob
import json
from collections.abc import Callable, Collection, Iterator
from io import BytesIO, StringIO
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from vae.bundle import ATLAS, CARD, WEIGHTS
from vae.cli.options import out, progress
from vae.data.prepare import SUFFIXES, Picture, Prepare, Prepared, open_picture, prepare
from vae.errors import InputError
from vae.files import make_folder, replace

# ---- pictures that the user names


class Found(NamedTuple):
    paths: list[Path]
    refused: list[str]  # a sentence for each word that names no picture


def find(words: list[str]) -> Found:
    """The picture files that files, folders and patterns name, each once, in that order."""
    paths, refused = [], []
    for word in words:
        try:
            paths += named(word)
        except InputError as why:
            refused.append(str(why))
    return Found(list(dict.fromkeys(paths)), refused)


def named(word: str) -> list[Path]:
    """A file itself, a folder's pictures without its subfolders', or what a pattern matches.

    Raises:
        InputError: a folder without pictures, a pattern that matches no file.
    """
    path = Path(word)
    if path.is_dir():
        inside = (p for p in sorted(path.iterdir()) if p.suffix.lower() in SUFFIXES)
        return some([p for p in inside if p.is_file()], f"There are no pictures in {path}.")
    if path.exists() or not glob.has_magic(word):
        return [path]  # one that is missing is refused by name when it is opened
    matches = sorted(glob.glob(word, recursive=True))  # noqa: PTH207 (absolute ones too)
    files = [p for p in map(Path, matches) if p.is_file()]
    return some(files, f"No file matches {word}.")


def some(paths: list[Path], otherwise: str) -> list[Path]:
    if not paths:
        raise InputError(otherwise)
    return paths


class Inputs(NamedTuple):
    """Pictures as a model's input."""

    x: Any  # (N, C, H, W) uint8 tensor
    about: dict[str, list[str]]  # of each its `picture`, where it is from, and `notes`
    refused: list[str]  # a sentence for each that could not be used


def prepared(words: list[str], wanted: Prepare) -> Inputs:
    """All pictures that `words` name."""
    paths, refused = find(words)
    with progress("pictures", len(paths)) as show:
        read = inputs(paths, wanted, prepare, show)
    return read._replace(refused=refused + read.refused)


def inputs(
    paths: list[Path],
    wanted: Prepare,
    prepare: Callable[[Picture, Prepare], Prepared],
    show: Callable[[int], None] = lambda done: None,
) -> Inputs:
    import torch

    read, about, refused = [], {"picture": [], "notes": []}, []
    for i, path in enumerate(paths, 1):
        try:
            made = prepare(open_picture(path), wanted)
        except InputError as why:
            refused.append(str(why) if str(path) in str(why) else f"{path}: {why}")
        else:
            read.append(made.x)
            about["picture"].append(str(path))
            about["notes"].append(" ".join(made.notes))
        show(i)
    x = np.array(read, np.uint8).reshape(-1, wanted.channels, *wanted.size)
    return Inputs(torch.from_numpy(x), about, refused)


def refuse(refused: list[str]) -> None:
    """End with all refusals, once everything else is written."""
    if refused:
        raise InputError("\n".join(refused))


# ---- what is written


def targets(pictures: list[Path], folder: Path) -> list[Path]:
    """A PNG in `folder` for each picture: its name, with a number where that is taken.

    No picture is written over, and none takes another's place, on any file system.
    """
    taken = {key(p) for p in pictures}
    made = []
    for picture in pictures:
        made.append(next(p for p in numbered(folder / picture.stem) if key(p) not in taken))
        taken.add(key(made[-1]))
    return made


def key(path: Path) -> str:
    return str(path.resolve()).casefold()  # a.png and A.PNG are one file on many machines


def numbered(path: Path) -> Iterator[Path]:
    """name.png, name-2.png, name-3.png, …"""
    yield path.with_name(f"{path.name}.png")
    yield from (path.with_name(f"{path.name}-{i}.png") for i in count(2))


def check_target(path: Path, folder: Path, suffixes: Collection[str], words: list[str]) -> str:
    """Before any work: that `path` can be written and is none of the files read; make its folder.

    Returns its suffix, in small letters.

    Raises:
        InputError: another suffix, a folder, a file of the model or one of `words`, no such place.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(f"{path} must end in {' or '.join(suffixes)}.")
    inputs = [Path(w) for w in words] + [folder / name for name in (CARD, WEIGHTS, ATLAS)]
    if key(path) in map(key, inputs):
        raise InputError(f"{path} is read here and would be lost; name another file to write.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a file to write.")
    make_folder(path.parent)
    return path.suffix.lower()


def save_png(path: Path, picture: Image.Image) -> None:
    file = BytesIO()
    picture.save(file, "PNG")
    replace(path, file.getvalue())


# ---- what a model says of pictures: `about` them a list for each column, `codes` as `encode_all`


NATS = {name: f"{name}_nats" for name in ("rate", "distortion", "surprise")}


def unpriced(codes: dict) -> dict:
    """The same without a number for what is beyond what the model can price."""
    return codes | {k: np.where(codes["beyond"], np.nan, codes[k]) for k in NATS if k in codes}


def write_codes(path: Path | None, about: dict[str, list], codes: dict) -> None:
    """One row for each picture: what it is, its mean and scale (D,), rate, distortion, surprise."""
    if path is None:
        return print(as_json(about, codes).decode(), end="")
    replace(path, FORMATS[path.suffix.lower()](about, codes))
    out.print(f"Wrote {len(codes['mean'])} codes to {path}.")


def as_npz(about: dict[str, list], codes: dict) -> bytes:
    file = BytesIO()
    np.savez_compressed(file, **about, **unpriced(codes))
    return file.getvalue()


def as_csv(about: dict[str, list], codes: dict) -> bytes:
    d = codes["mean"].shape[1]
    names = [f"{what}_{j}" for what in ("mean", "scale") for j in range(d)]
    text = StringIO(newline="")
    table = csv.writer(text)
    codes, prices = unpriced(codes), [k for k in NATS if k in codes]
    table.writerow([*about, *names, *(NATS[k] for k in prices), "beyond"])
    for i, row in enumerate(zip(*about.values(), strict=True)):
        numbers = [*codes["mean"][i], *codes["scale"][i], *(codes[k][i] for k in prices)]
        cells = ("" if np.isnan(v) else f"{v:.7g}" for v in numbers)
        table.writerow([*row, *cells, int(codes["beyond"][i])])
    return text.getvalue().encode()


def as_json(about: dict[str, list], codes: dict) -> bytes:
    known = {NATS.get(k, k): np.where(np.isnan(v), None, v) for k, v in unpriced(codes).items()}
    columns = {**about, **{k: v.tolist() for k, v in known.items()}}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return listed(rows)


def listed(rows: list[dict]) -> bytes:
    return f"{json.dumps(rows, indent=1, ensure_ascii=False)}\n".encode()


FORMATS = {".npz": as_npz, ".csv": as_csv, ".json": as_json}
