"""Models made sick on purpose, one sickness each: the doctor says which."""

import json
from dataclasses import replace as replaced
from pathlib import Path

import numpy as np
import pytest
import torch

from vae import bundle
from vae.atlas import laid_out
from vae.card import AtlasCard
from vae.data import DATASETS
from vae.models import MODELS
from vae.models.vae import Design
from vae.noise import NOISES, set_sigma
from vae.project import pca
from vae.tasks.doctor import CHECKS, Case, Severity, examine, numbers
from vae.train import Train, chosen, fit, start

ROOT = Path(__file__).parents[1]
ASSETS = sorted(path.parent for path in ROOT.glob("assets/*/bundle.json"))
DIGITS = DATASETS["digits"]
DESIGN = Design(latent=4, width=64, depth=0, likelihood="gaussian", noise="shared")
TRAIN = Train(steps=700, batch=64, warmup=200, ema=0.98, learning_rate=3e-3, holdout=False)


def trained(fabric, design=DESIGN, config=TRAIN, source=DIGITS):
    """A model of 8 x 8 digits, with its weights as training leaves them."""
    torch.manual_seed(0)
    model, images = MODELS["vae"](design.config(source.image)), source.load("train")
    NOISES[design.noise].hold(model)
    state = start(model, config)
    for _ in fit(state, images, config, model.likelihood.binary, fabric):
        pass
    model = chosen(state)
    NOISES[design.noise].settle(model, images.x, 0)
    return model


def atlas_of(model, source=DIGITS):
    return laid_out(model, source.load("test"), lambda z: pca(z).place(z).astype(np.float32))


def save(folder: Path, model, atlas=None, source=DIGITS) -> Path:
    atlas = atlas or atlas_of(model, source)
    card = bundle.Card(
        title="Digits",
        description="A test.",
        family="vae",
        **model.config.entries(),
        data={"name": source.name, "title": source.title, "licence": source.licence},
        training={},
        atlas=AtlasCard("test", len(atlas.mean)),
        prepare={},
    )
    bundle.save(folder, model, atlas, card)
    return folder


@pytest.fixture(scope="module")
def healthy(fabric, tmp_path_factory):
    return save(tmp_path_factory.mktemp("models") / "healthy", trained(fabric))


def serious(folder, source=DIGITS) -> dict[str, Severity]:
    """The checks that warn or find an error, and which of the two."""
    found = examine(folder, source).at_least(Severity.WARNING)
    return {finding.check: finding.severity for finding in found}


def test_a_healthy_model_has_no_finding(healthy):
    report = examine(healthy, DIGITS)
    assert [finding.check for finding in report.findings] == ["files", *CHECKS]
    assert [f for f in report.findings if f.severity != Severity.FINE] == []


def test_without_its_data_a_model_is_examined_by_the_bundle_alone(healthy):
    report = examine(healthy)
    skipped = [f for f in report.findings if f.severity == Severity.SKIPPED]
    assert [f.check for f in skipped] == ["encoder", "reconstruction", "overfitting", "likelihood"]
    assert {f.measured for f in skipped} == {"no images of the data set digits were looked at"}
    assert report.severity == Severity.FINE


# ---- sick models: each changes one thing of a healthy one


def infinite(model):
    model.encoder[1].weight[3, 5] = torch.inf


def not_a_number(model):
    model.decoder[0].bias[0] = torch.nan


def huge(model):
    model.decoder[0].bias[0] = -5000  # a unit that is off, whatever the code


def stretched(model, by=15.0):
    model.encoder[-1].weight[:4] *= by
    model.encoder[-1].bias[:4] *= by
    model.decoder[0].weight /= by


def moved(model, by=3.0):
    model.decoder[0].bias -= model.decoder[0].weight.sum(1) * by
    model.encoder[-1].bias[:4] += by


def deaf(model):
    model.decoder[0].weight.zero_()


def dead(model, n=3):
    """Its first `n` dimensions say N(0, 1) of every picture."""
    for rows in (slice(0, n), slice(4, 4 + n)):
        model.encoder[-1].weight[rows] = 0
        model.encoder[-1].bias[rows] = 0


