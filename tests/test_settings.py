"""Laws of every configuration: its defaults are allowed, and what is not is refused by name."""

import math
from dataclasses import MISSING, dataclass, fields

import pytest

from vae.data.prepare import Prepare
from vae.errors import InputError
from vae.models.vae import Design
from vae.project import Umap
from vae.settings import check, setting
from vae.tasks.refine import Refine
from vae.train import Devices, Train

CONFIGS = {kind.__name__: kind for kind in (Train, Devices, Umap, Prepare, Design, Refine)}
FIELDS = [(kind, f) for kind in CONFIGS.values() for f in fields(kind)]
every_config = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
every_field = pytest.mark.parametrize(
    ("config", "field"), FIELDS, ids=[f"{kind.__name__}.{f.name}" for kind, f in FIELDS]
)


def outside(field) -> list:
    """Values that the field must refuse."""
    limits, default = field.metadata, field.default
    if "choices" in limits:
        return ["no such thing", None]
    if isinstance(default, bool):
        return [1, "yes", None]
    if isinstance(default, tuple):
        return [(), default[:1], default * 2, ("?",) * len(default), None]
    if isinstance(default, str):
        return [1, None]
    wrong = [math.nan, math.inf, -math.inf, "1", None, True]
    wrong += [default + 0.5] if isinstance(default, int) else []
    wrong += [limits["min"] - 1] if "min" in limits else []
    return wrong + ([limits["max"] + 1] if "max" in limits else [])


@every_config
def test_the_defaults_are_allowed(config):
    check(config())


@every_field
def test_a_setting_is_explained_and_has_a_default(config, field):
    assert field.metadata["help"]
    assert field.default is not MISSING
    assert isinstance(field.default, field.type if isinstance(field.type, type) else tuple)


@every_field
def test_a_value_outside_is_refused_in_a_sentence_with_its_name(config, field):
    for value in outside(field):
        with pytest.raises(InputError) as refusal:
            config(**{field.name: value})
        assert str(refusal.value).startswith(field.name)
        assert str(refusal.value).endswith(".")


def inside(field) -> list:
    """The values at the edge of what the field takes."""
    limits = field.metadata
    return [*limits.get("choices", ()), *(limits[k] for k in ("min", "max") if k in limits)]


LIMITED = [(kind, f.name, value) for kind, f in FIELDS for value in inside(f)]


@pytest.mark.parametrize(("config", "name", "value"), LIMITED)
def test_the_limits_and_all_choices_are_allowed(config, name, value):
    assert getattr(config(**{name: value}), name) == value


@dataclass(frozen=True)
class Walk:
    steps: int = setting(3, "steps", min=1)
    length: float = setting(1.0, "of a step", max=2.0)
    to: str = setting("north", "where", choices=("north", "south"))

    __post_init__ = check


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"steps": 0}, "steps must be at least 1, not 0."),
        ({"steps": 1.5}, "steps must be a whole number, not 1.5."),
        ({"steps": 2.0}, "steps must be a whole number, not 2.0."),
        ({"length": 3.0}, "length must be at most 2.0, not 3.0."),
        ({"length": math.nan}, "length must be a number, not nan."),
        ({"to": "up"}, "to must be one of north, south, not 'up'."),
    ],
    ids=str,
)
def test_what_a_refusal_says(wrong, says):
    with pytest.raises(InputError) as refusal:
        Walk(**wrong)
    assert str(refusal.value) == says
