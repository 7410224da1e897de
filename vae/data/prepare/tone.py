"""Grey or colour as the model wants it, opaque, and light on dark."""

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from vae.data.prepare.picture import FAINT, Picture, plain, ring, shorten, then
from vae.data.prepare.settings import Prepare, colour

FULL_SCALES = (1, 255, 4095, 65535)  # masks and unit floats, 8, 12 and 16 bits


def flatten(picture: Picture, settings: Prepare) -> Picture:
    """Any picture -> L or RGB, opaque."""
    image = plain(picture.image)
    if image.mode == "F":
        return rescale(picture, image, settings.white)
    if image.mode in ("LA", "RGBA"):
        return lay(picture, image, settings.ground)
    return then(picture, image)


def rescale(picture: Picture, image: Image.Image, white: float) -> Picture:
    """F -> L. White is the least usual full scale that holds all values, or else the largest."""
    a = np.asarray(image, np.float64)
    low, high = 0.0, white or next((s for s in FULL_SCALES if s >= a.max()), a.max())
    if not white and (a.min() < 0 or high not in FULL_SCALES):
        low, high = a.min(), a.max()
    grey = np.clip((a - low) / ((high - low) or 1) * 255, 0, 255)
    note = f"16-bit or float grey was rescaled: {low:g} is black, {high:g} is white."
    return then(picture, Image.fromarray(np.rint(grey).astype(np.uint8)), note)


def lay(picture: Picture, image: Image.Image, ground: str) -> Picture:
    """LA or RGBA -> L or RGB, over the ground's colour."""
    opaque = image.mode[:-1]
    if image.getchannel("A").getextrema()[0] == 255:
        return then(picture, image.convert(opaque))
    name = contrasting(image) if ground == "auto" else ground
    under = Image.new("RGBA", image.size, colour(name))
    laid = Image.alpha_composite(under, image.convert("RGBA")).convert("RGB").convert(opaque)
    return then(picture, laid, f"Transparent parts are laid over {name}.")


def contrasting(image: Image.Image) -> str:
    """White behind a dark picture and black behind a light one, so that neither vanishes."""
    grey, alpha = (np.asarray(image.convert("LA"), np.float64)[..., i] for i in (0, 1))
    return "black" if (grey * alpha).sum() > 127.5 * alpha.sum() else "white"


def tone(picture: Picture, settings: Prepare) -> Picture:
    """Grey or colour as the model wants it, and light on dark."""
    mode = "L" if settings.channels == 1 or settings.digits else "RGB"
    image = picture.image
    if image.mode != mode:
        how = "Colours became brightness." if mode == "L" else "Grey was given to all colours."
        picture = then(picture, image.convert(mode), how)
    if settings.invert == "auto" and mode == "L":
        return invert_if_dark(picture, local=settings.digits)
    if settings.invert == "yes":
        return inverted(picture, "Light and dark were swapped, as set.")
    return picture


def inverted(picture: Picture, note: str) -> Picture:
    return then(picture, ImageOps.invert(picture.image), note)._replace(inverted=True)


def invert_if_dark(picture: Picture, local: bool) -> Picture:
    if dark_on_light(picture.image, local):
        note = "Light and dark were swapped: the ground is light, and the model wants a dark one."
        return inverted(picture, note)
    return then(picture, picture.image, "Light and dark were kept: the ground is dark.")


def dark_on_light(grey: Image.Image, local: bool) -> bool:
    """Whether what stands out is darker than the border, or, for strokes, than their surroundings.

    Strokes are narrow, so that a shadow or a table beside the paper does not decide for them.
    """
    small = shorten(grey, 128)
    a = np.asarray(small, np.float64)
    nearby = small.filter(ImageFilter.GaussianBlur(max(small.size) / 8))
    d = a - (np.asarray(nearby, np.float64) if local else surface(a))
    if np.abs(d).max() < FAINT:
        return bool(np.median(a[ring(a)]) >= 128)
    return bool((d**3).sum() < 0)  # cubed, few strong strokes outweigh a slight unevenness


def surface(a: np.ndarray) -> np.ndarray:
    """(H, W) -> (H, W): the quadratic surface through the border, so uneven light is no ink."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in a.shape), indexing="ij")
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    border = keep = ring(a)
    for _ in range(4):  # what crosses the border (a stroke, a table's edge) drops out
        fitted = basis @ np.linalg.lstsq(basis[keep], a[keep], rcond=None)[0]
        off = np.abs(a - fitted)
        keep = border & (off <= 2.5 * np.median(off[border]) + 1)
    return fitted
