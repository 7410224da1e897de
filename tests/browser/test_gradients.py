"""The page's estimators of a gradient: all right on average, pathwise equal to PyTorch's derivative
throw by throw."""

import numpy as np
import pytest
import torch

from .measured import Bench, noise, opened

D = 3
QUADRATIC = """async ([linear, square, mean, scale, j, n]) => {
  const { gradientDraws } = await import("/live/core/gradients.js");
  const { sfc32 } = await import("/live/core/random.js");
  const costs = (codes, n) => Array.from({ length: n }, (_, i) => linear.reduce((sum, a, k) => {
    const z = codes[i * linear.length + k];
    return sum + a * z + square[k] * z * z;
  }, 0));
  const job = gradientDraws(costs, { mean, scale }, j, n, sfc32(0));
  for (;;) {
    const { done, value } = job.next();
    if (done) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, Array.from(v)]));
  }
}"""


@pytest.mark.parametrize("seed", range(4))
def test_of_a_quadratic_cost_all_have_the_mean_that_is_known(page, seed):
    rng = np.random.default_rng(seed)
    linear, square, mean = rng.normal(size=(3, D))
    scale, j, n = rng.uniform(0.3, 1.5, D), seed % D, 20_000
    given = [v.tolist() for v in (linear, square, mean, scale)]
    draws = page.evaluate(QUADRATIC, [*given, j, n])
    exact = linear[j] + 2 * square[j] * mean[j]
    z = mean + scale * noise(n, D).numpy().astype(float)
    np.testing.assert_allclose(draws["pathwise"], linear[j] + 2 * square[j] * z[:, j], atol=1e-3)
    for name in ("pathwise", "score", "baseline"):
        error = np.std(draws[name]) / np.sqrt(n)
        assert abs(np.mean(draws[name]) - exact) < 4.5 * error, name
    assert np.std(draws["pathwise"]) == pytest.approx(abs(2 * square[j]) * scale[j], rel=0.05)


DECODER = """async ([x, mean, scale, j, n]) => {
  const { openBundle } = await import("/live/io/bundle.js");
  const { LIKELIHOODS } = await import("/live/core/likelihoods.js");
  const { gradientDraws } = await import("/live/core/gradients.js");
  const { sfc32 } = await import("/live/core/random.js");
  const files = Object.fromEntries(["bundle.json", "weights.safetensors", "atlas.safetensors"]
    .map((file) => [file, `/models/digits/${file}`]));
  const { model } = await openBundle(files);
  const { cost } = LIKELIHOODS[model.likelihood];
  const costs = (codes, n) => Array.from({ length: n }, (_, i) => {
    const h = model.features(codes, n), each = h.length / n;
    return cost(h.subarray(i * each, (i + 1) * each), x);
  });
  const job = gradientDraws(costs, { mean, scale }, j, n, sfc32(0));
  for (;;) {
    const { done, value } = job.next();
    if (done) return Array.from(value.pathwise);
  }
}"""


@pytest.mark.parametrize("j", [0, 7])
def test_of_the_decoder_each_pathwise_draw_is_the_derivative_of_pytorch(page, j):
    x, n = Bench(["digits"]).picture("@3"), 8
    model = opened("digits").model
    with torch.no_grad():
        q = model.encode(x)
    z = (q.mean + q.stddev * noise(n, 16)).requires_grad_()
    cost = -model.decode(z).log_prob(x.expand(n, -1, -1, -1)).sum()
    (slope,) = torch.autograd.grad(cost, z)
    given = [v.flatten().tolist() for v in (x, q.mean, q.stddev)]
    got = page.evaluate(DECODER, [*given, j, n])
    np.testing.assert_allclose(got, slope[:, j], rtol=1e-2, atol=2e-2)
