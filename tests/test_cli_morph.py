"""The commands that walk, sample, compare and export: what they write reads back."""

import csv
import json
from pathlib import Path

import av
import commands
import numpy as np
import pytest
import torch
from msgspec.structs import replace
from PIL import Image
from typer.testing import CliRunner

from vae import bundle, cli, directions, export, latent
from vae.card import Name
from vae.film import WRITERS, contact
from vae.paths import PATHS

ROOT = Path(__file__).parents[1]
DIGITS = ROOT / "assets" / "digits"
SIDE = 8  # pixels of an image


@pytest.fixture
def make_model(make_model):
    """Models whose images differ from code to code."""

    def make(**design):
        model = make_model(**design)
        with torch.no_grad():
            for weight in model.parameters():
                weight *= 3
        return model

    return make


@pytest.fixture
def atlas(atlas):
    """Two classes apart from each other, in two dimensions that are used and one that is not."""
    atlas.mean[:, 2] = 0
    atlas.scale[:, 2] = 1
    atlas.mean[:, 0] *= 0.5
    label = (np.arange(len(atlas.mean)) % 2).astype(np.uint8)
    atlas.mean[:, 1] += 3 * label
    return atlas._replace(label=label)


@pytest.fixture
def card(card):
    data = {**card.data, "classes": ["round", "straight"]}
    return replace(card, data=data, prepare={"size": [SIDE, SIDE], "channels": 1})


@pytest.fixture
def scans(tmp_path):
    """A folder of two pictures."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for seed, name in enumerate(("a.png", "b.png")):
        commands.scan(folder / name, seed)
    return folder


def call(*words) -> str:
    """What a command prints, without the breaks of its lines."""
    return " ".join(commands.call(*words).split())


def code_file(path: Path, model: Path, z: list, **changes) -> Path:
    """As the app's JSON button saves it."""
    weights = bundle.read_card(model).files[bundle.WEIGHTS]
    content = {"format": 1, "model": "tiny", "weights": weights, "z": z, "names": {}} | changes
    path.write_text(json.dumps(content))
    return path


