"""A setting is a field of a frozen dataclass that knows what it is for and what it may be.

    @dataclass(frozen=True)
    class Train:
        steps: int = setting(5000, "optimizer steps", min=1)
        __post_init__ = check

The command line, the forms in the browser and the refusals are all made from these fields.
"""

import math
from collections.abc import Mapping
from dataclasses import field, fields
from numbers import Integral, Real
from typing import Any

from vae.errors import InputError


def setting(default: Any, help: str, **limits: Any) -> Any:
    """A dataclass field. `limits`: `choices`, or `min` and `max`, which are allowed themselves."""
    return field(default=default, metadata={"help": help, **limits})


def check(config: Any) -> None:
    """Raise InputError where a field of `config` is of another kind than its default, or beyond
    its limits."""
    for f in fields(config):
        value = getattr(config, f.name)
        if wanted := fault(value, f.default, f.metadata):
            raise InputError(f"{f.name} must be {wanted}, not {value!r}.")


def form(config: type) -> list[dict[str, Any]]:
    """A dataclass as the fields of a form."""
    return [
        {"name": f.name, "default": f.default, "whole": isinstance(f.default, int), **f.metadata}
        for f in fields(config)
    ]


def fault(value: Any, default: Any, limits: Mapping[str, Any]) -> str:
    """What `value` should be; nothing where it is that."""
    if "choices" in limits:
        known = ", ".join(map(str, limits["choices"]))
        return "" if value in limits["choices"] else f"one of {known}"
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(default, Real):
        return no_number(value, isinstance(default, int)) or beyond(value, **span(limits))
    if isinstance(default, tuple):  # a list, as JSON has it, will do
        whole = isinstance(value, tuple | list) and len(value) == len(default)
        return "" if whole else f"{len(default)} values"
    return "" if isinstance(value, type(default)) else "text"


def no_number(value: Any, whole: bool) -> str:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        return "a number"
    return "a whole number" if whole and not isinstance(value, Integral) else ""


def span(limits: Mapping[str, Any]) -> dict[str, float]:
    return {k: limits[k] for k in ("min", "max") if k in limits}


def beyond(value: float, min: float = -math.inf, max: float = math.inf) -> str:
    if min <= value <= max:
        return ""
    if max == math.inf:
        return f"at least {min}"
    return f"at most {max}" if min == -math.inf else f"from {min} to {max}"
