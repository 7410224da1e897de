import multiprocessing
import os
import random
import signal
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from processes import FORK, finish, forked, limit_files
from safetensors.torch import load_file

from vae import bundle
from vae.data import DATASETS
from vae.errors import InputError
from vae.models.vae import Design
from vae.runs import Run, Started, Surveyed, Written
from vae.train import Step, Train

TINY = Run(
    data=DATASETS["digits"],
    folder=Path("tiny"),
    design=Design(latent=2, width=8, depth=0),
    config=Train(steps=60, batch=32, ema=0.9, check_every=20, patience=2),
    command="a test",
    save_every=7,
)


@pytest.fixture
def run(tmp_path):
    return replace(TINY, folder=tmp_path / "tiny")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that went through, and its events."""
    run = replace(TINY, folder=tmp_path_factory.mktemp("models") / "tiny")
    return run, list(run)


def train_only(run) -> None:
    """All of its steps and its last checkpoint."""
    for event in run:
        if isinstance(event, Surveyed):
            return


def train_part(run, last: int) -> None:
    for event in run:
        if isinstance(event, Step) and event.number == last:
            return


def same_numbers(run, other) -> bool:
    ours, theirs = load_file(run.checkpoint), load_file(other.checkpoint)
    return ours.keys() == theirs.keys() and all(torch.equal(ours[k], theirs[k]) for k in ours)


def test_events_come_in_their_order(whole):
    _, events = whole
    kinds = list(dict.fromkeys(type(event) for event in events))
    assert kinds == [Started, Step, Surveyed, Written]
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.number for step in steps] == list(range(1, 61))
    shares = [event.share for event in events if isinstance(event, Surveyed)]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_the_bundle_says_what_it_was_trained_on_and_what_chose_it(whole):
    run, (started, *_, written) = whole
    assert (started.images, started.validation) == (1318, 119)
    model, atlas, card, _ = bundle.load(run.folder)
    assert card.files == written.card.files
    assert (card.data["split"], card.data["n"], card.data["validation"]) == ("train", 1318, 119)
    assert card.training["taken"] == 60
    assert card.training["best"] == {"step": 60, "validation": started.state.best.objective}
    assert card.training["command"] == "a test"
    assert "noise" not in card.training  # binary pixels have none
    assert len(atlas.mean) == 360
    best = started.state.best.weights
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, best[name], atol=1e-3, rtol=1e-3)  # float16


def test_all_training_images_can_be_trained_on(run):
    config = replace(run.config, holdout=False, steps=3)
    events = iter(replace(run, config=config))
    started = next(events)
    assert (started.images, started.validation) == (1437, 0)
    assert [next(events).validation for _ in range(3)] == [None] * 3


def test_initial_weights_depend_on_the_seed_alone(run):
    def weights(**changes):
        torch.rand(3)
        state = next(iter(replace(run, config=replace(run.config, **changes)))).state
        return torch.cat([p.detach().flatten() for p in state.model.parameters()])

    torch.manual_seed(0)
    untouched = torch.random.get_rng_state()
    first = weights()
    torch.manual_seed(0)
    torch.rand(3)
    after = torch.random.get_rng_state()
    torch.manual_seed(0)
    weights()
    assert torch.equal(torch.random.get_rng_state(), after)
    assert not torch.equal(after, untouched)
    assert torch.equal(weights(), first)
    assert torch.equal(weights(steps=50), first)
    assert not torch.equal(weights(seed=1), first)


# ---- stopped and asked anew


@FORK
@pytest.mark.parametrize("seed", range(3))
def test_a_run_killed_at_random_moments_ends_as_if_it_had_not_been(whole, run, seed):
    uninterrupted, _ = whole
    waits, kills = random.Random(seed), 0
    for _ in range(4):
        process = forked(train_only, run)
        process.join(waits.uniform(0, 0.5))
        process.kill()
        process.join()
        kills += process.exitcode == -signal.SIGKILL
    assert kills
    train_only(run)
    assert same_numbers(run, uninterrupted)


def weights_at_start(run) -> dict:
    return {k: v.clone() for k, v in next(iter(run)).state.model.state_dict().items()}


@pytest.mark.parametrize("prior", ["normal", "mixture"])
def test_a_run_may_begin_with_a_trained_models_networks(whole, run, prior):
    base = whole[0].folder
    want = bundle.load(base).model.state_dict()
    run = replace(run, base=base, design=replace(run.design, prior=prior))
    got, other = weights_at_start(run), weights_at_start(replace(run, base=None))
    assert all(torch.equal(got[name], value) for name, value in want.items())
    assert not all(torch.equal(other[name], want[name]) for name in want)


def test_a_run_cannot_begin_with_other_networks(whole, run):
    with pytest.raises(InputError, match="has other layers; give --net, --width"):
        next(iter(replace(run, base=whole[0].folder, design=Design(latent=3))))
    with pytest.raises(InputError, match="There is no model in nowhere"):
        next(iter(replace(run, base=Path("nowhere"))))


def test_supervision_wants_factors_and_a_dimension_for_each(run):
    config = replace(run.config, supervision=1.0)
    with pytest.raises(InputError, match="has no known factors; leave --supervision out"):
        next(iter(replace(run, config=config)))
    with pytest.raises(InputError, match="has 3 ordered factors, this model 2 dimensions"):
        next(iter(replace(run, config=config, data=DATASETS["sprites"])))


def test_who_stops_asking_stops_the_run_which_then_goes_on(whole, run):
    uninterrupted, _ = whole
    train_part(run, 30)
    assert next(iter(run)).state.step == 28
    train_only(run)
    assert same_numbers(run, uninterrupted)


def test_a_run_that_is_over_only_writes_its_bundle_again(whole):
    run, _ = whole
    before = (run.folder / bundle.WEIGHTS).read_bytes()
    started, *events = run
    assert started.state.step == 60
    assert not any(isinstance(event, Step) for event in events)
    assert (run.folder / bundle.WEIGHTS).read_bytes() == before


# ---- one run at a time


def test_a_second_run_into_a_folder_is_refused_until_the_first_lets_go(run):
    first = iter(run)
    next(first)
    assert not run.checkpoint.exists()
    with pytest.raises(InputError, match=r"Another training is writing to .*tiny; wait for it"):
        next(iter(run))
    next(iter(replace(run, folder=run.folder.with_name("other"))))
    first.close()
    next(iter(run))


def wait_in(run, begun) -> None:
    events = iter(run)
    next(events)
    begun.set()
    signal.pause()


@FORK
def test_the_folder_is_free_again_when_the_process_that_had_it_is_killed(run):
    begun = multiprocessing.get_context("fork").Event()
    first = forked(wait_in, run, begun)
    assert begun.wait(60)
    with pytest.raises(InputError, match=r"Another training is writing to .*tiny"):
        next(iter(run))
    first.kill()
    first.join()
    next(iter(run))


# ---- no room


def run_with_little_room(run, room) -> None:
    limit_files(room)
    with pytest.raises(InputError, match=r"checkpoint\.safetensors cannot be written .*too large"):
        list(run)


@FORK
def test_a_checkpoint_that_does_not_fit_ends_the_run_and_leaves_the_old_one(run):
    train_part(run, 8)
    old = run.checkpoint.read_bytes()
    finish(forked(run_with_little_room, run, len(old) - 1))
    assert run.checkpoint.read_bytes() == old
    assert next(iter(run)).state.step == 7


def save_with_little_room(run, room) -> None:
    model, atlas, card, _ = bundle.load(run.folder)
    limit_files(room)
    with pytest.raises(InputError, match=r"cannot be written .*File too large"):
        bundle.save(run.folder, model, atlas, card)


@FORK
@pytest.mark.parametrize("name", [bundle.CARD, bundle.WEIGHTS, bundle.ATLAS])
def test_a_bundle_that_does_not_fit_leaves_the_old_one(whole, name):
    run, _ = whole
    before = {path: path.read_bytes() for path in run.folder.iterdir()}
    finish(forked(save_with_little_room, run, len(before[run.folder / name]) - 1))
    assert {path: path.read_bytes() for path in run.folder.iterdir()} == before
    assert sorted(run.folder.parent.iterdir()) == sorted([run.folder, run.workplace])


def run_as_nobody(run) -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)
    with pytest.raises(InputError, match=r"cannot be written \(Permission denied\)"):
        next(iter(run))


@FORK
def test_a_folder_that_cannot_be_written_is_refused_at_once(run):
    with TemporaryDirectory() as place:
        Path(place).chmod(0o555)
        finish(forked(run_as_nobody, replace(run, folder=Path(place) / "tiny")))
