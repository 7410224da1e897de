"""Anomaly scores: how unlike a model's training data pictures are; higher is more anomalous.

    score = SCORES["surprise"]
    s = score(reference(bundle), x)            # x (B, C, H, W) in [0, 1] -> (B,)

    surprise              E_b[-ELBO(b)] - H(x), see objective.py
    importance-weighted   the same with the bound of K codes, tighter than the ELBO
    regret                what the ELBO gains by a posterior of the picture's own: an encoder errs
                          most where it was not trained
    typicality            how far the surprise is from that of normal pictures, above or below
    nearest-codes         the mean distance to the nearest codes of normal pictures, in the prior's
                          standard deviations
    reconstruction        the squared error of the image of the code's mean

CONTROLS know no model: a score that does no better than the size of the picture's PNG, or than its
mean brightness, has learned nothing of what pictures show. Likelihoods of images follow their
complexity (Nalisnick et al., 2019), so these say how much of a result that is. The reconstruction
error of a plain autoencoder is a control too: the same score with its `reference`.

The noise is fixed and shared by all pictures: a picture's score does not depend on its company.

Likelihood Regret (Xiao et al., 2020), https://arxiv.org/abs/2003.02977
Do Deep Generative Models Know What They Don't Know? (Nalisnick et al., 2019),
https://arxiv.org/abs/1810.09136
Detecting Out-of-Distribution Inputs Using Typicality (Nalisnick et al., 2019),
https://arxiv.org/abs/1906.02994
Input Complexity and Out-of-Distribution Detection (Serrà et al., 2020),
https://arxiv.org/abs/1909.11480
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

import torch
from torch import Tensor, from_numpy

from vae.bundle import Bundle
from vae.card import SURPRISE
from vae.data.base import sheet, to_bytes
from vae.distributions import Latent
from vae.errors import InputError
from vae.latent import NEIGHBOURS
from vae.objective import (
    DRAWS,
    SEED,
    binarizations,
    closed_rate,
    entropies,
    iwae,
    sampled_rate,
    surprise,
    terms_of,
    weighed,
)
from vae.seeds import sfc32
from vae.tasks.refine import Refine, ascent, detached

REGRET = Refine(steps=100, samples=4, learning_rate=0.05)
ROWS = 500  # pictures scored at once


class Reference(NamedTuple):
    """A model and what it says of normal pictures."""

    model: Any
    codes: Tensor  # (N, D), posterior means
    surprise: float  # nats, the mean over normal pictures; NaN where it was not measured


Score = Callable[[Reference, Tensor], Tensor]  # x (B, C, H, W) in [0, 1] -> (B,)


def reference(opened: Bundle) -> Reference:
    """A bundle with its held-out examples as the normal pictures."""
    priced = opened.atlas.columns.get(SURPRISE)
    mean = float("nan") if priced is None else float(priced.mean())
    return Reference(opened.model, from_numpy(opened.atlas.mean), mean)


# ---- scores


def surprising(known: Reference, x: Tensor) -> Tensor:
    return surprise(known.model, x).nats


@torch.no_grad()
def importance_weighted(known: Reference, x: Tensor) -> Tensor:
    model = known.model
    p, binary = model.prior(), model.likelihood.binary
    bounds = [bound(model, p, view) for view in (binarizations(x, DRAWS, SEED) if binary else [x])]
    return -torch.stack(bounds).mean(0) - (entropies(x) if binary else 0)


def bound(model, p: Latent, x: Tensor) -> Tensor:
    """The importance-weighted bound of `x` with `DRAWS` codes, (B,) nats."""
    q = dense(model.encode(x))
    parts = [weighed(model, p, x, q, u, sampled_rate) for u in uniforms(q, DRAWS)]
    return iwae(-torch.stack([rate + distortion for rate, distortion in parts]))


def regret(known: Reference, x: Tensor, config: Refine = REGRET) -> Tensor:
    """One posterior is refined for all binarizations of a picture, whose entropy cancels."""
    model, q = known.model, dense(detached(known.model.encode(x)))
    noise = iter(uniforms(q, config.steps * config.samples).split(config.samples))
    after = q
    for _, after in ascent(model, x, q, config, lambda now: drawn(now, next(noise))):  # noqa: B007
        pass
    same = uniforms(q, 8 * DRAWS)
    return expected_elbo(model, x, after, same) - expected_elbo(model, x, q, same)


@torch.no_grad()
def expected_elbo(model, x: Tensor, q: Latent, noise: Tensor) -> Tensor:
    """(B,) nats, over the codes of q that the uniform numbers `noise` (K, …) make."""
    return terms_of(model, x, q, drawn(q, noise), closed_rate).log_weight.mean(0)


def atypical(known: Reference, x: Tensor) -> Tensor:
    if known.surprise != known.surprise:
        raise InputError(
            "The typical surprise of this model's examples was not measured; "
            "python -m vae price FOLDER measures it."
        )
    return (surprising(known, x) - known.surprise).abs()


@torch.no_grad()
def far(known: Reference, x: Tensor) -> Tensor:
    sigma = known.model.prior().stddev
    codes = known.model.encode(x).mean / sigma
    # Not by a matrix product, whose rounding depends on the number of rows.
    exact = "donot_use_mm_for_euclid_dist"
    distances = torch.cdist(codes, known.codes / sigma, compute_mode=exact)
    k = min(NEIGHBOURS, len(known.codes))
    return distances.topk(k, largest=False).values.mean(1)


@torch.no_grad()
def unlike_reconstruction(known: Reference, x: Tensor) -> Tensor:
    image = known.model.decode(known.model.encode(x).mean).mean
    return (x - image).square().flatten(1).sum(1)


SCORES: dict[str, Score] = {
    "surprise": surprising,
    "importance-weighted": importance_weighted,
    "regret": regret,
    "typicality": atypical,
    "nearest-codes": far,
    "reconstruction": unlike_reconstruction,
}


# ---- controls


def png_size(known: Reference, x: Tensor) -> Tensor:
    """Bytes of the picture's own PNG."""
    return torch.tensor([float(len(png(image))) for image in to_bytes(x).split(1)])


def png(image: Tensor) -> bytes:
    file = BytesIO()
    sheet(image).save(file, "PNG", optimize=True)
    return file.getvalue()


def brightness(known: Reference, x: Tensor) -> Tensor:
    return x.flatten(1).mean(1)


CONTROLS: dict[str, Score] = {"png-size": png_size, "brightness": brightness}


# ---- noise and portions


def dense(q: Latent) -> Latent:
    """`q`, which must have a density. Raises InputError."""
    if q.entropy_per_dim().isnan().any():
        raise InputError(
            "The posterior of this model is one point without an ELBO: "
            "score by surprise, nearest-codes or reconstruction."
        )
    return q


def uniforms(q: Latent, n: int) -> Tensor:
    """Uniform numbers for `n` codes of q, (n, …): always the same."""
    return from_numpy(sfc32(SEED + 1, n * q.uniforms).reshape(n, -1).copy())


def drawn(q: Latent, noise: Tensor) -> Tensor:
    """The codes (K, B, D) of q that uniform numbers (K, …) make, the same for all of its batch."""
    return torch.stack([q.drawn(u) for u in noise])


def in_portions(score: Score, known: Reference, x: Tensor, rows: int = ROWS) -> Tensor:
    """`score` of any number of pictures."""
    return torch.cat([score(known, part) for part in x.split(rows)])
