"""The data sets: each one file, each one line here.

    images = DATASETS["mnist"].load("test")      # Images: x (N, C, H, W) uint8 and labels

A member is a `Dataset`. Its `load(split)` takes "train", "validation" or "test" and finds the files
in `$VAE_DATA_DIR/<name>/`, then in the user's cache, then downloads them. A drawn data set has no
files, and its factors are known.
"""

from vae.data import digits, faces, frey, idx, sprites
from vae.data.base import SPLITS, Dataset, Images

DATASETS: dict[str, Dataset] = {
    "mnist": idx.MNIST,
    "fashion": idx.FASHION,
    "frey": frey.FREY,
    "digits": digits.DIGITS,
    "sprites": sprites.SPRITES,
    "faces": faces.FACES,
}

__all__ = ["DATASETS", "SPLITS", "Dataset", "Images"]
