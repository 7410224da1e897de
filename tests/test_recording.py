"""Who watches a training sees what it did, and changes nothing of it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from test_runs import TINY, same_numbers

from vae import bundle, record, recording
from vae.errors import InputError
from vae.project import aligned
from vae.recording import recorded
from vae.runs import Written
from vae.train import Devices, Step


@pytest.fixture
def run(tmp_path):
    return replace(TINY, folder=tmp_path / "tiny")


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """A run that went through while it was looked at after every step, and its events."""
    run = replace(TINY, folder=tmp_path_factory.mktemp("models") / "tiny")
    return run, list(recorded(run, every=0))


@pytest.fixture(scope="module")
def unwatched(tmp_path_factory):
    run = replace(TINY, folder=tmp_path_factory.mktemp("models") / "tiny")
    return run, list(run)


def read(run):
    folder = recording.folder_of(run)
    about = record.about(folder)
    return about, record.frames(folder, about), record.curve(folder)


def test_looking_changes_no_bit(watched, unwatched):
    assert same_numbers(watched[0], unwatched[0])
    files = [(run.folder / bundle.WEIGHTS).read_bytes() for run, _ in (watched, unwatched)]
    assert files[0] == files[1]
    assert kinds(watched[1]) == kinds(unwatched[1])


def kinds(events) -> list[type]:
    return list(dict.fromkeys(map(type, events)))


def test_there_is_a_frame_and_a_point_for_each_look_and_a_map_at_the_end(watched):
    run, _ = watched
    about, frames, curve = read(run)
    assert (about.n, about.image, about.steps) == (360, (1, 8, 8), 60)
    assert len(about.labels) == 360
    steps = [point.step for point in curve]
    assert steps[0] == 0
    assert steps[-1] == 60
    assert steps == sorted(set(steps))
    assert frames["step"].tolist() == [*steps, 60]
    assert record.progress(recording.folder_of(run)).phase == "done"
    umap = bundle.load(run.folder).atlas.umap
    distances = [np.linalg.norm(xy[:-1] - xy[1:], axis=1) for xy in (umap, frames[-1]["places"])]
    assert np.corrcoef(distances)[0, 1] > 0.999


def test_points_stay_where_they_can(watched):
    _, frames, _ = read(watched[0])
    for before, now in pairwise(frames[3:-1]):
        moved = np.linalg.norm(now["places"] - before["places"], axis=1).mean()
        mirrored = np.linalg.norm(now["places"] * [1, -1] - before["places"], axis=1).mean()
        assert moved < mirrored


def test_the_last_pictures_are_those_of_the_finished_model(watched):
    run, _ = watched
    about, frames, _ = read(run)
    x = np.frombuffer(record.originals(recording.folder_of(run)), np.uint8)
    x = torch.from_numpy(x.reshape(8, *about.image).copy()) / 255
    want = recording.reconstructions(bundle.load(run.folder).model, x)
    assert (frames[-1]["pictures"] == want).all()


def test_points_say_what_the_steps_had_and_training_helps_held_out_examples(watched):
    run, events = watched
    _, _, curve = read(run)
    steps = {e.number: e for e in events if isinstance(e, Step)}
    for before, point in pairwise(curve):
        numbers = range(before.step + 1, point.step + 1)
        want = [float(sum(getattr(steps[n], name) for n in numbers)) / len(numbers)
                for name in ("rate", "distortion")]  # fmt: skip
        assert point.train == pytest.approx(want, rel=1e-5)
    assert sum(curve[-1].held_out) < sum(curve[0].held_out)


def test_what_came_after_the_checkpoint_is_forgotten(run, watched):
    train_part_of(run, 25)  # the last checkpoint is of step 21
    with (recording.folder_of(run) / "frames.raw").open("ab") as file:
        file.write(b"half a frame")
    events = recorded(run, every=0)
    next(events)
    _, frames, curve = read(run)
    steps = frames["step"].tolist()
    assert steps == [point.step for point in curve]
    assert steps == sorted(set(steps))
    assert steps[-1] == 21
    list(events)
    assert same_numbers(run, watched[0])
    assert [point.step for point in read(run)[2]][: len(steps)] == steps


def train_part_of(run, last: int) -> None:
    for event in recorded(run, every=0):
        if isinstance(event, Step) and event.number == last:
            return


def test_several_devices_would_write_several_records(run):
    with pytest.raises(InputError, match="several devices"):
        next(recorded(replace(run, devices=Devices(devices=2))))
    assert not run.workplace.exists()


# ---- what is asked for meanwhile


def ask_at(run, wish: str, number: int) -> list:
    events = []
    for event in recorded(run, every=0):
        events.append(event)
        if isinstance(event, Step) and event.number == number:
            recording.request_of(run).write_text(wish)
    return events


def test_a_pause_ends_it_at_a_checkpoint_and_it_goes_on_as_if_there_had_been_none(run, watched):
    events = ask_at(run, record.PAUSE, 10)
    assert events[-1].number == 14  # the next of every seventh
    assert not run.folder.exists()
    recording.request_of(run).unlink()
    list(recorded(run))
    assert same_numbers(run, watched[0])


def test_who_has_enough_has_the_model_as_it_is(run):
    events = ask_at(run, record.FINISH, 33)
    assert max(e.number for e in events if isinstance(e, Step)) == 33
    assert isinstance(events[-1], Written)
    assert bundle.load(run.folder).card.training["taken"] == 33
    assert record.progress(recording.folder_of(run)).phase == "done"


def test_before_a_record_begins_there_is_nothing_to_read(tmp_path):
    assert record.about(tmp_path) is None
    assert record.progress(tmp_path) is None
    assert record.curve(tmp_path) == []


@pytest.mark.parametrize("mirrored", [1, -1])
def test_turned_points_are_turned_back(mirrored):
    rng = np.random.default_rng(0)
    xy = rng.normal(size=(50, 2))
    to = xy - xy.mean(0)
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]]) * [1, mirrored]
    assert aligned(xy @ turn + 3, to) == pytest.approx(to)
