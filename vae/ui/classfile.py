"""What a class has sent as one ZIP file: pictures, codes and predictions."""

import csv
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from PIL import Image

from vae.classroom import Picture, Tally
from vae.ui import library


def zipped(pictures: Sequence[Picture], tallies: Mapping[str, Tally]) -> bytes:
    """pictures/01 Ada.png, codes.csv and predictions.csv."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for picture in pictures:
            archive.writestr(f"pictures/{name_of(picture)}", png(picture))
        archive.writestr("codes.csv", table(codes(pictures)))
        archive.writestr("predictions.csv", table(predictions(tallies)))
    return file.getvalue()


def name_of(picture: Picture) -> str:
    """A name that every file system takes."""
    name = re.sub(r"[^\w -]", "_", picture.name).strip()
    return f"{picture.id:02d} {name}".strip() + ".png"


def png(picture: Picture) -> bytes:
    c, height, width = library.read_card(library.folder_of(picture.model)).model["image"]
    x = np.frombuffer(b64decode(picture.x), np.uint8).reshape(c, height, width)
    file = BytesIO()
    Image.fromarray(x[0] if c == 1 else x.transpose(1, 2, 0)).save(file, "PNG")
    return file.getvalue()


def codes(pictures: Iterable[Picture]) -> Iterable[list]:
    yield ["picture", "name", "pupil", "model", "code"]
    for one in pictures:
        yield [name_of(one), text(one.name), one.pupil, one.model, text(one.z)]


def predictions(tallies: Mapping[str, Tally]) -> Iterable[list]:
    yield ["step", "prediction", "count"]
    for question, counts in tallies.items():
        for value, n in counts:
            yield [question, "no idea" if value is None else value, n]


def text(words: str) -> str:
    """A cell that begins like a formula is text to a person, and stays text in a spreadsheet."""
    return re.sub(r"^(?=[=+\-@\t])", "'", words)


def table(rows: Iterable[list]) -> str:
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()
