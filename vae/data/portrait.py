"""Drawn portraits, each from a handful of independent factors.

    picture = draw(Face(smile=0.8, glasses=1, hair_style=4))      # 64 x 64 RGB

Every shape is a polygon in the head's own coordinates (the middle of the face is (0, 0), y points
down), turned with the head and filled on paper that is 256 wide; the drawing is then reduced by
four, which smooths its edges. The same factors give the same pixels.

They are drawn, not collected: nobody's face was taken for them, every factor is known exactly, and
they need no download.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image, ImageChops, ImageDraw

SIDE = 64  # of a portrait, pixels
FINE = 4  # paper pixels for each
PAPER = SIDE * FINE
MIDDLE = (128, 130)  # of an upright face, on paper
PIVOT = (0, 74)  # the head turns about the neck
ZOOM = 1.14  # paper pixels for each of the shapes' own

Point = tuple[float, float]
Colour = tuple[int, int, int]

SKIN = ("#fbe0cb", "#f2c7a5", "#dda177", "#b9794f", "#8a5433", "#5b3522")
HAIR = ("#1d1a1f", "#4a2c20", "#8a4b25", "#cf7430", "#e8bf62", "#d9d6d2")
IRIS = ("#4a2f1d", "#8a6a2c", "#4f8a4c", "#3b7fb5", "#7d8a99")
PAPERS = ("#f5b8a5", "#f6d58c", "#b9d88f", "#8fd0c2", "#93bfe8", "#c0abe6", "#efaccb", "#f5b8a5")
SHIRTS = ("#2f6f8f", "#5a4a92", "#a24878", "#c8563d", "#c98a2b", "#4f8a54", "#2f7f86", "#2f6f8f")
INK = (52, 38, 44)
WHITE = (255, 255, 255)
ROSE = (226, 92, 92)
MOUTH = (122, 34, 46)

STYLES = ("none", "crop", "side", "bob", "long", "curls", "bun")
OVER_EARS = ("bob", "long")
GLASSES = ("without", "with")


@dataclass(frozen=True)
class Face:
    """The factors of a portrait: numbers in [-1, 1], or a place in a list."""

    skin: float = 0  # light to dark
    hair_colour: float = 0  # black, brown, red, blond, grey
    hair_style: int = 1  # of STYLES
    hair_length: float = 0
    face_width: float = 0
    eye_size: float = 0
    eye_spacing: float = 0
    eye_colour: float = 0  # brown, green, blue, grey
    gaze_x: float = 0  # to the left or right of the picture
    gaze_y: float = 0  # up or down
    brow: float = 0  # frowning to raised
    smile: float = 0  # the corners of the mouth down or up
    mouth_open: float = -1
    glasses: int = 0  # of GLASSES: 0 or 1
    beard: float = -1  # none below zero
    background: float = 0  # a hue; -1 and 1 are the same
    tilt: float = 0  # to the left or right of the picture
    light: float = 0  # from the left or right of the picture

    @cached_property
    def skin_colour(self) -> Colour:
        return along(SKIN, self.skin)

    @cached_property
    def hair(self) -> Colour:
        return along(HAIR, self.hair_colour)

    @cached_property
    def rx(self) -> float:
        """Half the width of the head."""
        return 54 + 7 * self.face_width


CHOICES = {"hair_style": STYLES, "glasses": GLASSES}  # every other factor is a number


# ---- colours


def rgb(name: str) -> Colour:
    return tuple(bytes.fromhex(name[1:]))


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))


def along(palette: tuple[str, ...], t: float) -> Colour:
    """The colour at t in [-1, 1] of a palette."""
    at = (t + 1) / 2 * (len(palette) - 1)
    k = min(int(at), len(palette) - 2)
    return mixed(rgb(palette[k]), rgb(palette[k + 1]), at - k)


def darker(colour: Colour, share: float = 0.18) -> Colour:
    return mixed(colour, (40, 12, 40), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    return mixed(colour, WHITE, share)


# ---- shapes, as points (N, 2)


def ellipse(x: float, y: float, rx: float, ry: float, a: float = 0, b: float = 360) -> np.ndarray:
    """The arc from `a` to `b` degrees; 0 is to the right, 90 is down."""
    t = np.radians(np.linspace(a, b, 49))
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1)


def rounded(x: float, y: float, rx: float, ry: float) -> np.ndarray:
    """A rectangle with round corners: a superellipse."""
    unit = ellipse(0, 0, 1, 1)
    return np.sign(unit) * np.abs(unit) ** 0.45 * (rx, ry) + (x, y)


def skull(rx: float, grow: float = 0) -> np.ndarray:
    """The outline of a head, narrower at the jaw, `grow` wider all round."""
    points = ellipse(0, 0, rx + grow, 66 + grow)
    points[:, 0] *= 1 - 0.2 * np.maximum(0, points[:, 1] / 66) ** 2
    return points


T = np.linspace(0, 1, 21)[:, None]
BEZIER = np.hstack([(1 - T) ** 2, 2 * T * (1 - T), T**2])  # of a, b and c


def curve(a: Point, b: Point, c: Point) -> np.ndarray:
    """From a to c, drawn towards b: a quadratic Bezier curve."""
    return BEZIER @ np.array([a, b, c])


def stroke(line: np.ndarray, half: float) -> np.ndarray:
    """The outline of a line through points, with round ends."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-6)[:, None]
    side = half * along[:, ::-1] * (-1, 1)
    end, start = round_end(line[-1], side[-1]), round_end(line[0], -side[0])
    return path(line + side, end, (line - side)[::-1], start)


