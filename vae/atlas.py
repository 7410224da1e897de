"""An atlas: where a model puts the held-out examples, which is all that the app shows of them.

It holds codes and coordinates, never pictures: the browser decodes the codes itself.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from vae.data import Images
from vae.data.base import to_unit
from vae.distributions import rate_per_dim
from vae.project import Umap, umap


class Atlas(NamedTuple):
    mean: np.ndarray  # (N, D) float32, posterior mean
    scale: np.ndarray  # (N, D) float32, posterior standard deviation
    rate: np.ndarray  # (N,) float32 nats, KL(q(z|x) || p(z))
    distortion: np.ndarray  # (N,) float32 nats, -log p(x|z) at the posterior mean
    label: np.ndarray  # (N,) uint8, the class, all 0 where the data have none
    index: np.ndarray  # (N,) int32, position in the data set's split
    umap: np.ndarray  # (N, 2) float32


def survey(
    model, images: Images, config: Umap, progress: Callable[[float], None] = lambda share: None
) -> Atlas:
    """Encode `images` and lay their codes out.

    The encoder sees the grey picture, in [0, 1]. For binary pixels the distortion is then the mean
    over all binarizations of the picture.
    """
    codes = encode_all(model, images.x)
    n = len(images.x)
    label = np.zeros(n) if images.y is None else images.y.numpy()
    return Atlas(
        **codes,
        label=label.astype(np.uint8),
        index=np.arange(n, dtype=np.int32),
        umap=umap(codes["mean"], config, progress),
    )


@torch.no_grad()
def encode_all(model, images: Tensor) -> dict[str, np.ndarray]:
    """The first four arrays of an atlas, of `images` (N, C, H, W) uint8."""
    parts = [encode_batch(model, to_unit(x)) for x in images.split(1000)]
    names = ("mean", "scale", "rate", "distortion")
    return {k: torch.cat(p).numpy() for k, p in zip(names, zip(*parts, strict=True), strict=True)}


def encode_batch(model, x: Tensor) -> tuple[Tensor, ...]:
    q = model.encode(x)
    rate = rate_per_dim(q, model.prior()).sum(-1)
    return q.mean, q.stddev, rate, -model.decode(q.mean).log_prob(x)
