"""How often a conditional model knows the class of an image that it was not trained on.

By its own q(y|x), and by Bayes' rule: the class y under which the ELBO of log p(x|y) is largest.
Nobody trained the second to tell classes apart.
"""

import torch
from torch import Generator, Tensor

from vae.metrics.measure import Measure
from vae.objective import class_elbos

ROWS = 100  # priced at once


@torch.no_grad()
def accuracies(model, x: Tensor, y: Tensor, k: int, seed: int) -> dict[str, Measure]:
    """Of images `x` (N, C, H, W) of the classes `y` (N,); `k` samples for each class."""
    generator = Generator().manual_seed(seed)
    elbos = torch.cat([class_elbos(model, some, k, generator) for some in x.split(ROWS)])
    guesses = torch.cat([model.log_class(model.encoder(some)) for some in x.split(ROWS)])
    return {
        "class_by_elbo": share(elbos.argmax(1) == y, seed, k),
        "class_by_encoder": share(guesses.argmax(1) == y, seed),
    }


def share(right: Tensor, seed: int, k: int | None = None) -> Measure:
    p, n = right.double().mean().item(), len(right)
    return Measure(p, "of images", n=n, seed=seed, k=k, stderr=(p * (1 - p) / n) ** 0.5)
