"""From any picture file to a model's input, with every step visible.

    picture = open_picture(data)                   # bytes, a path or an open file
    prepared = prepare(picture, Prepare(size=(28, 28), digits=True))
    prepared.x                                     # (C, H, W) uint8, what the model sees
    prepared.stages, prepared.notes                # a strip of pictures, and what was decided

Nothing is decided silently: each decision is a sentence in `notes` and a field of `Prepare`.

A digit is placed as in MNIST: its strokes scaled into a 20 x 20 box with their aspect kept and grey
edges, and their centre of mass put at the centre of 28 x 28. Gradient-based learning applied to
document recognition (LeCun et al., 1998), http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf
"""

import math
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from numbers import Real
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageColor, ImageFilter, ImageOps, UnidentifiedImageError, features

from vae.errors import InputError
from vae.settings import check, setting

MAX_BYTES = 50_000_000  # of a file
MAX_PIXELS = 64_000_000  # of a picture, by its header
MAX_SLOW = 1_000_000  # pixels that Pillow decodes in Python: seconds per megapixel
SLOW = {"ppm", "ppm_plain", "bmp_rle"}
MIN_SIDE = 2  # pixels; less has no content to look at
LONGEST = 2048  # side of the picture that is kept; models see 28 to some hundred pixels
INK_LONGEST = 1024  # side at which strokes are looked for
FAINT = 16  # grey level up to which a pixel is ground: JPEG's ringing, a faint antialiased edge

FORMATS = ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "ICO"] + (
    ["AVIF"] if features.check("avif") else []
)
SUFFIXES = {
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".bmp", ".tif", ".tiff"),
    *(".pbm", ".pgm", ".ppm", ".pnm", ".ico", ".avif"),
    *(".heic", ".heif", ".jxl", ".jp2"),  # to be refused by name, not passed over
}
WORKS = "save it as PNG or JPEG"
SIGNATURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"BM": "BMP",
    b"\0\0\1\0": "ICO",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
FOREIGN = (  # offset, magic, what it is
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript drawing"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"PK\3\4", "a ZIP archive or an office document"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (4, b"JXL ", "a JPEG XL picture"),
    (4, b"jP  ", "a JPEG 2000 picture"),
    (4, b"ftyphe", "a HEIC photograph"),
    (4, b"ftypmif1", "a HEIC photograph"),
    (4, b"ftypmsf1", "a HEIC photograph"),
    (4, b"ftypavi", "an AVIF picture"),
    (4, b"ftyp", "a video"),
)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # EXIF orientation -> what undoes it
INVERSE = {6: 8, 8: 6}  # every other orientation undoes itself
FULL_SCALES = (1, 255, 4095, 65535)  # masks and unit floats, 8, 12 and 16 bits

# One picture is decoded at a time: it bounds the memory, and `catch_warnings` is not thread-safe.
DECODER = threading.Lock()


class Picture(NamedTuple):
    """A decoded picture; any other `PIL.Image` can be wrapped in one too."""

    image: Image.Image  # L, LA, RGB, RGBA, or F for 16-bit and float grey; as stored, not turned
    orientation: int = 1  # EXIF, 1 to 8
    notes: tuple[str, ...] = ()
    inverted: bool = False  # light and dark were swapped


class Stage(NamedTuple):
    name: str
    image: Image.Image  # L or RGB


