"""bundle.json: all about a trained model but its numbers, read and checked.

What decides the arithmetic (`format`, `code`, `model`) is exact: an entry that this program does
not know is refused there. Whatever only describes may grow: unknown entries elsewhere are left out
of a `Card`, and kept in the file when figures are written into it. A change of meaning takes a new
format number. Format 1, which knew no code, is read as the format 2 that says the same.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from vae.code import Code
from vae.errors import InputError

FORMAT = 2
CARD, WEIGHTS, ATLAS = "bundle.json", "weights.safetensors", "atlas.safetensors"


class Column(Struct, frozen=True):
    """An array (N,) or (N, k) of the atlas beyond those that every atlas has."""

    name: str  # of the array
    title: str
    unit: str = ""


RATE = Column("rate", "rate", "nats")  # KL(q(z|x) || p(z))
DISTORTION = Column("distortion", "distortion", "nats")  # -log p(x|z), averaged over samples
SURPRISE = Column("surprise", "surprise", "nats")  # their sum less the picture's own entropy


class AtlasCard(Struct, frozen=True):
    split: str
    n: int
    umap: dict[str, Any] = field(default_factory=dict)  # the `Umap` settings
    columns: tuple[Column, ...] = ()


class Name(Struct, frozen=True):
    """What one dimension clearly is: see metrics/names.py."""

    dimension: int
    name: str
    correlation: float
    n: int


class Card(Struct, frozen=True, kw_only=True):
    format: int = FORMAT
    title: str
    description: str
    family: str  # a key of MODELS
    code: Code
    model: dict[str, Any]  # the rest of the family's configuration: image, likelihood, layers
    data: dict[str, Any]  # name, title, licence, source, classes, split, n, checksums
    training: dict[str, Any]  # the `Train` settings, the command
    atlas: AtlasCard
    prepare: dict[str, Any]  # how a picture becomes the model's input
    metrics: dict[str, Any] = field(default_factory=dict)  # name -> a `Measure`
    names: tuple[Name, ...] = ()  # of dimensions
    files: dict[str, str] = field(default_factory=dict)  # file name -> SHA-256


def plain(card: Card) -> dict[str, Any]:
    """A card as JSON's own types."""
    return msgspec.to_builtins(card)


def parse_card(raw: Any, path: Path) -> Card:
    """What was read from `path` as a card.

    Raises:
        InputError: it names `path` and the entry that is not as it should be.
    """
    card = converted(upgraded(raw, path), Card, path)
    if card.files.keys() != {WEIGHTS, ATLAS}:
        raise InputError(f"{path} must list the files {WEIGHTS} and {ATLAS}, and no others.")
    if strange := [n.dimension for n in card.names if not 0 <= n.dimension < card.code.size]:
        raise InputError(f"{path} names dimension {strange[0]}; the code has {card.code.size}.")
    return card


def converted(raw: Any, kind: type, path: Path, inside: str = "") -> Any:
    """`raw`, the entry `inside` of `path`, as a `kind` of ours. Raises InputError."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as why:
        raise InputError(f"{path}: {sentence(why, inside)}") from why


def sentence(why: msgspec.ValidationError, inside: str) -> str:
    """msgspec's "Expected `int`, got `str` - at `$.blocks[0].size`" with the entry in front."""
    what, _, at = str(why).partition(" - at `$")
    entry = (inside + at.removesuffix("`")).lstrip(".")
    return f"{entry or 'the card'}: {what.replace('`', '').rstrip('.')}."


def upgraded(raw: Any, path: Path) -> dict[str, Any]:
    """A card of any format that we know, as one of the newest."""
    number = raw.get("format") if isinstance(raw, dict) else None
    if type(number) is not int or number < 1:
        raise InputError(f"{path} does not describe a model: it has no format number.")
    if number > FORMAT:
        raise InputError(
            f"{path} has format {number}, newer than this program's {FORMAT}; "
            "update VAE Atelier to open it."
        )
    return from_format_1(raw) if number == 1 else raw


def from_format_1(raw: dict[str, Any]) -> dict[str, Any]:
    """It had one normal block of `model.latent` numbers, and every atlas rate and distortion."""
    model, atlas = raw.get("model"), raw.get("atlas")
    if not (isinstance(model, dict) and isinstance(atlas, dict)):
        return raw  # which is refused for them
    block = {"name": "z", "kind": "normal", "size": model.get("latent"), "level": 1}
    columns = [msgspec.to_builtins(column) for column in (RATE, DISTORTION)]
    return {
        **raw,
        "format": 2,
        "family": "vae" if raw.get("family") == "gaussian" else raw.get("family"),
        "code": {"blocks": [block], "prior": {"kind": "normal"}, "posterior": {"kind": "gaussian"}},
        "model": {k: v for k, v in model.items() if k != "latent"},
        "atlas": {**atlas, "columns": columns},
    }
