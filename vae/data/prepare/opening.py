"""Any file or bytes -> a picture, or a refusal in one sentence."""

import threading
import warnings
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError, features

from vae.data.prepare.picture import MIN_SIDE, Picture, plain, shorten
from vae.errors import InputError

MAX_BYTES = 50_000_000  # of a file
MAX_PIXELS = 64_000_000  # of a picture, by its header
MAX_SLOW = 1_000_000  # pixels that Pillow decodes in Python: seconds per megapixel
SLOW = {"ppm", "ppm_plain", "bmp_rle"}
LONGEST = 2048  # side of the picture that is kept; models see 28 to some hundred pixels

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

# One picture is decoded at a time: it bounds the memory, and `catch_warnings` is not thread-safe.
DECODER = threading.Lock()


def open_picture(data: bytes | str | Path | BinaryIO) -> Picture:
    """Decode the first frame of a picture file, at most `LONGEST` pixels long.

    Raises:
        InputError: empty, too large, another kind of file, damaged or cut short, too small, or
            with values that are not numbers. Nothing else, and no warning, comes from the data.
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
    return f"The {kind} is damaged, cut short or of a rare kind: save it again as PNG or JPEG."


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
