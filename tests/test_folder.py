"""A folder of pictures as a data set."""

import errno
import json
import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from commands import call
from PIL import Image
from pyarrow.parquet import write_table

from vae import bundle
from vae.data import data_set, data_set_of, folder
from vae.data.folder import Pictures, about, cache, prepared, settings
from vae.errors import InputError
from vae.files import cache_folder
from vae.models.vae import Design
from vae.suggested import GREYS, suggested
from vae.ui.jobs.pictures import held_out

SUFFIXES = ("png", "jpg", "gif", "webp", "bmp", "tiff", "ppm")
MODES = ("RGB", "L", "P", "RGBA", "1", "CMYK", "I;16")
KEEPS = {"RGB": SUFFIXES, "CMYK": ("jpg", "tiff"), "I;16": ("png", "tiff"), "RGBA": ("png", "webp")}


def disc(rng, size: tuple[int, int]) -> Image.Image:
    """One colour on another."""
    x, y = np.meshgrid(*(np.linspace(-1, 1, n) for n in size))
    dx, dy = rng.uniform(-0.4, 0.4, 2)
    inside = np.hypot(x - dx, y - dy) < rng.uniform(0.2, 0.7)
    return Image.fromarray(rng.integers(0, 256, (2, 3), np.uint8)[inside.astype(int)])


def as_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode != "I;16":
        return image.convert(mode)
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def write(place: Path, n: int, seed: int = 0) -> None:
    """`n` pictures of one kind."""
    place.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    for i in range(n):
        disc(rng, (24, 24)).save(place / f"{i:03}.png")


def write_mixed(place: Path, n: int, seed: int) -> None:
    """`n` pictures of every format, mode and size."""
    place.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    for i in range(n):
        mode = MODES[i % len(MODES)]
        suffixes = KEEPS.get(mode, ("png",))
        image = as_mode(disc(rng, tuple(rng.integers(20, 90, 2))), mode)
        image.save(place / f"{i:03}.{suffixes[i % len(suffixes)]}")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def flowers(tmp_path):
    write_mixed(tmp_path / "flowers" / "rose", 70, seed=0)
    write_mixed(tmp_path / "flowers" / "tulip" / "red", 70, seed=1)
    return tmp_path / "flowers"


def rows(x: torch.Tensor) -> set[bytes]:
    return {image.numpy().tobytes() for image in x}


def everything(source) -> torch.Tensor:
    return torch.cat([source.published("train").x, source.load("test").x])


def test_subfolders_are_classes_and_every_format_and_mode_is_read(flowers):
    source = prepared(flowers, "flowers")
    assert about("flowers").refused == ()
    assert source.classes == ("rose", "tulip/red")
    assert source.image == (3, 64, 64)
    train, validation, test = (source.load(s) for s in ("train", "validation", "test"))
    assert (len(train.x), len(validation.x), len(test.x)) == (103, 9, 28)
    assert train.x.dtype == torch.uint8
    assert torch.cat([train.y, validation.y, test.y]).bincount().tolist() == [70, 70]
    assert len(rows(train.x) | rows(validation.x) | rows(test.x)) == 140


def test_subfolders_are_no_classes_where_that_is_asked_for(flowers):
    source = prepared(flowers, "flowers", Pictures(classes=False))
    assert source.classes == ()
    assert source.load("train").y is None


def test_more_classes_than_a_label_can_say_are_refused(tmp_path):
    for k in range(257):
        write(tmp_path / "days" / str(k), 1, seed=k)
    with pytest.raises(InputError, match=r"257 classes.*--no-classes"):
        prepared(tmp_path / "days", "days")
    assert prepared(tmp_path / "days", "days", Pictures(classes=False)).classes == ()


