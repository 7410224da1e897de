import csv
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
import typer
from commands import call, scan
from msgspec.structs import replace
from PIL import Image
from processes import FORK, finish, forked, limit_files
from safetensors import safe_open
from safetensors.numpy import load_file

import vae
from vae import bundle, cli
from vae.card import plain
from vae.cli.files import find, targets
from vae.data import DATASETS
from vae.models.vae import Design
from vae.runs import Run
from vae.train import Devices, Train

ROOT = Path(__file__).parents[1]
DIGITS = ROOT / "assets/digits"
COMMANDS = typer.main.get_command(cli.app).commands
SETTINGS = {"latent": 2, "width": 8, "depth": 0, "batch": 32, "ema": 0.9, "steps": 150}
TINY = ["train", "digits", "--save-every=10", *(f"--{k}={v}" for k, v in SETTINGS.items())]


def python(*words) -> list[str]:
    return [sys.executable, "-m", "vae", *map(str, words)]


def checkpoint(folder: Path) -> Path:
    return folder.with_name(folder.name + ".training") / "checkpoint.safetensors"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The bundle of a tiny run on digits."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    call(*TINY, "--out", folder)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command):
    text = call(command, "--help")
    assert f"python -m vae {command}" in " ".join(text.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_parameter_is_explained(command):
    for parameter in COMMANDS[command].params:
        assert parameter.help, parameter.name


def test_the_example_of_train_is_a_command_that_parses():
    example = re.search(r"Example: python -m vae (.*)", COMMANDS["train"].help)[1].split()
    COMMANDS["train"].make_context("train", example[1:])


def test_options_come_from_the_dataclasses():
    options = {p.name: p.default for p in COMMANDS["train"].params}
    for config in (Train(), Design(), Devices()):
        assert options.items() >= vars(config).items()


def test_what_the_model_decides_is_no_option():
    options = {p.name: p.default for p in COMMANDS["encode"].params}
    assert not options.keys() & {"size", "channels", "digits"}
    assert options.keys() >= {"rotate", "invert", "crop", "fit", "threshold"}
    assert options["rotate"] is None


def test_help_imports_nothing_heavy():
    """torch is there: the networks and likelihoods that `train` offers are written in it."""
    code = (
        "import sys; from vae.cli import app\n"
        "try: app(['--help'])\n"
        "finally: assert not {'streamlit', 'umap', 'lightning', 'scipy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["info", "nowhere"], "There is no model in nowhere"),
        (["evaluate", "nowhere"], "There is no model in nowhere"),
        (["train", "cats", "--out", "x"], "no data set 'cats'; known are mnist"),
    ],
    ids=lambda words: words[0],
)
def test_a_refusal_is_one_sentence(refusal, words, says):
    err = refusal(*words)
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "value"),
    [("--steps", 0), ("--batch", 0), ("--latent", 1), ("--ema", 2), ("--net", "x"), ("--seed", -1)],
)
def test_a_setting_out_of_range_is_refused_by_name(refusal, option, value):
    assert option in refusal("train", "digits", "--out", "x", option, value)


def test_a_damaged_model_is_refused_in_a_process_of_its_own(saved):
    (saved / bundle.WEIGHTS).write_bytes(b"")
    result = subprocess.run(python("info", saved), cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"{saved / bundle.WEIGHTS} is damaged")
    assert result.stderr.count("\n") == 1


def test_info_says_what_stands_in_the_card(saved):
    text = call("info", saved)
    for word in ("Tiny", "Random weights.", "3 latent dimensions", "n = 2, K = 8, seed 0"):
        assert word in text


def test_info_says_what_chose_the_weights(trained):
    said = call("info", trained)
    assert "train split, n = 1318" in said
    assert "119 training images held out" in said


def test_train_writes_a_bundle_that_opens(trained):
    model, atlas, card, _ = bundle.load(trained)
    assert model.config.latent == 2
    assert atlas.mean.shape == (360, 2)
    assert (card.data["n"], card.data["validation"]) == (1318, 119)
    assert card.training["steps"] == 150


def test_evaluate_adds_figures_that_info_shows(trained):
    printed = call("evaluate", trained, "--n", "20", "--k", "4", "--also-k", "50")
    metrics = json.loads((trained / bundle.CARD).read_text())["metrics"]
    assert {"elbo", "rate", "distortion", "nll", "active_units"} <= metrics.keys()
    assert metrics["nll_50"]["k"] == 50
    assert metrics["nll_50"]["value"] < metrics["nll"]["value"] <= -metrics["elbo"]["value"]
    shown = call("info", trained)
    for name, m in metrics.items():
        assert m["n"] > 1
        assert name in printed
        assert f"{m['value']:.4g}" in shown