def one_dead(model):
    dead(model, 1)


def mute(model):
    dead(model, 4)


def strange(model):
    """The encoder of another training."""
    torch.manual_seed(1)
    model.encoder.load_state_dict(MODELS["vae"](model.config).encoder.state_dict())


def noisy(model):
    set_sigma(model, 1.0)


def noiseless(model):
    set_sigma(model, 1.01 / 256)


def overconfident(model):
    set_sigma(model, 0.15)


ERROR, WARNING = Severity.ERROR, Severity.WARNING
SICK = {
    infinite: {"weights": ERROR},
    not_a_number: {"weights": ERROR},
    huge: {"weights": WARNING},
    stretched: {"scales": WARNING, "prior": WARNING},
    moved: {"prior": WARNING},
    mute: {"collapse": ERROR, "dead dimensions": WARNING},
    dead: {"dead dimensions": WARNING},
    one_dead: {},
    noisy: {"noise": WARNING},
    noiseless: {"noise": WARNING, "confidence": WARNING},
    overconfident: {"confidence": WARNING},
}


def changed(folder, change):
    """The model of a bundle after `change`."""
    model = bundle.load(folder).model
    with torch.no_grad():
        change(model)
    return model


@pytest.mark.parametrize("change", SICK, ids=lambda change: change.__name__)
def test_a_sick_model(healthy, tmp_path, change):
    model = changed(healthy, change)
    sound = all(value.isfinite().all() for value in model.state_dict().values())
    atlas = atlas_of(model) if sound else bundle.load(healthy).atlas
    found = serious(save(tmp_path / "sick", model, atlas))
    assert found.items() >= SICK[change].items()
    if change not in (mute, dead, noiseless, noisy):  # which also do harm to pictures
        assert found == SICK[change]


@pytest.mark.parametrize(("change", "check"), [(deaf, "collapse"), (strange, "round trip")])
def test_networks_that_do_not_belong_together(healthy, tmp_path, change, check):
    """Under the atlas of the healthy one."""
    folder = save(tmp_path / "sick", changed(healthy, change), bundle.load(healthy).atlas)
    assert check in serious(folder, None)


def test_a_model_whose_codes_are_all_the_same_has_a_map(healthy):
    codes = bundle.load(healthy).atlas.mean * 0
    assert np.isfinite(np.concatenate([a.ravel() for a in pca(codes)])).all()


def test_some_dead_dimensions_are_a_note_that_names_them(healthy, tmp_path):
    report = examine(save(tmp_path / "sick", changed(healthy, one_dead)))
    (note,) = report.at_least(Severity.NOTE)
    assert (note.check, note.severity) == ("dead dimensions", Severity.NOTE)
    assert note.measured == "3 of 4 dimensions are active; not z0"


@pytest.mark.parametrize("name", ["mean", "scale", "umap"])
def test_an_atlas_with_a_number_that_is_none(healthy, name):
    opened = bundle.load(healthy)
    array = getattr(opened.atlas, name).copy()
    array[7, 1] = np.nan
    broken = opened._replace(atlas=opened.atlas._replace(**{name: array}))
    reading = CHECKS["atlas"].examine(Case(broken))
    assert reading.severity == Severity.ERROR
    assert reading.measured == f"1 of the {array.size:,} numbers of {name} are NaN or infinite"


def test_a_score_that_was_not_measured_is_no_fault_and_half_a_row_is():
    column = np.array([[1.0, 2.0], [np.nan, np.nan], [np.nan, 3.0]])
    assert np.array_equal(numbers.scored(column), column[[0, 2]], equal_nan=True)
    assert numbers.unfinite("scores", numbers.scored(column[:2])) == ""
    assert "1 of the 4" in numbers.unfinite("scores", numbers.scored(column))


def test_an_atlas_of_other_pictures(healthy, tmp_path):
    model, atlas, _, _ = bundle.load(healthy)
    other = atlas._replace(index=atlas.index[::-1].copy())
    assert serious(save(tmp_path / "sick", model, other)) == {"encoder": Severity.ERROR}


