"""The page Models: cards of all models, and models side by side."""

import json
import re
from functools import partial

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import vae
from vae.architectures import ARCHITECTURES
from vae.data import DATASETS
from vae.data.base import to_unit
from vae.nets import macs
from vae.noise import set_sigma
from vae.tasks.doctor import Severity, examine, local_source

from .conftest import ROOT, write_model
from .hand import address, count_frames, drag, greys, painted, state, until

OPEN = ".atelier[data-page=models]:not([aria-busy])"


def test_the_doctor_says_of_a_model_what_it_says_on_the_command_line(visit):
    page = visit("models", ready=OPEN)
    fold = card(page, "digits-ae").locator(".doctor")
    fold.locator("summary").click()
    report = examine(ROOT / "assets" / "digits-ae", local_source(ROOT / "assets" / "digits-ae"))
    found = report.at_least(Severity.NOTE)
    expect(fold.locator(".finding, .findings > p:not(.quiet)").first).to_be_visible()
    assert fold.locator(".finding").count() == len(found)
    for finding in found:
        section = fold.get_by_label(finding.check, exact=True)
        for words in (finding.measured, finding.why, finding.advice):
            expect(section).to_contain_text(words)


MACS = """async ([layers, shape]) => {
  const { macsOf } = await import("/live/core/macs.js");
  return macsOf(layers, shape);
}"""


def card(page, name: str):
    return page.locator(f".model[data-model='{name}']")


def figures(name: str) -> dict:
    return json.loads((ROOT / "assets" / name / "bundle.json").read_text("utf-8"))["metrics"]


def networks():
    """Every design, and a network with every op that has a shape of its own."""
    for name, design in ARCHITECTURES.items():
        encoder, decoder = design((3, 8, 12), 4, 8, 2, 16, 2)
        yield f"{name} encoder", encoder, (3, 8, 12)
        yield f"{name} decoder", decoder, (4,)
    shaped = [
        {"op": "noise", "given": 2, "size": 3, "layers": [{"op": "linear", "in": 2, "out": 6}]},
        {"op": "slice", "start": 1, "size": 4},
        {"op": "unflatten", "shape": [4, 1, 1]},
        {"op": "group_norm", "groups": 2, "channels": 4},
        {"op": "pixel_shuffle", "factor": 2},
        {"op": "upsample", "factor": 3},
        {"op": "conv2d", "in": 1, "out": 5, "kernel": 3, "stride": 2, "padding": 1},
        {"op": "flatten"},
        {"op": "linear", "in": 45, "out": 2},
        {"op": "layer_norm", "size": 2},
    ]
    yield "every shape", shaped, (5,)


@pytest.mark.parametrize(
    ("layers", "shape"), [n[1:] for n in networks()], ids=[n[0] for n in networks()]
)
def test_the_browser_counts_multiply_accumulates_as_python_does(page, layers, shape):
    assert page.evaluate(MACS, [layers, shape]) == macs(layers, shape)


def test_every_model_has_a_card_with_its_figures_and_a_picture(visit):
    page = visit("models", ready=OPEN)
    for name in ("digits", "digits-2d"):
        known = figures(name)
        for metric, sign in (("elbo", -1), ("nll", 1)):
            expect(card(page, name)).to_contain_text(f"{sign * known[metric]['value']:.2f} ±")
        expect(card(page, name)).to_contain_text(f"rate {known['rate']['value']:.2f}")
        expect(card(page, name)).to_contain_text("CC BY-SA 3.0")
        size = sum(file.stat().st_size for file in (ROOT / "assets" / name).iterdir())
        expect(card(page, name)).to_contain_text(f"{size / 1e6:.1f} MB")
        until(page, lambda name=name: greys(page, f"[data-model='{name}'] canvas").max() > 200)
    card(page, "digits-2d").get_by_role("button", name="Open in Explore").click()
    page.locator(".atelier[data-page=explore]:not([aria-busy])").wait_for()
    assert page.get_by_label("model", exact=True).input_value() == "digits-2d"


def test_a_model_that_cannot_be_read_is_a_sentence_and_the_others_go_on(visit):
    page = visit("models", ready=OPEN)
    expect(card(page, "unknown-op")).to_contain_text('has the unknown op "constructor".')
    expect(page.get_by_role("region", name="Left out").locator("p")).to_have_count(2)
    expect(card(page, "odd")).to_contain_text("<b>odd</b>")
    expect(card(page, "odd")).to_contain_text("not measured yet")
    card(page, "odd").scroll_into_view_if_needed()
    until(page, lambda: greys(page, "[data-model=odd] canvas").max() > 0)


