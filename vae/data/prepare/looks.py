"""What a picture is at first sight: a drawing or none, of one mark or several, of what shape.

Of a grey picture, light on dark, with its strokes standing out (`strokes.contrast`), a drawing has

    an even ground     what does not stand out is nearly the same everywhere
    full ink           few pixels between ground and ink: those at the edges of strokes
    few marks          and none that the picture's edge cuts through at length

The limits were chosen on MNIST's validation images, written and photographed digits, and crops of
two photographs and of a film of faces; `benchmarks/diagnosis.py` says how well they hold.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image

from vae.data.prepare.picture import shorten
from vae.data.prepare.strokes import contrast, disc, limit_of

SIDE = 256  # pixels of the longer side: marks are counted, not drawn
UNEVEN = 0.14  # of the ground, as a share of full ink
GREY = 0.6  # share of what stands out that is no full ink
PATCHY = 0.22  # standard deviation within the strokes, as a share of full ink
CUT = 0.15  # share of the picture's edge that ink covers
MANY = 9  # marks; more are a texture
LONG = 8.0  # times as long as wide: no drawing of one thing

Box = tuple[float, float, float, float]  # left, top, right, bottom


class Looks(NamedTuple):
    drawing: bool  # strokes on a ground, not a photograph
    marks: tuple[Box, ...]  # each of several, as shares of the picture; none where there is one
    long: float  # its longer side by its shorter one; LONG and more is extreme

    @property
    def extreme(self) -> bool:
        return self.long >= LONG


def looks_of(grey: Image.Image) -> Looks:
    """Of a grey picture, light strokes on a darker ground."""
    long = max(grey.size) / min(grey.size)
    c = contrast(shorten(grey, SIDE))
    c = c - np.percentile(c, 30)
    mask = c > limit_of(c)
    drawing = is_drawing(c, mask)
    boxes = marks_of(mask) if drawing else []
    return Looks(drawing, tuple(boxes) if len(boxes) > 1 else (), long)


def is_drawing(c: np.ndarray, mask: np.ndarray) -> bool:
    from scipy import ndimage

    around = ndimage.binary_dilation(mask, iterations=3)
    if mask.sum() < 4 or around.all():
        return False
    share = c / np.percentile(c[mask], 70)
    ground = np.abs(share[~around] - np.median(share[~around]))
    within = share[ndimage.binary_erosion(mask, iterations=2)]
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    area = np.bincount(ndimage.label(mask, np.ones((3, 3)))[0].ravel())[1:]
    return bool(
        np.percentile(ground, 95) <= UNEVEN
        and ((share > 0.25) & (share < 0.7)).sum() <= GREY * (share > 0.25).sum()
        and (within.size <= 20 or within.std() <= PATCHY)
        and rim.mean() <= CUT
        and (area >= 0.02 * area.max()).sum() <= MANY
    )


def marks_of(mask: np.ndarray) -> list[Box]:
    """The boxes of the marks that stand apart, from left to right, with paper around each."""
    from scipy import ndimage

    labels, _ = ndimage.label(ndimage.binary_dilation(mask, disc(1)), np.ones((3, 3)))
    ink = np.bincount(labels.ravel(), mask.ravel())[1:]
    parts = [
        [columns.start, rows.start, columns.stop, rows.stop]
        for (rows, columns), n in zip(ndimage.find_objects(labels), ink, strict=True)
        if n >= 0.06 * ink.max()
    ]
    boxes = joined(parts)
    tallest = max(height for _, height in map(sides, boxes))
    boxes = sorted(box for box in boxes if max(sides(box)) >= 0.45 * tallest)
    h, w = mask.shape
    return [
        (max(0, a) / w, max(0, b) / h, min(w, c) / w, min(h, d) / h)
        for a, b, c, d in (with_paper(box, boxes) for box in boxes)
    ]


def sides(box: list[int]) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def joined(boxes: list[list[int]]) -> list[list[int]]:
    """Boxes of which none is another's part: a broken stroke, the bar of a five."""
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            if belong(a, b):
                rest = [box for box in boxes if box is not a and box is not b]
                whole = [*np.minimum(a[:2], b[:2]).tolist(), *np.maximum(a[2:], b[2:]).tolist()]
                return joined([*rest, whole])
    return boxes


def belong(a: list[int], b: list[int]) -> bool:
    """Whether two boxes are of one mark: they overlap, or one sits closely on the other."""
    across, down = (min(a[i + 2], b[i + 2]) - max(a[i], b[i]) for i in (0, 1))
    narrow, low = (min(pair) for pair in zip(sides(a), sides(b), strict=True))
    close = 0.12 * max(*sides(a), *sides(b))
    return across > 0.3 * narrow and down > (0.3 * low if across < 0.6 * narrow else -close)


def with_paper(box: list[int], boxes: list[list[int]]) -> list[float]:
    """The box with a rim of paper that reaches at most half way to the next mark."""
    gaps = [
        max(b[0] - box[2], box[0] - b[2], b[1] - box[3], box[1] - b[3])
        for b in boxes
        if b is not box
    ]
    room = max(0, min([0.2 * max(sides(box)), *(gap / 2 for gap in gaps)]))
    return [box[0] - room, box[1] - room, box[2] + room, box[3] + room]
