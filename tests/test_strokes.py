"""Laws of strokes: on any paper, in any light, by any pen, a digit is the clean digit."""

import numpy as np
import pytest
from photographs import handwritten, photographed
from PIL import Image

from vae.data.prepare import Picture, Prepare, prepare

DIGITS = Prepare(digits=True)
H, W = 420, 540


def sheet(digit: int, side: int = 300) -> Image.Image:
    """A digit, light on black, with room around it."""
    mask = Image.new("L", (W, H))
    mask.paste(handwritten(digit, np.random.default_rng(digit), side), (120, 60))
    return mask


def clean(digit: int) -> np.ndarray:
    return prepare(Picture(sheet(digit)), DIGITS).x


def written(digit: int, ground: int, pen: int, noise: float) -> Image.Image:
    """Ink of one grey level on paper of another."""
    ink = np.asarray(sheet(digit)) / 255
    grain = np.random.default_rng(0).normal(0, noise, ink.shape) if noise else 0
    return Image.fromarray((ground + (pen - ground) * ink + grain).clip(0, 255).astype(np.uint8))


def alike(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


@pytest.mark.parametrize("noise", [0, 1])
@pytest.mark.parametrize("pen", [0, 90, 190])
@pytest.mark.parametrize("ground", [240, 245, 250, 253, 255])
def test_paper_that_is_nearly_white_leaves_no_box(ground, pen, noise):
    x = prepare(Picture(written(3, ground, pen, noise)), DIGITS).x
    assert alike(x, clean(3)) > 0.95
    assert not x[0, :3].any()
    assert not x[0, -3:].any()


@pytest.mark.parametrize("ground", [2, 5, 10, 14])
def test_a_ground_that_is_nearly_black_leaves_no_box(ground):
    x = prepare(Picture(written(5, ground, 230, 0)), DIGITS).x
    assert alike(x, clean(5)) > 0.95
    assert not x[0, :3].any()


def hand(angle: float, radius: float, soft: float, dark: float) -> np.ndarray:
    """(H, W) shares of light: a rounded shadow from the middle of the picture to its edge."""
    y, x = np.mgrid[:H, :W]
    dx, dy = np.cos(angle), np.sin(angle)
    along = ((x - W / 2) * dx + (y - H / 2) * dy).clip(0)
    away = np.hypot(x - W / 2 - along * dx, y - H / 2 - along * dy)
    return 1 - dark / (1 + np.exp((away - radius) / soft))


@pytest.mark.parametrize("dark", [0.2, 0.45])
@pytest.mark.parametrize(("radius", "soft"), [(45, 3), (70, 8), (110, 15)])
@pytest.mark.parametrize("angle", [0.4, 2.0, 4.0])
def test_the_shadow_of_a_hand_across_a_digit_is_no_ink(angle, radius, soft, dark):
    light, rng = hand(angle, radius, soft, dark), np.random.default_rng(1)
    x = prepare(Picture(photographed(sheet(8), light, rng)), DIGITS).x
    assert alike(x, clean(8)) > 0.9
