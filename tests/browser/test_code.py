"""The browser answers of every kind of code what Python answers."""

import base64
import json

import numpy as np
import pytest
import torch
from safetensors.numpy import save
from toys import TOYS, config

from vae import code as codes
from vae.card import plain
from vae.data.base import to_unit
from vae.distributions import LIKELIHOODS, PRIORS
from vae.models.vae import VAE
from vae.objective import surprise

N = 4000  # samples of a prior
PICTURES, CODES = 6, 20

ASK = """async ([card, weights, given]) => {
  const { parse } = await import("/live/core/safetensors.js");
  const { createModel } = await import("/live/core/model.js");
  const { sfc32 } = await import("/live/core/random.js");
  const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
  const model = createModel(card, parse(bytes.buffer, "toy"));
  const { code } = model, uniform = sfc32(1), f32 = (v) => Float32Array.from(v);
  const z = given.z.map(f32), x = given.x.map(f32);
  const q = x.map((one) => model.encode(one));
  const answers = {
    size: code.size, outputs: code.outputs, hasRate: code.hasRate,
    widgets: code.blocks.map(({ name, widget, at }) => [name, widget, ...at]),
    mean: q.map(({ mean }) => mean), scale: q.map(({ scale }) => scale),
    given: code.choice && x.map((one) =>
      Array.from({ length: code.choice.size }, (_, k) => model.encode(one, k))),
    image: z.map((one) => model.decode(one)),
    logDensity: z.map(code.prior.logDensity), typicality: z.map(code.typicality),
    ratePerDim: q.map(({ mean, scale }) => code.ratePerDim(mean, scale)),
    surprise: x.map((one) => model.surprise(one)),
    distance: z.slice(1).map((one, i) => code.distance(z[i], one)),
    text: z.map(code.text), again: z.map((one) => code.parse(code.text(one))),
    samples: Array.from({ length: given.n }, () => code.prior.sample(uniform)),
    draws: Array.from({ length: given.n }, () => code.draw(q[0], uniform)),
    origin: code.origin(),
    normalized: z.slice(1).map((one, i) =>
      code.normalized(one.map((v, j) => 1.5 * v - 0.5 * z[i][j]))),
  };
  return JSON.parse(JSON.stringify(answers, (_, v) => ArrayBuffer.isView(v) ? Array.from(v) : v));
}"""


@pytest.fixture(scope="module", params=TOYS)
def toy(request):
    torch.manual_seed(0)
    return VAE(config(TOYS[request.param])).eval()


@pytest.fixture(scope="module")
def given(toy):
    """Grey, binary, blank and white pictures, and codes of the prior, some between classes."""
    g = torch.Generator().manual_seed(0)
    x = to_unit(torch.randint(256, (PICTURES, *toy.config.image), generator=g))
    x[2:4], x[4], x[5] = x[2:4].round(), 0, 1
    z = toy.prior().sample(CODES, generator=g).detach().numpy()
    return x, np.concatenate([z, (z[:5] + z[5:10]) / 2])


@pytest.fixture(scope="module")
def got(page, toy, given):
    x, z = given
    weights = save({k: v.numpy().copy() for k, v in toy.state_dict().items()})
    card = json.loads(json.dumps({k: builtins(v) for k, v in toy.config.entries().items()}))
    asked = {"x": x.flatten(1).tolist(), "z": z.tolist(), "n": N}
    return page.evaluate(ASK, [card, base64.b64encode(weights).decode(), asked])


def builtins(value):
    return plain(value) if not isinstance(value, dict) else value


def close(got, want, **tolerance):
    np.testing.assert_allclose(np.array(got, float), np.asarray(want, float), **tolerance)


def test_what_it_is_made_of(toy, got):
    code = toy.config.code
    assert (got["size"], got["outputs"], got["hasRate"]) == (code.size, code.outputs, code.has_rate)
    assert got["widgets"] == [
        [w["name"], w["widget"], w["start"], w["stop"]] for w in codes.widgets(code)
    ]


def test_posteriors_and_images(toy, given, got):
    x, z = given
    with torch.no_grad():
        q, p = toy.encode(x), toy.decode(torch.from_numpy(z))
    close(got["mean"], q.mean, atol=1e-5)
    close(got["scale"], q.stddev, atol=1e-5)
    close(got["image"], p.mean.clamp(0, 1).flatten(1), atol=1e-5)


def test_posteriors_of_each_class(toy, given, got):
    if not toy.config.code.has_choice:
        assert got["given"] is None
        return
    for k in range(toy.config.code.choice.size):
        with torch.no_grad():
            q = toy.encode(given[0], torch.full((PICTURES,), k))
        close([each[k]["mean"] for each in got["given"]], q.mean, atol=1e-5)
        scale = np.array([each[k]["scale"] for each in got["given"]])
        close(scale, q.stddev, atol=1e-5)


