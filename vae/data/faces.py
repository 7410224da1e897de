"""Faces: 64 x 64 colour portraits with eighteen known factors, drawn by portrait.py.

Drawn, not collected: nobody's face was taken for them, no licence or consent is in doubt, every
factor is known exactly, and there is nothing to download. Drawing all of them takes a minute or
two; they are then kept in the user's cache.
"""

from dataclasses import fields
from hashlib import sha256
from pathlib import Path

import numpy as np
import PIL
from tqdm import tqdm

from vae.data import portrait
from vae.data.base import Dataset, Images
from vae.data.factors import Factor, Factors
from vae.data.portrait import CHOICES, SIDE, Face
from vae.files import cache_folder, cached
from vae.seeds import Use, word

N = {"train": 36_000, "test": 3_000}
KEPT = 600_000_000  # bytes of drawings in the cache: those of one version
CIRCULAR = ("background",)
NAMES = tuple(field.name for field in fields(Face))


def face(row: np.ndarray) -> Face:
    """The portrait's factors from a row of known ones: a number in [0, 1] becomes [-1, 1]."""
    values = zip(NAMES, row.tolist(), strict=True)
    return Face(**{k: int(v) if k in CHOICES else 2 * v - 1 for k, v in values})


def render(factors: np.ndarray) -> np.ndarray:
    """(N, F) -> (N, 3, SIDE, SIDE) uint8."""
    rows = tqdm(
        factors, "Drawing faces", unit="face", disable=None if len(factors) > 1000 else True
    )
    images = [np.asarray(portrait.draw(face(row))) for row in rows]
    return np.stack(images).transpose(0, 3, 1, 2)


def factor(name: str) -> Factor:
    words = CHOICES.get(name, ())
    return Factor(name, len(words), words, circular=name in CIRCULAR)


FACTORS = Factors(tuple(factor(name) for name in NAMES), render)


def rows(split: str, n: dict[str, int], seed: int) -> np.ndarray:
    """The factors of a split, (N, F)."""
    rng = np.random.default_rng(word(Use.FACTORS, seed, ("train", "test").index(split)))
    return FACTORS.sample(n[split], rng)


def kept(factors: np.ndarray) -> Path:
    """Where drawings of these factors are kept, by this version of the drawing."""
    drawing = Path(portrait.__file__).read_bytes() + PIL.__version__.encode()
    key = sha256(drawing + factors.tobytes()).hexdigest()[:16]
    return cache_folder("faces") / f"{key}.raw"


def load(split: str, n: dict[str, int] = N, seed: int = 0) -> Images:
    import torch

    factors = rows(split, n, seed)
    path = cached(kept(factors), KEPT, lambda: render(factors).tobytes())
    x = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8)
    style = factors[:, NAMES.index("hair_style")]
    return Images(
        x.view(-1, 3, SIDE, SIDE), torch.from_numpy(style).long(), {}, torch.from_numpy(factors)
    )


FACES = Dataset(
    name="faces",
    title="Drawn faces",
    licence="drawn by this program",
    source="vae/data/portrait.py",
    image=(3, SIDE, SIDE),
    classes=("no hair", "short", "to the side", "bob", "long", "curls", "bun"),
    published=load,
    on_disk=lambda split: kept(rows(split, N, 0)).is_file(),  # drawing them takes as long
    factors=FACTORS,
)
