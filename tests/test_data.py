import gzip
import hashlib
import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import platformdirs
import pooch
import pytest
import requests
import scipy.io
import torch
from torch import Generator

from vae.data import DATASETS, SPLITS, Images, faces, frey, idx, sources
from vae.data.base import HELD_OUT, binarize, part_of, to_unit
from vae.errors import InputError
from vae.seeds import Use, permutation

ROOT = Path(__file__).parents[1]
SOURCES = {"mnist": idx.MNIST_SOURCE, "fashion": idx.FASHION_SOURCE}
EVERY_SOURCE = pytest.mark.parametrize("name", SOURCES)


def packed(array, kind=8) -> bytes:
    """An IDX file of bytes."""
    header = struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def write_idx(folder, split="test", n=5, labels=None):
    """A split of `n` random images; returns them with their labels."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (n, 28, 28), np.uint8)
    y = rng.integers(0, 10, n if labels is None else labels, np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    stem = idx.STEMS[split]
    (folder / f"{stem}-images-idx3-ubyte.gz").write_bytes(packed(x))
    (folder / f"{stem}-labels-idx1-ubyte.gz").write_bytes(packed(y))
    return x, y


def write_frames(folder, shape=frey.SHAPE):
    """Frames that say which they are."""
    folder.mkdir(parents=True, exist_ok=True)
    x = np.zeros(shape, np.uint8)
    x.reshape(len(x), -1)[:, :2] = np.stack(np.divmod(np.arange(len(x)), 256), 1)
    np.savez(folder / frey.CONVERTED, images=x)
    return x


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A machine without a network, where only `tmp_path` may hold data."""

    def no_network(*_, **__):
        raise requests.ConnectionError("no route to host")

    monkeypatch.setattr(pooch, "retrieve", no_network)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(tmp_path / "cache"))
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def source(home):
    """A published data set whose sums are those of the files that the test wrote."""
    x, y = write_idx(home / "data" / "mnist")
    files = (home / "data" / "mnist").iterdir()
    sums = {p.name: hashlib.md5(p.read_bytes()).hexdigest() for p in files}
    return replace(idx.MNIST_SOURCE, md5=sums), x, y


@pytest.mark.filterwarnings("ignore:.*has MD5")
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("name", DATASETS)
def test_images_are_what_the_data_set_says(home, monkeypatch, name, split):
    write_idx(home / "data" / name, part_of(split), n=24)
    write_frames(home / "data" / "frey")
    monkeypatch.setitem(faces.N, part_of(split), 24)  # drawing all of them takes minutes
    dataset = DATASETS[name]
    images = dataset.load(split)
    assert isinstance(images, Images)
    assert images.x.dtype == torch.uint8
    assert images.x.shape[1:] == dataset.image
    if not dataset.classes:
        assert images.y is None
        return
    assert images.y.shape == images.x.shape[:1]
    assert images.y.dtype == torch.int64
    assert 0 <= images.y.min() <= images.y.max() < len(dataset.classes)


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_says_whose_it_is(name):
    dataset = DATASETS[name]
    assert dataset.name == name
    assert dataset.title
    assert dataset.licence
    assert dataset.source.startswith("http") or (ROOT / dataset.source).is_file()


def test_digits_are_split_without_a_rest():
    from sklearn.datasets import load_digits

    splits = [DATASETS["digits"].load(split) for split in SPLITS]
    every = torch.cat([images.x for images in splits])
    assert [len(images.x) for images in splits] == [1318, 119, 360]
    assert all(set(images.y.tolist()) == set(range(10)) for images in splits)
    theirs = torch.from_numpy(load_digits().images / 16 * 255).round().to(torch.uint8)
    assert sorted(map(bytes, every.numpy())) == sorted(map(bytes, theirs.numpy()))
    assert (every.min(), every.max()) == (0, 255)


@pytest.mark.parametrize("n", [1, HELD_OUT, 1437, 60_000])
def test_the_validation_images_are_training_images_held_out(n):
    numbers = torch.arange(n)
    made = replace(DATASETS["digits"], published=lambda split: Images(numbers, numbers, {}))
    train, validation = (made.load(split) for split in ("train", "validation"))
    assert len(validation.x) == n // HELD_OUT
    assert sorted(torch.cat([train.x, validation.x]).tolist()) == numbers.tolist()
    for images in (train, validation):
        assert (images.x.diff() > 0).all()
        assert torch.equal(images.x, images.y)
    assert torch.equal(made.load("validation").x, validation.x)


def test_the_validation_images_are_the_same_for_ever():
    """What was chosen on them before must not have been trained on after an update."""
    order = permutation(60_000, Use.SPLIT, 0)
    assert order[[0, 1, 2, -2, -1]].tolist() == [41001, 28489, 765, 14335, 17697]


@pytest.mark.parametrize("published", ["train", "test"])
def test_a_split_is_here_where_its_files_are(home, published):
    write_idx(home / "data" / "mnist", published)
    here = [split for split in SPLITS if DATASETS["mnist"].here(split)]
    assert here == {"train": ["train", "validation"], "test": ["test"]}[published]


def test_idx_files_are_read_without_loss(source):
    published, x, y = source
    images = idx.load(published, "test")
    assert (images.x[:, 0].numpy() == x).all()
    assert (images.y.numpy() == y).all()
    assert images.checksums == published.md5


def test_other_sums_than_the_public_ones_are_told_and_recorded(source):
    published, *_ = source
    other = replace(published, md5=dict.fromkeys(published.md5, "0" * 32))
    with pytest.warns(UserWarning, match="has MD5") as told:
        images = idx.load(other, "test")
    assert len(told) == len(other.md5)
    for name in other.md5:
        assert any(name in str(warning.message) for warning in told)
    assert images.checksums == published.md5