def drawn(model: Path, z) -> np.ndarray:
    """The image (H, W) uint8 of a code, computed by itself."""
    x = bundle.load(model).model.decode(torch.tensor(np.float32(z))[None]).mean
    return x[0, 0].mul(255).round().byte().numpy()


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal but for rounding: a batch of another size may differ in the last bit."""
    return a.shape == b.shape and bool((np.abs(a.astype(int) - b) <= 1).all())


def frames(path: Path) -> int:
    if path.suffix == ".mp4":
        with av.open(str(path)) as film:
            return sum(1 for _ in film.decode(video=0))
    with Image.open(path) as film:
        return film.width // (SIDE * 2) if path.suffix == ".png" else film.n_frames


# ---- morph


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_walk_is_written_in_every_format(saved, tmp_path, suffix):
    path = tmp_path / "new" / f"walk{suffix}"
    said = call("morph", saved, "@0", "@1", "@2", "--steps", 5, "--scale", 2, "--out", path)
    assert "Wrote 5 frames" in said
    assert frames(path) == 5
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("path", PATHS)
def test_a_walk_stands_at_its_ends_exactly(saved, tmp_path, path):
    out = tmp_path / "walk.json"
    call("morph", saved, "@3", "@8", "@5", "--path", path, "--steps", 9, "--out", out)
    walk = json.loads(out.read_text())
    atlas = bundle.load(saved).atlas
    assert walk["path"] == path
    assert [key["name"] for key in walk["keys"]] == ["@3", "@8", "@5"]
    for t, row in ((0, 3), (4, 8), (8, 5)):
        ((z, weight),) = [(f["z"], f["weight"]) for f in walk["frames"][t] if f["weight"]]
        assert weight == 1
        assert z == atlas.mean[row].astype(float).tolist()
    facts = walk["profile"]
    assert len(facts["change"]) == 8
    assert facts["length"][-1] == pytest.approx(sum(facts["change"]))
    assert facts["distance"][0] == facts["distance"][-1] == 0
    assert walk["times"][0] == 0


def test_the_same_walk_as_a_table(saved, tmp_path):
    for suffix in ("json", "csv"):
        call("morph", saved, "@3", "@8", "--steps", 4, "--out", tmp_path / f"walk.{suffix}")
    walk = json.loads((tmp_path / "walk.json").read_text())
    with (tmp_path / "walk.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    assert len(rows) == 4
    assert rows[0]["change"] == ""
    for row, (frame,), length in zip(rows, walk["frames"], walk["profile"]["length"], strict=True):
        np.testing.assert_allclose([float(row[f"z_{j}"]) for j in range(3)], frame["z"], rtol=1e-8)
        assert float(row["length"]) == pytest.approx(length)


def test_a_table_of_blended_images_has_both_codes(saved, tmp_path):
    out = tmp_path / "walk.csv"
    call("morph", saved, "@3", "@8", "--path", "pixels", "--steps", 3, "--out", out)
    with out.open(newline="") as f:
        middle = list(csv.DictReader(f))[1]
    assert float(middle["a_weight"]) == float(middle["b_weight"]) == 0.5
    assert middle["distance"] == ""


def test_the_ends_of_a_strip_are_the_images_of_its_ends(saved, tmp_path):
    out = tmp_path / "strip.png"
    call("morph", saved, "@3", "@8", "--steps", 4, "--scale", 1, "--out", out)
    mean, strip = bundle.load(saved).atlas.mean, pixels(out)
    assert same(strip[:, :SIDE], drawn(saved, mean[3]))
    assert same(strip[:, -SIDE:], drawn(saved, mean[8]))


def test_a_walk_goes_beyond_its_ends(saved, tmp_path):
    out, span = tmp_path / "walk.json", ["--from", -0.5, "--to", 1.5]
    call("morph", saved, "@3", "@8", "--path", "line", "--steps", 3, *span, "--out", out)
    (first,), (middle,), (last,) = json.loads(out.read_text())["frames"]
    z0, z1 = bundle.load(saved).atlas.mean[[3, 8]].astype(float)
    np.testing.assert_allclose(first["z"], z0 - (z1 - z0) / 2)
    np.testing.assert_allclose(middle["z"], (z0 + z1) / 2)
    np.testing.assert_allclose(last["z"], z1 + (z1 - z0) / 2)


def test_a_picture_is_prepared_as_encode_does_it(saved, scans, tmp_path):
    own = ["--rotate", 90, "--invert", "yes"]
    call("encode", saved, scans / "a.png", *own, "--out", tmp_path / "codes.json")
    said = call("morph", saved, scans / "a.png", "@1", *own, "--out", tmp_path / "walk.json")
    (code,) = json.loads((tmp_path / "codes.json").read_text())
    walk = json.loads((tmp_path / "walk.json").read_text())
    assert walk["keys"][0]["z"] == code["mean"]
    assert code["notes"] in said


def test_a_code_that_the_app_saved_is_an_end(saved, tmp_path):
    z = [0.25, -1.5, 2.0]
    mine = code_file(tmp_path / "mine.JSON", saved, z)
    call("morph", saved, mine, "@1", "--out", tmp_path / "walk.json")
    assert json.loads((tmp_path / "walk.json").read_text())["keys"][0]["z"] == z


def test_a_geodesic_shows_its_progress_on_standard_error(saved, tmp_path):
    words = ["morph", saved, "@0", "@1", "@2", "--path", "geodesic", "--out", tmp_path / "w.gif"]
    result = CliRunner().invoke(cli.app, list(map(str, words)), catch_exceptions=False)
    assert "geodesic" in result.stderr
    assert "2/2" in result.stderr
    assert "images decoded" in result.stderr


MORPH_REFUSALS = {
    "suffix": (["@0", "@1", "--out", "walk.avi"], "must end in .gif or"),
    "no-suffix": (["@0", "@1", "--out", "walk"], "must end in .gif or"),
    "one-step": (["@0", "@1", "--steps", 1], "at least 2 steps"),
    "one-key": (["@0"], "2 to 8 key frames; these are 1"),
    "nine-keys": (["@0"] * 9, "2 to 8 key frames; these are 9"),
    "no-such-row": (["@0", "@20"], "no held-out example @20; this model has 20, @0 to @19"),
    "no-row": (["@0", "@-1"], "no held-out example @-1"),
    "not-a-number": (["@0", "@1", "--from", "nan"], "--from must be a finite number"),
    "infinite": (["@0", "@1", "--to", "inf"], "--to must be a finite number"),
    "too-large": (["@0", "@1", "--steps", 9000, "--scale", 64], "are too large"),
    "too-wide": (["@0", "@1", "--steps", 9000, "--out", "strip.png"], "are too large"),
    "missing": (["@0", "none.png"], "none.png"),
    "opposite": (["one.json", "opposite.json"], "codes in opposite directions"),
    "zero": (["one.json", "zero.json"], "has no direction; use line"),
    "another-model": (["@0", "foreign.json"], "foreign.json holds a code of another model"),
    "nan": (["@0", "nan.json"], "number 2 of the code must be between"),
    "too-short": (["@0", "short.json"], "short.json has 2 numbers; codes of this model have 3"),
    "no-code": (["@0", "list.json"], "list.json holds no code"),
    "broken": (["@0", "broken.json"], "broken.json is not readable as JSON"),
    "two-pictures": (["@0", "scans"], "scans names 2 pictures; name one"),
    "over-its-input": (["@0", "scans/a.png", "--out", "scans/a.png"], "would be lost"),
    "over-the-model": (["@0", "@1", "--out", "tiny/bundle.json"], "would be lost"),
    "a-folder": (["@0", "@1", "--out", "folder.gif"], "folder.gif is a folder"),
    "no-place": (["@0", "@1", "--out", "one.json/walk.gif"], "cannot be created"),
}


@pytest.mark.parametrize(("words", "says"), MORPH_REFUSALS.values(), ids=MORPH_REFUSALS)
def test_what_cannot_be_walked_is_said_in_a_sentence(
    saved, scans, tmp_path, monkeypatch, refusal, words, says
):
    monkeypatch.chdir(tmp_path)
    one = [1.0, 0.5, -2.0]
    code_file(Path("one.json"), saved, one)
    code_file(Path("opposite.json"), saved, [-v for v in one])
    code_file(Path("zero.json"), saved, [0, 0, 0])
    code_file(Path("foreign.json"), saved, one, weights="0" * 64)
    code_file(Path("nan.json"), saved, [1, float("nan"), 0])
    code_file(Path("short.json"), saved, [1, 2])
    Path("list.json").write_text("[1, 2]")
    Path("broken.json").write_text("{")
    Path("folder.gif").mkdir()
    before = {p: p.is_file() and p.read_bytes() for p in tmp_path.rglob("*")}
    assert says in refusal("morph", saved, *words)
    assert {p: p.is_file() and p.read_bytes() for p in tmp_path.rglob("*")} == before


# ---- traverse


def test_a_traversal_has_a_row_for_each_used_dimension_by_rate(saved, tmp_path):
    out = tmp_path / "rows.json"
    call("traverse", saved, "@4", "--span", 2, "--columns", 5, "--out", out)
    made = json.loads(out.read_text())
    assert made["values"] == [-2, -1, 0, 1, 2]
    assert made["base"] == bundle.load(saved).atlas.mean[4].astype(float).tolist()
    assert sorted(row["dimension"] for row in made["rows"]) == [0, 1]
    rates = [row["rate"] for row in made["rows"]]
    assert rates == sorted(rates, reverse=True)
    call("traverse", saved, "--all", "--out", out)
    made = json.loads(out.read_text())
    assert made["rows"][-1] == {"dimension": 2, "rate": pytest.approx(0, abs=1e-6)}
    assert made["base"] == [0, 0, 0]


def test_a_traversal_may_be_of_dimensions_by_name_or_number(
    saved, make_model, atlas, card, tmp_path, refusal
):
    named = replace(card, names=(Name(1, "slant", 0.9, 10),))
    bundle.save(saved, make_model(net="conv-decoder"), atlas, named)
    out = tmp_path / "rows.json"
    for names, rows in ((["slant", "z0"], [1, 0]), (["2", "z1"], [2, 1])):
        call("traverse", saved, *(w for name in names for w in ("--only", name)), "--out", out)
        assert [row["dimension"] for row in json.loads(out.read_text())["rows"]] == rows
    assert ": slant " in call("traverse", saved, "--out", tmp_path / "figure.png")
    assert "no dimension 'smile'; known are z0" in refusal("traverse", saved, "--only", "smile")


def test_a_figure_of_a_traversal_shows_its_codes_and_names_its_rows(saved, tmp_path):
    out = tmp_path / "figure.png"
    said = call("traverse", saved, "@4", "--columns", 5, "--scale", 2, "--out", out)
    rows = [int(word.removeprefix("z")) for word in said.split() if word[0] == "z"]
    z, gap = bundle.load(saved).atlas.mean[4], 1
    codes = [latent.traverse(z, j, np.linspace(-3, 3, 5)) for j in rows]
    images = np.array([drawn(saved, code) for code in np.concatenate(codes)])[:, None]
    want = np.asarray(contact(images, 5, 2, gap))
    made = pixels(out)
    assert made.shape[0] == want.shape[0]
    assert same(made[:, -want.shape[1] :], want)
    margin = made[:, : -want.shape[1]]
    for half in np.array_split(margin, len(rows)):  # each row has its label
        assert half.min() < 100
        assert half.max() == 255


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_film_of_a_traversal_has_a_frame_for_each_column(saved, tmp_path, suffix):
    out = tmp_path / f"film{suffix}"
    call("traverse", saved, "--columns", 5, "--scale", 2, "--bounce", "--out", out)
    assert frames(out) == 8


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--span", "nan"], "--span"),
        (["--columns", 1], "--columns"),
        (["--columns", 1000, "--scale", 64, "--out", "large.png"], "are too large"),
        (["--out", "figure.csv"], "must end in"),
    ],
)
def test_a_traversal_that_makes_no_sense_is_refused(
    saved, tmp_path, monkeypatch, refusal, words, says
):
    monkeypatch.chdir(tmp_path)
    assert says in refusal("traverse", saved, *words)
    assert [p.name for p in tmp_path.iterdir()] == [saved.name]


def test_a_model_that_uses_no_dimension_says_so(saved, make_model, atlas, card, tmp_path, refusal):
    atlas = atlas._replace(mean=atlas.mean / 100)
    bundle.save(saved, make_model(net="conv-decoder"), atlas, card)
    assert "No dimension of this model is used" in refusal("traverse", saved)
    call("traverse", saved, "--all", "--out", tmp_path / "all.png")


# ---- manifold


def test_two_dimensions_are_drawn_whole(tmp_path, make_model, atlas, card):
    model = make_model(latent=2)
    folder = tmp_path / "flat"
    flat = atlas._replace(mean=atlas.mean[:, :2], scale=atlas.scale[:, :2])
    bundle.save(folder, model, flat, replace(card, **model.config.entries()))
    for name in ("sheet.json", "sheet.png"):
        call("manifold", folder, "--n", 4, "--scale", 1, "--out", tmp_path / name)
    made = json.loads((tmp_path / "sheet.json").read_text())
    assert (made["rows"], made["columns"]) == (4, 4)
    np.testing.assert_array_equal(made["codes"], latent.quantile_grid(4)[::-1])
    assert made["codes"][0][0][1] > made["codes"][3][0][1]  # up is up
    sheet = pixels(tmp_path / "sheet.png")
    assert sheet.shape == (4 * SIDE, 4 * SIDE)
    assert same(sheet[:SIDE, -SIDE:], drawn(folder, made["codes"][0][3]))


def test_of_more_dimensions_the_plane_through_three_codes_is_drawn(saved, tmp_path):
    out = tmp_path / "sheet.json"
    call("manifold", saved, "--through", "@3", "@8", "@5", "--n", 6, "--out", out)
    made = json.loads(out.read_text())
    codes = np.array(made["codes"])
    assert codes.shape == (made["rows"], 6, 3)
    ends = bundle.load(saved).atlas.mean[[3, 8, 5]].astype(float)
    plane = latent.plane(*ends)
    places = plane.place(codes)
    np.testing.assert_allclose(plane.lift(places), codes, atol=1e-9)
    assert (places.min((0, 1)) < plane.place(ends).min(0)).all()
    assert (places.max((0, 1)) > plane.place(ends).max(0)).all()
    steps = np.diff(places[0, :, 0])
    np.testing.assert_allclose(steps, steps[0])
    assert places[0, 0, 1] > places[-1, 0, 1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "has 3 dimensions, not 2; name three codes"),
        (["--through", "@1", "@1", "@2"], "lie on one line"),
        (["--through", "@1", "@2", "@99"], "no held-out example @99"),
        (["--through", "@1", "@2", "@3", "--n", 100, "--scale", 64], "are too large"),
        (["--through", "@1", "@2", "@3", "--out", "sheet.gif"], "must end in .png or .json"),
    ],
)
def test_a_plane_that_cannot_be_drawn_is_refused(
    saved, tmp_path, monkeypatch, refusal, words, says
):
    monkeypatch.chdir(tmp_path)
    assert says in refusal("manifold", saved, *words)
    assert [p.name for p in tmp_path.iterdir()] == [saved.name]


# ---- direction, apply, analogy


def read_direction(path: Path, model: Path) -> directions.Direction:
    weights = bundle.read_card(model).files[bundle.WEIGHTS]
    return directions.from_json(path.read_text(), weights, 3)


def test_a_direction_between_classes_is_measured_in_words(saved, tmp_path):
    out = tmp_path / "direction.json"
    said = call("direction", saved, "--with", "straight", "--without", "round", "--out", out)
    mean, made = bundle.load(saved).atlas.mean, read_direction(out, saved)
    want = directions.direction(mean[1::2], mean[::2])
    assert made.vector.tolist() == want.vector.tolist()
    assert "10 examples with, 10 without." in said
    assert f"AUC {want.auc:.3f}" in said
    assert "the examples agree on it" in said


def test_examples_may_be_pictures_and_many(saved, scans, tmp_path):
    out = tmp_path / "direction.json"
    sides = ["--with", scans / "*.png", "--with", "@1", "--without", "round", "--without", "@3"]
    assert "3 examples with, 11 without." in call("direction", saved, *sides, "--out", out)
    assert read_direction(out, saved).n_with == 3


def test_a_direction_of_noise_may_be_chance(saved, tmp_path):
    sides = [w for i in range(0, 6, 2) for w in ("--with", f"@{i}")]
    sides += [w for i in range(6, 20, 2) for w in ("--without", f"@{i}")]
    said = call("direction", saved, *sides, "--out", tmp_path / "direction.json")
    assert "may be chance" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--with", "scans", "--without", "round"], "at least 3 examples with and 3 without"),
        (["--with", "round", "--without", "round"], "the same mean"),
        (["--with", "cats", "--without", "round"], "cats is neither a picture nor a class"),
        (["--with", "notes.txt", "--without", "round"], "notes.txt"),
        (["--with", "*.tiff", "--without", "round"], "No file matches *.tiff"),
        (["--with", "round", "--without", "straight", "--out", "d.csv"], "must end in .json"),
    ],
)
def test_examples_that_make_no_direction_are_refused(
    saved, scans, tmp_path, monkeypatch, refusal, words, says
):
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("not a picture")
    assert says in refusal("direction", saved, *words)
    assert {p.name for p in tmp_path.iterdir()} == {"tiny", "scans", "notes.txt"}


@pytest.fixture
def straight(saved, tmp_path):
    """The file of a direction."""
    out = tmp_path / "direction.json"
    call("direction", saved, "--with", "straight", "--without", "round", "--out", out)
    return out


def test_a_direction_is_given_to_pictures(saved, scans, straight, tmp_path):
    out = tmp_path / "moved"
    row = ["--strength", 0, "--strength", -1.5, "--scale", 1, "--out", out]
    assert "Wrote 3" in call("apply", saved, straight, scans, "@4", *row)
    assert sorted(p.name for p in out.iterdir()) == ["@4.png", "a.png", "b.png"]
    z, made = bundle.load(saved).atlas.mean[4], pixels(out / "@4.png")
    assert same(made[:, :SIDE], drawn(saved, z))
    vector = read_direction(straight, saved).vector
    assert same(made[:, SIDE:], drawn(saved, z - 1.5 * vector))


def test_apply_names_what_it_cannot_use_and_does_the_rest(saved, scans, straight, tmp_path, ends):
    (scans / "notes.png").write_text("not a picture")
    code, _, err = ends("apply", saved, straight, scans, "--out", tmp_path / "moved")
    assert code == 2
    assert "notes.png" in err
    assert sorted(p.name for p in (tmp_path / "moved").iterdir()) == ["a.png", "b.png"]


def test_apply_refuses_what_is_no_direction_of_this_model(saved, straight, tmp_path, refusal):
    words = ["apply", saved, straight, "@1", "--out", tmp_path / "moved"]
    assert "--strength must be a finite" in refusal(*words, "--strength", "nan")
    raw = json.loads(straight.read_text())
    straight.write_text(json.dumps(raw | {"weights": "0" * 64}))
    assert "belongs to another model" in refusal(*words)
    straight.write_bytes(b"\xff")
    assert "cannot be read as text" in refusal(*words)
    straight.unlink()
    assert "cannot be read" in refusal(*words)
    assert not (tmp_path / "moved").exists()


def test_an_analogy_is_a_picture_or_a_code_that_is_an_end_again(saved, tmp_path):
    for name in ("d.png", "d.json"):
        call("analogy", saved, "@3", "@8", "@5", "--scale", 1, "--out", tmp_path / name)
    a, b, c = bundle.load(saved).atlas.mean[[3, 8, 5]].astype(float)
    d = json.loads((tmp_path / "d.json").read_text())["z"]
    np.testing.assert_allclose(d, c + b - a)
    assert same(pixels(tmp_path / "d.png"), drawn(saved, d))
    call("morph", saved, "@5", tmp_path / "d.json", "--out", tmp_path / "walk.json")
    assert json.loads((tmp_path / "walk.json").read_text())["keys"][1]["z"] == d


# ---- sample


SAMPLES = {
    "prior": ([], "from the prior"),
    "aggregate": (["--source", "aggregate"], "Gaussians fitted to the codes of held-out examples"),
    "class": (["--source", "round"], "the 10 held-out examples of round; the model itself knows"),
    "around": (["--around", "@4"], "around @4"),
}


@pytest.mark.parametrize(("words", "says"), SAMPLES.values(), ids=SAMPLES)
def test_samples_come_from_where_they_are_said_to(saved, tmp_path, words, says):
    def sheet(seed):
        out = tmp_path / "sheet.png"
        assert says in call("sample", saved, *words, "--n", 5, "--seed", seed, "--out", out)
        return out.read_bytes()

    assert sheet(3) == sheet(3) != sheet(-4)


@pytest.mark.parametrize("words", [["--source", "straight", "--temperature", 0], ["--radius", 0]])
def test_samples_without_any_spread_are_all_the_middle(saved, tmp_path, words):
    around = [] if "--source" in words else ["--around", "@4"]
    out = tmp_path / "sheet.png"
    call("sample", saved, *words, *around, "--n", 4, "--scale", 1, "--out", out)
    tiles = pixels(out).reshape(2, SIDE, 2, SIDE).swapaxes(1, 2).reshape(4, SIDE, SIDE)
    assert (tiles == tiles[0]).all()
    if around:
        assert same(tiles[0], drawn(saved, bundle.load(saved).atlas.mean[4]))


def test_the_first_variation_is_the_picture_itself(saved, tmp_path):
    out = tmp_path / "sheet.png"
    call("sample", saved, "--around", "@4", "--n", 4, "--scale", 1, "--out", out)
    made = pixels(out)
    want = drawn(saved, bundle.load(saved).atlas.mean[4])
    assert same(made[:SIDE, :SIDE], want)
    assert not same(made[:SIDE, SIDE:], want)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--source", "cats"], "known are prior, aggregate, round, straight"),
        (["--source", "round", "--around", "@1"], "choose one of the two"),
        (["--temperature", "nan"], "--temperature"),
        (["--temperature", "inf"], "--temperature must be a finite number"),
        (["--around", "@1", "--radius", "inf"], "--radius must be a finite number"),
        (["--n", 9000, "--scale", 64], "are too large"),
        (["--out", "samples.txt"], "must end in .png"),
    ],
)
def test_samples_that_cannot_be_drawn_are_refused(
    saved, tmp_path, monkeypatch, refusal, words, says
):
    monkeypatch.chdir(tmp_path)
    assert says in refusal("sample", saved, *words)
    assert [p.name for p in tmp_path.iterdir()] == [saved.name]


def test_a_class_of_one_example_is_refused(saved, make_model, atlas, card, refusal):
    label = (np.arange(len(atlas.label)) > 0).astype(np.uint8)
    bundle.save(saved, make_model(net="conv-decoder"), atlas._replace(label=label), card)
    assert "too few held-out examples of round" in refusal("sample", saved, "--source", "round")


# ---- export-html


def test_a_model_is_exported_as_one_page(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "Wrote tiny.html" in call("export-html", saved)
    call("export-html", saved)  # once more over the old one
    assert Path("tiny.html").read_text("utf-8") == export.page(saved)


def test_a_page_takes_no_other_files_place(saved, tmp_path, monkeypatch, refusal):
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    assert "must end in .html" in refusal("export-html", saved, "--out", notes)
    assert notes.read_text() == "mine"
    (tmp_path / "old.html").write_text("old")
    monkeypatch.setattr(export, "MOST", 10)
    assert "the limit is" in refusal("export-html", saved, "--out", tmp_path / "old.html")
    assert (tmp_path / "old.html").read_text() == "old"
    assert {p.name for p in tmp_path.iterdir()} == {"tiny", "notes.txt", "old.html"}


# ---- the model that is shipped


def test_the_shipped_model_tells_fours_from_nines(tmp_path):
    out = tmp_path / "direction.json"
    said = call("direction", DIGITS, "--with", "4", "--without", "9", "--out", out)
    assert json.loads(out.read_text())["auc"] > 0.95
    assert "982 examples with, 1,009 without." in said


def test_a_walk_between_two_shipped_digits_costs_less_by_the_geodesic(tmp_path):
    lengths = {}
    for path in ("line", "geodesic"):
        out = tmp_path / f"{path}.json"
        call("morph", DIGITS, "@3", "@18", "--path", path, "--steps", 17, "--out", out)
        lengths[path] = json.loads(out.read_text())["profile"]["length"][-1]
    assert lengths["geodesic"] < lengths["line"]