def test_a_killed_run_goes_on_to_the_same_weights(trained, tmp_path):
    folder = tmp_path / "killed"
    run = subprocess.Popen(python(*TINY, "--out", folder), cwd=ROOT, stderr=subprocess.DEVNULL)
    while not checkpoint(folder).is_file() and run.poll() is None:
        time.sleep(0.002)
    run.kill()
    assert run.wait() == -signal.SIGKILL
    with safe_open(checkpoint(folder), "pt") as f:
        assert 10 <= int(f.metadata()["step"]) < 150
    assert not folder.exists()

    call(*TINY, "--out", folder)
    state, want = load_file(checkpoint(folder)), load_file(checkpoint(trained))
    assert state.keys() == want.keys()
    assert all((state[name] == want[name]).all() for name in want)
    assert (folder / bundle.WEIGHTS).read_bytes() == (trained / bundle.WEIGHTS).read_bytes()


def test_train_says_what_it_did_and_what_comes_next(trained):
    said = call(*TINY, "--out", trained)  # once more: it is over, and so takes no step
    assert re.search(r"Took 150 of 150 steps and kept the weights of step \d+ \(validation -", said)
    assert f"python -m vae evaluate {trained}" in said


def test_a_second_training_into_a_folder_is_refused(refusal, tmp_path):
    first = iter(Run(DATASETS["digits"], tmp_path / "taken"))
    next(first)
    err = refusal("train", "digits", "--out", tmp_path / "taken")
    assert err.startswith("Another training is writing to")
    assert err.count("\n") == 1


def train_with_little_room(folder) -> None:
    limit_files(1000)
    sys.argv = ["vae", *TINY, "--out", str(folder)]
    cli.main()


@FORK
def test_a_full_disk_ends_training_with_one_sentence(tmp_path, capfd):
    finish(forked(train_with_little_room, tmp_path / "full"), code=2)
    *_, said = capfd.readouterr().err.strip().splitlines()
    assert "checkpoint.safetensors cannot be written (File too large)" in said
    assert not checkpoint(tmp_path / "full").exists()


def test_sample_draws_the_same_sheet_for_the_same_seed(trained, tmp_path):
    out = tmp_path / "sheet.png"

    def sheet(seed):
        call("sample", trained, "--n", 5, "--seed", seed, "--scale", 2, "--out", out)
        return out.read_bytes()

    assert sheet(3) == sheet(3) != sheet(4)
    with Image.open(out) as sheet:
        assert sheet.size == (3 * 8 * 2, 2 * 8 * 2)


@pytest.mark.parametrize("suffix", [".json", ".csv", ".npz"])
def test_encode_writes_what_the_model_says_of_the_data(trained, tmp_path, suffix):
    path = tmp_path / f"codes{suffix}"
    call("encode", trained, "--n", 7, "--out", path)
    mean = {".json": from_json, ".csv": from_csv, ".npz": from_npz}[suffix](path)
    want = bundle.load(trained).atlas.mean[:7]
    np.testing.assert_allclose(mean, want, atol=5e-3)  # the atlas keeps float16


def from_json(path):
    return np.array([row["mean"] for row in json.loads(path.read_text())])


def from_csv(path):
    with path.open() as f:
        return np.array([[row["mean_0"], row["mean_1"]] for row in csv.DictReader(f)], float)


def from_npz(path):
    with np.load(path) as arrays:
        return arrays["mean"]


@pytest.fixture
def scans(tmp_path):
    """A folder: two pictures, a text, a folder with a third picture."""
    folder = tmp_path / "scans"
    (folder / "more").mkdir(parents=True)
    for seed, name in enumerate(("b.png", "a.PNG", "more/c.png")):
        scan(folder / name, seed)
    (folder / "notes.txt").write_text("not a picture")
    return folder


def test_encode_takes_pictures_and_names_those_it_cannot_use(trained, scans, ends):
    bad, good = scans / "notes.txt", scans / "b.png"
    code, out, err = ends("encode", trained, bad, good, scans / "none.png")
    assert code == 2
    assert str(bad) in err
    assert "none.png" in err
    (row,) = json.loads(out)
    assert row["picture"] == str(good)
    assert len(row["mean"]) == 2
    assert 0 <= row["percentile"] <= 100


def test_encode_shows_its_progress_on_standard_error(trained, scans, ends):
    code, out, err = ends("encode", trained, scans)
    assert code == 0
    assert "pictures" in err
    assert "2/2" in err
    assert [row["picture"] for row in json.loads(out)] == [
        str(scans / n) for n in ("a.PNG", "b.png")
    ]


