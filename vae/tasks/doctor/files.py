"""Whether a bundle is whole: each of its files, and whether they fit together."""

import os
from pathlib import Path

from vae import bundle
from vae.card import CARD, Card, parse_card
from vae.errors import InputError


def damages(folder: str | os.PathLike) -> list[str]:
    """A sentence for each file of a bundle that is missing, damaged or newer than this program."""
    try:
        card = parse_card(bundle.read_raw(folder), Path(folder) / CARD)
    except InputError as why:
        return [str(why)]
    return list(damaged(Path(folder), card))


def damaged(folder: Path, card: Card):
    for name, want in card.files.items():
        try:
            bundle.check_file(folder / name, want)
        except InputError as why:
            yield str(why)


def opened(folder: str | os.PathLike) -> tuple[bundle.Bundle | None, list[str]]:
    """The bundle, or a sentence for each reason why it cannot be opened."""
    if found := damages(folder):
        return None, found
    try:
        return bundle.load(folder), []
    except InputError as why:
        return None, [str(why)]
