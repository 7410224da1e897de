"""The page Inside: every number of the machine beside PyTorch's, and what a hand does there."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

import vae
from vae.bundle import find

from .conftest import ROOT
from .hand import address, painted, state, until

OPEN = ".atelier[data-page=inside]:not([aria-busy])"

MACHINE = """async ([name, x, noise]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { throughMachine } = await import("/live/core/machine.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/${name}/${file}`]));
  const { model } = await openBundle(files);
  const now = throughMachine(model, Float32Array.from(x), noise);
  const numbers = (trace) => trace.map(({ shape, values }) => [shape, Array.from(values)]);
  return { encoder: numbers(now.encoder), decoder: numbers(now.decoder), z: Array.from(now.z),
    rate: now.rate, distortion: now.distortion };
}"""


def layer_by_layer(network, h):
    """What each layer of a network makes of one example."""
    made = []
    for layer in network:
        h = layer(h)
        made.append(h)
    return made


@pytest.mark.parametrize("name", ["odd", "convolutional"])
def test_every_activation_and_cost_is_that_of_pytorch(page, models, name):
    model = vae.load(find(ROOT / "assets", models)[name]).model
    rng = np.random.default_rng(0)
    x = torch.from_numpy(rng.integers(0, 2, model.config.image).astype(np.float32))
    noise = torch.from_numpy(rng.normal(size=model.config.latent).astype(np.float32))
    got = page.evaluate(MACHINE, [name, x.flatten().tolist(), noise.tolist()])
    with torch.no_grad():
        q = model.encode(x[None])
        z = q.mean + q.stddev * noise
        wanted = {
            "encoder": layer_by_layer(model.encoder, x[None]),
            "decoder": layer_by_layer(model.decoder, z),
        }
        distortion = -model.decode(z).log_prob(x[None])
    for part, layers in wanted.items():
        assert len(got[part]) == len(layers)
        for (shape, values), h in zip(got[part], layers, strict=True):
            assert tuple(shape) == tuple(h.shape[1:])
            np.testing.assert_allclose(values, h.flatten(), atol=2e-5, rtol=1e-4)
    np.testing.assert_allclose(got["z"], z[0], atol=1e-5)
    assert got["distortion"] == pytest.approx(float(distortion), rel=1e-4)
    kl = 0.5 * (q.mean**2 + q.stddev**2 - 1 - 2 * q.stddev.log()).sum()
    assert got["rate"] == pytest.approx(float(kl), rel=1e-4)


AVERAGE = """async () => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { inputOf, throughMachine } = await import("/live/core/machine.js");
  const { sampleNormal } = await import("/live/core/normal.js");
  const { sfc32 } = await import("/live/core/random.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/odd/${file}`]));
  const { model } = await openBundle(files), uniform = sfc32(1);
  const x = inputOf(model, Float32Array.from(model.decode(model.code.prior.sample(sfc32(5)))));
  const passes = Array.from({ length: 8 }, () =>
    throughMachine(model, x, sampleNormal(model.code.size, uniform)));
  const mean = (of) => passes.reduce((sum, one) => sum + of(one) / 8, 0);
  const { rate, distortion } = model.surprise(x);
  return [[mean((one) => one.rate), mean((one) => one.distortion)], [rate, distortion]];
}"""


def test_its_costs_over_eight_noises_are_the_price_of_other_pages(page):
    ours, theirs = page.evaluate(AVERAGE)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def rate_of(page) -> str:
    return page.locator(".line[data-part=rate] .numbers").inner_text()


def test_no_noise_makes_it_an_autoencoder_and_undo_brings_the_vae_back(visit):
    page = visit("inside?model=digits-2d", ready=OPEN)
    page.locator(".machine .slider input").fill("0")
    expect(page.locator(".cost")).to_contain_text("an autoencoder")
    assert "∞" in rate_of(page)
    assert "sigma=0" in address(page)
    page.keyboard.press("z")
    until(page, lambda: "∞" not in rate_of(page))


def test_what_is_pointed_at_is_lit_with_its_formula_and_its_line(visit):
    page = visit("inside?model=digits-2d", ready=OPEN)
    page.locator("figure[data-part=e0]").hover()
    expect(page.locator(".lens")).to_contain_text("nn.Linear(784, ")
    expect(page.locator(".line[data-part=e0]")).to_have_class("plain line lit")
    page.locator(".line[data-part=d1]").hover()
    expect(page.locator("figure[data-part=d1]")).to_have_class("activations lit")
    assert state(page)["part"] is None


def test_noise_is_rolled_and_dragged_and_steps_are_taken(visit):
    page = visit("inside?model=digits-2d", ready=OPEN)
    page.keyboard.press("e")
    rolled = state(page)
    assert rolled["seed"] != 0
    page.locator(".code-table input").first.fill("2.5")
    assert state(page)["noise"][0] == 2.5
    page.keyboard.press(".")
    painted(page)
    assert state(page)["step"] == 1
    expect(page.locator("figure[data-part=image]")).to_have_class("activations end later")
    kept = state(page)
    again = visit(address(page).split("/", 3)[3], ready=OPEN)
    for key in ("seed", "noise", "step"):
        assert state(again)[key] == kept[key]
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert state(page)["noise"] is None


def test_an_autoencoder_has_no_noise(visit):
    page = visit("inside?model=digits-ae", ready=OPEN)
    expect(page.locator(".cost")).to_contain_text("answers with one point")
    assert page.get_by_role("button", name="Roll ε").count() == 0
