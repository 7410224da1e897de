"""What several test modules start from: digits, a tiny model, and that model as a bundle."""

import sys
import threading
import warnings
from time import sleep

import numpy as np
import pytest
import torch
import uvicorn
from hypothesis import HealthCheck, settings
from starlette.applications import Starlette
from starlette.middleware import Middleware

from vae import bundle, cli
from vae.atlas import COSTS, Atlas
from vae.card import AtlasCard
from vae.data import DATASETS
from vae.models import MODELS
from vae.train import on
from vae.ui import pool
from vae.ui.compress import Compress
from vae.ui.guard import Guard
from vae.ui.routes import ROUTES

torch.set_num_threads(1)

# A busy machine fails no test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_collection_modifyitems(items):
    """Those that fork come first, while a process has no threads, which a fork would leave behind
    with their locks; those in a browser come last: a process that leads one has threads and a loop
    of its own."""
    items.sort(key=lambda item: ("browser" in item.path.parts, not hasattr(item.module, "forked")))


IMAGE = (1, 8, 8)
LATENT = 3


@pytest.fixture(scope="session")
def digits():
    """The training split of scikit-learn's digits."""
    return DATASETS["digits"].load("train")


@pytest.fixture(scope="session")
def fabric():
    """One processor."""
    return on()


@pytest.fixture
def make_model():
    """A function that makes a tiny model with random weights, always the same."""

    def make(family="vae", image=IMAGE, seed=0, classes=0, **design):
        torch.manual_seed(seed)
        design = {"latent": LATENT, "width": 8} | design
        return MODELS[family](MODELS[family].Design(**design).config(image, classes))

    return make


@pytest.fixture
def atlas():
    """An atlas of random codes."""
    rng, n = np.random.default_rng(0), 20
    mean, scale = rng.normal(size=(2, n, LATENT)).astype(np.float32)
    label, index = np.arange(n, dtype=np.uint8) % 10, np.arange(n, dtype=np.int32)
    columns = dict(zip(COSTS, rng.random((len(COSTS), n), np.float32), strict=True))
    return Atlas(mean, np.exp(scale), index, mean[:, :2].copy(), label, columns)


@pytest.fixture
def card(make_model):
    model = make_model(net="conv-decoder")
    return bundle.Card(
        title="Tiny",
        description="Random weights.",
        family="vae",
        **model.config.entries(),
        data={"name": "digits", "title": "digits", "licence": "-", "split": "train", "n": 3},
        training={"command": "none"},
        atlas=AtlasCard("test", 20),
        prepare={"size": [8, 8], "channels": 1},
        metrics={"nll": {"value": 1.0, "unit": "nats", "n": 2, "seed": 0, "k": 8}},
    )


@pytest.fixture
def ends(monkeypatch, capsys):
    """A function that runs a command as a user does; returns its exit code, output and errors."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["vae", *map(str, words)])
        monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)  # main sets it
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return end.value.code, out, err

    return run


@pytest.fixture
def refusal(ends):
    """A function that runs a command that is refused; returns what it says on standard error."""

    def run(*words):
        code, out, err = ends(*words)
        assert code == 2
        assert not out
        return err

    return run


@pytest.fixture
def saved(tmp_path, make_model, atlas, card):
    """The folder of a saved bundle."""
    bundle.save(tmp_path / "tiny", make_model(net="conv-decoder"), atlas, card)
    return tmp_path / "tiny"


@pytest.fixture(scope="session", autouse=True)
def even():
    """The app's processes do not give way: beside other tests they would hardly run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "nice", 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def users_own(tmp_path_factory):
    """What the user keeps is kept in a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def url(even):
    """The address of the app's routes alone, without Streamlit, on a port of their own."""
    routes = Starlette(routes=ROUTES, middleware=[Middleware(Guard), Middleware(Compress)])
    config = uvicorn.Config(routes, port=0, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
