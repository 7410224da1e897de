"""A folder is replaced whole or not at all, whenever the process that does it is killed."""

import os
import random
import signal
import sys
import time
from itertools import count

import numpy as np
import pytest
from processes import FORK, forked

from vae import bundle, files
from vae.bundle import WEIGHTS
from vae.errors import InputError

STEPS = ("open", "os.", "shutil.", "ctypes.")
OLD, NEW = {"a": "old", "b": "old"}, {"a": "new", "c": "new"}
WAYS = pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "two renames"])


def contents(folder) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def fill(folder, texts) -> None:
    with files.replacing(folder) as new:
        for name, text in texts.items():
            (new / name).write_text(text)


def fill_until(folder, moment: int) -> None:
    """As `fill`, but killed before the step of this number on the file system."""
    steps = count()

    def step(event: str, _) -> None:
        if event.startswith(STEPS) and next(steps) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(step)
    fill(folder, NEW)


@pytest.fixture
def way(exchanges, monkeypatch):
    """The system can exchange two folders, or it cannot."""
    if not exchanges:
        monkeypatch.setattr(files, "exchange", lambda *_: False)


def killed_everywhere(folder):
    """Kill the replacing of `folder` before its first step, its second, and so on to its end."""
    for moment in count():
        fill(folder, OLD)
        process = forked(fill_until, folder, moment)
        process.join()
        yield moment
        if process.exitcode == 0:
            return


@FORK
@pytest.mark.usefixtures("way")
@WAYS
def test_who_is_killed_leaves_the_old_or_the_new_and_the_next_one_clears_up(tmp_path, exchanges):
    folder, left = tmp_path / "folder", []
    for _ in killed_everywhere(folder):
        aside = files.aside_of(folder)
        there = folder if exchanges or folder.exists() else aside
        left.append(contents(there))
        fill(folder, NEW)
        assert contents(folder) == NEW
        assert list(tmp_path.iterdir()) == [folder]
    assert left[0] == OLD
    assert left[-1] == NEW
    assert all(one in (OLD, NEW) for one in left)
    assert len(left) > 8


@FORK
@pytest.mark.parametrize("exchanges", [False], ids=["two renames"])
@pytest.mark.usefixtures("way")
def test_what_stands_aside_only_comes_back(tmp_path):
    folder, aside = tmp_path / "folder", 0
    for _ in killed_everywhere(folder):
        if not folder.exists():
            aside += 1
            with pytest.raises(ZeroDivisionError), files.replacing(folder):
                raise ZeroDivisionError
            assert contents(folder) == OLD
    assert aside == 1


def test_a_model_that_stands_aside_is_named(saved):
    old = files.aside_of(saved)
    old.parent.mkdir()
    saved.rename(old)
    with pytest.raises(InputError, match=r"while it replaced it has left it in .*\.tiny\.part/old"):
        bundle.read_card(saved)
    bundle.load(old)


@WAYS
@pytest.mark.usefixtures("way")
def test_a_failure_leaves_the_old(tmp_path):
    folder = tmp_path / "folder"
    fill(folder, OLD)
    with pytest.raises(TypeError):
        fill(folder, NEW | {"d": None})
    assert contents(folder) == OLD
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.usefixtures("way")
@WAYS
def test_nothing_a_file_and_an_empty_folder_are_replaced(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("none", "empty"):
        fill(tmp_path / name, NEW)
        assert contents(tmp_path / name) == NEW


def save_for_ever(folder, models) -> None:
    _, atlas, card, _ = bundle.load(folder)
    for i in count():
        bundle.save(folder, models[i % 2], atlas, card)


def first(model) -> np.ndarray:
    return next(iter(model.state_dict().values())).half().numpy()


@FORK
@pytest.mark.parametrize("seed", range(4))
def test_a_kill_during_a_save_leaves_a_whole_bundle(saved, make_model, seed):
    models = [make_model(net="conv-decoder", seed=i) for i in (0, 1)]
    waits = random.Random(seed)
    for _ in range(3):
        saver = forked(save_for_ever, saved, models)
        time.sleep(waits.uniform(0.05, 0.2))
        saver.kill()
        saver.join()
        assert saver.exitcode == -signal.SIGKILL
        opened = bundle.load(saved).model
        assert any(np.array_equal(first(opened), first(model)) for model in models)
    assert (saved / WEIGHTS).is_file()
    assert list(bundle.find(saved.parent)) == [saved.name]
