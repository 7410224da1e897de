"""A bundle is a folder that holds all that the app needs of a trained model.

    bundle.json            what it is, how it was trained and measured, its layers (a `Card`)
    weights.safetensors    float16, computed with as float32
    atlas.safetensors      the held-out examples' codes and coordinates (an `Atlas`), its PCA

Nothing in it can run code. Every file's SHA-256 is in bundle.json; a bundle that is damaged,
cut short or newer than this program is refused in one sentence.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file
from safetensors.numpy import save as to_bytes

from vae.atlas import CODES, Atlas
from vae.card import (
    ATLAS,
    CARD,
    FORMAT,
    WEIGHTS,
    Card,
    Column,
    converted,
    parse_card,
    plain,
    upgraded,
)
from vae.errors import InputError
from vae.files import aside_of, replace, replacing
from vae.project import PCA, pca

__all__ = ["ATLAS", "CARD", "FORMAT", "WEIGHTS", "Bundle", "Card", "find", "load", "read_atlas",
           "read_card", "save", "with_columns", "with_entries", "with_metrics"]  # fmt: skip


class Bundle(NamedTuple):
    model: Any  # an nn.Module with prior, encode, decode
    atlas: Atlas
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
    card = parse_card(read_raw(folder), Path(folder) / CARD)
    for name, want in card.files.items():
        check_file(Path(folder) / name, want)
    return card


def read_raw(folder: str | os.PathLike) -> Any:
    """bundle.json as it is in `folder`."""
    path = Path(folder) / CARD
    if not path.is_file():
        raise InputError(f"There is no model in {folder}: it holds no {CARD}.{left_of(folder)}")
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as why:
        raise InputError(f"{path} is not readable as JSON ({why}).") from why


def left_of(folder: str | os.PathLike) -> str:
    """Where a save that was killed has left the model, if it has."""
    old = aside_of(Path(folder))
    return (
        f" One that was killed while it replaced it has left it in {old}." if old.exists() else ""
    )


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
        raise InputError(f"{path} is not a complete safetensors file ({why}).") from why
    return {k: v.astype(np.float32) if v.dtype == np.float16 else v for k, v in arrays.items()}


def read_atlas(folder: str | os.PathLike) -> tuple[Atlas, PCA]:
    """The atlas and PCA of a bundle, without its model."""
    path = Path(folder) / ATLAS
    card = parse_card(read_raw(folder), Path(folder) / CARD)
    arrays = read_arrays(path)
    columns = card.atlas.columns
    needed = [*CODES, *(f"pca.{k}" for k in PCA._fields), *(column.name for column in columns)]
    if lacking := [name for name in needed if name not in arrays]:
        raise InputError(f"{path} lacks the array {lacking[0]!r}.")
    atlas = Atlas(
        **{k: arrays[k] for k in CODES},
        label=arrays.get("label"),
        columns={column: arrays[column.name] for column in columns},
    )
    if fault := atlas.fault(card.code.size):
        raise InputError(f"{path} does not fit together: {fault}.")
    return atlas, PCA(**{k: arrays[f"pca.{k}"] for k in PCA._fields})


def load(folder: str | os.PathLike) -> Bundle:
    """Open a bundle: model in evaluation mode, atlas, card, PCA.

    Raises:
        InputError: anything that `read_card` refuses, layers that do not fit, wrong weights.
    """
    from vae.models import MODELS

    folder, card = Path(folder), read_card(folder)
    if card.family not in MODELS:
        known = ", ".join(MODELS)
        raise InputError(f"{folder / CARD} has the unknown family {card.family!r}; known: {known}.")
    model = with_weights(MODELS[card.family], card, folder)
    atlas, axes = read_atlas(folder)
    return Bundle(model.eval().requires_grad_(False), atlas, card, axes)


def with_weights(family, card: Card, folder: Path):
    """The model that the card describes, with the weights in `folder`."""
    import torch

    config = converted({**card.model, "code": card.code}, family.Config, folder / CARD, "model")
    try:
        weights = {k: torch.from_numpy(v) for k, v in read_arrays(folder / WEIGHTS).items()}
        model = family(config)
        model.load_state_dict(weights)
    except InputError as why:
        raise InputError(f"{folder}: {why}") from why
    except (TypeError, ValueError, RuntimeError) as why:
        raise InputError(f"{folder}: weights and layers do not belong together ({why}).") from why
    return model


def half(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """float32 -> float16, where it is that."""

    def narrow(a: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(a.astype(np.float16) if a.dtype == np.float32 else a)

    return {k: narrow(a) for k, a in arrays.items()}


def atlas_arrays(atlas: Atlas) -> dict[str, np.ndarray]:
    """All that an atlas holds under flat names: codes in half precision, the rest as it is."""
    columns = atlas.named()
    label = {} if atlas.label is None else {"label": atlas.label}
    axes = {f"pca.{k}": v.astype(np.float32) for k, v in pca(atlas.mean)._asdict().items()}
    known = {"umap": atlas.umap, "index": atlas.index, **label, **axes}
    if taken := columns.keys() & (known.keys() | set(CODES) | {"label"}):
        raise InputError(f"A column of an atlas cannot be named {min(taken)!r}.")
    narrow = half({"mean": atlas.mean, "scale": atlas.scale})
    return narrow | {k: np.ascontiguousarray(a) for k, a in (known | columns).items()}


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
        (new / WEIGHTS).write_bytes(to_bytes(half(weights)))
        (new / ATLAS).write_bytes(to_bytes(atlas_arrays(atlas)))
        sums = {name: sha256(new / name) for name in (WEIGHTS, ATLAS)}
        raw = plain(card)
        raw["atlas"]["columns"] = [msgspec.to_builtins(column) for column in atlas.columns]
        card = parse_card({**raw, "files": sums}, folder / CARD)
        write_card(new, plain(card))
    return card


def write_card(folder: Path, raw: dict[str, Any]) -> None:
    """Replace bundle.json, whole or not at all."""
    text = json.dumps(raw, indent=1, ensure_ascii=False) + "\n"
    replace(folder / CARD, text.encode())


def with_metrics(folder: str | os.PathLike, measured: dict[str, dict]) -> Card:
    """Write measured figures into a bundle's card, beside those already there."""
    return with_entries(folder, metrics={**read_card(folder).metrics, **measured})