def column(page, i: int):
    return page.locator(".column").nth(i)


def rebuilt(page, i: int) -> np.ndarray:
    return greys(page, f".column:nth-child({i + 1}) .content > :not([hidden]) .shown canvas")


def decoded(name: str, z) -> np.ndarray:
    """Grey levels, by PyTorch."""
    with torch.no_grad():
        image = vae.load(ROOT / "assets" / name).model.decode(torch.tensor(np.float32(z))[None])
    return 255 * image.mean.numpy().ravel()


def test_each_model_shows_its_own_code_of_a_held_out_example_and_what_it_costs(visit):
    page = visit("models?part=compare&from=picked&z=@12&with=digits-2d,digits", ready=OPEN)
    for i, name in enumerate(("digits-2d", "digits")):
        atlas = vae.load(ROOT / "assets" / name).atlas
        costs = {column.name: values[12] for column, values in atlas.columns.items()}
        for cost in ("rate", "distortion", "surprise"):
            expect(column(page, i)).to_contain_text(f"{cost}{costs[cost]:.1f} nats")
        assert np.abs(rebuilt(page, i) - decoded(name, atlas.mean[12])).max() <= 1.01


def test_the_pixels_of_an_example_are_shown_where_its_data_set_is_here(visit):
    page = visit("models?model=odd&part=compare&from=picked&z=@12&with=odd", ready=OPEN)
    image = 255 * to_unit(DATASETS["digits"].load("test").x[12]).numpy().ravel()
    until(page, lambda: np.abs(greys(page, ".input .drawing:visible canvas") - image).max() <= 1.01)
    expect(column(page, 0).locator(".map-of-pixels")).to_be_visible()


def test_four_models_follow_a_stroke_without_a_request_and_other_shapes_are_refused(visit):
    page = visit("models?part=compare&with=digits,digits-2d,odd,nowhere", ready=OPEN)
    expect(column(page, 2)).to_contain_text("takes 8 × 8 pixels, grey; the picture has 28 × 28")
    expect(column(page, 3)).to_contain_text("There is no model “nowhere” here; known are digits")
    expect(column(page, 1).locator("dd").first).to_contain_text("nats")
    before, requests = [rebuilt(page, i) for i in (0, 1)], []
    page.on("request", lambda request: requests.append(request.url))
    count_frames(page)
    drag(page, page.locator(".pad"), (0.2, 0.9), (0.5, 0.9), (0.9, 0.9), release=False)
    painted(page)
    during = [rebuilt(page, i) for i in (0, 1)]
    page.mouse.up()
    assert all(np.abs(a - b).max() > 60 for a, b in zip(before, during, strict=True))
    assert requests == []
    assert page.evaluate("window.sent") == 0


CODES = """async (size) => {
  const { sfc32 } = await import("/live/core/random.js");
  const { standardNormal } = await import("/live/core/prior.js");
  const uniform = sfc32(5), prior = standardNormal(size);
  return Array.from({ length: 3 }, () => Array.from(prior.sample(uniform, 1)));
}"""


def test_one_seed_draws_for_all_and_a_link_reopens_what_undo_leads_back_from(visit, page):
    tab = visit(
        "models?part=compare&show=random&seed=5&with=digits,digits-2d&ends=@5;@8", ready=OPEN
    )
    for i, (name, size) in enumerate({"digits": 16, "digits-2d": 2}.items()):
        third = f".column:nth-child({i + 1}) .samples canvas:nth-child(3)"
        image = decoded(name, page.evaluate(CODES, size)[2])
        until(tab, lambda third=third, image=image: np.abs(greys(tab, third) - image).max() <= 1.01)
    first = state(tab)
    tab.get_by_role("button", name="More").click()
    tab.get_by_role("button", name="Walk").click()
    tab.get_by_label("from A to B", exact=True).locator("visible=true").focus()
    tab.keyboard.press("Home")
    start = decoded("digits", vae.load(ROOT / "assets/digits").atlas.mean[5])
    until(tab, lambda: np.abs(rebuilt(tab, 0) - start).max() <= 1.01)
    tab.get_by_role("button", name="Remove model 2").click()
    last = state(tab)
    assert (last["t"], last["show"], last["compared"]) == (0, "walk", ["digits"])
    again = visit(address(tab).split("/", 3)[3], ready=OPEN)
    assert state(again) == last
    for _ in range(4):
        tab.keyboard.press("z")
    assert state(tab) == first


