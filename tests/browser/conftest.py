"""The app as a user starts it, and a real Chromium that looks at it."""

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
import torch
from playwright.sync_api import expect, sync_playwright

from vae.atlas import COSTS, Atlas
from vae.bundle import Card, save
from vae.card import AtlasCard, Name
from vae.models.vae import VAE, Design
from vae.ui.routes.maps import warm_stamp

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# WebGL on the processor; the rest of the page is composited without it, which is far quicker. No
# other host is found, and a camera, for whom it is allowed, shows a green moving picture.
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
    "--use-fake-device-for-media-stream",
]
# Workers of pytest-xdist look for a free port from different ones on, so that no two find the same.
PORT = 8700 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
PATIENCE = 120_000  # ms: a shared machine may be slow, and no test is about time
DRAWN = ".atelier .stage:not(:has(.waiting))"
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def start(cache: Path, models: Path, *options: str) -> tuple[subprocess.Popen, str]:
    """The app in a process of its own, with its own cache and further models; its processes do not
    give way, as beside other tests they would hardly run.

    UMAP counts as warm: compiling it would keep a core busy for a minute beside the tests, and the
    one that asks for a map waits for as long as it takes.
    """
    stamp = cache / "vae-atelier" / "maps" / warm_stamp()
    stamp.parent.mkdir(parents=True)
    stamp.touch()
    own = {"XDG_CACHE_HOME": str(cache), "XDG_DATA_HOME": str(data_of(models))}
    environment = {**os.environ, **own, "VAE_MODELS": str(models)}
    process = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(PORT), "--no-browser", "--nice", "0", *options],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    url = next(w for w in process.stdout.readline().split() if w.startswith("http"))
    until = monotonic() + 60
    while monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health").close()
            return process, url
        except OSError:
            sleep(0.2)
    process.kill()
    raise TimeoutError("The app did not start.")


def data_of(models: Path) -> Path:
    """Where the app keeps what is the user's own."""
    return models.with_name("data")


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder with models of our own: odd labels, colour and convolutions, and damaged ones."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "odd", (1, 8, 8), "bernoulli", "dense")
    write_model(folder / "convolutional", (3, 8, 12), "gaussian", "conv")
    for kind in ("flipped", "newer", "unknown-op"):
        shutil.copytree(folder / "odd", folder / kind)
    damage(folder)
    return folder


def write_model(
    folder: Path,
    image: tuple,
    likelihood: str,
    net: str,
    n: int = 120,
    posterior: str = "gaussian",
    change=lambda model: None,
) -> None:
    """A bundle with random codes, and random weights but for what `change(model)` does to them."""
    design = Design(latent=4, net=net, width=16, likelihood=likelihood, posterior=posterior)
    torch.manual_seed(0)
    model = VAE(design.config(image))
    change(model)
    rng = np.random.default_rng(0)
    mean, scale = rng.normal(size=(2, n, 4)).astype(np.float32)
    label, index = np.arange(n, dtype=np.uint8) % 2, np.arange(n, dtype=np.int32)
    columns = dict(zip(COSTS, rng.random((len(COSTS), n), np.float32), strict=True))
    atlas = Atlas(mean, np.exp(scale), index, mean[:, :2].copy(), label, columns)
    names = ["<img src=x onerror=alert(1)>", "b"]
    data = {"name": "digits", "title": "noise", "licence": "-", "classes": names}
    card = Card(
        title="<b>odd</b>",
        description="Random.",
        family="vae",
        **model.config.entries(),
        data=data,
        training={},
        atlas=AtlasCard("test", n),
        prepare={},
        names=(Name(1, "slant", -0.8, n),),
    )
    save(folder, model, atlas, card)


def damage(folder: Path) -> None:
    weights = folder / "flipped" / "weights.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    for kind, old, new in (
        ("newer", '"format": 2', '"format": 99'),
        ("unknown-op", '"op": "silu"', '"op": "constructor"'),
    ):
        card = folder / kind / "bundle.json"
        card.write_text(card.read_text("utf-8").replace(old, new), "utf-8")


@pytest.fixture(scope="session")
def app(tmp_path_factory, models):
    process, url = start(tmp_path_factory.mktemp("cache"), models)
    yield url
    process.terminate()
    process.communicate()


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("The browser tests need chromium: apt-get install chromium.")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(app, chromium):
    """A page of the app's own address, for what is only computed there: tests bring functions as
    text, which the app's own policy forbids."""
    context = chromium.new_context(bypass_csp=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(app)
    yield page
    context.close()


@pytest.fixture(scope="session")
def context_of(chromium):
    """A function that gives a browser context: one for each way of looking, so that what it has
    loaded once is not loaded again."""
    contexts = {}

    def context(**options):
        key = repr(options)
        if key not in contexts:
            contexts[key] = chromium.new_context(reduced_motion="reduce", **options)
            contexts[key].set_default_timeout(PATIENCE)
        return contexts[key]

    yield context
    for made in contexts.values():
        made.close()


@pytest.fixture
def visit(app, context_of):
    """Open the app: `visit("?model=digits", viewport=PHONE, color_scheme="dark")`.

    The first visit of each way is in a tab that stays from test to test, in which the app opens in
    half the time; it forgets all in between. Any request to another host than the app's own, and
    any script error, fails the test.
    """
    pages, errors, foreign = [], [], []

    def watch(request):
        if not request.url.startswith((app, "data:", "blob:")):
            foreign.append(request.url)

    def fail(error):
        errors.append(error.stack or str(error))

    def open_page(path="", ready=DRAWN, viewport=LAPTOP, **options):
        context = context_of(viewport=viewport, **options)
        free = [page for page in context.pages if page not in pages]
        page = free[0] if free else context.new_page()
        pages.append(page)
        page.set_viewport_size(viewport)  # an earlier test may have left another
        page.on("request", watch)
        page.on("pageerror", fail)
        page.goto(app + "/" + path)
        page.locator(ready).first.wait_for(state="attached")
        return page

    yield open_page
    for page in pages:
        forget(page, app)
        page.remove_listener("request", watch)
        page.remove_listener("pageerror", fail)
        if page is not page.context.pages[0]:
            page.close()
    assert not errors
    assert not foreign


def forget(page, app: str) -> None:
    """Leave the page, let go of the mouse, and keep nothing of what the page has stored."""
    page.unroute_all()
    page.mouse.up()
    page.mouse.move(0, 0)
    page.goto(app + "/_stcore/health")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
