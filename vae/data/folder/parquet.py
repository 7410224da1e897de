"""Pictures in Parquet files as the Hugging Face hub has them: a column of images, one of labels.

An image is a struct with its file's `bytes`, or these bytes. Which column is which, and what the
classes are called, is in the schema's metadata; else images are in the first such column, labels in
the one of that name. https://huggingface.co/docs/datasets/about_dataset_features
"""

import json
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from vae.data.folder.item import Item, stamp
from vae.data.prepare import Picture, open_picture
from vae.errors import InputError


class Columns(NamedTuple):
    image: str
    label: str | None
    names: Sequence[str] | None  # of the classes, by their numbers


def pictures_of(path: Path) -> list[Item]:
    """All of them, in their order.

    Raises:
        InputError: the file cannot be read, or has no column of images.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            columns = columns_of(file.schema_arrow, path)
            labels = labels_of(file, columns)
            sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
    except (ArrowException, OSError) as why:
        raise InputError(f"{path} cannot be read as a Parquet file ({why}).") from why
    places = [(group, row) for group, size in enumerate(sizes) for row in range(size)]
    when = stamp(path)
    return [
        Item(f"{path.name} row {i}", label, when, partial(picture, path, columns.image, *place))
        for i, (label, place) in enumerate(zip(labels, places, strict=True))
    ]


def columns_of(schema, path: Path) -> Columns:
    features = features_of(schema)
    kinds = {name: feature.get("_type") for name, feature in features.items()}
    image = first(schema.names, lambda name: kinds.get(name) == "Image") or first(
        schema.names, lambda name: holds_bytes(schema.field(name).type)
    )
    if image is None:
        raise InputError(f"{path} has no column of images: {', '.join(schema.names)}.")
    label = first(schema.names, lambda name: kinds.get(name) == "ClassLabel") or first(
        schema.names, lambda name: name == "label"
    )
    return Columns(image, label, features.get(label, {}).get("names"))


def features_of(schema) -> dict[str, dict[str, Any]]:
    """What the hub says of each column that is no list; nothing in a file from elsewhere."""
    try:
        about = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = about.get("info", {}).get("features", {})
        return {name: value for name, value in features.items() if isinstance(value, dict)}
    except (ValueError, AttributeError):
        return {}


def first(names: Sequence[str], holds) -> str | None:
    return next(filter(holds, names), None)


def holds_bytes(kind) -> bool:
    from pyarrow import types

    if types.is_struct(kind):
        return any(field.name == "bytes" for field in kind)
    return types.is_binary(kind) or types.is_large_binary(kind)


def labels_of(file, columns: Columns) -> list[str]:
    if columns.label is None:
        return [""] * file.metadata.num_rows
    values = file.read([columns.label]).column(0).to_pylist()
    return [name_of(value, columns.names) for value in values]


def name_of(value, names: Sequence[str] | None) -> str:
    """A class; a number beyond the names (the hub has -1 for none) stands for itself."""
    known = names and isinstance(value, int) and 0 <= value < len(names)
    return "" if value is None else str(names[value] if known else value)


def picture(path: Path, column: str, group: int, row: int) -> Picture:
    value = images(path, column, group)[row].as_py()
    data = value.get("bytes") if isinstance(value, dict) else value
    if data is None:
        raise InputError("The row has no bytes of an image.")
    return open_picture(data)


@lru_cache(maxsize=1)  # pictures are opened one after the other
def images(path: Path, column: str, group: int):
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        return file.read_row_group(group, [column]).column(0)
