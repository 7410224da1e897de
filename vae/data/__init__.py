"""The data sets: each one file, each one line here.

    images = DATASETS["mnist"].load("test")      # Images: x (N, C, H, W) uint8 and labels

A member is a `Dataset`. Its `load(split)` takes "train", "validation" or "test" and finds the files
in `$VAE_DATA_DIR/<name>/`, then in the user's cache, then downloads them. A drawn data set has no
files, and its factors are known.
"""

from typing import Any

from vae.data import digits, faces, folder, frey, idx, sprites
from vae.data.base import SPLITS, Dataset, Images
from vae.errors import InputError

DATASETS: dict[str, Dataset] = {
    "mnist": idx.MNIST,
    "fashion": idx.FASHION,
    "frey": frey.FREY,
    "digits": digits.DIGITS,
    "sprites": sprites.SPRITES,
    "faces": faces.FACES,
}


def data_set(name: str) -> Dataset:
    """One of DATASETS, or the pictures of a folder that were prepared under this name.

    Raises:
        InputError: there is none of that name.
    """
    if source := DATASETS.get(name) or folder.kept(name):
        return source
    raise InputError(
        f"There is no data set {name!r}; known are {', '.join(DATASETS)}, and folders of pictures."
    )


def data_set_of(card: dict[str, Any]) -> Dataset:
    """The images that a model was trained on, by what its card says of its `data`.

    Raises:
        InputError: they are not known here, or others have their name now.
    """
    name = str(card.get("name", ""))
    source = data_set(name)
    if source.version != card.get("version", ""):
        raise InputError(
            f"The pictures {name!r} are others than those that the model was trained on: prepare "
            f"those again (python -m vae train FOLDER --name {name} --dry-run)."
        )
    return source.classed_by(card["by"]) if card.get("by") else source


__all__ = ["DATASETS", "SPLITS", "Dataset", "Images", "data_set", "data_set_of"]
