"""Laws of every kind of code, on a small model of each."""

import json
import math
from functools import cache

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Generator
from toys import TOYS, answers, config, loss, pictures, save

from vae import bundle
from vae import code as codes
from vae.atlas import posteriors
from vae.data.base import binarize, to_bytes, to_unit
from vae.distributions import FARTHEST, WIDEST
from vae.errors import InputError
from vae.metrics.codes import METRICS, standardized
from vae.metrics.likelihood import per_image, prepared, summarize, unmeasured
from vae.models.vae import VAE
from vae.objective import elbo, iwae, surprise, terms
from vae.tasks.refine import Refine, gain, refine

EVERY = pytest.mark.parametrize("kind", TOYS)
RATES = [k for k in TOYS if TOYS[k].code.has_rate]
RATED = pytest.mark.parametrize("kind", RATES)
BINARY = pytest.mark.parametrize("kind", [k for k in RATES if TOYS[k].likelihood == "bernoulli"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A function that gives the folder of the bundle of a kind, made once."""
    root = tmp_path_factory.mktemp("toys")
    return cache(lambda kind: save(root, kind))


@pytest.fixture(scope="module")
def opened(folder):
    """A function that opens the bundle of a kind, once."""
    return cache(lambda kind: bundle.load(folder(kind)))


def seeded(seed=0):
    return Generator().manual_seed(seed)


def inputs(model, n=4):
    return prepared(pictures(model.config.image, n, seed=3).x, model.likelihood.binary, seed=0)


@EVERY
def test_saved_and_loaded_again_it_draws_identical_pixels(opened, kind, tmp_path):
    model, atlas, card, _ = opened(kind)
    bundle.save(tmp_path / kind, model, atlas, card)
    again = bundle.load(tmp_path / kind)
    z, x = model.prior().sample(5, generator=seeded()), inputs(model)
    assert torch.equal(again.model.decode(z).mean, model.decode(z).mean)
    assert torch.equal(again.model.encode(x).mean, model.encode(x).mean)
    assert torch.equal(again.model.prior().sample(5, generator=seeded()), z)
    sums = card.files[bundle.WEIGHTS], again.card.files[bundle.WEIGHTS]
    assert sums[0] == sums[1]
    assert replace(again.card, files={}) == replace(card, files={})
    assert again.card.code == TOYS[kind].code


@EVERY
def test_gradient_reaches_every_parameter(kind):
    torch.manual_seed(0)
    model = VAE(config(TOYS[kind]))
    loss(model, inputs(model, 16), torch.arange(16) % 4, seeded()).mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.reshape(len(parameter), -1).any(1).all(), name


@EVERY
def test_shapes_with_and_without_a_batch(opened, kind):
    model, x = opened(kind).model, inputs(opened(kind).model)
    d, q, p = model.config.code.size, model.encode(x), model.prior()
    z = q.sample(3)
    assert z.shape == (3, 4, d)
    assert p.sample(6).shape == (6, d)
    assert q.mean.shape == q.stddev.shape == q.rate_per_dim(p).shape == (4, d)
    assert p.mean.shape == p.stddev.shape == (d,)
    assert q.rate(p, z).shape == q.log_prob(z).shape == p.log_prob(z).shape == (3, 4)
    assert model.decode(z).mean.shape == (3, 4, *model.config.image)


@EVERY
def test_samples_of_the_prior_agree_with_its_density(opened, kind):
    """Stein's identity: E_p[z_j d/dz_j log p(z)] = -1 in every dimension that has a density."""
    p, free = opened(kind).model.prior(), codes.free(TOYS[kind].code)
    z = p.sample(40_000, generator=seeded()).requires_grad_()
    (slope,) = torch.autograd.grad(p.log_prob(z).sum(), z)
    products = (z * slope)[:, free]
    error = products.std(0) / len(z) ** 0.5
    assert ((products.mean(0) + 1).abs() < 5 * error).all()


@EVERY
def test_samples_of_the_prior_have_its_moments(opened, kind):
    p = opened(kind).model.prior()
    z = p.sample(40_000, generator=seeded())
    assert ((z.mean(0) - p.mean).abs() < 0.03 * p.stddev).all()
    torch.testing.assert_close(z.std(0), p.stddev, rtol=0.03, atol=0)


@RATED
def test_the_rate_is_the_mean_of_what_codes_cost(opened, kind):
    model = opened(kind).model
    q, p = model.encode(inputs(model)), model.prior()
    z = q.sample(20_000, generator=seeded())
    difference = q.rate(p, z) - (q.log_prob(z) - p.log_prob(z))
    assert (difference.mean(0).abs() < 5 * difference.std(0) / len(z) ** 0.5 + 1e-4).all()
    assert (q.rate(p, z).mean(0) > -1e-3).all()


@RATED
def test_more_samples_tighten_the_bound(opened, kind):
    model = opened(kind).model
    log_w = terms(model, inputs(model), 64, seeded()).log_weight
    assert (elbo(log_w) < iwae(log_w)).all()
    few = torch.stack([iwae(part) for part in log_w.split(8)]).mean(0)
    assert (few < iwae(log_w)).all()
    assert (elbo(log_w) < few).all()


def test_a_point_has_no_rate_and_says_so(opened):
    model, atlas, card, _ = opened("point")
    q, p, x = model.encode(inputs(model)), model.prior(), inputs(model)
    assert q.rate(p, q.sample(2)).isnan().all()
    assert terms(model, x, 2).log_weight.isnan().all()
    assert [column.name for column in atlas.columns] == ["distortion", "surprise"]
    rows = torch.stack(list(per_image(model, x, 4, seed=0)))
    assert summarize(rows, 4, 0).keys() == {"distortion"}
    assert "no rate, ELBO or NLL" in unmeasured(card.code)
    with pytest.raises(InputError, match="no ELBO to improve"):
        next(refine(model, x[:1]))


@RATED
def test_all_else_has_every_figure(opened, kind):
    model, _, card, _ = opened(kind)
    rows = torch.stack(list(per_image(model, inputs(model), 8, seed=0)))
    assert summarize(rows, 8, 0).keys() == {"rate", "distortion", "elbo", "nll"}
    assert not unmeasured(card.code)


# Surprise: see objective.py


def grey(model, n: int = 4) -> torch.Tensor:
    """Pictures of the prior, as the decoder draws them: of all greys."""
    z = model.prior().sample(n, generator=seeded(3))
    return to_unit(to_bytes(model.decode(z).mean.clamp(0, 1)))


DRAWS = 300


@RATED
def test_the_surprise_of_what_is_not_grey_is_the_negative_elbo(opened, kind):
    model = opened(kind).model
    x = inputs(model).round() if model.likelihood.binary else grey(model)
    found, want = surprise(model, x, draws=DRAWS), -terms(model, x, DRAWS, seeded()).log_weight
    assert (found.entropy == 0).all()
    error = (2 / DRAWS) ** 0.5 * want.std(0)
    assert ((found.nats - want.mean(0)).abs() < 5 * error + 0.01).all()


@BINARY
def test_the_surprise_of_a_grey_picture_bounds_a_divergence(opened, kind):
    """KL(Bernoulli(x) || p) = sum_b x(b) log(x(b) / p(b)), and a bound of log p(b) from above; so a
    surprise is at least as much, and never below zero."""
    model = opened(kind).model
    x, g = grey(model, 3), seeded()
    found = surprise(model, x, draws=2000)
    ratios = []
    for _ in range(200):
        b = binarize(x, g)
        own = (torch.xlogy(b, x) + torch.xlogy(1 - b, 1 - x)).flatten(1).sum(1)
        ratios.append(own - iwae(terms(model, b, 64, g).log_weight))
    ratios = torch.stack(ratios)
    slack = 5 * (ratios.std(0) / len(ratios) ** 0.5 + 0.02)
    assert (found.nats > ratios.mean(0) - slack).all()
    assert (found.nats > -slack).all()
    assert (found.entropy > 1).all()


@EVERY
def test_the_same_picture_has_the_same_surprise_in_any_company(opened, kind):
    model, x = opened(kind).model, inputs(opened(kind).model)
    torch.rand(3)  # what ran before does not matter
    alone, together = surprise(model, x[1:2]), surprise(model, x)
    torch.testing.assert_close(alone.nats, together.nats[1:2], rtol=1e-4, atol=1e-3)
    assert not torch.equal(together.nats, surprise(model, x, seed=5).nats) or kind == "point"


@EVERY
def test_of_what_is_unlike_all_training_data_an_encoder_says_no_more_than_it_can(opened, kind):
    model, p = opened(kind).model, opened(kind).model.prior()
    has_choice = TOYS[kind].code.has_choice
    for x in (inputs(model), 1000 * inputs(model)):
        q = model.encode(x)
        assert ((q.mean - p.mean).abs() <= 1.0001 * FARTHEST * p.stddev).all() or has_choice
        assert (q.stddev <= 1.0001 * WIDEST * p.stddev).all() or has_choice
        assert surprise(model, x.clamp(0, 1)).nats.isfinite().all()


def test_what_is_beyond_a_model_costs_more_than_without_one(opened):
    model = opened("standard").model
    held_out, noise = inputs(model), torch.rand(4, 1, 28, 28, generator=seeded()).round()
    assert surprise(model, held_out).ceiling == pytest.approx(784 * math.log(2))
    assert not surprise(model, held_out).beyond.any()
    assert surprise(model, noise).beyond.all()


@EVERY
def test_every_metric_is_a_number(opened, kind):
    model = opened(kind).model
    found = standardized(model.encode(inputs(model, 32)), model.prior())
    for name, metric in METRICS.items():
        assert math.isfinite(metric(*found)), name


@EVERY
def test_an_atlas_gives_back_the_posteriors(opened, kind):
    model, atlas, card, _ = opened(kind)
    q = posteriors(atlas, card.code)
    x = to_unit(pictures(model.config.image, len(atlas.mean), seed=1).x[:5])
    want = model.encode(x)
    torch.testing.assert_close(q.mean[:5], want.mean, rtol=2e-3, atol=2e-3)
    if card.code.has_rate:
        ours = q.rate_per_dim(model.prior())[:5]
        torch.testing.assert_close(ours, want.rate_per_dim(model.prior()), rtol=0.02, atol=0.02)


@RATED
def test_refining_never_loses(opened, kind):
    model = opened(kind).model
    x = inputs(model, 1)
    curve = list(refine(model, x, Refine(steps=10, every=5)))
    assert [now.elbo for now in curve] == sorted(now.elbo for now in curve)
    won = gain(model, x, curve[-1].posterior, seeded(1), draws=100)
    assert won.nats > -3 * won.stderr - 0.01


@EVERY
def test_the_priors_codes_survive_as_text(opened, kind):
    code, p = TOYS[kind].code, opened(kind).model.prior()
    for z in p.sample(20, generator=seeded()).numpy():
        np.testing.assert_array_equal(codes.parse(code, codes.text(code, z)), z)


CHOICES = pytest.mark.parametrize("kind", [k for k in TOYS if TOYS[k].code.has_choice])


@CHOICES
def test_a_class_fixes_the_choice_and_nothing_else(opened, kind):
    model, y = opened(kind).model, torch.tensor([2, 0, 3, 1])
    x, want = inputs(model), torch.eye(4)[y]
    free, given = model.encode(x), model.encode(x, y)
    assert torch.equal(given.mean[:, :4], want)
    assert torch.equal(given.mean[:, 4:], free.mean[:, 4:]) == (kind == "discrete")
    z = model.prior(y).sample(5, generator=seeded())
    assert z.shape == (5, 4, 7)
    assert torch.equal(z[..., :4], want.expand(5, 4, 4))
    assert len(z[..., 4:].unique()) == z[..., 4:].numel()
    assert torch.equal(
        model.decode(torch.zeros(4, 7), y).mean,
        model.decode(torch.cat([want, torch.zeros(4, 3)], 1)).mean,
    )
    assert given.rate(model.prior(y), given.sample(1)).isfinite().all()


@CHOICES
def test_the_likeliest_class_is_given_where_none_is(opened, kind):
    model = opened(kind).model
    x = inputs(model, 12)
    free = model.encode(x)
    guess = free.mean[:, :4].argmax(1)
    given = model.encode(x, guess)
    assert torch.equal(given.mean[:, 4:], free.mean[:, 4:])
    assert torch.equal(given.stddev[:, 4:], free.stddev[:, 4:])
    assert torch.equal(model.log_class(model.encoder(x)).argmax(1), guess)
    assert len(guess.unique()) > 1


def test_every_class_has_a_posterior_of_its_own(opened):
    model = opened("conditional").model
    x = inputs(model, 1)
    each = torch.cat([model.encode(x, torch.tensor([k])).mean[:, 4:] for k in range(4)])
    assert len(each.unique(dim=0)) == 4


def test_a_class_is_refused_where_the_code_has_no_choice(opened):
    with pytest.raises(InputError, match="one choice in their code; this one has none"):
        opened("standard").model.encode(inputs(opened("standard").model), torch.zeros(4).long())


def test_pseudo_inputs_are_the_components_of_a_vamp_prior(opened):
    model = opened("vamp").model
    u = model.state_dict()["prior.inputs"].sigmoid()
    assert u.shape == (5, 1, 12, 12)
    z, q = torch.randn(7, 4), model.encode(u)
    each = torch.stack([q.log_prob(row) for row in z])
    torch.testing.assert_close(model.prior().log_prob(z), each.logsumexp(1) - math.log(5))


def test_every_level_is_standard_normal_in_noise_coordinates(opened):
    p = opened("two-level").model.prior()
    assert torch.equal(p.mean, torch.zeros(5))
    assert torch.equal(p.stddev, torch.ones(5))


@EVERY
def test_a_stretched_prior_keeps_its_middle_and_is_as_wide_as_asked(opened, kind):
    p, choices = opened(kind).model.prior(), ~codes.free(TOYS[kind].code)
    assert torch.equal(
        p.stretched(1).sample(9, generator=seeded()), p.sample(9, generator=seeded())
    )
    z = p.stretched(0).sample(20_000, generator=seeded())
    assert ((z.mean(0) - p.mean).abs() < 0.05 * p.stddev).all()
    assert (z.var(0) <= p.stddev.square() * 1.05).all()
    assert set(z[:, choices].unique().tolist()) <= {0.0, 1.0}


@EVERY
def test_python_answers_in_plain_json(folder, kind):
    said = json.loads(json.dumps(answers(folder(kind), n=2), allow_nan=False))
    assert said["code"]["size"] == TOYS[kind].code.size
    assert len(said["prior"]["z"]) == len(said["prior"]["log_prob"]) == 4
    assert len(said["examples"]["mean"]) == 2
    assert (said["prior"]["typicality"] is None) == (not TOYS[kind].code.has_rate)
