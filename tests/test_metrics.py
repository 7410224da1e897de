import numpy as np
import pytest
import torch
from torch import Generator

from vae.metrics import METRICS, UNITS
from vae.metrics.codes import active
from vae.metrics.likelihood import ROWS, per_image, prepared, summarize, weigh
from vae.metrics.maps import lift_error, nearest, neighbours_kept, trustworthiness
from vae.objective import elbo, iwae, terms


def codes(n=200, d=5):
    return np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_is_a_number_that_ignores_the_order_of_images_and_dimensions(metric):
    mean, scale = codes(), np.exp(codes())
    value = metric(mean, scale)
    assert type(value) is float
    assert metric(mean[::-1, ::-1], scale[::-1, ::-1]) == pytest.approx(value, rel=1e-5)


def test_active_units_count_the_dimensions_that_move():
    mean = codes()
    mean[:, [1, 3]] *= 0.01
    assert active(mean).tolist() == [True, False, True, False, True]
    assert METRICS["active_units"](mean, np.ones_like(mean)) == 3


def test_posterior_spread_is_one_where_the_codes_fill_the_prior():
    spread, zero = METRICS["posterior_spread"], np.zeros((2000, 5), np.float32)
    assert spread(zero, zero + 1) == pytest.approx(1)
    assert spread(codes(2000), zero) == pytest.approx(1, abs=0.05)
    assert spread(0.8 * codes(2000), zero + 0.6) == pytest.approx(1, abs=0.05)


def test_figures_are_those_of_the_objective(make_model, digits):
    model, k = make_model(), 16
    x = prepared(digits.x[:1], binary=True, seed=3)
    [row] = per_image(model, x, k, seed=3)
    log_w = terms(model, x, k, Generator().manual_seed(3)).log_weight
    torch.testing.assert_close(row[2:], torch.stack([elbo(log_w)[0], iwae(log_w)[0]]).detach())
    torch.testing.assert_close(row[0] + row[1], -row[2])


def test_summary_says_how_each_figure_came_about(make_model, digits):
    x = prepared(digits.x[:9], binary=True, seed=0)
    rows = torch.stack(list(per_image(make_model(), x, 8, seed=0)))
    measured = summarize(rows, k=8, seed=0)
    for m in measured.values():
        assert (m.n, m.k, m.seed, m.unit) == (9, 8, 0, "nats")
        assert m.stderr > 0
    value = {name: m.value for name, m in measured.items()}
    assert value["elbo"] == pytest.approx(-(value["rate"] + value["distortion"]))
    assert value["nll"] <= -value["elbo"]


def test_a_seed_repeats_the_figures(make_model, digits):
    x = prepared(digits.x[:3], binary=True, seed=0)
    first, again, other = (list(per_image(make_model(), x, 4, seed)) for seed in (0, 0, 1))
    assert torch.equal(torch.stack(first), torch.stack(again))
    assert not torch.equal(torch.stack(first), torch.stack(other))


@pytest.mark.parametrize("k", [1, ROWS, ROWS + 7])
def test_portions_make_up_all_samples(make_model, k):
    rate, distortion = weigh(make_model(), torch.ones(1, 1, 8, 8), k, Generator().manual_seed(0))
    assert rate.shape == distortion.shape == (k, 1)


def test_only_binary_likelihoods_see_binary_images(digits):
    assert set(prepared(digits.x[:9], binary=True, seed=0).unique().tolist()) == {0, 1}
    torch.testing.assert_close(prepared(digits.x, binary=False, seed=0) * 255, digits.x.float())


def test_a_plane_is_mapped_with_trust_and_noise_is_not():
    plane = np.pad(codes(d=2), ((0, 0), (0, 3)))
    assert trustworthiness(plane, plane[:, :2], 200, seed=0).value == 1
    assert trustworthiness(plane, codes()[:, 3:], 200, seed=0).value < 0.7


def test_a_plane_keeps_its_neighbours_and_a_shuffled_map_next_to_none():
    plane = codes(600, 2)
    assert neighbours_kept(np.pad(plane, ((0, 0), (0, 3))), plane, 200, seed=0).value == 1
    shuffled = np.random.default_rng(1).permutation(plane)
    assert neighbours_kept(plane, shuffled, 600, seed=0).value < 0.1
    assert 0.4 < trustworthiness(plane, shuffled, 600, seed=0).value < 0.6


def test_a_code_is_no_neighbour_of_its_own_though_it_has_twins():
    twins = np.zeros((40, 2), np.float32)
    assert nearest(twins, np.arange(40), 15).shape == (40, 15)
    assert not (nearest(twins, np.arange(40), 15) == np.arange(40)[:, None]).any()


@pytest.mark.parametrize("n", [3, 16, 30])
def test_a_small_map_has_fewer_neighbours(n):
    plane = codes(n, 2)
    m = trustworthiness(plane, plane, 200, seed=0)
    assert (m.value, m.n) == (1, n)
    assert m.note == f"{(n - 1) // 2} neighbours"


def test_the_way_back_from_a_good_map_is_short():
    plane = codes(d=2)
    assert lift_error(plane, plane, 100, seed=0).value < 0.2
    assert lift_error(plane, codes()[:, 3:], 100, seed=0).value > 0.5


def test_every_metric_has_a_unit():
    assert UNITS.keys() == METRICS.keys()
