import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import fields, replace
from safetensors.torch import load_file, save_file

import vae
from vae import bundle
from vae.bundle import ATLAS, CARD, WEIGHTS, Card
from vae.card import DISTORTION, RATE, Column, plain
from vae.errors import InputError

ASSETS = Path(__file__).parents[1] / "assets"
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
    assert list(loaded.columns) == list(atlas.columns)
    for name, array in {**atlas._asdict(), **atlas.named()}.items():
        tolerance = 2e-3 if name in ("mean", "scale") else 0
        if name != "columns":
            back = loaded.named().get(name, getattr(loaded, name, None))
            assert back.dtype == array.dtype
            np.testing.assert_allclose(back, array, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-6)


def test_the_card_comes_back(saved, card):
    read, want = (json.loads(json.dumps(plain(c))) for c in (bundle.read_card(saved), card))
    assert read["files"].keys() == {WEIGHTS, ATLAS}
    assert [c["name"] for c in read["atlas"].pop("columns")] == ["rate", "distortion", "surprise"]
    del want["atlas"]["columns"]
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


def test_columns_are_replaced_and_all_else_is_kept(saved):
    (saved / "notes.txt").write_text("mine")
    before, arrays = bundle.read_card(saved), load_file(saved / ATLAS)
    new = {Column("surprise", "surprise", "nats"): np.arange(20, dtype=np.float32)}
    new[Column("size", "size")] = np.ones((20, 2), np.float32)
    assert bundle.with_columns(saved, new) == bundle.read_card(saved)
    card, after = bundle.read_card(saved), load_file(saved / ATLAS)
    assert [c.name for c in card.atlas.columns] == ["rate", "distortion", "surprise", "size"]
    assert replace(card, files={}, atlas=before.atlas) == replace(before, files={})
    assert card.files[WEIGHTS] == before.files[WEIGHTS]
    assert (after.pop("surprise") == torch.arange(20)).all()
    assert (after.pop("size") == 1).all()
    assert after.keys() == arrays.keys() - {"surprise"}
    assert all(torch.equal(arrays[k], v) and arrays[k].dtype == v.dtype for k, v in after.items())
    assert (saved / "notes.txt").read_text() == "mine"


def test_metrics_are_added_and_all_else_is_kept(saved):
    before = bundle.read_card(saved)
    bundle.with_metrics(saved, {"elbo": {"value": -2.0}})
    after = bundle.read_card(saved)
    assert after.metrics == {**before.metrics, "elbo": {"value": -2.0}}
    assert replace(after, metrics={}) == replace(before, metrics={})
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


@pytest.mark.parametrize("name", ["digits", "digits-2d"])
def test_format_1_opens_as_the_same_model(tmp_path, name):
    shutil.copytree(ASSETS / name, tmp_path / name)
    raw = json.loads((tmp_path / name / CARD).read_text())
    (tmp_path / name / CARD).write_text(json.dumps(as_format_1(raw)))
    read, want = bundle.read_card(tmp_path / name), bundle.read_card(ASSETS / name)
    assert replace(read, atlas=want.atlas) == want
    old, new = bundle.load(tmp_path / name), bundle.load(ASSETS / name)
    assert list(old.atlas.columns) == [RATE, DISTORTION]
    z = torch.randn(3, new.card.code.size)
    assert torch.equal(old.model.decode(z).mean, new.model.decode(z).mean)


def as_format_1(raw):
    """What the first bundles said of the same model."""
    code, atlas = raw.pop("code"), {k: v for k, v in raw["atlas"].items() if k != "columns"}
    [block] = code["blocks"]
    model = {**raw["model"], "latent": block["size"]}
    return {**raw, "format": 1, "family": "gaussian", "model": model, "atlas": atlas}


def test_figures_written_into_format_1_make_it_the_newest(saved):
    edit_card(saved, as_format_1)
    card = bundle.with_metrics(saved, {"elbo": {"value": -2.0}})
    assert json.loads((saved / CARD).read_text())["format"] == bundle.FORMAT
    assert bundle.read_card(saved) == card


