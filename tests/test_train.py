import json
import multiprocessing
import os
import socket
import time
import warnings
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Generator

from vae import train as training
from vae.errors import InputError
from vae.train import Train, batch_at, binarize_bytes, fit, learning_rate, on, start, tensors

SHORT = Train(steps=12, batch=32, warmup=5, ema=0.9)


@pytest.fixture(scope="module")
def fabric():
    return on(accelerator="cpu", devices=1)


@pytest.fixture
def new_run(make_model):
    return lambda config=SHORT, **model: start(make_model(**model), config)


@pytest.fixture
def trained(new_run, digits, fabric):
    """A function that trains from the beginning and returns all state, after checking it."""

    def train(config=SHORT, binary=True):
        run = new_run(config)
        for step in fit(run, digits.x, config, binary, fabric):
            assert step.elbo.isfinite()
        return tensors(run)

    return train


@pytest.fixture
def checkpoint(tmp_path, new_run, digits, fabric):
    """A checkpoint after 7 steps."""
    run = new_run()
    for step in islice(fit(run, digits.x, SHORT, True, fabric), 7):
        last = step.number
    path = tmp_path / "run" / "checkpoint.safetensors"
    training.save(path, run, SHORT, last)
    return path


FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def forked(f, *args) -> multiprocessing.Process:
    """Run `f` in a copy of this process, which saves importing everything anew."""
    process = multiprocessing.get_context("fork").Process(target=f, args=args, daemon=True)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Python 3.12 on
        process.start()
    return process


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
    batch_at(torch.zeros(9, 1, 1, 1, dtype=torch.uint8), 3, SHORT)
    assert equal(first, trained())


def test_training_goes_on_where_a_checkpoint_ends(checkpoint, new_run, trained, digits, fabric):
    run = new_run(seed=9)  # other weights to begin with
    first = training.load(checkpoint, run, SHORT)
    numbers = [step.number for step in fit(run, digits.x, SHORT, True, fabric, first)]
    assert numbers == [8, 9, 10, 11, 12]
    assert equal(tensors(run), trained())


def test_noise_is_new_in_every_step(new_run, digits, fabric):
    config = replace(SHORT, learning_rate=0)  # and all images are one
    steps = fit(new_run(config), digits.x[:1].repeat(32, 1, 1, 1), config, False, fabric)
    assert len({float(step.distortion) for step in steps}) == config.steps


def test_nothing_is_trained_before_a_step_is_asked_for(new_run, digits, fabric):
    run = new_run()
    before = tensors(new_run())
    steps = fit(run, digits.x, SHORT, True, fabric)
    assert equal(tensors(run), before)
    next(steps)
    assert not equal(tensors(run), before)


def test_the_elbo_rises(new_run, digits, fabric):
    config = Train(steps=150, batch=64, learning_rate=5e-3, warmup=50)
    elbos = [float(step.elbo) for step in fit(new_run(config), digits.x, config, True, fabric)]
    assert sum(elbos[-20:]) / 20 > sum(elbos[:20]) / 20 + 3


def test_the_average_lags_behind_the_weights(trained):
    state = trained()
    name = "decoder.0.weight"
    model, average = state[f"model.{name}"], state[f"ema.module.{name}"]
    assert not torch.equal(model, average)
    assert (model - average).abs().max() < 0.1


# Batches, pixels, step sizes


def numbered(n):
    return torch.arange(n, dtype=torch.uint8).view(n, 1, 1, 1)


@pytest.mark.parametrize("epoch", [0, 1, 5])
def test_an_epoch_visits_every_image_once(epoch):
    config = Train(batch=8)
    seen = [batch_at(numbered(40), 5 * epoch + i, config) for i in range(5)]
    assert [len(x) for x in seen] == [8] * 5
    assert sorted(torch.cat(seen).flatten().tolist()) == list(range(40))


def test_epochs_and_seeds_come_in_other_orders():
    config = Train(batch=40)
    orders = [batch_at(numbered(40), step, config) for step in range(3)]
    orders.append(batch_at(numbered(40), 0, replace(config, seed=1)))
    assert len({tuple(x.flatten().tolist()) for x in orders}) == 4


