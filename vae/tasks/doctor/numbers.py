"""Whether the numbers of a model are numbers, and of a usual size."""

import numpy as np
import torch
from torch import Tensor

from vae.distributions import FARTHEST, WIDEST
from vae.seeds import Use, generator
from vae.tasks.doctor.case import Case
from vae.tasks.doctor.report import Reading, Severity, graded

HUGE = 1000  # a weight: those of the shipped models are below 10
FAR, WIDE = 20, 2  # of a code, in the prior's standard deviations: theirs are below 6 and 1.2
EXTREME = 6  # where a slider may lead, in the same
BRIGHT = 1000  # a decoded pixel's mean, where white is 1


def weights(case: Case) -> Reading:
    """No weight is NaN or infinite, or huge."""
    arrays = {name: value.numpy() for name, value in case.model.state_dict().items()}
    if broken := [said for name, a in arrays.items() if (said := unfinite(name, a))]:
        return Reading(Severity.ERROR, "; ".join(broken))
    name = max(arrays, key=lambda name: np.abs(arrays[name]).max())
    largest = np.abs(arrays[name]).max()
    measured = f"{sum(a.size for a in arrays.values()):,} numbers, the largest {largest:.3g}"
    return graded(f"{measured} in {name}", (largest > HUGE, Severity.WARNING))


def unfinite(name: str, a: np.ndarray) -> str:
    """How many of an array are no finite numbers; nothing where all are."""
    n = int((~np.isfinite(a)).sum())
    return f"{n:,} of the {a.size:,} numbers of {name} are NaN or infinite" if n else ""


def scored(column: np.ndarray) -> np.ndarray:
    """The rows (K, S) of a column of scores: one that was not measured is NaN throughout."""
    return column[~np.isnan(column).all(1)] if column.ndim == 2 else column


def atlas(case: Case) -> Reading:
    """Every code and every place on the map is a number."""
    atlas = case.opened.atlas
    arrays = {name: getattr(atlas, name) for name in ("mean", "scale", "umap")}
    arrays |= {name: scored(column) for name, column in atlas.named().items()}
    if broken := [said for name, a in arrays.items() if (said := unfinite(name, a))]:
        return Reading(Severity.ERROR, "; ".join(broken))
    if (atlas.scale < 0).any():
        return Reading(Severity.ERROR, "some of the posterior's scales are negative")
    return Reading(Severity.FINE, f"{len(atlas.mean):,} examples, all of finite numbers")


def scales(case: Case) -> Reading:
    """No posterior is far beyond the prior."""
    far, wide = np.abs(case.mean).max(), case.scale.max()
    measured = f"means within {far:.3g} and scales within {wide:.3g} of the prior's σ"
    at_bounds = far >= 0.99 * FARTHEST or wide >= 0.99 * WIDEST
    return graded(
        measured, (at_bounds, Severity.ERROR), (far > FAR or wide > WIDE, Severity.WARNING)
    )


def ranges(case: Case) -> Reading:
    """Codes of the prior and at the ends of the sliders are decoded to finite pictures, and blank
    pictures and noise are encoded to finite codes."""
    with torch.no_grad():
        pictures = case.model.decode(torch.cat([case.draws, ends(case)])).mean
        codes = case.model.encode(odd(case.model.config.image))
    broken = int((~pictures.isfinite()).flatten(1).any(1).sum())
    unknown = int((~(codes.mean + codes.stddev).isfinite()).any(1).sum())
    if broken or unknown:
        return Reading(
            Severity.ERROR,
            f"{broken} of {len(pictures)} decoded pictures and {unknown} of {len(codes.mean)} "
            "codes of odd pictures have values that are NaN or infinite",
        )
    low, high = float(pictures.min()), float(pictures.max())
    return graded(
        f"{len(pictures)} pictures decoded to means from {low:.3g} to {high:.3g}, all finite",
        (max(-low, high) > BRIGHT, Severity.WARNING),
    )


def ends(case: Case) -> Tensor:
    """Codes that have one number at the end of its slider, (2 F, D)."""
    p, at = case.prior, torch.from_numpy(case.free).nonzero()[:, 0]
    z = p.mean.repeat(2 * len(at), 1)
    rows, signs = torch.arange(len(z)), torch.tensor([-1.0, 1.0]).repeat_interleave(len(at))
    z[rows, at.repeat(2)] += EXTREME * signs * p.stddev[at.repeat(2)]
    return z


def odd(image: tuple[int, int, int]) -> Tensor:
    """Black, white, and noise: (3, C, H, W)."""
    black, white = torch.zeros(image), torch.ones(image)
    return torch.stack([black, white, torch.rand(image, generator=generator(Use.EXAMINATION, 2))])
