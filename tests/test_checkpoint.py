import json
import random
import signal
import time
from dataclasses import replace
from itertools import islice

import pytest
import torch
from processes import FORK, finish, forked, limit_files
from safetensors.torch import load_file, save_file

from vae import checkpoint as checkpoints
from vae.checkpoint import tensors
from vae.errors import InputError
from vae.train import Train, fit, start

SHORT = Train(steps=12, batch=32, warmup=5, ema=0.9, check_every=5, patience=0)


@pytest.fixture
def new_state(make_model):
    return lambda config=SHORT, **model: start(make_model(**model), config)


@pytest.fixture
def steps(digits, fabric):
    """A function: the steps that advance a state."""
    return lambda state, config=SHORT: fit(
        state, digits, config, True, fabric, digits.take(slice(50))
    )


@pytest.fixture
def checkpoint(tmp_path, new_state, steps):
    """A checkpoint after 7 steps, the best of which was the fifth."""
    state = new_state()
    list(islice(steps(state), 7))
    path = tmp_path / "checkpoint.safetensors"
    checkpoints.save(path, state, SHORT)
    return path


def test_what_is_saved_is_loaded(checkpoint, new_state, steps):
    state, other = new_state(), new_state(seed=9)
    list(islice(steps(state), 7))
    checkpoints.load(checkpoint, other, SHORT)
    assert_equal(state, other)
    assert (other.step, other.best.step) == (7, 5)


def assert_equal(state, other):
    assert (state.step, state.best[:2]) == (other.step, other.best[:2])
    ours, theirs = tensors(state), tensors(other)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[k], theirs[k]) for k in ours)


@pytest.mark.parametrize(
    ("after", "net"), [*((after, "dense") for after in range(12)), (7, "conv")]
)
def test_training_goes_on_where_a_checkpoint_ends(tmp_path, new_state, steps, after, net):
    state, other, whole = (new_state(net=net, width=32, seed=seed) for seed in (0, 9, 0))
    list(islice(steps(state), after))
    checkpoints.save(tmp_path / "x", state, SHORT)
    checkpoints.load(tmp_path / "x", other, SHORT)
    assert [step.number for step in steps(other)] == list(range(after + 1, 13))
    list(steps(whole))
    assert_equal(other, whole)


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_checkpoint_cut_short_is_refused_by_name(checkpoint, new_state, share):
    raw = checkpoint.read_bytes()
    checkpoint.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(InputError, match=r"checkpoint\.safetensors cannot be used.*Delete it"):
        checkpoints.load(checkpoint, new_state(), SHORT)


@pytest.mark.parametrize("change", [{"seed": 1}, {"steps": 13}, {"beta": 0.5}], ids=str)
def test_a_checkpoint_of_other_settings_is_refused(checkpoint, new_state, change):
    with pytest.raises(InputError, match=r"checkpoint\.safetensors belongs to a run with other"):
        checkpoints.load(checkpoint, new_state(), replace(SHORT, **change))


@pytest.mark.parametrize(
    "design", [{"width": 9}, {"net": "conv"}, {"likelihood": "gaussian"}], ids=str
)
def test_a_checkpoint_of_another_model_is_refused(checkpoint, new_state, design):
    with pytest.raises(InputError, match=r"checkpoint\.safetensors cannot be used"):
        checkpoints.load(checkpoint, new_state(**design), SHORT)


@pytest.mark.parametrize(
    "about",
    [
        None,
        {"step": "7"},
        {"train": "{}"},
        {"train": "no"},
        {"train": json.dumps(vars(SHORT))},
        {"train": json.dumps(vars(SHORT)), "data": '""', "step": "7", "best": "{}"},
    ],
)
def test_a_foreign_safetensors_file_is_refused(checkpoint, new_state, about):
    save_file(load_file(checkpoint), checkpoint, metadata=about)
    with pytest.raises(InputError, match=r"checkpoint\.safetensors"):
        checkpoints.load(checkpoint, new_state(), SHORT)


def save_into_little_room(path, state, room) -> None:
    checkpoints.load(path, state, SHORT)
    limit_files(room)
    with pytest.raises(InputError, match=r"checkpoint\.safetensors cannot be written .*too large"):
        checkpoints.save(path, state, SHORT)


@FORK
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_save_that_does_not_fit_leaves_the_old_checkpoint(checkpoint, new_state, share):
    old = checkpoint.read_bytes()
    finish(forked(save_into_little_room, checkpoint, new_state(), int(share * len(old))))
    assert checkpoint.read_bytes() == old
    assert list(checkpoint.parent.iterdir()) == [checkpoint]


def save_for_ever(path, state):
    while True:
        state.step += 1
        checkpoints.save(path, state, SHORT)


@FORK
@pytest.mark.parametrize("wait", [random.Random(seed).uniform(0.02, 0.2) for seed in range(4)])
def test_a_kill_during_a_save_leaves_a_whole_checkpoint(checkpoint, new_state, wait):
    saver = forked(save_for_ever, checkpoint, new_state())
    time.sleep(wait)
    saver.kill()
    saver.join()
    assert saver.exitcode == -signal.SIGKILL
    checkpoints.load(checkpoint, new_state(), SHORT)
