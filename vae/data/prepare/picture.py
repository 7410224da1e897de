"""A decoded picture, as every step of the preparation takes and gives it."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from vae.errors import InputError

MIN_SIDE = 2  # pixels; less has no content to look at
FAINT = 16  # grey level up to which a pixel is ground: JPEG's ringing, a faint antialiased edge


class Picture(NamedTuple):
    """A decoded picture; any other `PIL.Image` can be wrapped in one too."""

    image: Image.Image  # L, LA, RGB, RGBA, or F for 16-bit and float grey; as stored, not turned
    orientation: int = 1  # EXIF, 1 to 8
    notes: tuple[str, ...] = ()
    inverted: bool = False  # light and dark were swapped
    separated: bool = False  # ink was separated from paper


def then(picture: Picture, image: Image.Image, *notes: str) -> Picture:
    return picture._replace(image=image, notes=picture.notes + notes)


def plain(image: Image.Image) -> Image.Image:
    """Any mode -> L, LA, RGB, RGBA, or F where there are more than 8 bits.

    Raises:
        InputError: F with values that are not finite.
    """
    if image.mode in ("L", "LA", "RGB", "RGBA") and "transparency" not in image.info:
        return image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return finite(image.convert("F"))
    grey = image.mode in ("1", "L", "La", "LA")
    made = image.convert(("L" if grey else "RGB") + "A" * image.has_transparency_data)
    made.info = {}
    return made


def finite(image: Image.Image) -> Image.Image:
    if not np.isfinite(np.asarray(image)).all():
        raise InputError(
            "The picture has values that are not numbers (NaN or infinite): repair them."
        )
    return image


def shorten(image: Image.Image, longest: int) -> Image.Image:
    """The picture with its longer side at most `longest`, by averaging."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = [max(MIN_SIDE, round(n * scale)) for n in image.size]
    return image.resize(size, Image.Resampling.BOX)


def resample(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """To (width, height), antialiased; no halos as Lanczos has, which a model never saw."""
    return image.resize(size, Image.Resampling.HAMMING)


def ring(a: np.ndarray) -> np.ndarray:
    """(H, W) bool: the outermost 4 % of a picture, one pixel at least."""
    n = max(1, round(0.04 * min(a.shape[:2])))
    inside = np.zeros(a.shape[:2], bool)
    inside[n:-n, n:-n] = True
    return ~inside