def test_labels_stay_with_their_pictures_and_pictures_of_one_size_as_they_are(tmp_path):
    originals = set()
    for k, value in enumerate((0, 255)):
        place = tmp_path / "two" / str(k)
        place.mkdir(parents=True)
        for i in range(60):
            grey = np.full((8, 8), value, np.uint8)
            grey[i // 8, i % 8] = 100
            originals.add(grey.tobytes())
            Image.fromarray(grey).save(place / f"{i}.png")
    source = prepared(tmp_path / "two", "two")
    assert source.image == (1, 8, 8)
    assert rows(everything(source)) == originals
    for split in ("train", "validation", "test"):
        images = source.load(split)
        assert torch.equal(images.x.flatten(1).float().mean(1) > 127, images.y == 1)


def test_pictures_are_kept_without_their_folder(flowers):
    before = prepared(flowers, "flowers").load("train")
    flowers.rename(flowers.with_name("elsewhere"))
    after = data_set("flowers").load("train")
    assert torch.equal(after.x, before.x)
    assert torch.equal(after.y, before.y)


def test_pictures_larger_than_memory_are_mapped(tmp_path):
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    shape = (4 * memory // 3000, 3, 10, 100)
    with (tmp_path / "pixels.raw").open("wb") as file:
        file.truncate(3000 * shape[0])  # of which the disk holds nothing
    x = cache.tensor_of(tmp_path / "pixels.raw", shape)
    assert x.shape == shape
    assert not x[-1].any()


def test_pictures_are_read_again_only_when_they_or_the_settings_change(flowers, monkeypatch):
    first = prepared(flowers, "flowers")
    with monkeypatch.context() as patch:
        patch.setattr(folder, "write", None)
        assert prepared(flowers, "flowers").version == first.version
        moved = flowers.rename(flowers.with_name("moved"))
        assert prepared(moved, "flowers").version == first.version
    os.utime(moved / "rose" / "000.png", ns=(1, 1))
    assert prepared(moved, "flowers").version == first.version  # read again: they are the same
    disc(np.random.default_rng(9), (30, 30)).save(moved / "rose" / "000.png")
    assert prepared(moved, "flowers").version != first.version
    assert prepared(moved, "flowers", Pictures(size=16)).image == (3, 16, 16)


def test_a_picture_is_in_one_split_only_however_many_files_have_it(tmp_path):
    write(tmp_path / "twice" / "a", 120)
    write(tmp_path / "twice" / "b", 120)
    source = prepared(tmp_path / "twice", "twice")
    assert about("twice").duplicates == 120
    assert len(everything(source)) == len(rows(everything(source))) == 120


def test_files_that_cannot_be_used_are_listed_and_left_out(flowers):
    (flowers / "rose" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (flowers / "rose" / "empty.jpg").write_bytes(b"")
    (flowers / "rose" / "notes.txt").write_text("roses")
    (flowers / "rose" / ".hidden.png").write_bytes(b"")
    Image.new("L", (1, 1)).save(flowers / "rose" / "dot.png")
    (flowers / "aster").mkdir()
    (flowers / "aster" / "broken.gif").write_bytes(b"GIF8")
    (flowers / "rose" / "gone.png").symlink_to(flowers / "nowhere.png")
    prepared(flowers, "flowers")
    refused = about("flowers").refused
    rose = [f"rose/{name}" for name in ("broken.png", "dot.png", "empty.jpg", "gone.png")]
    names = ["aster/broken.gif", *rose]
    assert all(name in said for name, said in zip(names, refused, strict=True))
    assert about("flowers").n == 140
    assert about("flowers").classes == ("rose", "tulip/red")


def test_links_that_go_in_a_circle_end(flowers):
    (flowers / "rose" / "again").symlink_to(flowers)
    assert prepared(flowers, "flowers").classes == ("rose", "tulip/red")


def test_a_folder_that_cannot_be_read_is_refused(flowers, monkeypatch):
    def closed(path, scan=os.scandir):
        if Path(path).name == "rose":  # root may read all folders
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(InputError, match=r"rose cannot be read \(Permission denied\)"):
        prepared(flowers, "flowers")


def test_a_photograph_is_turned_as_its_exif_data_say(tmp_path):
    write(tmp_path / "turned", 120)
    half = np.zeros((24, 24, 3), np.uint8)
    half[:12] = 255
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    Image.fromarray(half).save(tmp_path / "turned" / "photograph.png", exif=exif)
    x = everything(prepared(tmp_path / "turned", "turned"))
    assert half[::-1].transpose(2, 0, 1).tobytes() in rows(x)


@pytest.mark.parametrize(
    ("sizes", "want"),
    [
        ({(30, 20)}, (20, 30)),
        ({(64, 64)}, (64, 64)),
        ({(65, 64)}, (64, 64)),
        ({(64, 4)}, (64, 64)),
        ({(3, 20)}, (64, 64)),
        ({(30, 20), (20, 30)}, (64, 64)),
    ],
)
def test_pictures_of_one_small_size_keep_it(sizes, want):
    assert settings.size_of(sizes) == want


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda place: None, "is no folder, and no file in .npy"),
        (lambda place: place.mkdir(), "There are no pictures in"),
        (lambda place: write(place, 1), r"has 1 picture\. A model needs 100 at least"),
        (lambda place: write(place, 99), "has 99 pictures"),
    ],
)
def test_too_few_pictures_are_refused(tmp_path, make, says):
    make(tmp_path / "few")
    with pytest.raises(InputError, match=says):
        prepared(tmp_path / "few", "few")
    assert about("few") is None


