"""Frey Faces: 1,965 frames of a video of one face, 28 x 20 grey pixels, without classes.

One of the two data sets of Auto-Encoding Variational Bayes (Kingma & Welling, 2013),
https://arxiv.org/abs/1312.6114. Published by Sam Roweis, without a licence.
"""

from pathlib import Path

import numpy as np

from vae.data.base import Dataset, Images
from vae.data.sources import Source, find, local_folders, md5
from vae.errors import InputError

SHAPE = (1965, 28, 20)
PUBLISHED, CONVERTED = "frey_rawface.mat", "frey_faces.npz"  # the second holds `images`, SHAPE
SOURCE = Source(
    folders=("frey", "frey-faces"),
    url="https://cs.nyu.edu/~roweis/data/",
    md5={PUBLISHED: None},
)
SCENE = 15  # frames that are held out or kept together: neighbours in a video are nearly the same
TEST = 6  # one scene in so many is for the test


def place() -> Path:
    """The file on this machine, or downloaded."""
    converted = [folder / CONVERTED for folder in local_folders(SOURCE)]
    return next((path for path in converted if path.is_file()), None) or find(SOURCE, PUBLISHED)


def here(split: str) -> bool:
    files = [folder / name for folder in local_folders(SOURCE) for name in (PUBLISHED, CONVERTED)]
    return any(path.is_file() for path in files)


def frames(path: Path) -> np.ndarray:
    """SHAPE, uint8. Raises InputError where the file does not hold them."""
    from scipy.io import loadmat

    try:
        if path.suffix == ".npz":
            images = np.load(path)["images"]
        else:
            images = loadmat(path)["ff"].T.reshape(-1, *SHAPE[1:])
    except Exception as why:  # each reader raises kinds of its own
        raise InputError(f"{path} does not hold the Frey Faces ({why}).") from why
    if images.shape != SHAPE or images.dtype != np.uint8:
        raise InputError(f"{path} holds {images.shape} of {images.dtype}, not {SHAPE} of uint8.")
    return images


def load(split: str) -> Images:
    """Every sixth scene of fifteen frames is for the test."""
    import torch

    path = place()
    x = torch.from_numpy(frames(path))[:, None]
    test = torch.arange(len(x)) // SCENE % TEST == 0
    keep = test if split == "test" else ~test
    return Images(x[keep], None, {path.name: md5(path, None)})


FREY = Dataset(
    name="frey",
    title="Frey Faces",
    licence="none stated (Roweis)",
    source="https://cs.nyu.edu/~roweis/data.html",
    image=(1, *SHAPE[1:]),
    classes=(),
    published=load,
    on_disk=here,
)
