"""Laws of every noise: the same networks, and what is held stays held."""

import math
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from vae import bundle, seeds
from vae.architectures import ARCHITECTURES
from vae.atlas import laid_out
from vae.data import DATASETS
from vae.errors import InputError
from vae.models.vae import Design
from vae.noise import NOISES, distortion, settle
from vae.runs import Run, Surveyed
from vae.seeds import Use
from vae.train import Step, Train, chosen, fit, start

SHORT = Train(steps=12, batch=32, warmup=5, ema=0.9, weight_decay=0.1, check_every=5, patience=0)
HELD = [name for name in NOISES if name != "pixel"]

every_net = pytest.mark.parametrize("net", ARCHITECTURES)


@pytest.fixture
def new_model(make_model):
    """A function: a grey model with this noise, not trained."""

    def new(noise, **design):
        model = make_model(likelihood="gaussian", noise=noise, **design)
        NOISES[noise].hold(model)
        return model

    return new


@pytest.fixture
def trained(new_model, digits, fabric):
    """A function: the state after a few steps with this noise."""

    def train(noise, **design):
        state = start(new_model(noise, **design), SHORT)
        list(fit(state, digits, SHORT, False, fabric, digits.take(slice(50))))
        return state

    return train


def sigmas(model):
    """Of every pixel of the pictures of some codes."""
    with torch.no_grad():
        return model.decode(model.prior().sample(20)).scale


@every_net
def test_all_noises_have_the_same_networks(net):
    configs = [
        Design(likelihood="gaussian", net=net, noise=noise).config((3, 8, 12)) for noise in NOISES
    ]
    assert configs == configs[:1] * len(NOISES)


@pytest.mark.parametrize("noise", HELD)
def test_without_a_sigma_noise_is_refused(noise):
    with pytest.raises(InputError, match=f"noise {noise} needs the gaussian likelihood; bernoulli"):
        Design(noise=noise).config((1, 8, 8))


@every_net
@pytest.mark.parametrize("noise", NOISES)
def test_what_is_held_stays_held_in_weights_average_and_best(trained, noise, net):
    state = trained(noise, net=net)
    for model in (state.model, state.ema.module, chosen(state)):
        sigma = sigmas(model)
        assert (sigma.max() - sigma.min() > 1e-3) == (noise == "pixel")
        if noise == "shared":
            assert sigma.std() < 1e-6
            assert abs(sigma.mean() - 1) > 1e-3  # it is learned
        if noise == "unit":
            torch.testing.assert_close(sigma, torch.ones(()).expand_as(sigma))


@every_net
def test_means_are_learned_all_the_same(trained, new_model, net):
    for noise in HELD:
        before = new_model(noise, net=net).decode(torch.zeros(1, 3)).loc
        assert not torch.allclose(
            trained(noise, net=net).model.decode(torch.zeros(1, 3)).loc, before
        )


# ---- one sigma, settled with the networks as they are


def sigma_of(model) -> float:
    return float(sigmas(model).mean())


def root_mean_square(model, images, seed) -> float:
    """Of the residuals, at the codes by which sigma is chosen."""
    x, generator = images.float() / 255, seeds.generator(Use.SIGMA, seed)
    with torch.no_grad():
        residual = x - model.decode(model.encode(x).sample(generator=generator)).loc
    return math.sqrt(residual.square().mean())


@every_net
def test_where_no_pixel_is_at_an_end_sigma_is_the_root_mean_square_residual(new_model, digits, net):
    model, images = new_model("shared", net=net), (60 + digits.x[:500] * 0.5).byte()
    settle(model, images, 3)
    assert sigma_of(model) == pytest.approx(root_mean_square(model, images, 3), rel=2e-3)


@every_net
def test_no_other_sigma_costs_less(trained, digits, net):
    model, images = chosen(trained("shared", net=net)), digits.x[:500]
    settle(model, images, 3)
    sigma = sigma_of(model)
    least = distortion(model, images, sigma, 3)
    for factor in (0.5, 0.97, 1.03, 2):
        assert distortion(model, images, factor * sigma, 3) > least


def test_nothing_else_changes_as_sigma_is_settled(trained, digits):
    model = chosen(trained("shared"))
    before = {k: v.clone() for k, v in model.state_dict().items()}
    settle(model, digits.x[:100], 3)
    changed = [k for k, v in model.state_dict().items() if not torch.equal(v, before[k])]
    assert changed == ["decoder.3.bias"]
    assert torch.equal(model.decoder[3].bias[:64], before["decoder.3.bias"][:64])


# ---- runs


@pytest.fixture
def run(tmp_path):
    design = Design(latent=2, width=8, depth=0, likelihood="gaussian", noise="shared")
    return Run(DATASETS["digits"], tmp_path / "a", design, SHORT, save_every=5)


def train(run, last=None) -> None:
    """All of its steps, or those up to the `last`; no map."""
    for event in run:
        if isinstance(event, Surveyed) or (isinstance(event, Step) and event.number == last):
            return


@pytest.fixture
def without_umap(monkeypatch):
    """The map of a bundle is its codes' first two dimensions."""
    monkeypatch.setattr(
        "vae.runs.survey",
        lambda model, images, *_: laid_out(model, images, lambda codes: codes[:, :2].copy()),
    )


def test_the_card_says_which_noise_and_the_bundle_has_it(run, without_umap):
    list(run)
    model, _, card, _ = bundle.load(run.folder)
    assert card.training["noise"] == "shared"
    assert sigmas(model).std() < 1e-6
    state, images = next(iter(run)).state, run.data.load("train").x
    assert sigma_of(model) != pytest.approx(sigma_of(chosen(state)), rel=1e-3)
    for factor in (0.9, 1.1):
        at = sigma_of(model)
        assert distortion(model, images, factor * at, 0) > distortion(model, images, at, 0)


def test_a_run_goes_on_with_its_noise_and_no_other(run, without_umap):
    other = replace(run, folder=run.folder.with_name("b"))
    train(run)
    train(other, last=7)
    train(other)
    ours, theirs = (load_file(r.checkpoint) for r in (run, other))
    assert all(torch.equal(ours[k], theirs[k]) for k in ours)
    for noise in ("pixel", "unit"):
        with pytest.raises(InputError, match=r"run with other settings \(digits, noise shared"):
            train(replace(run, design=replace(run.design, noise=noise)))
