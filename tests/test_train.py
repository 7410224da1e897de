import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from processes import FORK, finish, forked
from safetensors.torch import load_file, save_file
from torch import Generator

from vae.checkpoint import tensors
from vae.data.base import Images
from vae.data.factors import Factor, Factors
from vae.errors import InputError
from vae.metrics.likelihood import per_image
from vae.objective import closed_rate, iwae, terms
from vae.train import (
    Devices,
    Known,
    Train,
    batch_at,
    binarize_bytes,
    chosen,
    fit,
    learning_rate,
    loss_of,
    objective,
    on,
    parts,
    rate_weight,
    start,
)

SHORT = Train(steps=12, batch=32, warmup=5, ema=0.9)


@pytest.fixture
def new_state(make_model):
    return lambda config=SHORT, **model: start(make_model(**model), config)


@pytest.fixture
def trained(new_state, digits, fabric):
    """A function that trains from the beginning and returns all state, after checking it."""

    def train(config=SHORT, binary=True, validation=None):
        state = new_state(config)
        for step in fit(state, digits, config, binary, fabric, validation):
            assert step.elbo.isfinite()
        return tensors(state)

    return train


def equal(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


# A run is a function of its seed


@pytest.mark.parametrize("binary", [True, False])
def test_the_same_seed_gives_the_same_weights(trained, binary):
    assert equal(trained(binary=binary), trained(binary=binary))


def test_another_seed_gives_other_weights(trained):
    assert not equal(trained(), trained(replace(SHORT, seed=1)))


def test_what_ran_before_does_not_matter(trained):
    first = trained()
    torch.rand(5)
    batch_at(numbered(9), 3, SHORT)
    assert equal(first, trained())


def test_noise_is_new_in_every_step(new_state, digits, fabric):
    config = replace(SHORT, learning_rate=0)  # and all images are one
    steps = fit(
        new_state(config), digits.take(torch.zeros(32, dtype=torch.long)), config, False, fabric
    )
    assert len({float(step.distortion) for step in steps}) == config.steps


def test_nothing_is_trained_before_a_step_is_asked_for(new_state, digits, fabric):
    state = new_state()
    before = tensors(new_state())
    steps = fit(state, digits, SHORT, True, fabric)
    assert equal(tensors(state), before)
    next(steps)
    assert not equal(tensors(state), before)


def test_the_elbo_rises(new_state, digits, fabric):
    config = Train(steps=150, batch=64, learning_rate=5e-3, warmup=50)
    elbos = [float(step.elbo) for step in fit(new_state(config), digits, config, True, fabric)]
    assert sum(elbos[-20:]) / 20 > sum(elbos[:20]) / 20 + 3


def test_a_conditional_model_learns_classes_and_what_they_do_not_say(make_model, digits, fabric):
    config = Train(steps=150, batch=64, learning_rate=1e-2, warmup=50)
    state = start(make_model(condition=True, classes=10, width=64), config)
    x, y = (digits.x[:200].float() / 255).round(), digits.y[:200]

    @torch.no_grad()
    def seen(classes):
        return parts(state.model, x, Generator().manual_seed(0), config, Known(y=classes))

    before = seen(y)
    for step in fit(state, digits, config, True, fabric, digits.take(slice(50))):
        assert step.elbo.isfinite()
    after, of_others = seen(y), seen((y + 1) % 10)
    assert after.rate + after.distortion < before.rate + before.distortion - 5
    assert after.guess < 0.5 * before.guess
    assert of_others.distortion > after.distortion + 1
    assert of_others.guess > after.guess + 0.2


def test_images_without_classes_are_refused_where_classes_are_learned(make_model, digits, fabric):
    state = start(make_model(condition=True, classes=10), SHORT)
    with pytest.raises(InputError, match="learns classes; these images have none"):
        next(fit(state, digits._replace(y=None), SHORT, True, fabric))


def test_the_average_lags_behind_the_weights(trained):
    state = trained()
    name = "decoder.0.weight"
    model, average = state[f"model.{name}"], state[f"ema.module.{name}"]
    assert not torch.equal(model, average)
    assert (model - average).abs().max() < 0.1


def test_the_average_of_a_short_training_is_not_what_it_began_with(new_state, digits, fabric):
    config = replace(SHORT, steps=30, ema=0.999)
    state = new_state(config)
    start = state.model.decoder[0].weight.detach().clone()
    for _ in fit(state, digits, config, True, fabric):
        pass
    average, end = (m.decoder[0].weight for m in (state.ema.module, state.model))
    assert (average - end).norm() < 0.5 * (start - end).norm()


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_weight_decay_shrinks_the_layers_and_nothing_else(new_state, digits, fabric, decay):
    config = replace(SHORT, weight_decay=decay, learning_rate=0.1, clip=0.0)  # clip 0: no gradient
    state = new_state(config)
    before = {k: v.clone() for k, v in state.model.state_dict().items()}
    next(fit(state, digits, config, True, fabric))
    shrunk = 1 - decay * learning_rate(0, config)
    for name, value in state.model.state_dict().items():
        want = before[name] * (shrunk if value.ndim > 1 else 1)
        torch.testing.assert_close(value, want)


def test_a_weight_on_the_total_correlation_lowers_it(new_state, digits, fabric):
    def after(weight):
        config = Train(steps=150, batch=64, learning_rate=5e-3, total_correlation=weight)
        state = new_state(config)
        for step in fit(state, digits, config, False, fabric):
            assert step.elbo.isfinite()
        x = digits.x[:200].float() / 255
        with torch.no_grad():
            found = parts(
                state.model, x, Generator().manual_seed(0), replace(config, total_correlation=1.0)
            )
        return float(found.correlation)

    assert after(50.0) < 0.8 * after(0.0)


def test_several_codes_raise_the_importance_weighted_bound(make_model, digits):
    model, x = make_model(), (digits.x[:50].float() / 255).round()
    config = Train(samples=6)

    def gradients(loss):
        return torch.autograd.grad(loss, list(model.parameters()))

    def noise():
        return Generator().manual_seed(0)

    loss = loss_of(parts(model, x, noise(), config), config, config.beta)
    bound = iwae(terms(model, x, 6, noise()).log_weight).mean()
    torch.testing.assert_close(loss, -bound)
    for got, want in zip(gradients(loss), gradients(-bound), strict=True):
        torch.testing.assert_close(got, want, rtol=1e-3, atol=1e-4)
    looser = parts(model, x, noise(), Train())
    assert -bound < looser.rate + looser.distortion


@pytest.mark.parametrize(("beta", "posterior"), [(2.0, "gaussian"), (1.0, "point")])
def test_the_importance_weighted_bound_has_a_rate_of_weight_one(new_state, beta, posterior):
    with pytest.raises(InputError, match="posterior with a rate, of weight 1"):
        new_state(replace(SHORT, samples=2, beta=beta), posterior=posterior)


@pytest.mark.parametrize("option", ["total_correlation", "supervision"])
def test_points_are_no_gaussian(new_state, option):
    with pytest.raises(InputError, match="one Gaussian"):
        new_state(replace(SHORT, **{option: 1.0}), posterior="point")


def test_supervised_dimensions_become_the_known_factors(new_state, digits, fabric):
    known = Factors((Factor("ink"),), render=None).scores(
        digits.x.float().mean((1, 2, 3)).argsort().argsort()[:, None].numpy() / len(digits.x)
    )
    images = digits._replace(factors=torch.from_numpy(known))

    def error(weight):
        config = Train(steps=150, batch=64, learning_rate=5e-3, supervision=weight, warmup=0)
        state = new_state(config)
        for step in fit(state, images, config, False, fabric):
            assert step.elbo.isfinite()
        means = state.model.encode(digits.x.float() / 255).mean.detach()
        return float((means[:, 0] - images.factors[:, 0]).square().mean())

    assert error(30.0) < 0.85 < 1 < error(0.0)  # 1 of a dimension that is always 0


@pytest.mark.parametrize(("warm_from", "beta"), [(0.0, 1.0), (30.0, 1.0), (2.0, 2.0)])
def test_the_weight_of_the_rate_goes_to_beta_and_stays(warm_from, beta):
    config = Train(warmup=10, warm_from=warm_from, beta=beta)
    weights = [rate_weight(step, config) for step in range(20)]
    assert weights[9:] == [beta] * 11
    assert weights[:10] == sorted(weights[:10], reverse=warm_from > beta)
    assert rate_weight(0, replace(config, warmup=0)) == beta


# The validation images

LOOKING = replace(SHORT, check_every=5, patience=0)


def test_looks_come_at_their_steps_and_after_the_last(new_state, digits, fabric):
    steps = list(fit(new_state(), digits, LOOKING, True, fabric, digits.take(slice(50))))
    assert [step.number for step in steps if step.validation is not None] == [5, 10, 12]


def test_looking_changes_nothing(trained, digits):
    seen = trained(LOOKING, validation=digits.take(slice(50)))
    plain = trained(LOOKING)
    assert equal({k: v for k, v in seen.items() if not k.startswith("best.")}, plain)


def test_a_look_is_the_elbo_of_the_average_with_beta_times_the_rate(make_model, digits, fabric):
    def seen(beta):
        config = Train(beta=beta)
        return objective(make_model(), digits.take(slice(50)), config, False, fabric)

    model, x = make_model(), digits.x[:50].float() / 255
    rates = closed_rate(model.encode(x), model.prior(), torch.zeros(1, 50, 3))
    assert seen(1) == seen(1)
    assert seen(0) - seen(1) == pytest.approx(rates.mean().item(), rel=1e-3)
    figures = torch.stack(list(per_image(make_model(), x, 64, seed=0)))
    assert seen(1) == pytest.approx(figures[:, 2].mean().item(), abs=0.5)


@pytest.fixture
def looks(monkeypatch):
    """A function: training sees these objectives, one at each look."""

    def see(*objectives):
        ahead = iter(objectives)
        monkeypatch.setattr("vae.train.objective", lambda *_: next(ahead))

    return see


def test_the_best_weights_are_kept(looks, new_state, digits, fabric):
    looks(-9, -7, -8, float("nan"))
    config, state = replace(LOOKING, check_every=3), new_state()
    averages = {}
    for step in fit(state, digits, config, True, fabric, digits.take(slice(5))):
        averages[step.number] = {k: v.clone() for k, v in state.ema.module.state_dict().items()}
    assert (state.best.step, state.best.objective) == (6, -7)
    assert equal(chosen(state).state_dict(), averages[6])
    assert not equal(chosen(state).state_dict(), averages[12])


def test_without_validation_images_the_last_weights_are_kept(new_state, digits, fabric):
    state = new_state()
    list(fit(state, digits, SHORT, True, fabric))
    assert equal(chosen(state).state_dict(), state.ema.module.state_dict())


@pytest.mark.parametrize(("patience", "last"), [(0, 12), (1, 4), (2, 10), (3, 12)])
def test_training_ends_when_nothing_gets_better(looks, new_state, digits, fabric, patience, last):
    looks(-9, -9.5, -8, -8, -8.1, -8)
    config, state = replace(LOOKING, check_every=2, patience=patience), new_state()
    steps = fit(state, digits, config, True, fabric, digits.take(slice(5)))
    assert [step.number for step in steps] == list(range(1, last + 1))
    assert list(fit(state, digits, config, True, fabric, digits.take(slice(5)))) == []


# Batches, pixels, step sizes


def numbered(n):
    return Images(torch.arange(n, dtype=torch.uint8).view(n, 1, 1, 1), None, {})


def numbers(images):
    return images.x.flatten().tolist()


@pytest.mark.parametrize("epoch", [0, 1, 5])
def test_an_epoch_visits_every_image_once(epoch):
    config = Train(batch=8)
    seen = [batch_at(numbered(40), 5 * epoch + i, config) for i in range(5)]
    assert [len(numbers(x)) for x in seen] == [8] * 5
    assert sorted(n for batch in seen for n in numbers(batch)) == list(range(40))


def test_epochs_and_seeds_come_in_other_orders():
    config = Train(batch=40)
    orders = [batch_at(numbered(40), step, config) for step in range(3)]
    orders.append(batch_at(numbered(40), 0, replace(config, seed=1)))
    assert len({tuple(numbers(x)) for x in orders}) == 4


def test_devices_share_a_batch():
    config = Train(batch=12)
    whole = batch_at(numbered(40), 2, config)
    shares = [batch_at(numbered(40), 2, config, rank, world=3) for rank in range(3)]
    assert [len(numbers(x)) for x in shares] == [4, 4, 4]
    assert sorted(n for share in shares for n in numbers(share)) == sorted(numbers(whole))


def test_a_batch_larger_than_the_data_is_all_of_them():
    assert len(numbers(batch_at(numbered(5), 3, Train(batch=128)))) == 5


def test_pixels_are_on_with_their_grey_value_as_probability():
    grey = torch.arange(256, dtype=torch.uint8).repeat(4000, 1)
    x = binarize_bytes(grey, Generator().manual_seed(0))
    torch.testing.assert_close(x.mean(0), torch.arange(256) / 255, atol=0.05, rtol=0)
    assert x.mean().item() == pytest.approx(0.5, abs=0.002)
    assert not x[:, 0].any()
    assert x[:, 255].all()


def test_the_step_size_rises_and_falls():
    config = Train(steps=4000)
    sizes = [learning_rate(step, config) for step in range(4000)]
    assert 0 < sizes[0] < sizes[250] < sizes[499]
    assert sizes[500:] == sorted(sizes[500:], reverse=True)
    assert max(sizes) == pytest.approx(config.learning_rate, rel=0.05)
    assert sizes[-1] == pytest.approx(0.01 * config.learning_rate, rel=0.01)


# Two processes


def train_as(rank: int, port: int, out: Path, images, state) -> None:
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    os.environ |= {"NODE_RANK": "0", "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    two = on(Devices(devices=2), strategy="ddp")
    assert (two.world_size, two.global_rank) == (2, rank)
    for step in fit(state, images, LOOKING, True, two, images.take(slice(51))):
        assert step.elbo.isfinite()
    save_file(tensors(state), out / f"{rank}.safetensors")


@FORK
def test_two_processes_end_with_equal_weights(tmp_path, new_state, digits, trained):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    start_of = (new_state(seed=rank) for rank in (0, 1))  # unequal to begin with
    processes = [
        forked(train_as, rank, port, tmp_path, digits, state) for rank, state in enumerate(start_of)
    ]
    for process in processes:
        finish(process)
    first, second = (load_file(tmp_path / f"{rank}.safetensors") for rank in (0, 1))
    assert equal(first, second)
    assert not equal(first, trained(LOOKING, validation=digits.take(slice(51))))
    assert all(x.isfinite().all() for x in first.values())