def test_devices_share_a_batch():
    config = Train(batch=12)
    whole = batch_at(numbered(40), 2, config)
    shares = [batch_at(numbered(40), 2, config, rank, world=3) for rank in range(3)]
    assert [len(x) for x in shares] == [4, 4, 4]
    assert sorted(torch.cat(shares).flatten()) == sorted(whole.flatten())


def test_a_batch_larger_than_the_data_is_all_of_them():
    assert len(batch_at(numbered(5), 3, Train(batch=128))) == 5


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


# Checkpoints


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_checkpoint_cut_short_is_refused_by_name(checkpoint, new_run, share):
    raw = checkpoint.read_bytes()
    checkpoint.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(InputError, match=r"checkpoint\.safetensors cannot be used.*Delete it"):
        training.load(checkpoint, new_run(), SHORT)


@pytest.mark.parametrize("change", [{"seed": 1}, {"steps": 13}, {"beta": 0.5}], ids=str)
def test_a_checkpoint_of_other_settings_is_refused(checkpoint, new_run, change):
    with pytest.raises(InputError, match=r"checkpoint\.safetensors belongs to a run with other"):
        training.load(checkpoint, new_run(), replace(SHORT, **change))


@pytest.mark.parametrize(
    "design", [{"width": 9}, {"net": "conv"}, {"likelihood": "gaussian"}], ids=str
)
def test_a_checkpoint_of_another_model_is_refused(checkpoint, new_run, design):
    with pytest.raises(InputError, match=r"checkpoint\.safetensors cannot be used"):
        training.load(checkpoint, new_run(**design), SHORT)


@pytest.mark.parametrize(
    "about",
    [None, {"step": "7"}, {"train": "{}"}, {"train": "no"}, {"train": json.dumps(vars(SHORT))}],
)
def test_a_foreign_safetensors_file_is_refused(checkpoint, new_run, about):
    save_file(load_file(checkpoint), checkpoint, metadata=about)
    with pytest.raises(InputError, match=r"checkpoint\.safetensors"):
        training.load(checkpoint, new_run(), SHORT)


@pytest.mark.parametrize("moment", ["save_file", "os.fsync", "Path.replace"])
def test_a_save_that_fails_leaves_the_old_checkpoint(checkpoint, new_run, monkeypatch, moment):
    old = checkpoint.read_bytes()
    monkeypatch.setattr(f"vae.train.{moment}", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        training.save(checkpoint, new_run(), SHORT, 12)
    assert checkpoint.read_bytes() == old


def save_for_ever(path, run):
    for step in range(10**9):
        training.save(path, run, SHORT, step)


@FORK
@pytest.mark.parametrize("wait", [0.03, 0.05, 0.08, 0.13])
def test_a_kill_during_a_save_leaves_a_whole_checkpoint(checkpoint, new_run, wait):
    saver = forked(save_for_ever, checkpoint, new_run())
    time.sleep(wait)
    saver.kill()
    saver.join()
    assert saver.exitcode < 0
    assert training.load(checkpoint, new_run(), SHORT) >= 0


# Two processes


def train_as(rank: int, port: int, out: Path, images, run) -> None:
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    os.environ |= {"NODE_RANK": "0", "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"}
    two = on(accelerator="cpu", strategy="ddp", devices=2)
    assert (two.world_size, two.global_rank) == (2, rank)
    assert all(step.elbo.isfinite() for step in fit(run, images, SHORT, True, two))
    save_file(tensors(run), out / f"{rank}.safetensors")


@FORK
def test_two_processes_end_with_equal_weights(tmp_path, new_run, digits, trained):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    start_of = (new_run(seed=rank) for rank in (0, 1))  # unequal to begin with
    processes = [
        forked(train_as, rank, port, tmp_path, digits.x, run) for rank, run in enumerate(start_of)
    ]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    first, second = (load_file(tmp_path / f"{rank}.safetensors") for rank in (0, 1))
    assert equal(first, second)
    assert not equal(first, trained())
    assert all(x.isfinite().all() for x in first.values())
