"""On a model whose log p(x) is known exactly, a refined posterior can be held against the truth."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from test_objective import LinearGaussian, torch64
from torch import Generator

import vae
from vae.objective import elbo, terms
from vae.tasks.refine import Refine, gain, refine

DIGITS = Path(__file__).parents[1] / "assets/digits"
LONG = Refine(steps=400, samples=64, learning_rate=0.1, every=20)


class Slanted(LinearGaussian):
    """Its columns are not orthogonal: no posterior with independent dimensions is exact."""

    W = torch.tensor([[1.0, 0.9], [1.0, 0.5], [0.0, 1.0], [0.5, 0.0], [0.5, 0.3]], dtype=torch64)

    def gap(self):
        """min KL(q || p(z|x)) over independent Gaussians, nats: (sum log L_ii - log det L) / 2 for
        the posterior's precision L."""
        precision = torch.eye(2, dtype=torch64) + self.W.T @ self.W / self.s**2
        return (precision.diagonal().log().sum() - precision.logdet()) / 2


@pytest.fixture
def x():
    return 2 * torch.randn(1, 5, generator=Generator().manual_seed(1), dtype=torch64)


@pytest.fixture(scope="module")
def digits():
    return vae.load(DIGITS).model


def last(model, x, *config):
    return list(refine(model, x, *config))[-1]


def seeded(seed=7):
    return Generator().manual_seed(seed)


def exact_elbo(model, x, q):
    """The ELBO of `q` by very many samples on a model whose encoder it becomes."""
    model.encode = lambda _: q
    return elbo(terms(model, x, 200_000, seeded()).log_weight).item()


def test_a_bad_encoder_is_led_to_the_evidence(x):
    model = LinearGaussian(off=0.8)
    first, *_, end = refine(model, x, LONG)
    evidence = model.log_evidence(x).item()
    assert first.elbo < evidence - 2
    assert exact_elbo(model, x, end.posterior) == pytest.approx(evidence, abs=0.01)


def test_what_is_left_is_the_gap_of_independent_dimensions(x):
    model = Slanted(off=0.8)
    end = last(model, x, LONG)
    reachable = model.log_evidence(x).item() - model.gap().item()
    assert model.gap() > 0.15
    assert exact_elbo(model, x, end.posterior) == pytest.approx(reachable, abs=0.015)


@pytest.mark.parametrize("rate", [0.0, 0.02, 5.0])
@pytest.mark.parametrize("off", [0.0, 0.4])
def test_it_is_never_worse_than_the_start(x, off, rate):
    curve = [now.elbo for now in refine(LinearGaussian(off), x, Refine(learning_rate=rate))]
    assert curve == sorted(curve)


def test_reports_come_at_the_start_as_asked_and_at_the_end(x):
    config = Refine(steps=25, every=10)
    assert [now.step for now in refine(LinearGaussian(0.4), x, config)] == [0, 10, 20, 25]
    assert [now.step for now in refine(LinearGaussian(0.4), x, replace(config, steps=0))] == [0]


def test_a_report_is_the_elbo_in_its_two_parts(x):
    model = LinearGaussian(0.4)
    first = next(refine(model, x))
    assert first.elbo == pytest.approx(-(first.rate + first.distortion))
    assert (
        abs(first.elbo - elbo(terms(model, x, 100_000, seeded()).log_weight).item())
        < 4 * first.stderr
    )


def test_the_same_seed_gives_the_same_posterior(x):
    model = LinearGaussian(0.4)
    torch.rand(3)  # what ran before does not matter
    a, b, c = (last(model, x, Refine(seed=seed)).posterior for seed in (1, 1, 2))
    assert torch.equal(a.loc, b.loc)
    assert torch.equal(a.scale, b.scale)
    assert not torch.equal(a.loc, c.loc)


def test_the_gain_is_what_was_lost_to_the_encoder(x):
    model = LinearGaussian(off=0.8)
    won = gain(model, x, last(model, x, LONG).posterior, seeded())
    lost = model.log_evidence(x).item() - elbo(terms(model, x, 200_000, seeded()).log_weight).item()
    assert won.nats == pytest.approx(won.after - won.before)
    assert abs(won.nats - lost) < 4 * won.stderr + 0.02


def test_where_the_encoder_is_right_there_is_nothing_to_gain(x):
    model = LinearGaussian()
    won = gain(model, x, last(model, x).posterior, seeded())
    assert won.nats == pytest.approx(0, abs=0.01)


def test_the_model_is_left_as_it_was(make_model):
    model = make_model()
    image = torch.rand(1, 1, 8, 8).round()
    with torch.no_grad():  # as a server might call it
        for now in refine(model, image, Refine(steps=3)):
            assert not now.posterior.loc.requires_grad
            assert not torch.is_grad_enabled()
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("seed", range(3))
def test_an_image_from_the_prior_gains_on_the_shipped_digits(digits, seed):
    with torch.no_grad():
        image = digits.decode(digits.prior().sample(1, generator=seeded(seed))).mean
    first, *_, end = refine(digits, image)
    assert end.elbo >= first.elbo
    won = gain(digits, image, end.posterior, seeded())
    assert won.nats >= -3 * won.stderr
