"""Sprites: binary 64 x 64 images of one shape, with the factors of dSprites, drawn here.

Three shapes in six sizes, forty orientations and 32 x 32 places: 737,280 images, of which 60,000
picked at random are for training and 10,000 others for the test. Published protocols apply. Unlike
in dSprites no orientation comes twice (there, 0 and 2 pi are two values); a square turned by a
quarter and an ellipse turned by a half are themselves in both.

dSprites: Disentanglement testing Sprites dataset (Matthey et al., 2017),
https://github.com/google-deepmind/dsprites-dataset
"""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from vae.data.base import Dataset, Images
from vae.data.factors import Factor, Factors
from vae.seeds import Use, permutation

SIDE, BOX = 64, 33  # of an image; of what a shape covers, an odd number, so that it has a centre
FINE = 16  # pixels drawn for each pixel kept
REACH = 15.4  # from the centre of the largest shape to its farthest point; squares 11 to 21 wide
N = {"train": 60_000, "test": 10_000}
SCALES = np.linspace(0.5, 1, 6)
ORIENTATIONS = np.arange(40) / 40 * 2 * np.pi
AROUND = np.arange(256) / 256 * 2 * np.pi


def square() -> np.ndarray:
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / np.sqrt(2)


def ellipse() -> np.ndarray:
    return np.stack([np.cos(AROUND), np.sin(AROUND) / 2], 1)


def heart() -> np.ndarray:
    """The curve x = 16 sin^3 t, y = 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t, its point below."""
    t = AROUND
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    outline = np.stack([x, y - (y.min() + y.max()) / 2], 1)
    return outline / np.linalg.norm(outline, axis=1).max()


SHAPES = {"square": square(), "ellipse": ellipse(), "heart": heart()}  # (P, 2) within radius 1


def stamp(shape: int, scale: int, orientation: int) -> np.ndarray:
    """A shape in the middle of a box: (BOX, BOX) uint8, 0 or 255."""
    angle = ORIENTATIONS[orientation]
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    outline = REACH * SCALES[scale] * list(SHAPES.values())[shape] @ turn
    canvas = Image.new("L", (BOX * FINE, BOX * FINE))
    corners = (outline + BOX / 2) * FINE - 0.5  # Pillow counts from the middle of a pixel
    ImageDraw.Draw(canvas).polygon([tuple(corner) for corner in corners.tolist()], fill=255)
    return np.where(np.asarray(canvas.reduce(FINE)) > 127, 255, 0).astype(np.uint8)


@cache
def stamps() -> np.ndarray:
    """Every shape in every size and orientation: (3, 6, 40, BOX, BOX)."""
    sizes = FACTORS.sizes[:3]
    return np.stack([stamp(*i) for i in np.ndindex(*sizes)]).reshape(*sizes, BOX, BOX)


def render(factors: np.ndarray) -> np.ndarray:
    """(N, 5) -> (N, 1, SIDE, SIDE) uint8."""
    images = np.zeros((len(factors), 1, SIDE, SIDE), np.uint8)
    whole = factors.astype(int)
    for image, what, (x, y) in zip(images[:, 0], whole[:, :3], whole[:, 3:], strict=True):
        image[y : y + BOX, x : x + BOX] = stamps()[tuple(what)]
    return images


PLACES = SIDE - BOX + 1
FACTORS = Factors(
    (
        Factor("shape", len(SHAPES), tuple(SHAPES)),
        Factor("scale", len(SCALES)),
        Factor("orientation", len(ORIENTATIONS), circular=True),
        Factor("x", PLACES),
        Factor("y", PLACES),
    ),
    render,
)


def load(split: str, n: dict[str, int] = N, seed: int = 0) -> Images:
    """Rows of one random order of all combinations: no image is in both splits."""
    import torch

    order = permutation(FACTORS.combinations, Use.FACTORS, seed).numpy()
    rows = order[-n["test"] :] if split == "test" else order[: n["train"]]
    factors = FACTORS.combination(rows)
    x = torch.from_numpy(render(factors))
    return Images(x, torch.from_numpy(factors[:, 0]).long(), {}, torch.from_numpy(factors))


SPRITES = Dataset(
    name="sprites",
    title="Sprites",
    licence="drawn by this program",
    source="https://github.com/google-deepmind/dsprites-dataset",
    image=(1, SIDE, SIDE),
    classes=tuple(SHAPES),
    published=load,
    factors=FACTORS,
)
