"""The page Models: cards of all models, and models side by side."""

import json

import pytest
from playwright.sync_api import expect

from vae.architectures import ARCHITECTURES
from vae.nets import macs

from .conftest import ROOT
from .hand import greys, until

OPEN = ".atelier[data-page=models]:not([aria-busy])"

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
