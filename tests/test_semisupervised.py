"""M2: its bounds on data small enough to sum, and what does not depend on the names of classes."""

import math

import pytest
import torch

from vae.models.semisupervised import M2, Design, by_class, known, unknown


@pytest.fixture
def model():
    torch.manual_seed(0)
    return M2(Design(features=3, classes=4, latent=1, width=8)).double()


X = torch.linspace(-1, 1, 15, dtype=torch.float64).view(5, 3)
Y = torch.tensor([0, 1, 2, 3, 1])


def exact(model, x):
    """log p(x, y) (B, C) by a sum over a fine grid of z."""
    z = torch.linspace(-12, 12, 4001, dtype=torch.float64)
    columns = []
    for k in range(model.design.classes):
        y = torch.full((len(z),), k)
        log_prior = model.prior(y).log_prob(z[:, None])
        log_x = model.decode(z[:, None], y).log_prob(x[:, None])
        columns.append((log_prior + log_x).logsumexp(-1) + math.log(z[1] - z[0]))
    return torch.stack(columns, -1) - math.log(model.design.classes)


def mean_of(bound, draws=2000):
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        return torch.stack([bound(generator) for _ in range(draws)]).mean(0)


def test_both_bounds_are_below_the_exact_likelihood(model):
    with torch.no_grad():
        joint = exact(model, X)
    assert (mean_of(lambda g: by_class(model, X, g)) < joint).all()
    assert (mean_of(lambda g: unknown(model, X, g)) < joint.logsumexp(-1)).all()


def test_the_bound_meets_the_likelihood_where_the_decoder_ignores_z(model):
    """With q(z|x, y) = p(z|y) and q(y|x) = p(y|x), nothing is lost."""
    with torch.no_grad():
        for network in (model.decoder, model.encoder):
            network[0].weight.zero_()
        model.encoder[-1].weight.zero_()
        model.encoder[-1].bias.zero_()
        model.loc.zero_()
        model.log_scale.zero_()
        joint = exact(model, X)
        assert torch.allclose(by_class(model, X), joint, atol=1e-6)
        assert torch.allclose(unknown(model, X), joint.logsumexp(-1) - lost(model, joint))


def lost(model, joint):
    """KL(q(y|x) || p(y|x))"""
    log_q = model.classify(X).log_probs
    return (log_q.exp() * (log_q - joint.log_softmax(-1))).sum(-1)


def test_probabilities_of_classes_sum_to_one(model):
    assert torch.allclose(model.classify(X).mean.sum(-1), torch.ones(5, dtype=torch.float64))


def test_the_bound_by_class_is_that_of_each_class(model):
    with torch.no_grad():
        model.encoder[-1].weight.zero_()  # so that the noise, which differs, is very small
        model.encoder[-1].bias.fill_(-30)
        together = by_class(model, X)
        alone = [known(model, X, torch.full((5,), k)) for k in range(4)]
    assert torch.allclose(together, torch.stack(alone, -1), atol=0.1)


def test_other_names_of_the_classes_change_no_bound(model):
    other, order = M2(model.design).double(), torch.tensor([2, 0, 3, 1])  # new class k was order[k]
    state = {k: v.clone() for k, v in model.state_dict().items()}
    for name in ("loc", "log_scale", "classifier.3.weight", "classifier.3.bias"):
        state[name] = state[name][order]
    for name, first in (("encoder.0.weight", 3), ("decoder.0.weight", 1)):
        state[name][:, first:] = state[name][:, first + order]
    other.load_state_dict(state)
    new = torch.empty(4, dtype=torch.long).scatter(0, order, torch.arange(4))
    seeds = [torch.Generator().manual_seed(0) for _ in range(2)]
    assert torch.allclose(known(model, X, Y, seeds[0]), known(other, X, new[Y], seeds[1]))
    assert torch.allclose(model.classify(X).mean[:, order], other.classify(X).mean)


def test_gradients_reach_every_parameter_and_are_those_of_the_bound(model):
    def loss():
        g = torch.Generator().manual_seed(0)
        labelled = known(model, X, Y, g).mean() + model.classify(X).log_probs[range(5), Y].mean()
        return unknown(model, X, g).mean() + labelled

    loss().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.abs().sum() > 0, name
        flat, slope = parameter.data.view(-1), parameter.grad.view(-1)
        i, step = int(slope.abs().argmax()), 1e-6
        flat[i] += step
        above = loss().item()
        flat[i] -= 2 * step
        below = loss().item()
        flat[i] += step
        assert (above - below) / (2 * step) == pytest.approx(slope[i].item(), rel=1e-4), name