@EVERY_SOURCE
def test_the_environment_names_the_folder(home, monkeypatch, name):
    source = SOURCES[name]
    [stem, *_] = source.md5
    for folder in source.folders:
        root = home / "elsewhere" / folder
        (root / folder).mkdir(parents=True)
        (root / folder / stem).touch()
        monkeypatch.setenv("VAE_DATA_DIR", str(root))
        assert sources.find(source, stem) == root / folder / stem


@EVERY_SOURCE
def test_without_a_network_the_refusal_says_what_to_put_where(home, monkeypatch, name):
    source = replace(SOURCES[name], elsewhere=())
    [stem, *_] = source.md5
    for root in (str(home / "data"), None):
        monkeypatch.setenv("VAE_DATA_DIR", root) if root else monkeypatch.delenv("VAE_DATA_DIR")
        with pytest.raises(InputError) as refusal:
            idx.load(source, "train")
        for word in (stem, source.url, str(home / "cache" / name), "$VAE_DATA_DIR"):
            assert word in str(refusal.value)
    (home / "cache" / name).mkdir(parents=True)
    (home / "cache" / name / stem).touch()  # as told
    assert sources.find(source, stem) == home / "cache" / name / stem


def test_a_download_is_checked_and_kept(home, monkeypatch):
    asked = {}

    def retrieve(url, known_hash, fname, path, **_):
        asked.update(url=url, sum=known_hash)
        return path / fname

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    [name, *_] = idx.MNIST_SOURCE.md5
    assert sources.find(idx.MNIST_SOURCE, name) == home / "cache" / "mnist" / name
    url, md5 = idx.MNIST_SOURCE.url, idx.MNIST_SOURCE.md5
    assert asked == {"url": url + name, "sum": f"md5:{md5[name]}"}


PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
WHOLE = packed(PIXELS)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not gzip",
        WHOLE[:5],
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:-1],
        packed(PIXELS, kind=13),
        gzip.compress(b"", mtime=0),
        gzip.compress(b"\0\0\x08", mtime=0),
        gzip.compress(b"\0\0\x08\x03\0\0", mtime=0),
        gzip.compress(gzip.decompress(WHOLE)[:-1], mtime=0),
        gzip.compress(gzip.decompress(WHOLE) + b"\0", mtime=0),
        gzip.compress(b"\0\0\x08\xff" + b"\xff" * 4 * 255, mtime=0),
    ],
)
def test_a_file_that_is_not_whole_is_refused_by_name(home, raw):
    path = home / "images.gz"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"images\.gz is not a complete IDX file"):
        idx.read(path)
    assert path.read_bytes() == raw


@pytest.mark.filterwarnings("ignore:.*has MD5")
def test_labels_of_other_images_are_refused(home):
    write_idx(home / "data" / "mnist", n=5, labels=4)
    with pytest.raises(InputError, match="do not belong together"):
        DATASETS["mnist"].load("test")


def test_binarization_is_binary_and_right_on_average():
    grey = to_unit(torch.arange(256, dtype=torch.uint8)).repeat(4000, 1)
    x = binarize(grey, Generator().manual_seed(0))
    assert set(x.unique().tolist()) == {0, 1}
    torch.testing.assert_close(x.mean(0), grey[0], atol=0.05, rtol=0)
    assert torch.equal(x, binarize(grey, Generator().manual_seed(0)))


def test_faces_are_drawn_once_and_an_older_drawing_leaves_the_cache(home, monkeypatch):
    few = {"train": 24, "test": 24}
    drawn = faces.load("test", few)
    [kept] = (home / "cache" / "faces").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(faces, "render", None)
        assert torch.equal(faces.load("test", few).x, drawn.x)
    os.utime(kept, (0, 0))
    monkeypatch.setattr(faces, "KEPT", kept.stat().st_size)
    faces.load("train", few)
    assert not kept.exists()


def test_neighbours_in_the_video_are_in_the_same_published_split(home):
    write_frames(home / "data" / "frey")
    x = [DATASETS["frey"].published(split).x for split in ("train", "test")]
    train, test = (set((a[:, 0, 0, 0].int() * 256 + a[:, 0, 0, 1]).tolist()) for a in x)
    assert sorted(train | test) == list(range(len(train) + len(test))) == list(range(1965))
    assert sum(i + 1 in train for i in test) == len(test) // frey.SCENE


def test_the_published_file_holds_a_frame_in_each_column(home):
    x = write_frames(home / "data" / "frey")
    (home / "data" / "frey" / frey.CONVERTED).unlink()
    scipy.io.savemat(home / "data" / "frey" / frey.PUBLISHED, {"ff": x.reshape(len(x), -1).T})
    images = DATASETS["frey"].published("test").x
    assert (images[: frey.SCENE, 0].numpy() == x[: frey.SCENE]).all()


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b"PK"), lambda p: np.savez(p, a=[1])])
def test_a_file_without_the_frames_is_refused_by_name(home, spoil):
    (home / "data" / "frey").mkdir(parents=True)
    spoil(home / "data" / "frey" / frey.CONVERTED)
    with pytest.raises(InputError, match=r"frey_faces\.npz does not hold the Frey Faces"):
        DATASETS["frey"].load("test")


def test_frames_of_another_size_are_refused(home):
    write_frames(home / "data" / "frey", (1965, 20, 28))
    with pytest.raises(InputError, match="not \\(1965, 28, 20\\)"):
        DATASETS["frey"].load("test")