class Prepared(NamedTuple):
    x: np.ndarray  # (C, H, W) uint8
    stages: tuple[Stage, ...]  # from the upload to the model's input
    notes: tuple[str, ...]  # a sentence for each decision
    inverted: bool  # whether light and dark were swapped


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
    white: float = setting(0.0, "what is white in 16-bit and float pictures; 0: found", min=0.0)
    invert: str = setting(
        "auto",
        "swap light and dark; auto: where a grey model's picture is dark on a light ground",
        choices=("auto", "yes", "no"),
    )
    digits: bool = setting(False, "find the strokes and place them as in MNIST")
    threshold: str = setting(
        "auto",
        "part a digit's ink from uneven paper; auto: unless the ground is even and black",
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
        raise InputError(f"The model says of its pictures what is not known here ({why}).") from why


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
        raise InputError(f"{name!r} is no colour; write white, black or #rrggbb.") from why


# ---- opening


def open_picture(data: bytes | str | Path | BinaryIO) -> Picture:
    """Decode the first frame of a picture file, at most `LONGEST` pixels long.

    Raises:
        InputError: empty, too large, another kind of file, damaged or cut short, too small, or
            with values that are no numbers. Nothing else, and no warning, comes from the data.
    """
    raw = read(data)
    if kind := foreign(raw):
        raise InputError(f"This is {kind}, which cannot be opened here: {WORKS}.")
    with DECODER, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return decode(raw)


def read(data: bytes | str | Path | BinaryIO) -> bytes:
    if isinstance(data, str | Path):
        return read_path(Path(data))
    raw = data.read(MAX_BYTES + 1) if hasattr(data, "read") else bytes(data)
    check_bytes(len(raw))
    return raw


def read_path(path: Path) -> bytes:
    try:
        check_bytes(path.stat().st_size)
        return path.read_bytes()
    except (OSError, ValueError) as why:
        if isinstance(why, InputError):
            raise
        raise InputError(f"{path} cannot be read ({why}).") from why


def check_bytes(n: int) -> None:
    if n == 0:
        raise InputError("The file is empty: choose a PNG or JPEG picture.")
    if n > MAX_BYTES:
        raise InputError(
            f"The file is larger than {MAX_BYTES / 1e6:g} MB: {WORKS} with fewer pixels."
        )


def foreign(raw: bytes) -> str | None:
    """What a file is that we know but do not open: a drawing, a document, a video."""
    head = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<") and b"<svg" in head.lower():
        return "an SVG drawing"
    if raw[4:8] == b"ftyp" and b"avif" in raw[8:40] and "AVIF" in FORMATS:
        return None
    return next((what for at, magic, what in FOREIGN if raw.startswith(magic, at)), None)


def decode(raw: bytes) -> Picture:
    try:
        with Image.open(BytesIO(raw), formats=FORMATS) as file:
            check_size(file.size)
            check_speed(file)
            return first_frame(file)
    except InputError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as why:
        raise InputError(too_many_pixels()) from why
    except Exception as why:  # Pillow's plugins let a dozen types through: struct.error, KeyError …
        raise InputError(unreadable(raw, why)) from why


def too_many_pixels(size: tuple[int, int] | None = None) -> str:
    seen = f"{size[0]} x {size[1]} pixels" if size else "too many pixels"
    return f"The picture has {seen}; the limit is {MAX_PIXELS / 1e6:g} megapixels: make it smaller."


def unreadable(raw: bytes, why: Exception) -> str:
    known = next((name for magic, name in SIGNATURES.items() if raw.startswith(magic)), None)
    if known is None and isinstance(why, UnidentifiedImageError):
        return f"The file is not a picture that can be opened here: {WORKS}."
    kind = f"{known} picture" if known else "picture"
    return f"The {kind} is damaged, cut short or of a rare kind: save it anew as PNG or JPEG."


def check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise InputError(too_many_pixels(size))
    if min(size) < MIN_SIDE:
        raise InputError(
            f"The picture has {size[0]} x {size[1]} pixels; "
            f"each side needs {MIN_SIDE} at least: choose a larger one."
        )


def check_speed(file: Image.Image) -> None:
    slow = any(tile.codec_name in SLOW for tile in getattr(file, "tile", ()))
    if slow and file.width * file.height > MAX_SLOW:
        raise InputError(
            f"This rare kind of {file.format} picture is opened up to {MAX_SLOW / 1e6:g} "
            f"megapixel: {WORKS}."
        )


def first_frame(file: Image.Image) -> Picture:
    """The file's first frame, decoded and made plain, with what there is to say about it."""
    stored, mode = file.size, file.mode
    orientation = orientation_of(file)
    file.draft(None, (LONGEST, LONGEST))  # a huge JPEG is decoded at half, a quarter or an eighth
    file.load()
    image = shorten(plain(file), LONGEST).copy()  # free of the file
    if file.format == "TIFF":  # Pillow has turned it already; here turning is a step of its own
        image = turn(image, INVERSE.get(orientation, orientation))
    notes = (said_of_frames(file), said_of_mode(mode), said_of_size(stored, image.size))
    return Picture(image, orientation, tuple(note for note in notes if note))


def orientation_of(file: Image.Image) -> int:
    """1 to 8, and 1 where the EXIF data is damaged: the picture itself may be whole."""
    try:
        value = file.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1
    return value if value in TURNS else 1


def turn(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def said_of_frames(file: Image.Image) -> str:
    try:
        frames = getattr(file, "n_frames", 1)
    except Exception:  # a later frame is damaged
        return "The first frame is used; a later one is damaged."
    return f"The first of {frames} frames is used." if frames > 1 else ""


def said_of_mode(mode: str) -> str:
    kinds = {"CMYK": "Printing colours (CMYK)", "LAB": "Lab colours", "YCbCr": "YCbCr colours"}
    return f"{kinds[mode]} became red, green and blue." if mode in kinds else ""


def said_of_size(stored: tuple[int, int], kept: tuple[int, int]) -> str:
    if max(stored) <= LONGEST:
        return ""
    return f"{stored[0]} x {stored[1]} pixels were reduced to {max(kept)} on the longer side."


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
            "The picture has values that are no numbers (NaN or infinite): repair them."
        )
    return image


def shorten(image: Image.Image, longest: int) -> Image.Image:
    """The picture with its longer side at most `longest`, by averaging."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = [max(MIN_SIDE, round(n * scale)) for n in image.size]
    return image.resize(size, Image.Resampling.BOX)


# ---- preparing: each step is (Picture, Prepare) -> Picture


def prepare(picture: Picture, settings: Prepare = Prepare()) -> Prepared:
    """Turn a picture into a model's input.

    Raises:
        InputError: a side shorter than `MIN_SIDE`, values that are not numbers, or, for a digit,
            nothing that looks like ink.
    """
    check_size(picture.image.size)
    stages = []
    for name, step in steps(settings).items():
        picture = step(picture, settings)
        stages.append(Stage(name, picture.image))
    x = np.array(picture.image, np.uint8).reshape(*settings.size, settings.channels)
    x = np.ascontiguousarray(x.transpose(2, 0, 1))
    return Prepared(x, tuple(stages), picture.notes, picture.inverted)


def steps(settings: Prepare) -> dict[str, Callable[[Picture, Prepare], Picture]]:
    toned = "grey" if settings.channels == 1 or settings.digits else "colours"
    start = {"uploaded": flatten, "oriented": orient, "cropped": crop, toned: tone}
    end = {"ink": ink, "model's input": centre} if settings.digits else {"model's input": scale}
    return start | end


def then(picture: Picture, image: Image.Image, *notes: str) -> Picture:
    return picture._replace(image=image, notes=picture.notes + notes)


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


def ring(a: np.ndarray) -> np.ndarray:
    """(H, W) bool: the outermost 4 % of a picture, one pixel at least."""
    n = max(1, round(0.04 * min(a.shape[:2])))
    inside = np.zeros(a.shape[:2], bool)
    inside[n:-n, n:-n] = True
    return ~inside


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


def scale(picture: Picture, settings: Prepare) -> Picture:
    return then(picture, resample(picture.image, settings.size[::-1]))


def resample(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """To (width, height), antialiased; no halos as Lanczos has, which a model never saw."""
    return image.resize(size, Image.Resampling.HAMMING)


# ---- digits


def ink(picture: Picture, settings: Prepare) -> Picture:
    """Light strokes on some ground -> the strokes alone, on black.

    Raises:
        InputError: there are none.
    """
    grey = np.asarray(picture.image)
    if np.ptp(grey) <= FAINT:
        raise InputError(NO_INK)
    if settings.threshold == "off" or (settings.threshold == "auto" and clean(grey)):
        return picture
    image = shorten(picture.image, INK_LONGEST)
    strokes, left_out = separated(contrast(image), settings.specks)
    note = "Ink was separated from paper by how much it stands out from it."
    more = (f"{left_out} specks and edges were left out.",) if left_out else ()
    return then(picture, Image.fromarray(strokes), note, *more)


NO_INK = "There is no ink to be seen: draw a digit, or choose a picture with clear strokes."


def clean(grey: np.ndarray) -> bool:
    """Whether the border is nearly black, so that the ground needs no treatment."""
    return bool(np.percentile(grey[ring(grey)], 90) <= FAINT // 2)


def contrast(grey: Image.Image) -> np.ndarray:
    """(H, W) float32: how far each pixel is from its local ground (0) towards full ink (1).

    The ground is a surface through the border plus a morphological opening, which follows a shadow
    but not a stroke: strokes are narrower than its disc, a third of the picture.
    """
    from scipy import ndimage  # a third of a second: only a photographed digit pays

    small = np.asarray(shorten(grey, 64), np.float64)
    smooth = surface(small)
    shadow = ndimage.grey_opening(small - smooth, footprint=disc(max(small.shape) / 6))
    ground = (smooth + ndimage.gaussian_filter(shadow, 1)).clip(0, 215)  # above, noise is all
    wide = Image.fromarray(ground.astype(np.float32)).resize(grey.size, Image.Resampling.BICUBIC)
    fine = ndimage.gaussian_filter(np.asarray(grey, np.float32), max(grey.size) / 1024)
    return (fine - np.asarray(wide)) / (255 - np.asarray(wide))


def disc(radius: float) -> np.ndarray:
    """A round window: a square one leaves the slanted corners of a shadow."""
    r = max(1, round(radius))
    y, x = np.mgrid[-r : r + 1, -r : r + 1]
    return x * x + y * y <= r * r


def separated(c: np.ndarray, specks: float) -> tuple[np.ndarray, int]:
    """Contrast (H, W) -> strokes (H, W) uint8 with grey edges, and how many marks were left out.

    Raises:
        InputError: nothing stands out from the noise.
    """
    c = c - np.percentile(c, 30)  # the ground's middle, as long as ink covers less than half
    noise = (np.percentile(c, 30) - np.percentile(c, 5)) / 1.12  # its standard deviation
    limit = max(otsu(c), 5 * noise, 0.08)
    marks, left_out = worthy(c, c > limit, specks)
    full = np.percentile(c[marks], 70)
    soft = np.clip((c - limit / 2) / (full - limit / 2), 0, 1) * grown(marks)
    return np.rint(255 * soft).astype(np.uint8), left_out


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
        InputError: none is larger than a dot.
    """
    from scipy import ndimage

    labels, n = ndimage.label(mask, np.ones((3, 3)))
    area = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    if n == 0 or area.max() <= dot(mask):
        raise InputError(NO_INK)
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
