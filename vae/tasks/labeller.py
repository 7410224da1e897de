"""A labeller: the codes of pictures, what the labels of a few of them say of each, and whose model
it is: with another it is refused.

It names the class of a further picture by the nearest codes (spreading.py). How sure it is comes
from cross-validation: the labels are left out in turn, and a temperature makes what the others say
of them as sure as it is right.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from vae.card import converted
from vae.errors import InputError
from vae.metrics.calibration import heated, temperature
from vae.seeds import Use, permutation
from vae.tasks.classify import check_labels
from vae.tasks.spreading import balanced, graph, spread, spread_to

FORMAT = 1
FOLDS = 5
ENOUGH = 20  # labels from which on a temperature is fitted


class About(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of a labeller but its numbers."""

    format: int = FORMAT
    model: str  # the folder's name
    weights: str  # SHA-256 of the model's
    classes: list[str]
    labels: int  # how many it was fitted to
    prepare: dict[str, Any]  # how pictures are prepared where not as the model has it
    temperature: float = 1.0
    accuracy: float | None = None  # of labels that were left out; None where there were too few


@dataclass(frozen=True)
class Labeller:
    about: About
    codes: np.ndarray  # (N, D) float32
    p: np.ndarray  # (N, C) float32

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        """Probabilities (M, C) of pictures with `codes` (M, D)."""
        return heated(spread_to(self.codes, self.p, codes), self.about.temperature)


def fit(codes: np.ndarray, rows: np.ndarray, y: np.ndarray, **about: Any) -> Labeller:
    """To `codes` (N, D), of which `rows` (L,) have the classes `y` (L,).

    Classes are taken to be as frequent as among the labels.

    Raises:
        InputError: there are labels of one class only.
    """
    classes = len(about["classes"])
    check_labels(y, classes)
    w = graph(codes)
    more = checked(w, rows, y, classes) if len(rows) >= ENOUGH else {}
    p = says(w, rows, y, classes).astype(np.float32)
    return Labeller(About(labels=len(rows), **more, **about), codes, p)


def says(w: Any, rows: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """What labels say of all codes, (N, C)."""
    return balanced(spread(w, rows, y, classes), np.bincount(y, minlength=classes))


def checked(w: Any, rows: np.ndarray, y: np.ndarray, classes: int) -> dict[str, float]:
    """How often labels that are left out are named right, and the temperature for them."""
    fold, p = permutation(len(rows), Use.LABELS, 0).numpy() % FOLDS, np.zeros((len(rows), classes))
    for k in range(FOLDS):
        rest, out = fold != k, fold == k
        p[out] = says(w, rows[rest], y[rest], classes)[rows[out]]
    return {"accuracy": float((p.argmax(1) == y).mean()), "temperature": temperature(p, y)}


# ---- a file


def to_file(labeller: Labeller) -> bytes:
    """As safetensors. `from_file` is its inverse, but for codes in half precision."""
    from msgspec import to_builtins

    arrays = {"codes": labeller.codes.astype(np.float16), "p": labeller.p.astype(np.float16)}
    return save(arrays, {"labeller": json.dumps(to_builtins(labeller.about))})


def from_file(path: Path, weights: str, size: int) -> Labeller:
    """What `path` holds, for the model with these `weights` (SHA-256) and codes of `size` numbers.

    Raises:
        InputError: not such a file, of another format, of another model.
    """
    about, arrays = read(path)
    if about.weights != weights:
        raise InputError(
            f"{path} was fitted to another model, {about.model}: name that one, or fit it again."
        )
    codes, p = (arrays.get(k, np.zeros(0)).astype(np.float32) for k in ("codes", "p"))
    n = len(codes)
    if n == 0 or codes.shape != (n, size) or p.shape != (n, len(about.classes)):
        raise InputError(f"{path} does not fit together; fit it again.")
    return Labeller(about, codes, p)


def read(path: Path) -> tuple[About, dict[str, np.ndarray]]:
    try:
        with safe_open(path, "numpy") as file:
            text = (file.metadata() or {}).get("labeller", "null")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        raw = json.loads(text)
    except (SafetensorError, OSError, ValueError, RecursionError) as why:
        raise InputError(f"{path} cannot be read as a labeller ({why}).") from why
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise InputError(
            f"{path} is not a labeller of format {FORMAT}; fit it again with this program."
        )
    return converted(raw, About, path), arrays
