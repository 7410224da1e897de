"""A digit: its strokes separated from the paper and placed as in MNIST.

There its strokes are scaled into a 20 x 20 box with their aspect kept and grey edges, and their
centre of mass is put at the centre of 28 x 28. Gradient-based learning applied to document
recognition (LeCun et al., 1998), http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
"""

import numpy as np
from PIL import Image

from vae.data.prepare.picture import FAINT, Picture, resample, ring, shorten, then
from vae.data.prepare.settings import Prepare
from vae.data.prepare.tone import surface
from vae.errors import InputError

INK_LONGEST = 1024  # side at which strokes are looked for
WIDEST = 1 / 6  # half a stroke's width, as a share of the picture's longer side
SHADOW = 0.65  # how dark a shadow may be, as a share of the ink: a table is as dark as that
NO_INK = "There is no ink in it: draw a digit, or choose a picture with clear strokes."


class NoInk(InputError):
    """A picture that is to be a drawing has no strokes."""


def ink(picture: Picture, settings: Prepare) -> Picture:
    """Light strokes on some ground -> the strokes alone, on black.

    Raises:
        NoInk: there are none.
    """
    grey = np.asarray(picture.image)
    if np.ptp(grey) <= FAINT:
        raise NoInk(NO_INK)
    if settings.threshold == "off" or (settings.threshold == "auto" and clean(grey)):
        return picture
    image = shorten(picture.image, INK_LONGEST)
    strokes, left_out = separated(contrast(image), settings.specks)
    note = "Ink was separated from paper by how much it stands out from it."
    more = (f"{left_out} specks and edges were left out.",) if left_out else ()
    return then(picture, Image.fromarray(strokes), note, *more)._replace(separated=True)


def clean(grey: np.ndarray) -> bool:
    """Whether the border is black, so that the ground needs no treatment."""
    return bool(np.percentile(grey[ring(grey)], 90) == 0)


def contrast(grey: Image.Image) -> np.ndarray:
    """(H, W) float32: how far each pixel is from its local ground (0) towards full ink (1).

    The ground is a surface through the border plus a morphological opening, which follows a shadow
    but not a stroke, as its disc is wider: a third of the picture at first, and then what the
    darkest ink needs, so that the shadow of a hand is ground too.
    """
    light = surface(np.asarray(shorten(grey, 64), np.float64))
    widest = relief(grey, light, WIDEST, 255)
    radius, strength = pen(widest)
    reach = max(1.6 * radius + 0.012, 0.03)
    return relief(grey, light, reach, SHADOW * strength) if reach < 0.85 * WIDEST else widest


def relief(grey: Image.Image, light: np.ndarray, radius: float, darkest: float) -> np.ndarray:
    """As `contrast`, over the surface `light` by a disc with this radius, a share of the longer
    side; shadows are at most so dark, in grey levels."""
    from scipy import ndimage  # a third of a second: only a photographed digit pays

    small = np.asarray(shorten(grey, round(min(192, max(64, 8 / radius)))), np.float64)
    smooth = np.asarray(enlarged(light, small.shape[::-1]))
    shadow = ndimage.grey_opening(small - smooth, footprint=disc(radius * max(small.shape)))
    shadow = ndimage.maximum_filter(shadow, 3).clip(None, darkest)  # its edge is no stroke
    ground = (smooth + ndimage.gaussian_filter(shadow, 1)).clip(0, 215)  # above, noise is all
    wide = np.asarray(enlarged(ground, grey.size))
    fine = ndimage.gaussian_filter(np.asarray(grey, np.float32), max(grey.size) / 1024)
    return (fine - wide) / (255 - wide)


def enlarged(a: np.ndarray, size: tuple[int, int]) -> Image.Image:
    return Image.fromarray(a.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)


def pen(c: np.ndarray) -> tuple[float, float]:
    """Of the darkest ink: half its width where it is widest, as a share of the longer side, and
    its strength in grey levels.

    Of what stands out, the darker class: a shadow that was taken for ink is the lighter one.
    """
    from scipy import ndimage

    small = np.asarray(shorten(Image.fromarray(c), 128))
    small = small - np.percentile(small, 30)
    marks = small[small > max(otsu(small), 0.08)]
    if marks.size == 0 or np.ptp(marks) == 0:
        return WIDEST, 255
    low, high = marks.min(), marks.max()
    dark = small > low + (high - low) * otsu((marks - low) / (high - low))
    radius = ndimage.distance_transform_edt(np.pad(dark, 1)).max() / max(small.shape)
    return float(radius), 255 * float(np.median(small[dark]))


def disc(radius: float) -> np.ndarray:
    """A round window: a square one leaves the slanted corners of a shadow."""
    r = max(1, round(radius))
    y, x = np.mgrid[-r : r + 1, -r : r + 1]
    return x * x + y * y <= r * r