def test_encode_writes_the_good_ones_to_a_file_too(trained, scans, ends):
    path = scans / "new" / "codes.csv"
    code, _, err = ends("encode", trained, scans / "notes.txt", scans, "--out", path)
    assert code == 2
    assert "notes.txt" in err
    assert from_csv(path).shape == (2, 2)


def test_how_pictures_are_prepared_can_be_said(trained, scans):
    def codes(*words):
        call("encode", trained, scans / "b.png", *words, "--out", scans / "codes.json")
        return json.loads((scans / "codes.json").read_text())[0]

    plain, turned = codes(), codes("--rotate", 90, "--crop", 0, 0, 0.5, 1, "--invert", "yes")
    assert plain["mean"] != turned["mean"]
    assert "as set" in turned["notes"]
    assert "cut out" in turned["notes"]


def test_a_setting_of_pictures_out_of_range_is_refused_by_name(trained, scans, refusal):
    assert "crop must be" in refusal("encode", trained, scans, "--crop", 0.5, 0, 0.5, 1)


def test_pictures_are_files_folders_and_patterns(scans):
    def names(*words):
        return [
            str(p.relative_to(scans)) for p in find([str(scans / word) for word in words]).paths
        ]

    assert names(".") == ["a.PNG", "b.png"]
    assert names("*.png") == ["b.png"]
    assert names("**/*.png") == ["b.png", str(Path("more") / "c.png")]
    assert names("b.png", ".", "b*") == ["b.png", "a.PNG"]
    assert names("*") == ["a.PNG", "b.png", "notes.txt"]  # what is named is tried
    (scans / "b.png").rename(scans / "b[1].png")
    assert names("b[1].png") == ["b[1].png"]


def test_a_folder_without_pictures_and_a_pattern_without_files_are_one_sentence_each(scans):
    empty = scans / "empty"
    empty.mkdir()
    found = find([str(empty), str(scans / "*.gif"), str(scans / "b.png")])
    assert found.refused == [
        f"There are no pictures in {empty}.",
        f"No file matches {scans}/*.gif.",
    ]
    assert found.paths == [scans / "b.png"]


def test_no_result_takes_the_place_of_a_picture_or_of_another_result(tmp_path):
    pictures = [tmp_path / name for name in ("a.png", "a.jpg", "in/A.png", "b.tif", "in/a-2.gif")]
    made = targets(pictures, tmp_path)
    assert [p.name for p in made] == ["a-2.png", "a-3.png", "A-4.png", "b.png", "a-2-2.png"]
    assert [p.name for p in targets(pictures[:2], tmp_path / "out")] == ["a.png", "a-2.png"]


def test_reconstruct_draws_input_reconstruction_and_difference(trained, scans, tmp_path):
    said = call("reconstruct", trained, scans, "--out", tmp_path / "out", "--scale", 3)
    assert "Wrote 2" in said
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.png", "b.png"]
    with Image.open(tmp_path / "out" / "b.png") as drawn:
        assert drawn.size == (3 * 8 * 3, 8 * 3)
        seen, made, off = np.split(np.asarray(drawn, int), 3, axis=1)
    assert np.abs(np.abs(seen - made) - off).max() <= 1
    assert np.ptp(seen) > 50


def test_reconstruct_draws_images_of_the_data_set_on_one_sheet(trained, tmp_path):
    said = call("reconstruct", trained, "--n", 5, "--out", tmp_path / "out", "--scale", 1)
    assert "Wrote 5" in said
    with Image.open(tmp_path / "out" / "test.png") as drawn:
        assert drawn.size == (3 * 8 * 3, 2 * 8)  # three in a row, each with its two companions


def test_reconstruct_names_what_it_cannot_use_and_draws_the_rest(trained, scans, tmp_path, ends):
    code, out, err = ends("reconstruct", trained, scans / "*", "--out", tmp_path / "out")
    assert code == 2
    assert "notes.txt" in err
    assert "Wrote 2" in out
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_refine_says_what_is_gained_and_writes_both_codes(tmp_path):
    path, scan = tmp_path / "codes.json", tmp_path / "zero.png"
    zero = vae.load(DIGITS).model.decode(torch.zeros(1, 16)).mean[0, 0]
    Image.fromarray((255 * zero).byte().numpy()).save(scan)
    said = call("refine", DIGITS, scan, "--steps", 20, "--out", path)
    (row,) = json.loads(path.read_text())
    elbo, gain = row["elbo_nats"], row["gain_nats"]
    assert f"{elbo['encoder']:.2f} -> {elbo['refined']:.2f} nats" in said
    assert gain["value"] == pytest.approx(elbo["refined"] - elbo["encoder"], abs=1e-3)
    assert gain["value"] > -3 * gain["stderr"]
    assert len(row["encoder"]["mean"]) == len(row["refined"]["scale"]) == 16


