"""Photographs of handwritten digits, drawn: strokes of a pen, then paper, light, noise and JPEG.

    data = photograph(handwritten(7, rng), rng)        # the bytes of a JPEG

Everything comes from the generator that is passed in.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 480  # pixels of a digit's square
PENS = [(30, 40, 95), (40, 40, 45), (120, 25, 35), (20, 80, 60)]
PAPERS = [(235, 222, 190), (225, 232, 240), (240, 236, 225), (205, 222, 200)]


def arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> list:
    """Points of an ellipse's arc, in degrees clockwise from the right, as y points down."""
    t = np.radians(np.linspace(start, end, 24))
    return list(zip(cx + rx * np.cos(t), cy + ry * np.sin(t), strict=True))


# Each digit as people write it, in strokes of points (x, y) in a unit square, several ways.
STROKES = {
    0: [[arc(0.5, 0.5, 0.3, 0.45, -80, 285)], [arc(0.5, 0.5, 0.24, 0.45, -110, 250)]],
    1: [[[(0.5, 0.05), (0.48, 0.95)]], [[(0.56, 0.05), (0.5, 0.5), (0.45, 0.95)]]],
    2: [
        [[*arc(0.48, 0.3, 0.27, 0.25, -170, 30), (0.2, 0.93), (0.82, 0.92)]],
        [
            [
                *arc(0.48, 0.28, 0.25, 0.23, -160, 40),
                *arc(0.32, 0.84, 0.13, 0.1, -60, -300),
                (0.55, 0.92),
                (0.85, 0.88),
            ]
        ],
    ],
    3: [
        [[*arc(0.45, 0.28, 0.26, 0.22, -150, 80), *arc(0.45, 0.72, 0.3, 0.23, -80, 150)]],
        [[*arc(0.48, 0.27, 0.22, 0.2, -140, 95), *arc(0.46, 0.7, 0.28, 0.25, -85, 140)]],
    ],
    4: [
        [[(0.3, 0.08), (0.22, 0.52), (0.78, 0.5)], [(0.7, 0.1), (0.66, 0.95)]],
        [[(0.25, 0.1), (0.24, 0.5), (0.5, 0.55), (0.72, 0.46)], [(0.74, 0.08), (0.68, 0.94)]],
    ],
    5: [
        [[(0.78, 0.07), (0.34, 0.08), (0.28, 0.45), *arc(0.46, 0.67, 0.28, 0.26, -110, 140)]],
        [
            [(0.34, 0.1), (0.3, 0.45), *arc(0.47, 0.68, 0.27, 0.25, -110, 150)],
            [(0.34, 0.09), (0.8, 0.06)],
        ],
    ],
    6: [
        [[(0.68, 0.06), (0.4, 0.32), *arc(0.5, 0.7, 0.24, 0.24, -170, 190)]],
        [[(0.6, 0.05), (0.32, 0.4), *arc(0.48, 0.72, 0.22, 0.22, -180, 170)]],
    ],
    7: [
        [[(0.2, 0.1), (0.78, 0.08), (0.62, 0.42), (0.42, 0.95)]],
        [[(0.2, 0.15), (0.5, 0.1), (0.8, 0.12), (0.6, 0.5), (0.5, 0.95)]],
    ],
    8: [
        [[*arc(0.5, 0.28, 0.22, 0.21, 90, -240), *arc(0.5, 0.72, 0.26, 0.23, -100, 260)]],
        [[*arc(0.52, 0.27, 0.2, 0.2, 80, -260), *arc(0.48, 0.71, 0.24, 0.24, -80, 275)]],
    ],
    9: [
        [[*arc(0.48, 0.3, 0.24, 0.23, 0, -350), (0.7, 0.45), (0.64, 0.95)]],
        [[*arc(0.5, 0.3, 0.23, 0.24, -20, -370), (0.7, 0.6), (0.52, 0.95)]],
    ],
}


