"""The models that the app knows, and those that are open."""

import json
import os
import shlex
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from vae import bundle
from vae.errors import InputError
from vae.files import data_folder
from vae.pack import unpack

ASSETS = Path(__file__).parents[2] / "assets"
MOST = 500_000_000  # bytes of weights kept open in one process
MODELS = "VAE_MODELS"
OPENED = "VAE_OPENED"  # those that the app was started with, in which `open_first` puts them


def folders() -> dict[str, Path]:
    """The bundles that the app knows: the ones it was started with, the shipped ones, those in
    `$VAE_MODELS` and the user's own. Of two of one name the first is taken."""
    return bundle.find(*listed(OPENED), ASSETS, *listed(MODELS), own_folder())


def own_folder() -> Path:
    """Where the models are that the user has kept."""
    return data_folder("models")


def listed(variable: str) -> list[str]:
    return [path for path in os.environ.get(variable, "").split(os.pathsep) if path]


def open_first(paths: Sequence[Path], workplace: Path) -> None:
    """Put the models in folders and files (pack.py) in front of all others; files are unpacked in
    `workplace`.

    Raises:
        InputError: one of them is no model, is damaged, or of a newer format.
    """
    opened = []
    for k, path in enumerate(paths):
        folder = path
        if not path.is_dir():
            folder = workplace / str(k) / path.stem
            unpack(path, folder)
        bundle.read_card(folder)
        opened.append(str(folder.resolve()))
    os.environ[OPENED] = os.pathsep.join(opened)


def models() -> tuple[dict[str, bundle.Card], list[str]]:
    """The cards of all usable bundles, and a sentence for each that is not."""
    cards, refusals = {}, []
    for name, folder in folders().items():
        try:
            cards[name] = read_card(folder)
        except InputError as why:
            refusals.append(f"The model “{name}” is left out. {why}")
    return cards, refusals


def folder_of(name: str) -> Path:
    """One model's folder. Raises InputError where there is none of that name."""
    there = folders()
    if name not in there:
        raise InputError(f"There is no model “{name}” here; known are {', '.join(there)}.")
    return there[name]


def in_commands(folder: Path) -> str:
    """A folder as a command names it that is typed where the app was started."""
    whole, here = folder.resolve(), Path.cwd()
    return shlex.quote(str(whole.relative_to(here) if whole.is_relative_to(here) else whole))


def stamp(folder: Path) -> tuple:
    """What changes when any file of the bundle does."""
    return tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.iterdir()))


def read_card(folder: Path) -> bundle.Card:
    """A checked card; checked again only when a file has changed. Raises InputError if damaged."""
    return checked(folder, stamp(folder))


@lru_cache(maxsize=100)
def checked(folder: Path, stamp: tuple) -> bundle.Card:
    return bundle.read_card(folder)


class Kept:
    """Values by key, the ones used last, as many as fit into `most` bytes; at least one."""

    def __init__(self, most: int):
        self.most = most
        self.values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        if key not in self.values:
            value = make()
            self.values[key] = value, size(value)
        self.values.move_to_end(key)
        while len(self.values) > 1 and sum(n for _, n in self.values.values()) > self.most:
            self.values.popitem(last=False)
        return self.values[key][0]


open_models = Kept(MOST)


def opened(folder: Path):
    """The model as an nn.Module, the same one for the same weights under any name.

    Raises InputError as `bundle.load`.
    """
    card = read_card(folder)
    key = card.files[bundle.WEIGHTS], card.family, json.dumps(card.model, sort_keys=True)
    return open_models.get(key, lambda: bundle.load(folder).model, weight)


def weight(model) -> int:
    """Bytes of a model's parameters and buffers."""
    return sum(a.numel() * a.element_size() for a in model.state_dict().values())
