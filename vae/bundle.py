"""A bundle is a folder that holds all that the app needs of a trained model.

    bundle.json            what it is, how it was trained and measured, its layers (a `Card`)
    weights.safetensors    float16, computed with as float32
    atlas.safetensors      the held-out examples' codes and coordinates (an `Atlas`), its PCA

Nothing in it can run code. Every file's SHA-256 stands in bundle.json; a bundle that is damaged,
cut short or newer than this program is refused in one sentence.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file
from safetensors.numpy import save as to_bytes

from vae.errors import InputError
from vae.files import replace, replacing
from vae.project import PCA, pca

FORMAT = 1
CARD, WEIGHTS, ATLAS = "bundle.json", "weights.safetensors", "atlas.safetensors"
PRECISE = ("umap", "rate", "distortion")  # kept in float32; codes and weights in float16


@dataclass(frozen=True)
class Card:
    """bundle.json: everything about a model but its numbers."""

    title: str
    description: str
    family: str  # a key of MODELS
    model: dict[str, Any]  # the family's configuration: image, latent, likelihood, layers
    data: dict[str, Any]  # name, title, licence, source, classes, split, n, checksums
    training: dict[str, Any]  # the `Train` settings, the command
    atlas: dict[str, Any]  # split, n, the `Umap` settings
    prepare: dict[str, Any]  # how a picture becomes the model's input
    metrics: dict[str, Any] = field(default_factory=dict)  # name -> a `Measure`
    files: dict[str, str] = field(default_factory=dict)  # file name -> SHA-256
    format: int = FORMAT


class Bundle(NamedTuple):
    model: Any  # an nn.Module with prior, encode, decode
    atlas: Any  # an Atlas
    card: Card
    pca: PCA


def sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def read_card(folder: str | os.PathLike) -> Card:
    """bundle.json of the bundle in `folder`, after checking every file against it.

    Needs neither torch nor the model, so it is quick enough for a page.

    Raises:
        InputError: missing, damaged, cut short, or of a newer format.
    """
    folder = Path(folder)
    path = folder / CARD
    if not path.is_file():
        raise InputError(f"There is no model in {folder}: it holds no {CARD}.")
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as why:
        raise InputError(f"{path} is not readable as JSON ({why}).") from why
    card = parse_card(raw, path)
    for name, want in card.files.items():
        check_file(folder / name, want)
    return card


def parse_card(raw: Any, path: Path) -> Card:
    if not isinstance(raw, dict) or type(raw.get("format")) is not int:
        raise InputError(f"{path} does not describe a model: it has no format number.")
    if raw["format"] > FORMAT:
        raise InputError(
            f"{path} has format {raw['format']}, newer than this program's {FORMAT}; "
            "update VAE Atelier to open it."
        )
    kinds = {f.name: f.type for f in fields(Card)}
    for name, kind in kinds.items():
        want = kind if isinstance(kind, type) else dict
        if not isinstance(raw.get(name), want):
            raise InputError(f"{path} lacks a usable {name!r} entry.")
    if raw["files"].keys() != {WEIGHTS, ATLAS}:
        raise InputError(f"{path} must list the files {WEIGHTS} and {ATLAS}, and no others.")
    return Card(**{name: raw[name] for name in kinds})


def check_file(path: Path, want: str) -> None:
    if not path.is_file():
        raise InputError(f"{path} is missing; copy the whole folder again.")
    if sha256(path) != want:
        raise InputError(
            f"{path} is damaged: its SHA-256 differs from the one in {CARD}. "
            "Copy the whole folder again."
        )


def find(*roots: str | os.PathLike) -> dict[str, Path]:
    """All folders under `roots` (or roots themselves) that hold a bundle.json, by name."""
    found: dict[str, Path] = {}
    for root in map(Path, roots):
        for path in [root / CARD, *sorted(root.glob(f"*/{CARD}"))]:
            if path.is_file():
                found.setdefault(path.parent.resolve().name, path.parent)
    return found


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        arrays = load_file(path)
    except (SafetensorError, OSError) as why:
        raise InputError(f"{path} is not a whole safetensors file ({why}).") from why
    return {k: v.astype(np.float32) if v.dtype == np.float16 else v for k, v in arrays.items()}


def read_atlas(folder: str | os.PathLike):
    """The atlas and PCA of a bundle, without its model: (Atlas, PCA)."""
    from vae.atlas import Atlas

    path = Path(folder) / ATLAS
    arrays = read_arrays(path)
    try:
        axes = PCA(**{k: arrays[f"pca.{k}"] for k in PCA._fields})
        return Atlas(**{k: arrays[k] for k in Atlas._fields}), axes
    except KeyError as why:
        raise InputError(f"{path} lacks the array {why}.") from why


def load(folder: str | os.PathLike) -> Bundle:
    """Open a bundle: model in evaluation mode, atlas, card, PCA.

    Raises:
        InputError: anything that `read_card` refuses, layers that do not fit, wrong weights.
    """
    import torch

    from vae.models import MODELS

    folder, card = Path(folder), read_card(folder)
    if card.family not in MODELS:
        known = ", ".join(MODELS)
        raise InputError(f"{folder / CARD} has the unknown family {card.family!r}; known: {known}.")
    family = MODELS[card.family]
    try:
        model = family(family.Config(**card.model))
        weights = {k: torch.from_numpy(v) for k, v in read_arrays(folder / WEIGHTS).items()}
        model.load_state_dict(weights)
    except InputError as why:
        raise InputError(f"{folder}: {why}") from why
    except (TypeError, ValueError, RuntimeError) as why:
        raise InputError(f"{folder}: weights and layers do not belong together ({why}).") from why
    atlas, axes = read_atlas(folder)
    return Bundle(model.eval().requires_grad_(False), atlas, card, axes)


def half(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    def narrow(name: str, a: np.ndarray) -> np.ndarray:
        wide = a.dtype != np.float32 or name in PRECISE or name.startswith("pca.")
        return np.ascontiguousarray(a if wide else a.astype(np.float16))

    return {k: narrow(k, v) for k, v in arrays.items()}


def check_target(folder: Path) -> None:
    """Raise InputError where a bundle cannot be written without losing something else."""
    free = not folder.exists() or (folder / CARD).is_file()
    if not free and (folder.is_file() or any(folder.iterdir())):
        raise InputError(f"{folder} holds something else; name another folder for the model.")


def save(folder: str | os.PathLike, model, atlas, card: Card) -> Card:
    """Write a bundle, replacing what is in `folder` only once the new one is whole.

    Returns the card with the files' sums. Weights and codes are rounded to float16, so measure the
    loaded bundle, not the model that was trained.
    """
    folder = Path(folder)
    check_target(folder)
    with replacing(folder) as new:
        weights = {k: v.detach().cpu().numpy() for k, v in model.state_dict().items()}
        arrays = atlas._asdict() | {
            f"pca.{k}": v.astype(np.float32) for k, v in pca(atlas.mean)._asdict().items()
        }
        (new / WEIGHTS).write_bytes(to_bytes(half(weights)))
        (new / ATLAS).write_bytes(to_bytes(half(arrays)))
        sums = {name: sha256(new / name) for name in (WEIGHTS, ATLAS)}
        card = Card(**{**asdict(card), "files": sums})
        write_card(new, card)
    return card


def write_card(folder: Path, card: Card) -> None:
    """Replace bundle.json, whole or not at all."""
    text = json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n"
    replace(folder / CARD, text.encode())


def with_metrics(folder: str | os.PathLike, measured: dict[str, dict]) -> Card:
    """Write measured figures into a bundle's card, beside those already there."""
    card = read_card(folder)
    card = Card(**{**asdict(card), "metrics": {**card.metrics, **measured}})
    write_card(Path(folder), card)
    return card
