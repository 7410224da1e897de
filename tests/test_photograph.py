"""From a phone's photograph of a handwritten digit to the right neighbourhood of the atlas."""

from pathlib import Path

import numpy as np
import pytest
import torch
from photographs import handwritten, photograph

import vae
from vae.atlas import encode_all
from vae.data.prepare import as_model_wants, open_picture, prepare
from vae.latent import NEIGHBOURS, nearest

DIGITS = Path(__file__).parents[1] / "assets/digits"


@pytest.fixture(scope="module")
def bundle():
    return vae.load(DIGITS)


def drawn(digit: int, seed: int) -> bytes:
    rng = np.random.default_rng([seed, digit])
    return photograph(handwritten(digit, rng), rng)


def vote(bundle, data: bytes) -> int:
    """The commonest label among the examples nearest to the photograph's."""
    x = prepare(open_picture(data), as_model_wants(bundle.card.prepare)).x
    code = encode_all(bundle.model, torch.from_numpy(x)[None])["mean"][0]
    near, _ = nearest(bundle.atlas.mean, code, NEIGHBOURS)
    return int(np.bincount(bundle.atlas.label[near]).argmax())


@pytest.mark.parametrize("seed", range(5))
def test_ten_photographed_digits_end_among_their_kind(bundle, seed):
    votes = [vote(bundle, drawn(digit, seed)) for digit in range(10)]
    assert sum(vote == digit for digit, vote in enumerate(votes)) >= 9, votes


def test_the_same_seed_is_the_same_photograph():
    assert drawn(4, 1) == drawn(4, 1) != drawn(4, 2)