# ---- models that belong together

LADDERS = """async (cards) => {
  const { laddersOf, planesOf, twinsOf } = await import("/live/core/ladders.js");
  const entries = cards.map((card, i) => ({ name: String(i), card }));
  const names = (row) => row.map(({ name }) => Number(name));
  return { ladders: laddersOf(entries).map(names),
    planes: planesOf(entries).map((plane) => names(plane.entries)),
    twins: twinsOf(entries).map(({ point, vae }) => names([point, vae])) };
}"""


def a_card(beta: float = 1.0, data: str = "a", size: int = 2, posterior="gaussian", **training):
    measured = {} if posterior == "point" else {"rate": {}, "distortion": {}}
    return {
        "family": "vae",
        "code": {
            "blocks": [{"size": size}],
            "posterior": {"kind": posterior},
            "prior": {"kind": "normal"},
        },
        "model": {"image": [1, 2, 2], "likelihood": "bernoulli", "decoder": []},
        "data": {"name": data},
        "training": {"beta": beta, "seed": 0, "command": f"--beta {beta}", **training},
        "metrics": measured,
    }


def test_the_shipped_ladder_has_all_of_its_rungs(page):
    folders = sorted((ROOT / "assets").glob("*/bundle.json"))
    [ladder] = page.evaluate(LADDERS, [json.loads(path.read_text()) for path in folders])["ladders"]
    names = [folders[i].parent.name for i in ladder]
    assert names == [f"digits-beta-{beta}" for beta in ("0.25", "0.5", "1", "2", "4", "8")]


def test_a_ladder_differs_in_beta_alone_and_planes_and_twins_are_of_one_data_set(page):
    four, other = [a_card(b) for b in (4.0, 0.5, 1.0, 0.5)], a_card(2.0, seed=1)
    assert page.evaluate(LADDERS, [*four, other, None])["ladders"] == [[1, 2, 0]]
    assert page.evaluate(LADDERS, [a_card(1.0), a_card(2.0), other])["ladders"] == []
    newer = a_card(4.0, newer_setting=0.0)  # which cards of the others do not have
    assert page.evaluate(LADDERS, [a_card(1.0), a_card(2.0), newer])["ladders"] == [[0, 1, 2]]
    cards = [a_card(2.0), a_card(), a_card(data="b"), a_card(posterior="point"), a_card(size=3)]
    found = page.evaluate(LADDERS, cards)
    assert found["planes"] == [[0, 1, 4], [2]]
    conditional = a_card() | {"code": a_card()["code"] | {"blocks": [{"size": 2, "given": "y"}]}}
    assert page.evaluate(LADDERS, [*cards, conditional])["planes"] == found["planes"]
    assert found["twins"] == [[3, 1]]


BETAS = (0.5, 1, 2, 4)


@pytest.fixture(scope="module")
def ladder(models):
    """Models of the app's that differ in β."""
    for i, beta in enumerate(BETAS):
        folder = models / f"rung-{beta}"
        write_model(folder, (1, 28, 28), "bernoulli", "dense")
        path = folder / "bundle.json"
        cost = {"unit": "nats", "n": 1, "seed": 0}
        metrics = {"rate": {"value": 20 - 5 * i, **cost}, "distortion": {"value": 60 + i, **cost}}
        card = json.loads(path.read_text("utf-8"))
        card |= {"training": {"beta": beta}, "metrics": metrics, "title": f"Rung {beta}"}
        path.write_text(json.dumps(card), "utf-8")


def test_beta_is_a_slider_over_a_ladder_and_asks_for_nothing(visit, ladder):
    page = visit("models?model=rung-1&part=dial&beta=0.5", ready=OPEN)
    shown = ".dial .card > :not([hidden]) .shown canvas"
    expect(page.locator(".dial dl:visible dd").first).to_contain_text("nats")
    expect(page.locator(".input [role=status]")).to_contain_text("is not on this computer")
    hand, requests = page.get_by_role("slider", name="β"), []
    page.on("request", lambda request: requests.append(request.url))
    count_frames(page)
    for beta, key in ((1, "ArrowRight"), (4, "End")):
        hand.press(key)
        expect(hand).to_have_attribute("aria-valuetext", f"β = {beta}")
        expect(page.locator(".point[aria-current]")).to_have_attribute("data-key", f"rung-{beta}")
        assert greys(page, shown).max() > 0
    assert requests == []
    assert page.evaluate("window.sent") == 0
    assert state(page)["beta"] == 4
    page.locator(".point[data-key='rung-2']").click()
    assert "beta=2" in address(page)


