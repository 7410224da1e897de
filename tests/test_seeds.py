import os
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
import torch

from vae import seeds
from vae.seeds import Use

KEYS = [
    (use, seed, *key)
    for use in Use
    for seed in (0, 1)
    for n in range(3)
    for key in product((0, 1), repeat=n)
]


def test_each_key_has_numbers_of_its_own():
    assert len({seeds.word(*key) for key in KEYS}) == len(KEYS)


def test_a_key_has_the_same_numbers_in_another_process():
    """Whatever PYTHONHASHSEED is."""
    code = "from vae.seeds import Use, word; print(word(Use.NOISE, 3, 5, 7))"
    env = os.environ | {"PYTHONHASHSEED": "1"}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert int(said.stdout) == seeds.word(Use.NOISE, 3, 5, 7)


def test_neighbouring_keys_have_nothing_in_common():
    drawn = torch.stack(
        [torch.randn(1000, generator=seeds.generator(Use.NOISE, 0, i)) for i in range(20)]
    )
    off = torch.corrcoef(drawn)[~torch.eye(20, dtype=bool)]
    assert off.abs().max() < 0.15  # five standard errors


@pytest.mark.parametrize("n", [0, 1, 50])
def test_a_permutation_is_one(n):
    assert sorted(seeds.permutation(n, Use.ORDER, 0).tolist()) == list(range(n))


def test_what_is_seeded_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    want = torch.rand(4)
    torch.manual_seed(3)
    with seeds.seeded(Use.WEIGHTS, 0):
        first = torch.rand(4)
    assert torch.equal(torch.rand(4), want)
    with seeds.seeded(Use.WEIGHTS, 0):
        assert torch.equal(torch.rand(4), first)


def test_what_the_browser_draws_is_uniform_and_depends_on_the_seed_alone():
    drawn = np.array([seeds.sfc32(seed, 4000) for seed in range(20)])
    assert (drawn[3] == seeds.sfc32(3, 5000)[:4000]).all()
    assert ((drawn >= 0) & (drawn < 1)).all()
    assert abs(drawn.mean() - 0.5) < 0.005
    off = np.corrcoef(drawn)[~np.eye(20, dtype=bool)]
    assert np.abs(off).max() < 0.08  # five standard errors
