"""Whether pictures come back, and whether the likelihood is one of these pixels."""

import torch
from torch import Tensor

from vae.atlas import posteriors
from vae.card import DISTORTION
from vae.metrics.pixels import pixel_error, reconstructed
from vae.objective import surprise
from vae.seeds import Use, generator
from vae.tasks.doctor.case import Case
from vae.tasks.doctor.report import Reading, Severity, graded

LOST = 0.5  # of a picture's difference from the mean picture: more of it does not come back
MOVED = 0.1  # of the prior's σ: rounded weights move codes by 0.001
COSTLY = 1.25  # what held-out pictures cost, as a share of what the decoder's own draws do
OVERFIT, ERRORS = 0.05, 3  # of the cost of training images; standard errors
GREY = 0.5  # of the pictures' variance, which binarization adds
TWO = 0.01  # the share of pixels between black and white
WIDEST = 0.5  # σ that values in [0, 1] can have
FINEST = 1.1 / 256  # σ, a little above the limit of the likelihood


def round_trip(case: Case) -> Reading:
    """Of decoded examples, encoded and decoded once more."""
    with torch.no_grad():
        x = case.decoded.mean.clamp(0, 1)
        error = (reconstructed(case.model, x) - x).abs().mean()
    share = float(error / (x - x.mean(0)).abs().mean().clamp(min=1e-6))
    measured = f"decoded examples come back with {share:.0%} of their difference from the mean"
    return graded(f"{measured} picture lost", (share > LOST, Severity.WARNING))


def reconstruction(case: Case) -> Reading:
    """Of held-out pictures."""
    error = pixel_error(case.model, case.held_out, 0)
    share = error.value / error.control
    measured = f"{error.value:.3f} of white from n = {error.n} held-out pictures, {share:.0%} of"
    return graded(
        f"{measured} what the mean picture is",
        (share > 1, Severity.ERROR),
        (share > 0.9, Severity.WARNING),
    )


def same_encoder(case: Case) -> Reading:
    """The atlas has the codes that the encoder gives."""
    with torch.no_grad():
        here = case.model.encode(case.held_out).mean
    moved = ((here - case.z) / case.prior.stddev).square().mean().sqrt().item()
    measured = f"n = {len(here)} pictures have codes {moved:.2g} σ from those in the atlas"
    return graded(measured, (moved > MOVED, Severity.ERROR))


def overfitting(case: Case) -> Reading:
    """Held-out pictures cost what training images do."""
    taught, held = (surprise(case.model, x).cost for x in (case.taught, case.held_out))
    gap = float(held.mean() - taught.mean())
    error = float((taught.var() / len(taught) + held.var() / len(held)).sqrt())
    measured = (
        f"ELBO {-taught.mean():.1f} nats of training images, {-held.mean():.1f} of held-out ones, "
        f"n = {len(held)}, a gap of {gap:.1f} ± {error:.1f}"
    )
    much = gap > OVERFIT * float(taught.mean()) and gap > ERRORS * error
    return graded(measured, (much, Severity.WARNING))


def confidence(case: Case) -> Reading:
    """Held-out pictures cost what the decoder expects: as much as those that it draws itself."""
    cost = case.opened.atlas.named().get(DISTORTION.name)
    if cost is None:
        return Reading(Severity.SKIPPED, "the atlas has no prices: python -m vae price writes them")
    own, held = float(own_cost(case).mean()), float(cost[: len(case.z)].mean())
    measured = f"held-out pictures have a distortion of {held:.1f} nats, the decoder's own draws"
    measured = f"{measured} one of {own:.1f}"
    return graded(measured, (not own / COSTLY < held < own * COSTLY, Severity.WARNING))


def own_cost(case: Case) -> Tensor:
    """-log p(x|z) of pictures that are drawn at codes of the posteriors, (S,) nats."""
    noise = generator(Use.EXAMINATION, 1)
    q = posteriors(case.opened.atlas, case.opened.card.code)
    with torch.no_grad():
        p = case.model.decode(q.sample(generator=noise)[: len(case.z)])
        return -p.log_prob(p.sample(generator=noise))


def sigma(case: Case) -> Reading:
    """The noise of a pixel is one that values in [0, 1] can have."""
    if case.model.likelihood.binary:
        return Reading(Severity.FINE, "binary pixels, which have no σ")
    s = case.decoded.stddev
    wide, fine = ((s > WIDEST).float().mean().item(), (s < FINEST).float().mean().item())
    measured = f"σ {s.median():.3g} of white in the middle, above 0.5 at {wide:.0%} of the pixels"
    return graded(
        f"{measured}, at its limit of 1/256 at {fine:.0%}",
        (wide > 0.1 or fine > 0.9, Severity.WARNING),
    )


def greys(case: Case) -> Reading:
    """A binary likelihood has pictures in black and white, one of greys has greys."""
    x = case.held_out
    between = ((x > 0) & (x < 1)).float().mean().item()
    if not case.model.likelihood.binary:
        measured = f"{between:.0%} of the pixels are between black and white"
        return graded(measured, (between < TWO, Severity.WARNING))
    noise = (x * (1 - x)).mean().item() / max(x.var(0).mean().item(), 1e-9)
    measured = f"binarizing the pictures adds noise of {noise:.0%} of their variance"
    return graded(measured, (noise > GREY, Severity.WARNING))
