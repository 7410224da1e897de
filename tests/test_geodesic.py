from pathlib import Path

import numpy as np
import pytest
import torch

import vae
from vae.bundle import find
from vae.errors import InputError
from vae.geodesic import energy_of, geodesic

ASSETS = Path(__file__).parents[1] / "assets"


@pytest.fixture(scope="module")
def digits_decoder():
    bundle = vae.load(find(ASSETS)["digits"])
    return lambda z: bundle.model.decode(z).mean


def linear(z):
    weight = torch.randn(z.shape[-1], 64, generator=torch.Generator().manual_seed(0))
    return (z @ weight.to(z)).view(-1, 1, 8, 8)


def dome(z):
    """The plane as a half sphere of radius 1, where the shortest paths are great circles."""
    r = z.norm(dim=1, keepdim=True).clamp(min=1e-9)
    return torch.cat([z / r * r.sin(), r.cos()], 1)[:, None, None]


def constant(z):
    return torch.zeros(len(z), 1, 2, 2)


def ends(seed, d=16, dtype=torch.float32):
    return torch.randn(2, d, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@pytest.mark.parametrize("share", [0.0, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_the_energy_never_rises_and_the_ends_stay(digits_decoder, seed, share):
    z = ends(seed)
    got = list(geodesic(digits_decoder, *z, share=share))
    energies = [p.energy for p in got]
    assert energies == sorted(energies, reverse=True)
    assert energies[-1] < 0.95 * energies[0]
    assert all((p.codes[[0, -1]] == z).all() for p in got)
    pixels = [energy_of(digits_decoder(p.codes).flatten(1)) for p in (got[0], got[-1])]
    assert pixels[1] <= pixels[0]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_under_a_linear_decoder_it_is_straight_and_even(share):
    z0, z1 = ends(0, dtype=torch.float64)
    *_, best = geodesic(linear, z0, z1, share=share)
    t = torch.linspace(0, 1, 17, dtype=torch.float64)[:, None]
    torch.testing.assert_close(best.codes, (1 - t) * z0 + t * z1)
    change = (linear(best.codes[1:]) - linear(best.codes[:-1])).flatten(1).norm(dim=1)
    torch.testing.assert_close(change, change[:1].expand(16))


def test_on_a_sphere_it_is_the_great_circle():
    z0, z1 = torch.tensor([[1.2, 0.1], [-0.9, 0.6]], dtype=torch.float64)
    a, b = dome(torch.stack([z0, z1])).flatten(1)
    angle = torch.arccos(a @ b)
    *_, best = geodesic(dome, z0, z1, rounds=50, tolerance=1e-9)
    x = dome(best.codes).flatten(1)
    chord = 16 * 2 * torch.sin(angle / 32)
    assert best.energy == pytest.approx(chord.item() ** 2, rel=1e-6)
    t = torch.linspace(0, 1, 17, dtype=torch.float64)[:, None] * angle
    circle = (torch.sin(angle - t) * a + torch.sin(t) * b) / torch.sin(angle)
    torch.testing.assert_close(x, circle, atol=1e-3, rtol=0)


@pytest.mark.parametrize("decode", [linear, dome, constant])
def test_between_equal_ends_it_stays(decode):
    z = ends(0)[0]
    *_, best = geodesic(decode, z, z, share=0.5)
    torch.testing.assert_close(best.codes, z.expand(17, -1))
    assert best.energy == pytest.approx(0, abs=1e-6)


def test_where_no_image_moves_it_is_the_straight_line():
    (first,) = geodesic(constant, *ends(0), share=0.5)
    assert (first.round, first.energy) == (0, 0)


def test_a_dimension_that_draws_nothing_does_no_harm():
    z = ends(0, d=4)
    *_, best = geodesic(lambda z: dome(z[:, :2]), *z)
    assert torch.isfinite(best.codes).all()


def test_it_can_be_asked_for_where_gradients_are_off(digits_decoder):
    with torch.no_grad():
        first, *_, best = geodesic(digits_decoder, *ends(1))
    assert best.energy < first.energy


def test_whoever_stops_early_has_the_best_so_far(digits_decoder):
    way = geodesic(digits_decoder, *ends(2))
    line, once = next(way), next(way)
    assert (line.round, once.round) == (0, 1)
    assert once.energy < line.energy


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_it_needs_a_code_to_move(steps):
    with pytest.raises(InputError, match="at least 2 steps"):
        next(geodesic(linear, *ends(0), steps=steps))


def test_it_refuses_codes_that_do_not_match():
    with pytest.raises(InputError, match="same model"):
        next(geodesic(linear, torch.zeros(3), torch.zeros(4)))


def test_it_refuses_a_decoder_without_numbers():
    with pytest.raises(InputError, match="finite"):
        next(geodesic(linear, torch.zeros(3), torch.tensor([0, np.nan, 0])))
