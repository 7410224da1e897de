"""Spike-and-slab sparse coding: a picture is a sum of few atoms, which must be searched for.

    s_j ~ Bernoulli(pi)     h_j ~ N(0, 1)     x|s, h ~ N(mu + W (s * h), sigma^2 I)

The posterior has no closed form: of K atoms 2^K sets may be in use. The E-step seeks the best
product over atoms q(s_j = 1) = g_j, q(h_j|s_j = 1) = N(m_j, v_j), one atom after the other, each
with the best answer to all others:

    v_j = 1 / (1 + |w_j|^2 / sigma^2)     m_j = v_j w_j'(x - mu - sum_k!=j w_k g_k m_k) / sigma^2
    logit g_j = logit pi + log(v_j) / 2 + m_j^2 / (2 v_j)

so the ELBO, which has a closed form, never falls; the M-step takes the best W, sigma and pi for it.
A network that answers with the same three numbers of each atom is trained on the same ELBO.

Large-Scale Feature Learning With Spike-and-Slab Sparse Coding (Goodfellow et al., 2012),
https://arxiv.org/abs/1206.6407
Spike and Slab Variational Inference for Multi-Task and Multiple Kernel Learning (Titsias &
Lazaro-Gredilla, 2011), https://papers.nips.cc/paper/4305
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

MOST = 128  # atoms


@dataclass(frozen=True)
class Atoms:
    """A dictionary and how its atoms are used."""

    mean: Tensor  # (P,)
    weight: Tensor  # (P, K)
    variance: Tensor  # (), sigma^2
    share: Tensor  # (), pi

    @property
    def widths(self) -> Tensor:
        """v of each atom, (K,): the same for all pictures."""
        return self.variance / (self.variance + self.weight.square().sum(0))


class Use(NamedTuple):
    """q of B pictures."""

    logit: Tensor  # (B, K), of g
    mean: Tensor  # (B, K), m
    width: Tensor  # (B, K) or (K,), v

    @property
    def code(self) -> Tensor:
        """E[s h], (B, K)."""
        return self.logit.sigmoid() * self.mean


def elbo(atoms: Atoms, x: Tensor, q: Use) -> Tensor:
    """Of pictures `x` (B, P): (B,) nats."""
    g, p = q.logit.sigmoid(), x.shape[-1]
    spread = g * (q.mean.square() + q.width) - q.code.square()
    error = (x - atoms.mean - q.code @ atoms.weight.mT).square().sum(-1)
    error = error + (spread * atoms.weight.square().sum(0)).sum(-1)
    log_p = -0.5 * (p * (2 * math.pi * atoms.variance).log() + error / atoms.variance)
    slab = 0.5 * (q.mean.square() + q.width - 1 - q.width.log())
    on = F.logsigmoid(q.logit) - atoms.share.log()
    off = F.logsigmoid(-q.logit) - (1 - atoms.share).log()
    return log_p - (g * (on + slab) + (1 - g) * off).sum(-1)


def unused(atoms: Atoms, n: int) -> Use:
    """Where a search begins: each of `n` pictures uses all atoms as often as any, by nothing."""
    none = atoms.weight.new_zeros(n, atoms.weight.shape[1])
    return Use(none + atoms.share.logit(), none, atoms.widths)


def sweeps(atoms: Atoms, x: Tensor, start: Use) -> Iterator[Use]:
    """`start`, then q after each round over all atoms, without end: the ELBO never falls."""
    gram, seen = atoms.weight.mT @ atoms.weight, (x - atoms.mean) @ atoms.weight
    v, q = atoms.widths, start
    while True:
        yield q
        logit, mean, code = q.logit.clone(), q.mean.clone(), q.code
        for j in range(len(v)):
            others = code @ gram[j] - code[:, j] * gram[j, j]
            mean[:, j] = v[j] / atoms.variance * (seen[:, j] - others)
            gain = 0.5 * (v[j].log() + mean[:, j].square() / v[j])
            logit[:, j] = atoms.share.logit() + gain
            code[:, j] = logit[:, j].sigmoid() * mean[:, j]
        q = Use(logit, mean, v)


def best(x: Tensor, q: Use, atoms: Atoms) -> Atoms:
    """The M-step: the atoms under which the ELBO of these q is highest, with the same mean."""
    g, d = q.logit.sigmoid(), x - atoms.mean
    spread = (g * (q.mean.square() + q.width) - q.code.square()).sum(0)
    inner = q.code.mT @ q.code + spread.diag()
    weight = torch.linalg.solve(inner, d.mT @ q.code, left=False)
    error = (d - q.code @ weight.mT).square().sum() + weight.square().sum(0) @ spread
    return Atoms(atoms.mean, weight, error / d.numel(), g.mean())


def beginning(x: Tensor, atoms: int, generator: Generator) -> Atoms:
    """Atoms that are pictures, less their mean, of unit length."""
    mean = x.mean(0)
    rows = torch.randperm(len(x), generator=generator)[:atoms]
    weight = F.normalize(x[rows] - mean, dim=1).mT
    return Atoms(mean, weight, (x - mean).square().mean() / 2, x.new_tensor(0.1))


def learned(x: Tensor, start: Atoms, rounds: int) -> Iterator[tuple[Atoms, Use]]:
    """The atoms and q after each step of EM, whose E-step is so many rounds from the last q on."""
    atoms, q = start, unused(start, len(x))
    while True:
        path = sweeps(atoms, x, q._replace(width=atoms.widths))
        for _ in range(rounds + 1):
            q = next(path)
        yield atoms, q
        atoms = best(x, q, atoms)
