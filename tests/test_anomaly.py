"""Every score is of the picture alone, whatever company it is in."""

import pytest
import torch
from test_objective import LinearGaussian
from torch import Generator

from vae.errors import InputError
from vae.objective import closed_rate
from vae.tasks.anomaly import CONTROLS, SCORES, Reference, in_portions, regret
from vae.tasks.comparison import KINDS as COMPARED
from vae.tasks.refine import Refine

ALL = {**SCORES, **CONTROLS}
KINDS = {
    "binary": {},
    "256 greys": {"likelihood": "gaussian"},
    "mixture": {"prior": "mixture", "components": 3},
    "point": {"posterior": "point"},
}
NEED_DENSITY = ("importance-weighted", "regret")
CASES = [(k, s) for k in KINDS for s in ALL if not (k == "point" and s in NEED_DENSITY)]


@pytest.fixture
def x():
    return torch.rand(5, 1, 8, 8, generator=Generator().manual_seed(0))


@pytest.fixture
def known(make_model):
    def make(kind="binary"):
        codes = torch.randn(30, 3, generator=Generator().manual_seed(1))
        return Reference(make_model(**KINDS[kind]).eval(), codes, 60.0)

    return make


@pytest.mark.parametrize(("kind", "score"), CASES)
def test_a_score_does_not_depend_on_other_pictures(known, x, kind, score):
    reference, score = known(kind), ALL[score]
    together = score(reference, x)
    assert together.shape == (5,)
    assert together.isfinite().all()
    assert not together.requires_grad
    close = {"rtol": 1e-4, "atol": 1e-3}
    torch.testing.assert_close(in_portions(score, reference, x, 1), together, **close)
    torch.testing.assert_close(score(reference, x.flip(0)), together.flip(0), **close)


@pytest.mark.parametrize("score", NEED_DENSITY)
def test_a_point_has_no_bound(known, x, score):
    with pytest.raises(InputError, match="score by surprise, nearest-codes or reconstruction"):
        SCORES[score](known("point"), x)


def test_more_codes_make_the_bound_tighter(known, x):
    reference = known()
    assert (SCORES["importance-weighted"](reference, x) < SCORES["surprise"](reference, x)).all()


def test_typicality_is_how_far_surprise_is_from_the_mean(known, x):
    reference = known()
    nats = SCORES["surprise"](reference, x)
    middle = reference._replace(surprise=nats[2].item())
    assert SCORES["typicality"](middle, x)[2] == pytest.approx(0, abs=1e-4)
    with pytest.raises(InputError, match="vae price"):
        SCORES["typicality"](reference._replace(surprise=float("nan")), x)


def test_a_picture_with_a_normal_code_is_near(known, x):
    reference = known()
    with torch.no_grad():
        codes = reference.model.encode(x).mean
    same = reference._replace(codes=codes[:1].repeat(9, 1))
    distances = SCORES["nearest-codes"](same, x)
    assert distances[0] == 0
    assert (distances[1:] > 0).all()


def test_regret_is_what_the_encoder_lost():
    x = torch.randn(6, 5, generator=Generator().manual_seed(1), dtype=torch.float64)
    wrong, exact = LinearGaussian(off=0.6), LinearGaussian()
    lost = closed_rate(wrong.encode(x), exact.encode(x), torch.zeros(1, 6, 2))[0]
    config = Refine(steps=400, samples=16, learning_rate=0.1)
    found = regret(Reference(wrong, x, 0.0), x, config)
    torch.testing.assert_close(found, lost, rtol=0.25, atol=0)  # of few codes
    none = regret(Reference(exact, x, 0.0), x, config)
    torch.testing.assert_close(none, torch.zeros_like(none), rtol=0, atol=0.1)


def test_controls_are_of_the_picture_alone(x):
    blank = torch.zeros(1, 1, 8, 8)
    size, brightness = CONTROLS.values()
    assert (size(None, x) > size(None, blank)).all()
    assert brightness(None, torch.cat([blank, blank + 1])).tolist() == [0, 1]
    assert torch.equal(size(None, x.flip(2).flip(2)), size(None, x))
    assert size(None, torch.rand(2, 3, 8, 8)).shape == (2,)


@pytest.mark.parametrize("kind", COMPARED)
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 12)])
def test_pictures_of_other_kinds_are_pictures(kind, shape):
    x = torch.rand(4, *shape, generator=Generator().manual_seed(0))
    make = COMPARED[kind][1]
    other = make(x, Generator().manual_seed(1))
    assert other.shape == x.shape
    assert other.min() >= 0
    assert other.max() <= 1
    assert torch.equal(other, make(x, Generator().manual_seed(1)))
    assert torch.equal(other, x) == (kind == "normal")