def with_entries(folder: str | os.PathLike, **entries: Any) -> Card:
    """Write entries that describe the model into a bundle's card, in place of those of the same
    names."""
    path = Path(folder) / CARD
    read_card(folder)  # refuses a damaged bundle
    raw = upgraded(read_raw(folder), path) | msgspec.to_builtins(entries)
    card = parse_card(raw, path)
    write_card(Path(folder), raw)
    return card


def with_columns(folder: str | os.PathLike, columns: dict[Column, np.ndarray]) -> Card:
    """Write columns into a bundle's atlas, in place of those of the same names; all else stays."""
    folder = Path(folder)
    before = {column.name: column for column in read_card(folder).atlas.columns}
    after = before | {column.name: column for column in columns}
    arrays = {column.name: np.ascontiguousarray(array) for column, array in columns.items()}
    raw = upgraded(read_raw(folder), folder / CARD)
    with replacing(folder) as new:
        shutil.copytree(folder, new, dirs_exist_ok=True)
        (new / ATLAS).write_bytes(to_bytes(load_file(folder / ATLAS) | arrays))
        sums = {name: sha256(new / name) for name in (WEIGHTS, ATLAS)}
        known = [msgspec.to_builtins(column) for column in after.values()]
        raw = {**raw, "atlas": {**raw["atlas"], "columns": known}, "files": sums}
        card = parse_card(raw, folder / CARD)
        write_card(new, raw)
    return card