def round_end(about: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Half a circle about a point, from `first` against the clock to the other side."""
    t = -np.pi * np.arange(1, 8)[:, None] / 8
    return about + np.cos(t) * first + np.sin(t) * (-first[1], first[0])


def path(*parts) -> np.ndarray:
    """Points and curves, one after the other."""
    return np.vstack([np.reshape(part, (-1, 2)) for part in parts])


class Pen:
    """Fills and draws on paper, in coordinates that are turned by `tilt` degrees."""

    def __init__(self, paper: Image.Image, tilt: float):
        self.paper, self.draw = paper, ImageDraw.Draw(paper)
        cos, sin = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
        self.turn = ZOOM * np.array([[cos, sin], [-sin, cos]])
        self.move = np.add(MIDDLE, np.multiply(ZOOM, PIVOT)) - PIVOT @ self.turn

    def placed(self, points: np.ndarray) -> list[float]:
        """Where points come to lie on paper: x, y, x, y, …"""
        return (points @ self.turn + self.move).ravel().tolist()

    def fill(self, points: np.ndarray, colour: Colour) -> None:
        self.draw.polygon(self.placed(points), fill=colour)

    def line(self, points: np.ndarray, colour: Colour, width: float) -> None:
        self.fill(stroke(points, width / 2), colour)

    def mask(self, points: np.ndarray) -> Image.Image:
        """Where a shape is."""
        mask = Image.new("L", self.paper.size)
        ImageDraw.Draw(mask).polygon(self.placed(points), fill=255)
        return mask

    def tint(self, mask: Image.Image, colour: Colour, share: float) -> None:
        """Mix a colour into what is there."""
        box = mask.getbbox()
        if box is not None:
            part = mask.crop(box).point([round(v * share) for v in range(256)])
            self.paper.paste(colour, box, part)


# ---- a portrait, from the back to the front


def draw(face: Face) -> Image.Image:
    """A portrait, 64 x 64 RGB."""
    paper = Image.new("RGB", (PAPER, PAPER), along(PAPERS, face.background))
    head, body = Pen(paper, 14 * face.tilt), Pen(paper, 0)
    backdrop(body, face)
    back_hair(head, face)
    bust(body, face)
    skin(head, face)
    shade(head, face)
    beard(head, face)
    mouth(head, face)
    nose(head, face)
    for side in (-1, 1):
        eye(head, face, side)
    front_hair(head, face)
    for side in (-1, 1):
        brow(head, face, side)
    glasses(head, face)
    return paper.reduce(FINE)


def backdrop(pen: Pen, face: Face) -> None:
    pen.fill(ellipse(0, 6, 108, 108), lighter(along(PAPERS, face.background), 0.35))


def bust(pen: Pen, face: Face) -> None:
    shirt = along(SHIRTS, face.background)
    pen.fill(ellipse(0, 148, 92, 66), shirt)
    pen.fill(ellipse(0, 90, 34, 22), darker(shirt, 0.25))
    neck = path((-21, 40), (21, 40), ellipse(0, 90, 25, 14, 0, 180))
    pen.fill(neck, darker(face.skin_colour, 0.16))


def skin(pen: Pen, face: Face) -> None:
    if STYLES[face.hair_style] not in OVER_EARS:
        for side in (-1, 1):
            pen.fill(ellipse(side * face.rx, 6, 11, 15), face.skin_colour)
            pen.fill(ellipse(side * (face.rx + 1), 7, 5, 8), darker(face.skin_colour))
    pen.fill(skull(face.rx), face.skin_colour)
    for side in (-1, 1):
        cheek = pen.mask(ellipse(side * (face.rx - 20), 28, 13, 9))
        pen.tint(cheek, ROSE, 0.22)


def shade(pen: Pen, face: Face) -> None:
    """The side of the head away from the light is darker, the more the farther it comes from
    there."""
    outline = skull(face.rx)
    lit = pen.mask(np.add(outline, (23 * face.light, -3)))
    pen.tint(ImageChops.subtract(pen.mask(outline), lit), (70, 20, 60), 0.26)


def nose(pen: Pen, face: Face) -> None:
    tone = darker(face.skin_colour, 0.24)
    pen.line(curve((-8, 24), (0, 32), (8, 24)), tone, 5)
    pen.line(curve((-1, 4), (-6, 16), (-8, 24)), mixed(face.skin_colour, tone, 0.45), 3)


def mouth(pen: Pen, face: Face) -> None:
    half, lift = 19 + 3 * abs(face.smile), 9 * face.smile
    opened = max(0.0, (face.mouth_open + 0.6) / 1.6) * 22
    left, right, y = (-half, 42 - lift), (half, 42 - lift), 42 + lift
    upper = curve(left, (0, y - opened * 0.15), right)
    lower = curve(right, (0, y + opened * 1.7), left)
    if opened > 0:
        lips = path(upper, lower)
        pen.fill(lips, MOUTH)
        hole = pen.mask(lips)
        teeth = pen.mask(path(upper, np.add(upper[::-1], (0, 6))))
        pen.tint(ImageChops.multiply(hole, teeth), WHITE, 0.95)
        tongue = pen.mask(ellipse(0, y + opened * 0.95, half * 0.55, opened * 0.4))
        pen.tint(ImageChops.multiply(hole, tongue), ROSE, 0.8)
    lip = mixed(darker(face.skin_colour, 0.35), MOUTH, 0.55)
    pen.line(upper, lip, 5)
    pen.line(lower, lip, 4)


def eye(pen: Pen, face: Face, side: int) -> None:
    size = 1 + 0.28 * face.eye_size
    x, y = side * eye_x(face), -10
    pen.fill(ellipse(x, y, 12.5 * size, 11 * size), WHITE)
    gx, gy = x + 5.2 * size * face.gaze_x, y + 3.6 * size * face.gaze_y
    pen.fill(ellipse(gx, gy, 7.4 * size, 7.4 * size), along(IRIS, face.eye_colour))
    pen.fill(ellipse(gx, gy, 3.8 * size, 3.8 * size), INK)
    pen.fill(ellipse(gx - 2.4 * size, gy - 2.6 * size, 2.2 * size, 2.2 * size), WHITE)
    pen.line(ellipse(x, y, 12.5 * size, 11 * size, 195, 345), INK, 4)


def eye_x(face: Face) -> float:
    return 25 + 4.5 * face.eye_spacing


def brow(pen: Pen, face: Face, side: int) -> None:
    x, y = side * eye_x(face), -29 - 4 * face.brow - 3 * face.eye_size
    inner, outer = (x - side * 14, y - 5 * face.brow + 3), (x + side * 14, y + 2 * face.brow + 1)
    tone = darker(face.hair, 0.3) if face.hair_colour < 0.3 else darker(face.hair, 0.45)
    pen.line(curve(inner, (x, y - 7), outer), tone, 6)


def beard(pen: Pen, face: Face) -> None:
    """From a line along the jaw to a full beard."""
    if face.beard <= 0:
        return
    jaw = skull(face.rx, 2)
    jaw = jaw[jaw[:, 1] >= 8]
    depth = 10 + 30 * face.beard
    x, y = jaw.T
    inner = np.stack([x * (1 - depth / 110), y - depth * (y / 66) ** 0.7], 1)
    tone = darker(face.hair, 0.12)
    pen.fill(path(jaw, inner[::-1]), tone)
    thick = 9 * face.beard
    pen.line(curve((-22, 40), (0, 30), (22, 40)), tone, 3 + thick)


def glasses(pen: Pen, face: Face) -> None:
    if face.glasses == 0:
        return
    x = eye_x(face)
    for side in (-1, 1):
        lens = rounded(side * x, -9, 20, 16)
        pen.tint(pen.mask(lens), WHITE, 0.18)
        pen.line(lens, INK, 4)
        pen.line(path((side * (x + 19), -12), (side * (face.rx + 2), -8)), INK, 4)
    pen.line(curve((-x + 19, -11), (0, -17), (x - 19, -11)), INK, 4)


# ---- hair


def volume(face: Face) -> float:
    """How far hair stands out from the head, in paper pixels."""
    return 8 + 4 * face.hair_length


def cap(face: Face, hairline: np.ndarray, grow: float) -> np.ndarray:
    """Hair on the upper part of the head, above a hairline from right to left."""
    top = np.roll(skull(face.rx, grow)[:-1], 24, axis=0)  # from the left over the top to the right
    return path(top[top[:, 1] <= hairline[0, 1]], hairline)


def back_hair(pen: Pen, face: Face) -> None:
    style, tone = STYLES[face.hair_style], darker(face.hair, 0.22)
    rx = face.rx
    if style in ("bob", "long"):
        reach = {"bob": 52, "long": 92}[style] + 20 * face.hair_length
        wide = rx + {"bob": 16, "long": 18}[style]
        ends = ellipse(0, reach - 14, wide + 4, 16, 0, 180)
        pen.fill(path(ellipse(0, -8, wide, 68, 180, 360), (wide, 0), ends, (-wide, 0)), tone)
    if style == "curls":
        grow = volume(face) + 12
        for k in range(17):
            t = math.radians(155 + 230 * k / 16)
            pen.fill(ellipse((rx + 4) * math.cos(t), -8 + 62 * math.sin(t), grow, grow), tone)
    if style == "bun":
        r = 20 + 5 * face.hair_length
        pen.fill(ellipse(0, -70 - r * 0.6, r, r), tone)


def front_hair(pen: Pen, face: Face) -> None:
    style = STYLES[face.hair_style]
    if style != "none":
        FRONTS[style](pen, face)


def crop(pen: Pen, face: Face) -> None:
    line = curve((face.rx + 4, -14), (0, -64), (-face.rx - 4, -14))
    pen.fill(cap(face, line, volume(face)), face.hair)


def side_swept(pen: Pen, face: Face) -> None:
    rx = face.rx
    right = curve((rx + 4, -8), (rx - 14, -34), (-14, -52))
    line = path(right, curve((-14, -52), (-34, -40), (-rx - 4, -12)))
    pen.fill(cap(face, line, volume(face) + 2), face.hair)
    sweep = curve((-20, -58), (10, -52), (rx - 2, -22))
    pen.line(sweep, lighter(face.hair, 0.14), 5)


def fringe(pen: Pen, face: Face) -> None:
    rx = face.rx
    over = curve((rx - 8, -26), (0, -38), (-rx + 8, -26))
    line = path((rx + 12, 6), (rx - 6, -6), over, (-rx + 6, -6), (-rx - 12, 6))
    pen.fill(cap(face, line, 12), face.hair)
    for x in (-16, 4, 22):
        pen.line(curve((x, -60), (x - 3, -48), (x - 2, -36)), darker(face.hair, 0.16), 3)


def curtains(pen: Pen, face: Face) -> None:
    rx = face.rx
    right = curve((rx + 14, 26), (rx - 8, -20), (4, -58))
    line = path(right, right[::-1] * (-1, 1))
    pen.fill(cap(face, line, 12), face.hair)
    pen.line(path((0, -77), (0, -58)), darker(face.hair, 0.2), 3)


def curls(pen: Pen, face: Face) -> None:
    for k in range(9):
        t = math.radians(200 + 140 * k / 8)
        r = 15 + 3 * face.hair_length
        pen.fill(ellipse(face.rx * 0.9 * math.cos(t), 2 + 60 * math.sin(t), r, r), face.hair)


def bun(pen: Pen, face: Face) -> None:
    line = curve((face.rx + 4, -8), (0, -66), (-face.rx - 4, -8))
    pen.fill(cap(face, line, 7), face.hair)
    pen.line(curve((-18, -73), (0, -66), (18, -73)), darker(face.hair, 0.25), 4)


FRONTS = {
    "crop": crop,
    "side": side_swept,
    "bob": fringe,
    "long": curtains,
    "curls": curls,
    "bun": bun,
}
