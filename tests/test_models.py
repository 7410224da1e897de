import json

import msgspec
import pytest
import torch

from vae.architectures import ARCHITECTURES
from vae.code import normal
from vae.distributions import LIKELIHOODS, PRIORS
from vae.errors import InputError
from vae.models import MODELS
from vae.objective import elbo, penalty, terms
from vae.train import Known, Train, loss_of, parts

EVERY_MODEL = [
    pytest.mark.parametrize("family", MODELS),
    pytest.mark.parametrize("likelihood", LIKELIHOODS),
    pytest.mark.parametrize("net", ARCHITECTURES),
]


def every_model(test):
    for mark in EVERY_MODEL:
        test = mark(test)
    return test


@every_model
def test_gradient_reaches_every_parameter(make_model, family, likelihood, net):
    model = make_model(family, likelihood=likelihood, net=net)
    x = torch.rand(16, 1, 8, 8).round()
    elbo(terms(model, x).log_weight).mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.reshape(len(parameter), -1).any(1).all(), name  # of every unit


@pytest.mark.parametrize("posterior", ["gaussian", "point"])
@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("family", MODELS)
def test_training_reaches_every_parameter_of_every_prior(make_model, family, prior, posterior):
    if posterior == "point" and PRIORS[prior].from_posteriors:
        with pytest.raises(
            InputError, match=f"'{prior}' prior is made of posteriors with a density"
        ):
            make_model(family, prior=prior, posterior=posterior)
        return
    model = make_model(family, prior=prior, posterior=posterior, components=4)
    x = torch.rand(16, 1, 8, 8).round()
    sum(terms(model, x, 2, rate=penalty)).mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.reshape(len(parameter), -1).any(1).all(), name


@every_model
def test_training_reaches_every_parameter_of_a_conditional_model(
    make_model, family, likelihood, net
):
    model = make_model(family, likelihood=likelihood, net=net, condition=True, classes=4)
    x, y = torch.rand(16, 1, 8, 8).round(), torch.arange(16) % 4
    loss_of(parts(model, x, torch.Generator(), Train(), Known(y=y)), Train(), 1.0).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.reshape(len(parameter), -1).any(1).all(), name  # of every unit


@pytest.mark.parametrize(
    ("design", "classes", "says"),
    [
        ({}, 0, "images of at least two classes; these have none"),
        ({}, 1, "images of at least two classes; these have 1"),
        ({"prior": "mixture"}, 4, "the normal prior and the gaussian posterior"),
        ({"posterior": "point"}, 4, "the normal prior and the gaussian posterior"),
    ],
)
@pytest.mark.parametrize("family", MODELS)
def test_a_condition_that_cannot_be_is_refused(make_model, family, design, classes, says):
    with pytest.raises(InputError, match=says):
        make_model(family, condition=True, classes=classes, **design)


def test_a_learned_prior_makes_codes_cheaper_than_the_normal_one(make_model):
    model = make_model(prior="mixture", components=2)
    with torch.no_grad():
        model.encoder[-1].bias[:3] = 4.0
    x, adam = torch.rand(32, 1, 8, 8).round(), torch.optim.Adam(model.prior.parameters(), 0.1)
    generator, normal_prior = torch.Generator().manual_seed(0), make_model().prior()
    for _ in range(100):
        rate = terms(model, x, 1, generator, penalty).rate.mean()
        adam.zero_grad()
        rate.backward()
        adam.step()
    q = model.encode(x)
    z = q.sample(100, generator=generator)
    assert q.rate(model.prior(), z).mean() < q.rate(normal_prior, z).mean() - 5


@every_model
def test_three_distributions_of_the_right_shapes(make_model, family, likelihood, net):
    model, x = make_model(family, likelihood=likelihood, net=net), torch.rand(5, 1, 8, 8)
    z = model.encode(x).sample(4)
    assert z.shape == (4, 5, 3)
    assert model.encode(x).log_prob(z).shape == model.prior().log_prob(z).shape == (4, 5)
    assert model.decode(z).mean.shape == (4, 5, 1, 8, 8)
    assert model.decode(z).log_prob(x).shape == (4, 5)
    assert model.prior().sample(7).shape == (7, 3)


@every_model
def test_examples_do_not_touch_each_other(make_model, family, likelihood, net):
    model, x = make_model(family, likelihood=likelihood, net=net), torch.rand(5, 1, 8, 8)
    z = model.encode(x).mean
    torch.testing.assert_close(model.encode(x[2:3]).mean, z[2:3])
    torch.testing.assert_close(model.decode(z[2]).mean, model.decode(z).mean[2])


@every_model
def test_configuration_survives_json(make_model, family, likelihood, net):
    config = make_model(family, likelihood=likelihood, net=net).config
    back = json.loads(msgspec.json.encode(config))
    assert msgspec.convert(back, MODELS[family].Config) == config


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"likelihood": "poisson"}, "Unknown likelihood 'poisson'; known are bernoulli"),
        ({"encoder": []}, r"encoder ends in \(1, 8, 8\); this model needs \(6,\)"),
        ({"code": normal(4)}, r"encoder ends in \(6,\); this model needs \(8,\)"),
        ({"likelihood": "gaussian"}, r"decoder ends in \(1, 8, 8\); this model needs \(2, 8, 8\)"),
        ({"image": (1, 8, 9)}, r"Layer 1 \(linear\)"),
    ],
)
@pytest.mark.parametrize("family", MODELS)
def test_parts_that_do_not_fit_are_refused(make_model, family, change, says):
    with pytest.raises(InputError, match=says):
        msgspec.structs.replace(make_model(family).config, **change)
