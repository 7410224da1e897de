"""A detector: a score of one model, the scores of normal pictures, and the false-alarm rate that it
promises.

It holds all that a p-value takes, and whose model it is: with another it is refused.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from vae.card import converted
from vae.conformal import by_group, check_rate, p_values
from vae.errors import InputError
from vae.tasks.anomaly import CONTROLS, SCORES, Score

FORMAT = 1
MOST = 10_000  # normal scores; they allow rates down to 1 in 10,001
ALL = {**SCORES, **CONTROLS}


class Detector(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int = FORMAT
    model: str  # the folder's name
    weights: str  # SHA-256 of the model's
    score: str  # a key of SCORES or CONTROLS
    rate: float  # of false alarms
    prepare: dict[str, Any]  # how pictures are prepared where not as the model has it
    normal: list[float]  # scores of normal pictures
    groups: list[int] | None = None  # of each the class that it seems to be of

    def __post_init__(self):
        if self.score not in ALL:
            raise InputError(f"Unknown score {self.score!r}; known are {', '.join(ALL)}.")
        if self.groups is not None and len(self.groups) != len(self.normal):
            raise InputError("The detector does not have a class for each normal picture.")

    @property
    def scoring(self) -> Score:
        return ALL[self.score]

    def p_values(self, scores: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """Of `scores` (B,) of pictures that seem to be of the classes `groups` (B,)."""
        normal = np.array(self.normal, np.float32)  # as scores are
        if self.groups is None:
            return p_values(scores, normal)
        return by_group(scores, groups, normal, np.array(self.groups))

    def check_rate(self, rate: float, classes: tuple[str, ...]) -> None:
        """Raise InputError where there are too few normal pictures for a false-alarm rate."""
        for group in sorted(set(self.groups or ())):
            name = classes[group] if 0 <= group < len(classes) else f"class {group}"
            check_rate(self.groups.count(group), rate, f" like {name}")
        check_rate(len(self.normal), rate)


def to_json(detector: Detector) -> bytes:
    """As text. `from_json` is its inverse."""
    return json.dumps(msgspec.to_builtins(detector), allow_nan=False).encode() + b"\n"


def from_json(path: Path, weights: str) -> Detector:
    """What `path` holds, for the model with these `weights` (SHA-256).

    Raises:
        InputError: not such a file, of another format, of another model.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as why:
        raise InputError(f"{path} cannot be read as a detector ({why}).") from why
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise InputError(
            f"{path} is not a detector of format {FORMAT}; fit it again with this program."
        )
    detector = converted(raw, Detector, path)
    if detector.weights != weights:
        raise InputError(
            f"{path} was fitted to another model, {detector.model}: name that one, or fit it again."
        )
    return detector