def test_what_a_newer_program_only_describes_is_kept(saved):
    edit_card(saved, lambda card: {**card, "authors": ["A"], "data": {**card["data"], "year": 1}})
    bundle.with_metrics(saved, {"elbo": {"value": -2.0}})
    raw = json.loads((saved / CARD).read_text())
    assert raw["authors"] == ["A"]
    assert raw["data"]["year"] == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"blocks": []}, "code.blocks: Expected array of length >= 1"),
        ({"blocks": [{"name": "z", "kind": "cloud", "size": 3}]}, "code.blocks[0].kind"),
        ({"blocks": [{"name": "z", "kind": "normal", "size": "3"}]}, "code.blocks[0].size"),
        ({"blocks": [{"name": "z", "kind": "normal", "size": 3, "x": 1}]}, "code.blocks[0]"),
        ({"blocks": [{"name": "z", "kind": "choice", "size": 1}]}, "at least 2 classes"),
        ({"blocks": [{"name": "z", "kind": "normal", "size": 4}]}, "encoder ends in (6,)"),
        ({"blocks": [{"name": "z", "kind": "normal", "size": 2}] * 2}, "names must differ"),
        ({"blocks": [{"name": "z", "kind": "point", "size": 3}]}, "point posterior"),
        ({"prior": {"kind": "flow", "components": 3}}, "Unknown prior 'flow'; known are normal"),
        ({"prior": {"kind": "mixture"}}, "components"),
        ({"prior": {"kind": "normal", "components": 3}}, "components"),
        ({"posterior": {"kind": "flow"}}, "code.posterior.kind"),
        ({"more": 1}, "unknown field more"),
    ],
    ids=str,
)
def test_a_code_that_is_not_one_is_refused_at_its_entry(saved, change, says):
    edit_card(saved, lambda card: {**card, "code": {**card["code"], **change}})
    check_refused(saved, CARD, says)


def test_a_column_that_the_atlas_lacks_is_refused(saved):
    column = {"name": "size", "title": "size of the figure", "unit": "pixels"}
    edit_card(saved, lambda card: {**card, "atlas": {**card["atlas"], "columns": [column]}})
    check_refused(saved, ATLAS, "size")


def test_any_column_comes_back_with_its_description(saved, make_model, atlas, card):
    factors = Column("factors", "true factors")
    known = np.arange(60, dtype=np.float32).reshape(20, 3)
    wider = atlas._replace(columns={**atlas.columns, factors: known})
    bundle.save(saved, make_model(net="conv-decoder"), wider, card)
    np.testing.assert_array_equal(bundle.read_atlas(saved)[0].columns[factors], known)


@pytest.mark.parametrize("name", ["mean", "umap", "label", "pca.axes"])
def test_a_column_takes_no_name_that_has_a_meaning(saved, make_model, atlas, card, name):
    wider = atlas._replace(columns={Column(name, "?"): atlas.mean})
    with pytest.raises(InputError, match=name):
        bundle.save(saved, make_model(net="conv-decoder"), wider, card)


@pytest.mark.parametrize("array", ["scale", "index", "umap", "label", "rate"])
def test_an_atlas_whose_rows_do_not_agree_is_refused(saved, array):
    arrays = load_file(saved / ATLAS)
    arrays[array] = arrays[array][1:].clone()
    save_file(arrays, saved / ATLAS)
    edit_card(saved, lambda card: card)
    check_refused(saved, ATLAS, array)


def test_an_unknown_family_is_refused(saved):
    edit_card(saved, with_entry("family", "diffusion"))
    check_refused(saved, CARD, "diffusion", "vae")


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


def test_all_that_ships_takes_little_room():
    size = sum(path.stat().st_size for path in ASSETS.rglob("*"))
    assert size <= 60e6