def test_copies_of_one_picture_are_too_few(tmp_path):
    write(tmp_path / "one", 1)
    for i in range(150):
        (tmp_path / "one" / f"copy{i}.png").hardlink_to(tmp_path / "one" / "000.png")
    with pytest.raises(InputError, match=r"has 1 picture, without 150 duplicates\."):
        prepared(tmp_path / "one", "one")
    assert about("one") is None


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".hidden"])
def test_a_name_is_no_path(flowers, name):
    with pytest.raises(InputError, match="cannot name pictures"):
        prepared(flowers, name)
    with pytest.raises(InputError, match="no data set"):
        data_set(name)


def test_nothing_half_written_is_opened(flowers):
    def stop(done, total):
        if done == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepared(flowers, "flowers", show=stop)
    assert about("flowers") is None
    prepared(flowers, "flowers")
    with (cache_folder("folders") / "flowers" / cache.PIXELS).open("ab") as file:
        file.write(b"0")
    assert about("flowers") is None


# ---- files of many pictures


@pytest.fixture
def x():
    return np.random.default_rng(0).integers(0, 256, (120, 6, 9, 3), np.uint8)


@pytest.mark.parametrize("channels", [(), (1,), (3,)], ids=str)
@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_arrays_come_as_they_are(tmp_path, x, suffix, channels):
    x = x[..., 0] if channels == () else x[..., : channels[0]]
    path = tmp_path / f"arrays.{suffix}"
    np.save(path, x) if suffix == "npy" else np.savez(path, x=x)
    source = prepared(path, "arrays")
    assert source.image == (3 if channels == (3,) else 1, 6, 9)
    rest = x.reshape(120, 6, 9, -1).transpose(0, 3, 1, 2)
    assert rows(everything(source)) == {image.tobytes() for image in rest}


def test_classes_of_arrays_are_in_the_order_of_their_numbers(tmp_path, x):
    y = np.arange(120) % 12
    x[:, 0, 0, 0] = y
    np.savez(tmp_path / "classes.npz", x=x, y=y)
    source = prepared(tmp_path / "classes.npz", "classes")
    assert source.classes == tuple(map(str, range(12)))
    for split in ("train", "validation", "test"):
        images = source.load(split)
        assert torch.equal(images.x[:, 0, 0, 0].long(), images.y)


def png(image: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def hub(columns: dict, features: dict) -> pa.Table:
    """A table with the metadata that the hub's library writes."""
    about = json.dumps({"info": {"features": features}})
    return pa.table(columns).replace_schema_metadata({"huggingface": about})


def test_a_folder_from_the_hub_is_read_in_all_its_parts(tmp_path, x):
    y = np.arange(120) % 2
    x[:, 0, 0, 0] = y
    features = {"digit": {"_type": "ClassLabel", "names": ["no", "yes"]}, "pic": {"_type": "Image"}}
    (tmp_path / "hub" / "data").mkdir(parents=True)
    for part in (0, 1):
        at = slice(60 * part, 60 * part + 60)
        images = [{"bytes": png(image), "path": None} for image in x[at]]
        table = hub({"id": [b"0"] * 60, "digit": y[at], "pic": images}, features)
        write_table(table, tmp_path / "hub" / "data" / f"train-{part}.parquet", row_group_size=25)
    source = prepared(tmp_path / "hub", "hub")
    assert source.classes == ("no", "yes")
    assert rows(everything(source)) == {image.tobytes() for image in x.transpose(0, 3, 1, 2)}
    images = source.load("train")
    assert torch.equal(images.x[:, 0, 0, 0].long(), images.y)


def test_a_table_from_elsewhere_is_read_by_its_columns(tmp_path, x):
    images = [png(image) for image in x]
    images[5], images[6] = None, b"no image"
    table = pa.table({"n": list(range(120)), "image": images, "label": ["a", "b"] * 60})
    write_table(table, tmp_path / "table.parquet")
    assert prepared(tmp_path / "table.parquet", "table").classes == ("a", "b")
    assert [said.split(": ")[0] for said in about("table").refused] == [
        "table.parquet row 5",
        "table.parquet row 6",
    ]


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("a.npy", lambda path: np.save(path, np.zeros((120, 8, 8))), "type float64; pictures are"),
        ("a.npy", lambda path: np.save(path, np.zeros((120, 3, 8, 8), np.uint8)), "of the shape"),
        ("a.npy", lambda path: np.save(path, np.array([None] * 9)), "cannot be read as a NumPy"),
        ("a.npz", lambda path: np.savez(path, z=np.zeros(3)), "holds z, and no array x"),
        (
            "a.npz",
            lambda path: np.savez(path, x=np.zeros((120, 8, 8), np.uint8), y=np.zeros(3)),
            r"120 pictures, and y of the shape \(3,\)",
        ),
        ("a.npz", lambda path: path.write_bytes(b"PK"), "cannot be read as a NumPy file"),
        ("a.parquet", lambda path: path.write_bytes(b"PAR1"), "cannot be read as a Parquet file"),
        ("a.parquet", lambda path: write_table(pa.table({"n": [1]}), path), "no column of images"),
        ("a.txt", lambda path: path.write_text("a"), "is no folder, and no file in .npy"),
    ],
)
def test_a_file_without_pictures_is_refused(tmp_path, name, make, says):
    make(tmp_path / name)
    with pytest.raises(InputError, match=says):
        prepared(tmp_path / name, "none")


