import json
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import vae
from vae import bundle
from vae.bundle import ATLAS, CARD, WEIGHTS, Card
from vae.errors import InputError

FILES = (CARD, WEIGHTS, ATLAS)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refusal(folder: Path) -> str:
    """Why a bundle is refused; nothing if it is not."""
    try:
        bundle.load(folder)
    except InputError as why:
        return str(why)
    return ""


def check_refused(folder: Path, *words: str) -> None:
    """One sentence that names the bundle and `words`; nothing on disk changes."""
    before = contents(folder)
    why = refusal(folder)
    for word in (str(folder), *words):
        assert word in why
    assert contents(folder) == before


def edit_card(folder: Path, change) -> None:
    """Change bundle.json by a function of its contents, with sums that agree with the files."""
    card = json.loads((folder / CARD).read_text())
    card["files"] = {name: bundle.sha256(folder / name) for name in (WEIGHTS, ATLAS)}
    (folder / CARD).write_text(json.dumps(change(card)))


def with_entry(name, value):
    return lambda card: {**card, name: value}


# What is saved is what is loaded


def test_a_loaded_model_draws_the_pixels_of_the_saved_one(saved, make_model):
    x, z = torch.rand(5, 1, 8, 8), torch.randn(5, 3)
    model, loaded = make_model(net="conv-decoder").half().float(), vae.load(saved).model
    assert torch.equal(model.encode(x).mean, loaded.encode(x).mean)
    assert torch.equal(model.decode(z).mean, loaded.decode(z).mean)


def test_a_loaded_model_is_ready_for_use(saved):
    model = bundle.load(saved).model
    assert not model.training
    assert not any(p.requires_grad for p in model.parameters())


def test_the_atlas_comes_back(saved, atlas):
    loaded, plane = bundle.read_atlas(saved)
    for name, array in atlas._asdict().items():
        tolerance = 0 if name in bundle.PRECISE or array.dtype != np.float32 else 2e-3
        back = getattr(loaded, name)
        assert back.dtype == array.dtype
        np.testing.assert_allclose(back, array, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-6)


def test_the_card_comes_back(saved, card):
    read = json.loads(json.dumps(asdict(bundle.read_card(saved))))
    want = json.loads(json.dumps(asdict(card)))
    assert read.pop("files").keys() == {WEIGHTS, ATLAS}
    assert {**want, "files": None} == {**read, "files": None}


def test_saving_what_was_loaded_changes_no_weight(saved):
    first = (saved / WEIGHTS).read_bytes()
    model, atlas, card, _ = bundle.load(saved)
    bundle.save(saved, model, atlas, card)
    assert (saved / WEIGHTS).read_bytes() == first


# Saving replaces a bundle, and nothing else


def test_saving_over_a_bundle_replaces_it(saved, make_model, atlas, card):
    new = make_model(net="conv-decoder", seed=1)
    (saved / "notes.txt").write_text("of the old one")
    bundle.save(saved, new, atlas, card)
    assert torch.equal(bundle.load(saved).model.encoder[1].bias, new.encoder[1].bias.half().float())
    assert {p.name for p in saved.iterdir()} == set(FILES)
    assert list(saved.parent.iterdir()) == [saved]


def test_saving_into_an_empty_folder_is_fine(tmp_path, make_model, atlas, card):
    (tmp_path / "deep" / "empty").mkdir(parents=True)
    bundle.save(tmp_path / "deep" / "empty", make_model(net="conv-decoder"), atlas, card)
    assert bundle.read_card(tmp_path / "deep" / "empty").title == "Tiny"


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_saving_over_something_else_is_refused_and_leaves_it(
    tmp_path, make_model, atlas, card, kind
):
    there = tmp_path / "thesis"
    text = there / "chapter.tex" if kind == "folder" else there
    text.parent.mkdir(exist_ok=True)
    text.write_text("x")
    with pytest.raises(InputError, match="thesis holds something else"):
        bundle.save(there, make_model(net="conv-decoder"), atlas, card)
    assert contents(tmp_path) == {str(text.relative_to(tmp_path)): b"x"}


