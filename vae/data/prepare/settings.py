"""How a picture becomes a model's input: every decision as a setting."""

from dataclasses import dataclass
from numbers import Real
from typing import Any

from PIL import ImageColor

from vae.errors import InputError
from vae.settings import check, setting


@dataclass(frozen=True)
class Prepare:
    """How a picture becomes a model's input. Raises InputError where a value makes no sense."""

    size: tuple[int, int] = setting((28, 28), "height and width of the model's input")
    channels: int = setting(1, "1 for grey, 3 for colour", choices=(1, 3))
    exif: bool = setting(True, "turn a photograph as its EXIF orientation says")
    rotate: float = setting(0.0, "degrees to turn clockwise")
    crop: tuple[float, float, float, float] = setting(
        (0.0, 0.0, 1.0, 1.0), "left, top, right and bottom of the part to use, as shares"
    )
    fit: str = setting(
        "crop",
        "reach the model's shape by cutting off, by adding margins or by stretching",
        choices=("crop", "fit", "stretch"),
    )
    ground: str = setting("auto", "colour behind transparent parts and in margins, as #ffffff")
    white: float = setting(
        0.0, "what is white in 16-bit and float pictures; 0: from the picture", min=0.0
    )
    invert: str = setting(
        "auto",
        "swap light and dark; auto: where a grey model's picture is dark on a light ground",
        choices=("auto", "yes", "no"),
    )
    digits: bool = setting(False, "find the strokes and place them as in MNIST")
    threshold: str = setting(
        "auto",
        "separate a digit's ink from uneven paper; auto: unless the ground is even and black",
        choices=("auto", "on", "off"),
    )
    specks: float = setting(
        0.03, "leave out marks smaller than this share of the largest", min=0.0, max=1.0
    )
    box: float = setting(
        20 / 28, "longer side of a digit, as a share of the input's", min=0.1, max=1.0
    )

    def __post_init__(self) -> None:
        check(self)
        check_input_size(self.size)
        check_crop(self.crop)
        if self.ground != "auto":
            colour(self.ground)


def as_model_wants(card: dict[str, Any], **own: Any) -> Prepare:
    """The settings for a model's pictures: what its card's `prepare` says, or `own` where given.

    Raises:
        InputError: a value makes no sense, or the card has an entry that is no setting.
    """
    try:
        size = {"size": tuple(card["size"])} if "size" in card else {}
        return Prepare(**{**card, **size, **own})
    except TypeError as why:
        raise InputError(f"The model's card asks for an unknown preparation ({why}).") from why


def check_input_size(size: tuple[int, int]) -> None:
    whole = all(isinstance(n, int) and 4 <= n <= 1024 for n in size)
    if not whole or max(size) > 8 * min(size):  # a longer one would need huge margins
        raise InputError(
            f"size must be height and width, 4 to 1024 pixels, at most 8 to 1, not {size}."
        )


def check_crop(box: tuple[float, float, float, float]) -> None:
    numbers = all(isinstance(share, Real) for share in box)
    if not numbers or not (0 <= box[0] < box[2] <= 1 and 0 <= box[1] < box[3] <= 1):
        raise InputError(
            f"crop must be left < right and top < bottom, each from 0 to 1, not {box}."
        )


def colour(name: str) -> tuple[int, int, int]:
    """A colour's (red, green, blue), 0 to 255, from its CSS name or #rrggbb."""
    try:
        return tuple(min(level, 255) for level in ImageColor.getrgb(name)[:3])
    except (ValueError, AttributeError) as why:
        raise InputError(f"{name!r} is not a colour; write white, black or #rrggbb.") from why
