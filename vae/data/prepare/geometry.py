"""Turned, cut and brought to the model's shape."""

import math

import numpy as np
from PIL import Image, ImageColor, ImageOps

from vae.data.prepare.opening import TURNS, turn
from vae.data.prepare.picture import Picture, resample, ring, then
from vae.data.prepare.settings import Prepare, colour


def orient(picture: Picture, settings: Prepare) -> Picture:
    if settings.exif and picture.orientation in TURNS:
        image = turn(picture.image, picture.orientation)
        picture = then(picture, image, "Turned by its EXIF orientation.")._replace(orientation=1)
    if degrees := settings.rotate % 360:
        fill = margin(picture.image, settings.ground)
        smooth = Image.Resampling.BICUBIC
        image = picture.image.rotate(-degrees, smooth, expand=True, fillcolor=fill)
        picture = then(picture, image, f"Turned clockwise by {degrees:g} degrees, as set.")
    return picture


def margin(image: Image.Image, ground: str) -> int | tuple[int, ...]:
    """The colour that continues the picture outwards: as set, or the border's median."""
    if ground != "auto":
        return ImageColor.getcolor("#{:02x}{:02x}{:02x}".format(*colour(ground)), image.mode)
    a = np.asarray(image)
    values = np.rint(np.median(a[ring(a)], axis=0)).astype(int)
    return int(values) if image.mode == "L" else tuple(values.tolist())


def crop(picture: Picture, settings: Prepare) -> Picture:
    """The part that is set, and then the model's shape; a digit keeps its own until centred."""
    if settings.crop != (0, 0, 1, 1):
        image = part(picture.image, settings.crop)
        picture = then(picture, image, "The part that is set was cut out.")
    if settings.digits:
        return picture
    aspect = settings.size[1] / settings.size[0]
    image, note = SHAPES[settings.fit](picture.image, aspect, settings.ground)
    return then(picture, image, *note)


def part(image: Image.Image, shares: tuple[float, float, float, float]) -> Image.Image:
    w, h = image.size
    left, top = min(w - 1, int(shares[0] * w)), min(h - 1, int(shares[1] * h))
    right, bottom = math.ceil(shares[2] * w), math.ceil(shares[3] * h)
    return image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def cut_off(image: Image.Image, aspect: float, ground: str):
    w, h = image.size
    size = max(1, min(w, round(h * aspect))), max(1, min(h, round(w / aspect)))
    if size == (w, h):
        return image, ()
    where = "left and right" if size[0] < w else "top and bottom"
    note = f"{w - size[0] + h - size[1]} pixels were cut off {where} for the model's shape."
    return ImageOps.fit(image, size, Image.Resampling.BOX), (note,)


def add_margins(image: Image.Image, aspect: float, ground: str):
    w, h = image.size
    size = max(w, round(h * aspect)), max(h, round(w / aspect))
    if size == (w, h):
        return image, ()
    whole = Image.new(image.mode, size, margin(image, ground))
    whole.paste(image, ((size[0] - w) // 2, (size[1] - h) // 2))
    return whole, ("Margins were added for the model's shape.",)


def stretch(image: Image.Image, aspect: float, ground: str):
    w, h = image.size
    same = abs(w - h * aspect) < 1
    return image, () if same else ("The picture is stretched to the model's shape.",)


SHAPES = {"crop": cut_off, "fit": add_margins, "stretch": stretch}


def scale(picture: Picture, settings: Prepare) -> Picture:
    return then(picture, resample(picture.image, settings.size[::-1]))