# ---- the commands


def test_a_name_of_a_data_set_is_taken(flowers, refusal):
    assert "already; give these pictures a --name" in refusal("train", flowers, "--name", "mnist")


@pytest.mark.parametrize("option", [("--name", "x"), ("--size", 16), ("--fit", "stretch")])
def test_a_data_set_has_no_options_of_folders(refusal, option):
    said = refusal("train", "digits", *option)
    assert said == f"{option[0]} is of a folder of pictures; digits is a data set.\n"


def test_a_dry_run_says_what_would_be_done_and_writes_no_model(flowers, tmp_path):
    out = tmp_path / "models" / "flowers"
    said = call("train", flowers, "--dry-run", "--out", out, "--size", 16, "--width", 16)
    assert "103 to train on, 9 held out, 28 for the test" in said
    assert "0 duplicates, 0 files that cannot be used" in said
    assert "classes   rose, tulip/red" in said
    assert "3 x 16 x 16" in said
    assert "conv, width 16, 16 dimensions, gaussian likelihood" in said
    assert [path.name for path in out.parent.iterdir()] == ["flowers.png"]
    with Image.open(out.with_name("flowers.png")) as sheet:
        assert sheet.size == (8 * 18 - 2, 8 * 18 - 2)


@pytest.mark.parametrize(
    ("given", "want"),
    [
        ({}, Design(net="conv", width=192, likelihood="gaussian", noise="shared")),
        ({"net": "dense"}, Design(net="dense", likelihood="gaussian", noise="shared")),
        ({"width": 64}, Design(net="conv", width=64, likelihood="gaussian", noise="shared")),
        ({"likelihood": "bernoulli"}, Design(net="conv", width=192)),
    ],
    ids=str,
)
def test_a_design_is_chosen_but_for_what_is_given(flowers, given, want):
    from vae.cli import own

    source = prepared(flowers, "flowers")
    assert own.completed(Design(**given), source, list(given)) == want


def test_black_and_white_pictures_get_a_binary_likelihood():
    assert suggested((1, 28, 28), between=0.0)[0] == {"likelihood": "bernoulli"}
    assert suggested((1, 28, 28), between=0.2)[0] == GREYS
    assert suggested((3, 28, 28), between=0.0)[0] == GREYS


@pytest.fixture
def trained(flowers, tmp_path):
    """A model of a folder whose name has to become another."""
    flowers = flowers.rename(flowers.with_name("My flowers!"))
    out = tmp_path / "model"
    few = ("--steps", 4, "--latent", 2, "--width", 8, "--size", 16)
    call("train", flowers, "--out", out, *few)
    return flowers, out


def test_one_command_makes_a_model_of_a_folder(trained):
    _, atlas, card, _ = bundle.load(trained[1])
    assert card.title == "My flowers"
    assert card.data["classes"] == ["rose", "tulip/red"]
    assert card.prepare["size"] == [16, 16]
    source = data_set_of(card.data)
    assert source.name == "My-flowers"
    assert torch.equal(torch.from_numpy(atlas.label).long(), source.load("test").y)
    assert held_out(card, seed=0)[0]["name"].startswith("My flowers test")
    assert "28 codes" in call("encode", trained[1], "--out", trained[1].with_name("codes.csv"))


def test_other_pictures_under_the_same_name_are_not_taken_for_the_models(trained, refusal):
    flowers, out = trained
    write(flowers / "more", 3)
    prepared(flowers, "My-flowers")
    assert "are others than those that the model was trained on" in refusal("evaluate", out)
    assert held_out(bundle.read_card(out), seed=0) == []