# ---- data that do not fit


def only(n: int):
    """Digits of which `n` are for training."""

    def published(split):
        images = DIGITS.published(split)
        return images if split == "test" else images.take(slice(n))

    return replaced(DIGITS, published=published)


def test_a_model_of_few_pictures_overfits(fabric, tmp_path):
    few = only(40)
    folder = save(tmp_path / "few", trained(fabric, source=few))
    assert serious(folder, few)["overfitting"] == Severity.WARNING


def test_greys_do_not_fit_a_binary_likelihood(tmp_path, make_model):
    folder = save(tmp_path / "binary", make_model())
    assert serious(folder)["likelihood"] == Severity.WARNING


def test_black_and_white_do_not_fit_a_likelihood_of_greys(healthy):
    def published(split):
        images = DIGITS.published(split)
        return images._replace(x=(images.x > 127).byte() * 255)

    assert "likelihood" in serious(healthy, replaced(DIGITS, published=published))


# ---- bundles that are not whole


def without(name):
    return lambda folder: (folder / name).unlink()


def cut_short(folder):
    path = folder / bundle.WEIGHTS
    path.write_bytes(path.read_bytes()[:-10])


def card_with(**entries):
    def write(folder):
        raw = json.loads((folder / bundle.CARD).read_text()) | entries
        (folder / bundle.CARD).write_text(json.dumps(raw))

    return write


def no_json(folder):
    (folder / bundle.CARD).write_text("{")


DAMAGES = {
    "is missing": without(bundle.ATLAS),
    "is damaged": cut_short,
    "There is no model": without(bundle.CARD),
    "is not readable as JSON": no_json,
    "newer than this program's": card_with(format=99),
    "the unknown family": card_with(family="cats"),
    "code.blocks: Expected array of length >= 1": card_with(code={"blocks": []}),
}


@pytest.mark.parametrize("says", DAMAGES)
def test_a_damaged_bundle(saved, says):
    DAMAGES[says](saved)
    first, *rest = examine(saved).findings
    assert (first.check, first.severity) == ("files", Severity.ERROR)
    assert says in first.measured
    assert {finding.severity for finding in rest} == {Severity.SKIPPED}


def test_every_damaged_file_is_named(saved):
    cut_short(saved)
    (saved / bundle.ATLAS).unlink()
    found = [f.measured for f in examine(saved).at_least(Severity.ERROR)]
    assert [name in said for name, said in zip((bundle.WEIGHTS, bundle.ATLAS), found, strict=True)]


# ---- our own


OURS = {
    "digits-ae": {"prior"},
    "digits-ppca": {"confidence"},
    "faces": {"prior"},
    "faces-glasses": {"prior"},
    "fashion-noise-pixel": {"prior"},
    "fashion-noise-unit": {"noise", "confidence"},
    "frey": {"prior"},
    "sprites": {"prior"},
}  # as the README says


@pytest.mark.parametrize("folder", ASSETS, ids=lambda folder: folder.name)
def test_what_the_doctor_says_of_a_shipped_model(folder):
    assert serious(folder, None).keys() == OURS.get(folder.name, set())
    assert Severity.ERROR not in serious(folder, None).values()


# ---- the command


def test_the_command_says_what_to_do(healthy, tmp_path, ends):
    folder = save(tmp_path / "sick", changed(healthy, moved))
    code, out, _ = ends("doctor", folder)
    assert code == 1
    assert "warning  prior: codes have" in out
    assert "Why: Samples of the prior fall" in out
    assert "Try: Generate from the aggregate" in out
    assert out.endswith("1 finding.\n")


def test_the_command_has_a_code_for_scripts_and_json(healthy, saved, ends):
    code, out, _ = ends("doctor", healthy, "--json")
    report = json.loads(out)
    assert (code, report["severity"]) == (0, "fine")
    assert [f["check"] for f in report["findings"]] == ["files", *CHECKS]
    cut_short(saved)
    code, out, _ = ends("doctor", saved, "--json")
    assert (code, json.loads(out)["severity"]) == (2, "error")
