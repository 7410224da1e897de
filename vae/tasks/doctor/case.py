"""What the checks look at: a model, some examples of its atlas, and pictures where they are here.

Everything is computed once, from the first `SOME` examples, so that all checks together take
seconds. The noise is the same at every examination.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from vae.bundle import Bundle
from vae.code import free
from vae.data import Dataset
from vae.data.base import to_unit
from vae.seeds import Use, generator, permutation

SOME = 300  # examples and pictures


@dataclass(frozen=True)
class Case:
    opened: Bundle
    source: Dataset | None = None  # the model's data set, where its files are on this machine

    @property
    def model(self):
        return self.opened.model

    @cached_property
    def prior(self):
        return self.model.prior()

    # ---- the atlas, in units of the prior

    @cached_property
    def free(self) -> np.ndarray:
        """Which dimensions are numbers, not weights of a choice: (D,) bool."""
        return free(self.opened.card.code)

    @cached_property
    def mean(self) -> np.ndarray:
        """(N, F): of all examples, without choices."""
        p = self.prior
        return ((self.opened.atlas.mean - p.mean.numpy()) / p.stddev.numpy())[:, self.free]

    @cached_property
    def scale(self) -> np.ndarray:
        """(N, F)"""
        return (self.opened.atlas.scale / self.prior.stddev.numpy())[:, self.free]

    # ---- some examples, decoded

    @cached_property
    def z(self) -> Tensor:
        """Posterior means of some examples, (S, D)."""
        return torch.from_numpy(self.opened.atlas.mean[:SOME])

    @cached_property
    def decoded(self):
        """p(x|z) of them."""
        with torch.no_grad():
            return self.model.decode(self.z)

    @cached_property
    def draws(self) -> Tensor:
        """Codes of the prior, (S, D)."""
        return self.prior.sample(SOME, generator=generator(Use.EXAMINATION, 0))

    # ---- pictures of the data set, (S, C, H, W) in [0, 1]

    @cached_property
    def held_out(self) -> Tensor:
        """Those of the examples."""
        rows = torch.from_numpy(self.opened.atlas.index[:SOME]).long()
        return to_unit(self.source.load(self.opened.card.atlas.split).x[rows])

    @cached_property
    def taught(self) -> Tensor:
        """Training images, at random."""
        images = self.source.load("train").x
        return to_unit(images[permutation(len(images), Use.EXAMINATION, 0)[:SOME]])
