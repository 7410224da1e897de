"""The way back through a decoder and the search for one picture's posterior, beside PyTorch."""

import numpy as np
import pytest
import torch

import vae
from vae.bundle import find
from vae.tasks.refine import gain, refine

from .conftest import ROOT
from .measured import Bench, opened, search_gain

SLOPES = """async ([name, codes, n, x]) => {
  const { differentiable } = await import("/live/core/backward.js");
  const { LIKELIHOODS } = await import("/live/core/likelihoods.js");
  const { parse } = await import("/live/core/safetensors.js");
  const [card, weights] = await Promise.all(["bundle.json", "weights.safetensors"]
    .map((file) => fetch(`/models/${name}/${file}`)));
  const { model } = await card.json(), tensors = parse(await weights.arrayBuffer(), "weights");
  const net = differentiable(model.decoder, tensors, "decoder", [codes.length / n]);
  const { values, back } = net.run(Float32Array.from(codes), n), each = values.length / n;
  const { slope } = LIKELIHOODS[model.likelihood], g = new Float32Array(values.length);
  for (let k = 0; k < n; k++) {
    g.set(slope(values.subarray(k * each, (k + 1) * each), Float32Array.from(x)), k * each);
  }
  return Array.from(back(g));
}"""
N = 3


@pytest.mark.parametrize("name", ["digits", "digits-conv", "frey", "frey-ppca", "convolutional"])
def test_the_way_back_is_the_derivative_of_what_a_picture_costs(page, models, name):
    model = vae.load(find(ROOT / "assets", models)[name]).model
    rng = np.random.default_rng(0)
    z = torch.from_numpy(rng.normal(size=(N, model.config.latent)).astype(np.float32))
    with torch.no_grad():
        x = (255 * model.decode(z[:1]).mean.clamp(0, 1)).round() / 255
        x = x.round() if model.likelihood.binary else x
        x[..., :2], x[..., 2:4] = 0, 1  # the ends of the greys, which are open
    z.requires_grad_()
    with torch.enable_grad():
        cost = -model.decode(z).log_prob(x.expand(N, -1, -1, -1)).sum()
        (want,) = torch.autograd.grad(cost, z)
    got = page.evaluate(SLOPES, [name, z.flatten().tolist(), N, x.flatten().tolist()])
    scale = want.abs().max().item()
    np.testing.assert_allclose(got, want.flatten(), atol=2e-3 * scale)


REFUSED = """async (op) => {
  const { differentiable } = await import("/live/core/backward.js");
  try {
    differentiable([{ op }], {}, "decoder", [4]);
  } catch (error) {
    return error.message;
  }
}"""


def test_a_layer_without_a_way_back_is_refused_in_a_sentence(page):
    assert page.evaluate(REFUSED, "layer_norm") == (
        "The way back through a layer “layer_norm” is not known here."
    )


def test_the_page_gains_what_python_gains(visit):
    """By other noise, so not to the last bit."""
    page = visit("ancestors?model=digits&part=search&of=@115&searched=30", ready=".gained")
    page.locator(".gained[data-steps='150']").wait_for()
    got = float(page.locator(".gained").inner_text().split()[0])
    bench, model = Bench(["digits"]), opened("digits").model
    x = bench.picture("@115")
    *_, last = refine(model, x)
    won = gain(model, x, last.posterior, torch.Generator().manual_seed(1))
    assert got == pytest.approx(won.nats, abs=0.5)
    assert got == pytest.approx(search_gain(bench, "digits", "@115"), abs=0.02)


@pytest.mark.parametrize("model", ["digits-ae", "digits-class", "digits-prior"])
def test_a_code_that_cannot_be_searched_for_is_one_sentence(visit, model):
    page = visit(f"ancestors?model={model}&part=search", ready=".absent")
    assert page.locator(".absent p").inner_text().startswith("A search needs a code of numbers")