def separated(c: np.ndarray, specks: float) -> tuple[np.ndarray, int]:
    """Contrast (H, W) -> strokes (H, W) uint8 with grey edges, and how many marks were left out.

    Raises:
        NoInk: nothing stands out from the noise.
    """
    c = c - np.percentile(c, 30)  # the ground's middle, as long as ink covers less than half
    limit = limit_of(c)
    marks, left_out = worthy(c, c > limit, specks)
    full = np.percentile(c[marks], 70)
    soft = np.clip((c - limit / 2) / (full - limit / 2), 0, 1) * grown(marks)
    return np.rint(255 * soft).astype(np.uint8), left_out


def limit_of(c: np.ndarray) -> float:
    """The contrast from which on a pixel is ink, where the ground's middle is 0."""
    noise = (np.percentile(c, 30) - np.percentile(c, 5)) / 1.12  # its standard deviation
    return max(otsu(c), 5 * noise, 0.08)


def otsu(c: np.ndarray) -> float:
    """The threshold that parts [0, 1] into the two most distant classes.

    A threshold selection method from gray-level histograms (Otsu, 1979),
    https://doi.org/10.1109/TSMC.1979.4310076
    """
    counts, edges = np.histogram(c, 256, (0, 1))
    values = (edges[:-1] + edges[1:]) / 2
    n, total = counts.cumsum(), (counts * values).cumsum()
    between = (total[-1] * n - total * n[-1]) ** 2 / np.maximum(n * (n[-1] - n), 1)
    return float(edges[1:][between.argmax()])


def worthy(c: np.ndarray, mask: np.ndarray, specks: float) -> tuple[np.ndarray, int]:
    """The marks without specks and without what runs along the picture's edge, and how many fell.

    A mark is weighed by its ink, so that a faint one has to be larger.

    Raises:
        NoInk: none is larger than a dot.
    """
    from scipy import ndimage

    labels, n = ndimage.label(mask, np.ones((3, 3)))
    area = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    if n == 0 or area.max() <= dot(mask):
        raise NoInk(NO_INK)
    mass = np.bincount(labels.ravel(), c.ravel(), minlength=n + 1)[1:]
    rim = on_rim(labels, n)
    inner = rim <= 0.03  # an eighth of a side: a stroke ends there, a table or a shadow lies along
    if (area[inner] > dot(mask)).any():
        mass = mass * inner / (1 + 4 * (rim > 0))  # at the rim, crumbs of a shadow are larger
    keep = (mass > 0) & (mass >= specks * mass.max())
    return np.concatenate([[False], keep])[labels], int(n - keep.sum())


def dot(mask: np.ndarray) -> float:
    return 2e-4 * mask.size  # 14 x 14 of 1024 x 1024 pixels: the paper's grain, a full stop


def on_rim(labels: np.ndarray, n: int) -> np.ndarray:
    """(n,) float: how much of the picture's edge each mark covers."""
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.bincount(rim, minlength=n + 1)[1:] / len(rim)


def grown(marks: np.ndarray) -> np.ndarray:
    """The marks with a rim around them, where their grey edges are."""
    from scipy import ndimage

    return ndimage.binary_dilation(marks, iterations=max(1, max(marks.shape) // 200))


def centre(picture: Picture, settings: Prepare) -> Picture:
    """Strokes (light on black) -> the model's input, placed as in MNIST.

    There the centre of mass is at pixel 14 of 0 to 27, on average over the test set.
    """
    a = np.asarray(picture.image)
    side = max(1, round(settings.box * min(settings.size)))
    strokes = fitted(picture.image.crop(bounds(a)), side)
    if settings.threshold != "off":
        strokes = brightened(strokes)
    made = Image.new("L", settings.size[::-1])
    made.paste(strokes, place(np.asarray(strokes), settings.size))
    note = f"The strokes were fitted into {side} x {side} pixels and centred by their mass."
    return then(picture, made if settings.channels == 1 else made.convert("RGB"), note)


def bounds(a: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = (np.flatnonzero((a > FAINT).any(axis)) for axis in (1, 0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def fitted(image: Image.Image, side: int) -> Image.Image:
    longer = max(image.size)
    return resample(image, tuple(max(1, round(n * side / longer)) for n in image.size))


def brightened(image: Image.Image) -> Image.Image:
    """Full ink at 255: thin strokes pale when they are averaged into few pixels."""
    a = np.asarray(image, np.float64)
    return Image.fromarray(np.rint(a * (255 / max(a.max(), 1))).astype(np.uint8))


def place(a: np.ndarray, size: tuple[int, int]) -> tuple[int, int]:
    """Where the left upper corner goes, so that the centre of mass is at the centre."""
    mass = [(a.sum(1 - axis) * np.arange(n)).sum() / a.sum() for axis, n in enumerate(a.shape)]
    top, left = (
        min(max(round(n / 2 - m), 0), n - inner)
        for n, m, inner in zip(size, mass, a.shape, strict=True)
    )
    return left, top
