"""Spike-and-slab sparse coding: neither its E-step nor its M-step ever loses."""

from itertools import islice, pairwise

import pytest
import torch

from vae.models.sparse import Atoms, Use, beginning, best, elbo, learned, sweeps, unused

P, K, N = 12, 6, 80


def drawn(seed: int) -> tuple[Atoms, torch.Tensor]:
    """Atoms, and pictures made of them."""
    g = torch.Generator().manual_seed(seed)
    weight = torch.randn(P, K, generator=g, dtype=torch.float64)
    atoms = Atoms(*(torch.as_tensor(v).double() for v in ([0.5] * P, weight, 0.05, 0.3)))
    used = torch.rand(N, K, generator=g) < 0.3
    code = used * torch.randn(N, K, generator=g, dtype=torch.float64)
    noise = 0.05**0.5 * torch.randn(N, P, generator=g, dtype=torch.float64)
    return atoms, atoms.mean + code @ weight.mT + noise


@pytest.mark.parametrize("seed", range(3))
def test_no_round_of_the_e_step_loses(seed):
    atoms, x = drawn(seed)
    bounds = [elbo(atoms, x, q) for q in islice(sweeps(atoms, x, unused(atoms, N)), 12)]
    assert all((b - a > -1e-9).all() for a, b in pairwise(bounds))
    assert (bounds[-1] - bounds[0]).mean() > 1


def test_after_the_e_step_no_small_move_gains():
    atoms, x = drawn(0)
    q = next(islice(sweeps(atoms, x, unused(atoms, N)), 200, None))
    free = [v.expand(N, K).clone().requires_grad_() for v in q]
    slopes = torch.autograd.grad(elbo(atoms, x, Use(*free)).sum(), free)
    assert all(slope.abs().max() < 1e-6 for slope in slopes)


def test_no_step_of_em_loses():
    _, x = drawn(1)
    start = beginning(x, K, torch.Generator().manual_seed(0))
    path = list(islice(learned(x, start, rounds=3), 15))
    bounds = torch.stack([elbo(atoms, x, q).mean() for atoms, q in path])
    assert (bounds.diff() > -1e-9).all()
    assert bounds[-1] - bounds[0] > 1


def test_the_m_step_is_a_maximum():
    atoms, x = drawn(2)
    q = next(islice(sweeps(atoms, x, unused(atoms, N)), 5, None))
    found = best(x, q, atoms)
    free = [v.clone().requires_grad_() for v in (found.weight, found.variance, found.share)]
    slopes = torch.autograd.grad(elbo(Atoms(atoms.mean, *free), x, q).mean(), free)
    assert all(slope.abs().max() < 1e-8 for slope in slopes)


def test_the_elbo_is_below_log_p_by_all_sets_of_atoms():
    """log p(x) = log of the sum over all 2^K sets in use, each of which makes a Gaussian."""
    atoms, x = drawn(0)
    sets = torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).double()] * K)
    each = []
    for used in sets:
        w = atoms.weight * used
        c = w @ w.mT + atoms.variance * torch.eye(P)
        log_p = torch.distributions.MultivariateNormal(atoms.mean, c).log_prob(x)
        log_set = (used * atoms.share.log() + (1 - used) * (1 - atoms.share).log()).sum()
        each.append(log_p + log_set)
    log_p = torch.stack(each).logsumexp(0)
    q = next(islice(sweeps(atoms, x, unused(atoms, N)), 30, None))
    gap = log_p - elbo(atoms, x, q)
    assert gap.min() > -1e-9
    assert gap.mean() < 3