def handwritten(digit: int, rng: np.random.Generator, side: int = SIDE) -> Image.Image:
    """One way of writing a digit: light on black, (side, side), with a width of its own that
    varies along the stroke, slanted and shaken a little."""
    ways = STROKES[digit]
    strokes = ways[rng.integers(len(ways))]
    slant, wide = rng.normal(0.08, 0.08), rng.uniform(0.85, 1.1)
    pen = rng.uniform(0.06, 0.11) * side
    image = Image.new("L", (side, side))
    for stroke in strokes:
        points = smooth(np.array(stroke) + rng.normal(0, 0.008, (len(stroke), 2)))
        points = points + 0.012 * np.cumsum(rng.normal(0, 0.05, points.shape), 0)
        x = 0.5 + wide * (points[:, 0] - 0.5) - slant * (points[:, 1] - 0.5)
        draw(image, np.stack([x, points[:, 1]], -1) * 0.8 * side + 0.1 * side, pen, rng)
    return image.filter(ImageFilter.GaussianBlur(side / 300))


def smooth(points: np.ndarray, n: int = 160) -> np.ndarray:
    """(K, 2) -> (n, 2): evenly along the way, with its corners rounded as a hand rounds them."""
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    even = np.linspace(0, along[-1], n)
    path = np.stack([np.interp(even, along, column) for column in points.T], -1)
    kernel, padded = np.hanning(11)[1:-1], np.pad(path, ((4, 4), (0, 0)), "edge")
    return np.stack([np.convolve(c, kernel / kernel.sum(), "valid") for c in padded.T], -1)


def draw(image: Image.Image, path: np.ndarray, pen: float, rng: np.random.Generator) -> None:
    """A round pen along a path (n, 2) of pixels, pressed harder here and softer there."""
    phase, ends = rng.uniform(0, 2 * np.pi), np.minimum(1, np.linspace(0.7, 6, len(path)))
    width = pen * ends * (1 + 0.2 * np.sin(np.linspace(phase, phase + 5, len(path))))
    canvas = ImageDraw.Draw(image)
    for (x, y), d in zip(path, width, strict=True):
        canvas.ellipse([x - d / 2, y - d / 2, x + d / 2, y + d / 2], fill=255)


def photographed(
    mask: Image.Image,
    light: np.ndarray,
    rng: np.random.Generator,
    pen: tuple[int, int, int] = (30, 40, 95),
    paper: tuple[int, int, int] = (235, 222, 190),
    noise: float = 7.0,
) -> Image.Image:
    """Ink (light on black, (H, W)) on paper, lit by `light`, (H, W) shares, and noisy."""
    ink = np.asarray(mask, float)[..., None] / 255
    lit = (np.array(paper) * (1 - ink) + np.array(pen) * ink) * light[..., None]
    return Image.fromarray((lit + rng.normal(0, noise, lit.shape)).clip(0, 255).astype(np.uint8))


def daylight(h: int, w: int, rng: np.random.Generator) -> np.ndarray:
    """(h, w) shares: a gradient from somewhere, and the soft shadow of whoever photographs."""
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    angle, turn = rng.uniform(0, 2 * np.pi, 2)
    slope = rng.uniform(0.1, 0.25) * (np.cos(angle) * x + np.sin(angle) * y)
    edge = np.cos(turn) * x + np.sin(turn) * y - rng.uniform(-0.3, 0.8)
    return (0.75 + slope) * (1 - rng.uniform(0.1, 0.4) / (1 + np.exp(-rng.uniform(4, 15) * edge)))


def photograph(digit: Image.Image, rng: np.random.Generator) -> bytes:
    """A digit (light on black) as a phone sees it on a sheet of paper: a JPEG."""
    h, w = 700, 900
    turned = digit.rotate(rng.uniform(-12, 12), Image.Resampling.BICUBIC)
    side = int(rng.uniform(300, 560))
    mask = Image.new("L", (w, h))
    corner = int(rng.integers(20, w - side - 20)), int(rng.integers(20, h - side - 20))
    mask.paste(turned.resize((side, side), Image.Resampling.BICUBIC), corner)
    colours = PENS[rng.integers(len(PENS))], PAPERS[rng.integers(len(PAPERS))]
    picture = photographed(mask, daylight(h, w, rng), rng, *colours, noise=rng.uniform(3, 10))
    out = BytesIO()
    picture.save(out, "JPEG", quality=int(rng.integers(60, 92)))
    return out.getvalue()