def test_a_rung_that_cannot_be_read_is_a_sentence_and_the_others_go_on(visit, ladder):
    page = visit("models?model=rung-1", ready=OPEN)
    page.route("**/rung-2/weights.safetensors*", lambda route: route.fulfill(status=404))
    page.locator("[data-part=dial]").click()
    hand = page.get_by_role("slider", name="β")
    hand.press("ArrowRight")
    expect(page.locator(".dial .why:visible")).to_contain_text("“Rung 2” cannot be shown")
    hand.press("End")
    expect(page.locator(".dial .why:visible")).to_have_count(0)
    expect(page.locator(".dial dl:visible dd").first).to_contain_text("nats")


def test_a_point_of_the_plane_opens_its_model_by_keyboard(visit):
    page = visit("models?part=plane", ready=OPEN)
    for name in ("digits", "digits-2d"):
        known = figures(name)
        point = page.locator(f".point[data-key='{name}']")
        expect(point).to_have_accessible_name(re.compile(f"rate {known['rate']['value']:.2f} "))
    point.press("Enter")
    page.locator(".atelier[data-page=explore]:not([aria-busy])").wait_for()
    assert page.get_by_label("model", exact=True).input_value() == "digits-2d"


@pytest.fixture(scope="module")
def twins(models):
    """A plain autoencoder whose samples were measured, and a VAE that was not."""
    for posterior in ("point", "gaussian"):
        write_model(models / f"twin-{posterior}", (1, 8, 12), "bernoulli", "dense", 120, posterior)
    path = models / "twin-point" / "bundle.json"
    card = json.loads(path.read_text("utf-8"))
    measure = {"unit": "share", "n": 9, "seed": 0, "control": 0.94}
    card["metrics"] = {
        f"{k}_confident": {"value": v, **measure} for k, v in (("prior", 0.3), ("aggregate", 0.8))
    }
    path.write_text(json.dumps(card), "utf-8")


def test_an_autoencoder_stands_beside_a_vae_with_both_kinds_of_random_codes(visit, twins):
    page = visit("models?part=twins&model=twin-gaussian", ready=OPEN)
    expect(page.locator(".twin h2")).to_have_count(2)
    expect(page.locator(".twin").first).to_contain_text("plain autoencoder")
    expect(page.locator(".twin").first).to_contain_text("prior 30 %, aggregate posterior 80 %")
    expect(page.locator(".twin").nth(1)).to_contain_text("has not been measured")
    for i in (1, 2):
        grids = f".twin:nth-child({i}) .samples"
        expect(page.locator(grids)).to_have_count(2)
        for grid in (1, 2):
            last = f".twin:nth-child({i}) figure:nth-child({grid}) canvas:last-child"
            until(page, lambda last=last: greys(page, last).max() > 0)
    expect(page.locator(".twin .why:visible")).to_have_count(0)


# ---- noise

NOISES = """async (cards) => {
  const { noisesOf } = await import("/live/core/ladders.js");
  const arms = noisesOf(cards.map((card, i) => ({ name: i, card })));
  return arms.map((three) => Object.values(three).map((entry) => entry?.name ?? null));
}"""


def test_noises_are_models_that_differ_in_their_noise_alone(page):
    unit, shared, pixel = (a_card(noise=noise) for noise in ("unit", "shared", "pixel"))
    assert page.evaluate(NOISES, [pixel, a_card(), unit, None, shared]) == [[2, 4, 0]]
    assert page.evaluate(NOISES, [pixel, a_card(beta=2.0, noise="unit"), shared]) == [[None, 2, 0]]
    assert page.evaluate(NOISES, [a_card(data="b", noise="unit"), shared, a_card()]) == []


SIGMAS = {"unit": 1, "shared": 0.25}


@pytest.fixture(scope="module")
def noises(models):
    """Models of the app's that differ in their noise."""
    changes = {k: partial(set_sigma, sigma=v) for k, v in SIGMAS.items()}
    for noise, change in {**changes, "pixel": lambda model: None}.items():
        folder = models / f"noise-{noise}"
        write_model(folder, (1, 28, 28), "gaussian", "dense", change=change)
        path = folder / "bundle.json"
        known = json.loads(path.read_text("utf-8"))
        known |= {"training": {"noise": noise}, "title": f"Noise {noise}"}
        path.write_text(json.dumps(known), "utf-8")
    return models