def test_densities_typicality_and_distance(toy, given, got):
    _, z = given
    with torch.no_grad():
        prior = toy.prior()
        close(got["logDensity"], prior.log_prob(torch.from_numpy(z)), rtol=1e-4, atol=1e-4)
        typical = codes.typicality(toy.config.code, prior, z)
    close(got["distance"], codes.distance(z[:-1], z[1:]), rtol=1e-5)
    if typical is None:
        assert set(got["typicality"]) == {None}
    else:
        close(got["typicality"], typical, atol=0.02)


def test_rates(toy, given, got):
    if not got["hasRate"]:
        assert set(got["ratePerDim"]) == {None}
        return
    with torch.no_grad():
        q, p = toy.encode(given[0]), toy.prior()
        close(got["ratePerDim"], q.rate_per_dim(p), rtol=1e-3, atol=1e-4)


def test_surprise(toy, given, got):
    want = surprise(toy, given[0])
    of = {k: [one[k] for one in got["surprise"]] for k in got["surprise"][0]}
    if got["hasRate"]:
        close(of["rate"], want.rate, rtol=1e-4, atol=1e-4)
    else:
        assert set(of["rate"]) == {None}
    close(of["distortion"], want.distortion, rtol=1e-4)
    close(of["entropy"], want.entropy, rtol=1e-5)
    close(of["surprise"], want.nats, rtol=1e-4, atol=1e-4 * want.cost.max().item())
    assert of["beyond"] == want.beyond.tolist()


def test_samples_have_the_priors_moments(toy, got):
    with torch.no_grad():
        same_moments(got["samples"], toy.prior())


def test_draws_have_the_posteriors_moments(toy, given, got):
    with torch.no_grad():
        same_moments(got["draws"], toy.encode(given[0][:1]))


def same_moments(samples, q):
    samples = np.array(samples)
    mean, scale = (np.ravel(v) for v in (q.mean, q.stddev))
    close(samples.mean(0), mean, atol=5 * scale.max() / np.sqrt(N) + 1e-6)
    close(samples.std(0), scale, rtol=0.1, atol=0.03)


def test_text_is_the_same_and_comes_back_exactly(toy, given, got):
    z = given[1].astype(np.float32)
    assert got["text"] == [codes.text(toy.config.code, row) for row in z]
    assert (np.float32(got["again"]) == z).all()


def test_what_a_path_leads_to_is_a_code(toy, got):
    for z in (*got["normalized"], got["origin"]):
        for block, at in codes.slices(toy.config.code):
            if block.kind == "choice":
                assert min(z[at]) >= 0
                assert sum(z[at]) == pytest.approx(1)


def test_both_sides_have_the_same_tables(page):
    got = page.evaluate(
        """async () => {
          const { KINDS } = await import("/live/core/blocks.js");
          const { LIKELIHOODS } = await import("/live/core/likelihoods.js");
          const { PRIORS } = await import("/live/core/prior.js");
          return { kinds: Object.entries(KINDS).map(([k, v]) => [k, v.outputs, v.widget]),
            likelihoods: Object.entries(LIKELIHOODS).map(([k, v]) => [k, v.channels]),
            priors: Object.keys(PRIORS) };
        }"""
    )
    assert got["kinds"] == [[k, v.outputs, v.widget] for k, v in codes.KINDS.items()]
    assert got["likelihoods"] == [[k, v.channels] for k, v in LIKELIHOODS.items()]
    assert got["priors"] == list(PRIORS)


@pytest.mark.parametrize(
    ("blocks", "text", "why"),
    [
        ("z", "1,2", "2 numbers; this model has 3"),
        ("z", "1,2,3,4", "4 numbers; this model has 3"),
        ("yz", "c1,1,2", "ends within “z”, which has 3 numbers"),
        ("yz", "c1,1,2,3,4", "1 entries too many"),
        ("z", "1,2,nan", "Number 3 of the link's code"),
        ("z", "1,,3", "Number 2 of the link's code"),
        ("z", "1,2,1e7", "between −1,000,000 and 1,000,000"),
        ("z", "c1,2,3", "Number 1 of the link's code"),
        ("yz", "c4,1,2,3", "“c4” for “y”, whose classes are c0 to c3"),
        ("yz", "c,1,2,3", "“c” for “y”"),
        ("yz", "0.5,0.5,0.5,0,1,2,3", "with the sum 1"),
        ("yz", "2,-1,0,0,1,2,3", "with the sum 1"),
        ("yz", "c1,0,0,x", "Number 4 of the link's code"),
    ],
)
def test_text_that_is_no_code_is_refused_in_a_sentence(page, blocks, text, why):
    got = page.evaluate(
        """async ([blocks, text]) => {
          const { createCode } = await import("/live/core/code.js");
          const known = { y: { name: "y", kind: "choice", size: 4, level: 1 },
            z: { name: "z", kind: "normal", size: 3, level: 1 } };
          const code = createCode({ blocks: [...blocks].map((name) => known[name]),
            prior: { kind: "normal" }, posterior: { kind: "gaussian" } });
          try { return code.parse(text); }
          catch (error) { return [error.constructor.name, error.message]; }
        }""",
        [blocks, text],
    )
    assert got[0] == "InputError"
    assert why in got[1]
