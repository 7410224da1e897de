import pytest
import torch

from vae.distributions import Point
from vae.metrics.pixels import pixel_error


class Picture:
    """p(x|z) around a picture."""

    def __init__(self, mean):
        self.mean = mean


class Copier:
    """A model whose code is the picture and whose reconstruction is `off` too bright."""

    def __init__(self, off: float):
        self.off = off

    def encode(self, x):
        return Point(x.flatten(1))

    def decode(self, z):
        return Picture(z.view(len(z), 1, 2, 2) + self.off)


@pytest.mark.parametrize("off", [0.0, 0.125, -0.25])
def test_the_error_is_how_far_each_pixel_is_off(off):
    x = torch.rand(1200, 1, 2, 2) / 2 + 0.25
    found = pixel_error(Copier(off), x, seed=0)
    assert found.value == pytest.approx(abs(off), abs=1e-6)
    assert found.stderr == pytest.approx(0, abs=1e-6)
    assert found.n == 1200


def test_what_lies_beyond_white_is_cut_off():
    assert pixel_error(Copier(1.0), torch.ones(2, 1, 2, 2), seed=0).value == 0


def test_the_control_is_the_mean_image():
    x = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).expand(2, 1, 2, 2)
    assert pixel_error(Copier(0.0), x, seed=0).control == 0.5