def arm(page, noise: str):
    return page.locator(f".arm[data-noise={noise}]")


def drawn(page, noise: str, i: int) -> np.ndarray:
    """Mean, sample or map of one model."""
    return greys(page, f".arm[data-noise={noise}] figure:nth-child({i}) canvas")


NORMALS = """async ([seed, n]) => {
  const [{ sfc32 }, { sampleNormal }] = await Promise.all(["random", "normal"].map((name) =>
    import(`/live/core/${name}.js`)));
  return Array.from(sampleNormal(n, sfc32(seed)));
}"""


def test_each_noise_shows_its_mean_a_sample_and_its_sigmas_for_one_example(visit, noises):
    page = visit("models?part=noise&model=noise-unit&held=12&seed=5", ready=OPEN)
    normals = np.array(page.evaluate(NORMALS, [5, 784]))
    for noise in ("unit", "shared", "pixel"):
        expect(arm(page, noise).locator("dd").first).to_contain_text("nats")
        model, atlas, *_ = vae.load(noises / f"noise-{noise}")
        with torch.no_grad():
            p = model.decode(torch.tensor(atlas.mean[12])[None])
        loc, sigma = p.loc.numpy().ravel(), p.scale.numpy().ravel()
        assert np.abs(drawn(page, noise, 1) - 255 * loc.clip(0, 1)).max() <= 1.01
        sample = (255 * (loc + sigma * normals)).round().clip(0, 255)
        assert np.abs(drawn(page, noise, 2) - sample).max() <= 1.01
        expect(arm(page, noise)).to_contain_text(
            f"σ = {SIGMAS[noise]}" if noise in SIGMAS else re.compile(r"σ from 0\.\d+ to \d")
        )
        costs = {column.name: values[12] for column, values in atlas.columns.items()}
        expect(arm(page, noise)).to_contain_text(f"distortion{costs['distortion']:.1f} nats")
    first = state(page)
    means, samples = ([drawn(page, noise, i) for noise in SIGMAS] for i in (1, 2))
    page.get_by_role("button", name="Fresh noise").click()
    assert all((drawn(page, n, 1) == mean).all() for n, mean in zip(SIGMAS, means, strict=True))
    assert all((drawn(page, n, 2) != old).any() for n, old in zip(SIGMAS, samples, strict=True))
    page.keyboard.press("r")
    last = state(page)
    assert state(visit(address(page).split("/", 3)[3], ready=OPEN)) == last
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert state(page) == first


def test_a_stroke_goes_through_all_noises_and_asks_for_nothing(visit, noises):
    page = visit("models?part=noise&model=noise-unit&subject=picture&from=draw", ready=OPEN)
    expect(page.locator(".arm .shown")).to_have_count(3)
    page.wait_for_load_state("networkidle")
    requests, seen, pad = [], [], page.locator(".pad").bounding_box()
    page.on("request", lambda request: requests.append(request.url))
    count_frames(page)
    page.mouse.move(pad["x"] + 30, pad["y"] + 60)
    page.mouse.down()
    for x in (80, 160):  # on the way
        page.mouse.move(pad["x"] + x, pad["y"] + 60, steps=4)
        expect(page.locator(".arm .figures.stale")).to_have_count(0)
        seen.append(
            [drawn(page, noise, i) for noise in ("unit", "shared", "pixel") for i in (1, 2)]
        )
    expect(page.locator(".arm dd", has_text="nats")).to_have_count(9)
    assert all((a != b).any() for a, b in zip(*seen, strict=True))
    page.mouse.up()
    assert requests == []
    assert page.evaluate("window.sent") == 0


def test_a_noise_that_is_missing_or_damaged_is_a_sentence_and_the_others_go_on(visit, noises):
    page = visit("models?model=noise-unit", ready=OPEN)
    page.route("**/noise-shared/weights.safetensors*", lambda route: route.fulfill(status=404))
    page.route("**/noise-pixel/bundle.json*", lambda route: route.fulfill(status=404))
    page.reload()
    page.locator(OPEN).wait_for()
    page.get_by_role("button", name="Noise", exact=True).click()
    expect(arm(page, "shared")).to_contain_text("“Noise shared” cannot be shown")
    expect(arm(page, "pixel")).to_contain_text("--noise pixel and all else as “Noise unit” has it")
    expect(arm(page, "unit").locator("dd").first).to_contain_text("nats")