def test_an_interrupted_save_leaves_the_old_bundle(saved, make_model, atlas, card, monkeypatch):
    before = contents(saved.parent)
    monkeypatch.setattr(bundle, "write_card", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bundle.save(saved, make_model(net="conv-decoder"), atlas, card)
    assert contents(saved.parent) == before


def test_metrics_are_added_and_all_else_is_kept(saved):
    before = bundle.read_card(saved)
    bundle.with_metrics(saved, {"elbo": {"value": -2.0}})
    after = bundle.read_card(saved)
    assert after.metrics == {**before.metrics, "elbo": {"value": -2.0}}
    assert {**asdict(after), "metrics": None} == {**asdict(before), "metrics": None}
    bundle.load(saved)


def test_find_names_the_bundles_below_each_root(saved, tmp_path):
    (tmp_path / "empty").mkdir()
    assert bundle.find(tmp_path) == bundle.find(saved) == {"tiny": saved}
    assert bundle.find(tmp_path / "nowhere", tmp_path / "empty") == {}


# Damage


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(saved, name):
    (saved / name).unlink()
    check_refused(saved, name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_file_cut_short_is_refused(saved, name, share):
    raw = (saved / name).read_bytes()
    (saved / name).write_bytes(raw[: int(share * len(raw))])
    check_refused(saved, name)


@pytest.mark.parametrize("name", [WEIGHTS, ATLAS])
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_a_flipped_bit_is_refused(saved, name, share):
    raw = bytearray((saved / name).read_bytes())
    raw[int(share * len(raw))] ^= 1
    (saved / name).write_bytes(raw)
    check_refused(saved, name)


def test_a_flipped_bit_in_the_card_is_refused_or_harmless(saved):
    whole = (saved / CARD).read_bytes()
    for at in range(0, len(whole), 7):
        raw = bytearray(whole)
        raw[at] ^= 1 << at % 8
        (saved / CARD).write_bytes(raw)
        why = refusal(saved)
        assert not why or str(saved) in why
        assert (saved / CARD).read_bytes() == raw


@pytest.mark.parametrize("text", ["", "{", "not JSON", "\xff", "[" * 100_000, "[]", "3", "{}"])
def test_a_card_that_is_not_one_is_refused(saved, text):
    (saved / CARD).write_text(text, "latin-1")
    check_refused(saved, CARD)


@pytest.mark.parametrize("name", [f.name for f in fields(Card)])
@pytest.mark.parametrize("value", [None, [1], 2.5])
def test_a_card_with_a_wrong_entry_is_refused(saved, name, value):
    edit_card(saved, with_entry(name, value))
    check_refused(saved, CARD)


def test_a_newer_format_is_refused(saved):
    edit_card(saved, with_entry("format", bundle.FORMAT + 1))
    check_refused(saved, CARD, "newer")


def test_an_unknown_family_is_refused(saved):
    edit_card(saved, with_entry("family", "diffusion"))
    check_refused(saved, CARD, "diffusion", "gaussian")


@pytest.mark.parametrize(
    "name", ["../weights.safetensors", "/etc/passwd", "..", "", "a/b", "a\\b", "\0", "x" * 5000]
)
def test_a_file_outside_the_folder_is_refused(saved, name):
    edit_card(saved, lambda card: {**card, "files": {**card["files"], name: "0" * 64}})
    check_refused(saved, CARD)


@pytest.mark.parametrize("name", [WEIGHTS, ATLAS])
def test_a_file_without_a_sum_is_refused(saved, name):
    edit_card(
        saved, lambda card: {**card, "files": {k: v for k, v in card["files"].items() if k != name}}
    )
    check_refused(saved, CARD, name)


# Damage that the sums do not show


@pytest.mark.parametrize(
    "change",
    [
        {"latent": 4},
        {"latent": "3"},
        {"latent": None},
        {"image": [1, 8]},
        {"image": 8},
        {"image": [1, 8, "8"]},
        {"likelihood": "poisson"},
        {"likelihood": []},
        {"encoder": [{"op": "exec"}]},
        {"encoder": None},
        {"decoder": [3]},
        {"decoder": ["silu"]},
        {"decoder": [{"op": "unflatten", "shape": 5}]},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_model_that_does_not_fit_is_refused(saved, change):
    edit_card(saved, lambda card: {**card, "model": {**card["model"], **change}})
    check_refused(saved)


def test_layers_nested_without_end_are_refused(saved):
    layers = []
    for _ in range(300):
        layers = [{"op": "residual", "layers": layers}]
    edit_card(saved, lambda card: {**card, "model": {**card["model"], "encoder": layers}})
    check_refused(saved)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: {**w, "encoder.1.bias": w["encoder.1.bias"][1:].clone()},
        lambda w: {k: v for k, v in w.items() if k != "encoder.1.bias"},
        lambda w: {**w, "stray": torch.zeros(1)},
        lambda w: {k: v.to(torch.bfloat16) for k, v in w.items()},
    ],
    ids=["another shape", "one too few", "one too many", "another number format"],
)
def test_weights_of_another_model_are_refused(saved, change):
    save_file(change(load_file(saved / WEIGHTS)), saved / WEIGHTS)
    edit_card(saved, lambda card: card)
    check_refused(saved)


@pytest.mark.parametrize("name", [WEIGHTS, ATLAS])
def test_arrays_cut_short_are_refused(saved, name):
    (saved / name).write_bytes((saved / name).read_bytes()[:-9])
    edit_card(saved, lambda card: card)
    check_refused(saved, name)


@pytest.mark.parametrize("array", ["umap", "mean", "pca.axes"])
def test_an_atlas_that_lacks_an_array_is_refused(saved, array):
    arrays = load_file(saved / ATLAS)
    save_file({k: v for k, v in arrays.items() if k != array}, saved / ATLAS)
    edit_card(saved, lambda card: card)
    check_refused(saved, ATLAS, array)
