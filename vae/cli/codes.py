"""Codes that the user names, their images, and files that say whose they are.

A code is named by a picture, which is prepared and encoded as `encode` does it; by `@123`, which is
row 123 of the model's atlas; or by a JSON file as the app's JSON button saves it.
"""

import json
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer

from vae import code as codes_of
from vae.bundle import WEIGHTS, Bundle
from vae.cli.files import named, refuse
from vae.cli.options import out, progress
from vae.data.prepare import Prepare, open_picture, prepare
from vae.errors import InputError
from vae.files import replace

FORMAT = 1
LARGEST = 1e6  # of a code's number; float32 decoders still answer with finite images
WAYS = "a picture, @123 for a held-out example, or a JSON file that the app saved"

Name = Annotated[str, typer.Argument(help=WAYS)]
Names = Annotated[
    list[str],
    typer.Argument(help=f"each {WAYS}; also folders and patterns of pictures"),
]


class Code(NamedTuple):
    name: str  # as the user named it
    z: np.ndarray  # (D,)
    notes: str = ""  # how a picture was prepared


class Codes(NamedTuple):
    found: list[Code]
    refused: list[str]


def codes(words: list[str], opened: Bundle, wanted: Prepare, given: int | None = None) -> Codes:
    """The codes that all words name, folders and patterns as many as they hold; pictures read as
    the class `given`."""
    names, found, refused = [], [], []
    for word in words:
        try:
            names += expanded(word)
        except InputError as why:
            refused.append(str(why))
    with progress("codes", len(names)) as show:
        for i, name in enumerate(names, 1):
            try:
                found.append(code(name, opened, wanted, given))
            except InputError as why:
                refused.append(str(why) if name in str(why) else f"{name}: {why}")
            show(i)
    return Codes(found, refused)


def one_each(words: list[str], opened: Bundle, wanted: Prepare) -> list[Code]:
    """Exactly one code for each word; says how pictures were prepared.

    Raises:
        InputError: all that is wrong with them.
    """
    for word in words:
        if (n := len(expanded(word))) != 1:
            raise InputError(f"{word} names {n} pictures; name one.")
    found, refused = codes(words, opened, wanted)
    refuse(refused)
    for name, _, notes in found:
        if notes:
            out.print(f"{name}: {notes}", highlight=False, markup=False)
    return found


def expanded(word: str) -> list[str]:
    return [word] if word.startswith("@") else [str(path) for path in named(word)]


def code(name: str, opened: Bundle, wanted: Prepare, given: int | None = None) -> Code:
    """Raises InputError where the name leads to no code of this model."""
    if name.startswith("@"):
        return Code(name, example(name, opened.atlas.mean))
    if name.lower().endswith(".json"):
        return Code(name, saved_code(Path(name), weights(opened), opened.card.code))
    return encoded(name, opened.model, wanted, given)


def example(name: str, known: np.ndarray) -> np.ndarray:
    digits = name.removeprefix("@")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10) or int(digits) >= len(
        known
    ):
        raise InputError(
            f"There is no held-out example {name}; this model has {len(known):,}, "
            f"@0 to @{len(known) - 1}."
        )
    return known[int(digits)].astype(np.float64)


def saved_code(path: Path, weights: str, kind: codes_of.Code) -> np.ndarray:
    """From {"z": [D numbers], "weights": SHA-256 of the model's}."""
    raw = read_json(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("z"), list):
        raise InputError(f"{path} holds no code; save one with the app's JSON button.")
    if raw.get("weights") != weights:
        raise InputError(f"{path} holds a code of another model; open that one to use it.")
    z = raw["z"]
    if len(z) != kind.size:
        classes = f", its {kind.choice.size} classes' weights first" if kind.is_conditional else ""
        raise InputError(
            f"{path} has {len(z)} numbers; codes of this model have {kind.size}{classes}."
        )
    for i, v in enumerate(z):
        whole = isinstance(v, int | float) and not isinstance(v, bool)
        if not (whole and abs(v) <= LARGEST):  # NaN compares as false
            raise InputError(
                f"In {path}, number {i + 1} of the code must be between "
                f"-{LARGEST:,.0f} and {LARGEST:,.0f}."
            )
    for block, at in codes_of.slices(kind):
        if block.kind == "choice" and not codes_of.are_weights(z[at]):
            raise InputError(
                f"In {path}, the weights of {block.name!r} must be positive with the sum 1."
            )
    return np.array(z, np.float64)


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as why:
        raise InputError(f"{path} cannot be read ({why.strerror}).") from why
    except (ValueError, RecursionError) as why:
        raise InputError(f"{path} is not readable as JSON ({why}).") from why


def encoded(name: str, model, wanted: Prepare, given: int | None) -> Code:
    import torch

    from vae.data.base import to_unit

    made = prepare(open_picture(Path(name)), wanted)
    y = () if given is None else (torch.tensor([given]),)
    z = model.encode(to_unit(torch.from_numpy(made.x)[None]), *y).mean[0]
    return Code(name, z.double().numpy(), " ".join(made.notes))


def weights(opened: Bundle) -> str:
    """The SHA-256 by which a code, or a direction, says whose it is."""
    return opened.card.files[WEIGHTS]


# ---- images of codes


def drawn(model, codes: np.ndarray):
    """Mean images of codes (N, D): (N, C, H, W) uint8."""
    import torch

    from vae.data.base import to_bytes

    parts = torch.from_numpy(np.asarray(codes, np.float32)).split(500)  # a wide layer needs memory
    return torch.cat([to_bytes(model.decode(z).mean) for z in parts])


# ---- what is written


def save_json(path: Path, opened: Bundle, folder: Path, /, **content: Any) -> None:
    """With whose codes these are, as the app's JSON buttons do."""
    about = {"format": FORMAT, "model": folder.resolve().name, "weights": weights(opened)}
    text = json.dumps({**about, **content}, indent=1, ensure_ascii=False, allow_nan=False)
    replace(path, f"{text}\n".encode())
