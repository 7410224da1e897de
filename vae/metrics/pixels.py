"""How far reconstructions are from their pictures, pixel by pixel."""

import torch
from torch import Tensor

from vae.metrics.measure import Measure

ROWS = 500  # images at once
NOTE = "the mean image in place of each reconstruction"


@torch.no_grad()
def pixel_error(model, x: Tensor, seed: int) -> Measure:
    """The mean of |x - E[x|z]| over all numbers of images `x` (N, C, H, W) in [0, 1], z being the
    mean of each posterior. `seed` is the one that binarized them, if they are."""
    errors = torch.cat([(some - reconstructed(model, some)).abs() for some in x.split(ROWS)])
    each = errors.flatten(1).mean(1).double()
    return Measure(
        value=each.mean().item(),
        unit="of white",
        n=len(x),
        seed=seed,
        stderr=each.std().item() / len(x) ** 0.5,
        note=NOTE,
        control=(x - x.mean(0)).abs().mean().item(),
    )


def reconstructed(model, x: Tensor) -> Tensor:
    """What `model` makes of pictures (N, C, H, W) in [0, 1], in the same."""
    return model.decode(model.encode(x).mean).mean.clamp(0, 1)