# ---- what a model cannot price, and what an older one has not measured


@pytest.fixture
def board(tmp_path):
    """A chequerboard: no model of digits has seen the like of it."""
    y, x = np.mgrid[:280, :280] // 40
    Image.fromarray((255 * ((x + y) % 2)).astype(np.uint8)).save(tmp_path / "board.png")
    return tmp_path / "board.png"


AS_IT_IS = ("--threshold", "off", "--invert", "no")


def test_encode_gives_no_price_beyond_what_the_model_can_price(board, tmp_path, ends):
    _, out, err = ends("encode", DIGITS, board, *AS_IT_IS)
    (row,) = json.loads(out)
    assert "1 of 1 are beyond what this model can price" in err
    assert row["beyond"]
    assert row["rate_nats"] is row["distortion_nats"] is row["surprise_nats"] is None
    assert row["percentile"] == 100
    call("encode", DIGITS, board, *AS_IT_IS, "--out", tmp_path / "codes.csv")
    head, cells = csv.reader((tmp_path / "codes.csv").read_text().splitlines())
    table = dict(zip(head, cells, strict=True))
    assert (table["surprise_nats"], table["beyond"]) == ("", "1")
    call("encode", DIGITS, board, *AS_IT_IS, "--out", tmp_path / "codes.npz")
    assert np.isnan(np.load(tmp_path / "codes.npz")["surprise"]).all()


def test_refine_gives_no_figure_beyond_what_the_model_can_price(board, tmp_path):
    path = tmp_path / "codes.json"
    said = call("refine", DIGITS, board, *AS_IT_IS, "--steps", 2, "--out", path)
    assert "beyond what this model can price" in said
    assert "gain" not in said
    (row,) = json.loads(path.read_text())
    assert row["elbo_nats"] == {"encoder": None, "refined": None}
    assert row["gain_nats"] == {"value": None, "stderr": None}


def test_an_older_atlas_has_no_percentiles_until_its_examples_are_priced(trained, scans, ends):
    card, atlas = bundle.read_card(trained), bundle.load(trained).atlas
    older = replace(card.atlas, columns=tuple(c for c in atlas.columns if c.name != "surprise"))
    bundle.write_card(trained, plain(replace(card, atlas=older)))
    _, out, err = ends("encode", trained, scans / "b.png")
    assert f"python -m vae price {trained}" in " ".join(err.split())
    assert "percentile" not in json.loads(out)[0]
    assert "surprise is " in call("price", trained)
    assert bundle.read_card(trained).atlas.columns == card.atlas.columns
    np.testing.assert_allclose(
        bundle.load(trained).atlas.named()["surprise"], atlas.named()["surprise"], rtol=1e-3
    )
    assert "percentile" in json.loads(ends("encode", trained, scans / "b.png")[1])[0]


def test_project_writes_a_map_and_says_how_far_to_trust_it(trained, tmp_path):
    said = call("project", trained, "--neighbors", 5, "--out", tmp_path / "map.safetensors")
    assert "trustworthiness 0." in said
    assert "neighbours kept 0." in said
    codes = bundle.load(trained).atlas.mean
    assert load_file(tmp_path / "map.safetensors")["umap"].shape == (len(codes), 2)


def test_project_writes_a_map_as_an_interactive_page(trained, tmp_path):
    call("project", trained, "--neighbors", 5, "--out", tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text("utf-8")
    atlas = vae.load(trained).atlas
    assert "plotly" in text.lower()
    assert f"example {atlas.index[-1]} " in text
    assert all(column.title in text for column in atlas.columns)


def test_project_reports_as_json_lines_for_programs(trained):
    lines = call("project", trained, "--neighbors", 5, "--json").splitlines()
    shares = [json.loads(line)["share"] for line in lines]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_probe_compares_codes_with_components_and_pixels(trained, tmp_path):
    said = call(
        "probe", trained, "--labels", 20, "--draws", 2, "--n", 50, "--out", tmp_path / "a.json"
    )
    assert "components" in said
    found = json.loads((tmp_path / "a.json").read_text())
    assert (found["n"], found["draws"], found["seed"]) == (50, 2, 0)
    assert len(found["readings"]) == 6
    assert all(0 <= one["score"] <= 1 for one in found["readings"])


def test_probe_refuses_fewer_labels_than_classes(trained, ends):
    code, _, err = ends("probe", trained, "--labels", 5)
    assert code == 2
    assert "5 labels of class cannot be drawn; ask for 10 to" in err
