"""Whether the code says something, and whether the prior says what codes there are.

How far the aggregate posterior q(z) = 1/N sum_i q(z|x_i) is from the prior is a part of the rate:

    E_x[KL(q(z|x) || p(z))] = I(x; z) + KL(q(z) || p(z))

Its estimate here is at most that on average: E_q[log m(z) - log p(z)], the larger one of a Gaussian
m and of a mixture, which are fitted to half of the examples and read at the others.

ELBO surgery: yet another way to carve up the variational evidence lower bound (Hoffman & Johnson,
2016), http://approximateinference.org/accepted/HoffmanJohnson2016.pdf
"""

import numpy as np
import torch

from vae.metrics.codes import active, rate_per_dim
from vae.mixture import ROWS, mixture
from vae.tasks.doctor.case import Case
from vae.tasks.doctor.report import Reading, Severity, graded

NOTHING = 0.5  # nats: what a code of less than one bit costs
SAME = 1 / 255  # of white: what no eye sees
NARROW, BROAD, ASIDE = 0.5, 2.0, 0.5  # of q(z) in one dimension: variances, and a mean, of N(0, 1)
ELSEWHERE, MOST = 1.0, 0.15  # KL(q(z) || p(z)) in nats, and as a share of the rate
FEW = 40  # examples, of fewer of which nothing is said


def collapse(case: Case) -> Reading:
    """A code costs something, and pictures depend on it."""
    x = case.decoded.mean.clamp(0, 1)
    change = float((x - x.mean(0)).abs().mean())
    rate = float(rate_per_dim(case.mean, case.scale).sum()) if has_rate(case) else None
    said = "" if rate is None else f"a code of {rate:.3g} nats; "
    measured = f"{said}decoded examples differ from their mean by {change:.3g} of white"
    nothing = change < SAME or (rate is not None and rate < NOTHING and case.free.all())
    return graded(measured, (nothing, Severity.ERROR))


def has_rate(case: Case) -> bool:
    return case.opened.card.code.has_rate


def dead(case: Case) -> Reading:
    """Each dimension varies with the picture."""
    alive, at = active(case.mean), np.flatnonzero(case.free)
    names = ", ".join(f"z{i}" for i in at[~alive])
    measured = f"{alive.sum()} of {alive.size} dimensions are active"
    return graded(
        measured + (f"; not {names}" if names else ""),
        (2 * alive.sum() < alive.size, Severity.WARNING),
        (not alive.all(), Severity.NOTE),
    )


def prior(case: Case) -> Reading:
    """The codes of pictures are where the prior says."""
    if len(case.mean) < FEW:
        return Reading(Severity.SKIPPED, f"the atlas has {len(case.mean)} examples; {FEW} needed")
    spread = np.square(case.scale).mean(0) + case.mean.var(0)
    aside = np.abs(case.mean.mean(0)).max()
    measured = (
        f"codes have {spread.min():.2f} to {spread.max():.2f} of the prior's variance, "
        f"their mean is within {aside:.2f} σ of its own"
    )
    moments = spread.min() < NARROW or spread.max() > BROAD or aside > ASIDE
    apart = elsewhere(case)
    if apart is None:
        return graded(measured, (moments, Severity.WARNING))
    rate = rate_per_dim(case.mean, case.scale).sum()
    much = apart > ELSEWHERE and apart > MOST * rate
    return graded(
        f"{measured}; KL(q(z) || p(z)) is {apart:.2f} nats or more, where a code has {rate:.1f}",
        (moments or much, Severity.WARNING),
        (apart > ELSEWHERE, Severity.NOTE),
    )


def elsewhere(case: Case) -> float | None:
    """At most KL(q(z) || p(z)) on average, in nats; None where there are too few examples for an
    estimate, or a choice among the dimensions."""
    atlas, half = case.opened.atlas, min(len(case.mean) // 2, 2000)
    if not has_rate(case) or not case.free.all() or half < ROWS * case.mean.shape[1]:
        return None
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(atlas.mean))[: 2 * half]
    ours, others = rows[:half], rows[half:]
    z = atlas.mean[others] + atlas.scale[others] * rng.normal(size=atlas.mean[others].shape)
    p = case.prior.log_prob(torch.from_numpy(z).float()).double().numpy()
    fitted = (mixture(atlas.mean[ours], atlas.scale[ours], n) for n in (1, None))
    return max(0.0, *(float((q.log_prob(z) - p).mean()) for q in fitted))
