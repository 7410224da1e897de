"""Compressing and restoring: every bit comes back, or a sentence and no picture."""

import hashlib
import zlib

import numpy as np
import pytest
from commands import call
from PIL import Image

from vae import bundle
from vae.errors import InputError
from vae.tasks.compress import file
from vae.tasks.compress.pictures import picture_codec

N, BLOCK, GRID = 23, 5, 4
IMAGE = (1, 8, 8)


@pytest.fixture
def model(make_model):
    return make_model(net="conv-decoder").eval().requires_grad_(False)


@pytest.fixture
def symbols():
    return np.random.default_rng(0).integers(0, 2, (N, 64)).astype(np.uint8)


def about(sizes, **entries) -> file.About:
    known = {"model": "abc", "title": "Tiny", "grid": GRID, "image": IMAGE, "levels": 2}
    known |= {"block": BLOCK, "sizes": sizes, "runs": (("p0", N),)}
    return file.About(**known | entries)


@pytest.fixture
def data(model, symbols) -> bytes:
    blocks = list(file.blocks_of(picture_codec(model, GRID), [symbols], BLOCK))
    return file.to_bytes(file.Archive(about(tuple(map(len, blocks))), blocks))


def everything(data: bytes, model) -> list[np.ndarray]:
    held = file.opened(data)
    codec = file.codec_for(held, model, "abc")
    return list(file.restored(held, codec, range(len(held.blocks))))


def test_every_symbol_comes_back(model, symbols, data):
    chains = everything(data, model)
    assert np.array_equal(np.concatenate(chains), symbols)
    assert [len(chain) for chain in chains] == [5, 5, 5, 5, 3]
    held = file.opened(data)
    codec = file.codec_for(held, model, "abc")
    assert [name for name, _ in file.named(held, codec, [4, 1])] == [
        *(f"p{i}" for i in range(20, 23)),
        *(f"p{i}" for i in range(5, 10)),
    ]


def test_blocks_do_not_depend_on_those_beside_them(model, symbols):
    codec = picture_codec(model, GRID)
    together = list(file.blocks_of(codec, [symbols], BLOCK))
    groups = [symbols[:10], symbols[10:20], symbols[20:]]
    assert list(file.blocks_of(codec, groups, BLOCK)) == together


def test_no_changed_byte_hands_out_a_picture(model, data):
    for at in range(0, len(data), 3):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        with pytest.raises(InputError):
            everything(bytes(changed), model)


def test_no_part_of_a_file_hands_out_a_picture(model, data):
    for end in range(0, len(data), 7):
        with pytest.raises(InputError):
            file.opened(data[:end])
    with pytest.raises(InputError):
        file.opened(data + b"0")


def test_blocks_that_changed_places_are_refused(model, data):
    held = file.opened(data)
    swapped = held._replace(blocks=[held.blocks[1], held.blocks[0], *held.blocks[2:]])
    with pytest.raises(InputError, match="altered"):
        list(file.restored(swapped, file.codec_for(held, model, "abc"), [0]))


def test_another_model_is_refused_by_its_title(model, data):
    with pytest.raises(InputError, match=r"'Tiny'.*abc"):
        file.codec_for(file.opened(data), model, "abd")


def test_a_newer_file_is_refused(data):
    with pytest.raises(InputError, match="format 3"):
        file.opened(data[:4] + b"\3" + data[5:])


@pytest.mark.parametrize("header", [b"{}", b"[]", b"no JSON", b'{"model": 1}'])
def test_a_header_that_is_none_is_refused(header):
    packed = zlib.compress(header)
    start = file.START.pack(
        b"VAEZ", file.VERSION, len(packed), hashlib.sha256(packed).digest()[:16]
    )
    with pytest.raises(InputError, match="header"):
        file.opened(start + packed)


@pytest.mark.parametrize("name", ["../up", "a/b", "c:\\d", "", "new\nline", "x" * 201])
def test_a_name_that_leaves_its_folder_is_refused(name):
    with pytest.raises(InputError, match="no name"):
        about((9,), runs=((name, 1),))


def test_names_that_are_one_on_some_file_system_are_refused():
    with pytest.raises(InputError, match="Two pictures"):
        about((9,), runs=(("a", 1), ("A", 1)))


@pytest.mark.parametrize(
    ("names", "runs"),
    [
        (["a", "b"], (("a", 1), ("b", 1))),
        (["a8", "a9", "a10", "a12"], (("a8", 3), ("a12", 1))),
        (["098", "099", "100", "0101"], (("098", 3), ("0101", 1))),
        (["a", "a0", "a1"], (("a", 1), ("a0", 2))),
    ],
)
def test_names_that_follow_each_other_are_a_run(names, runs):
    assert file.runs_of(names) == runs
    assert about((9,), runs=runs).names == names
    assert sorted(names, key=file.natural) == names


def test_a_file_of_too_many_pictures_is_refused():
    with pytest.raises(InputError, match="altered"):
        about((9,), runs=(("p0", 2**31),), block=2**31)


def test_a_name_that_none_follows_is_no_run():
    with pytest.raises(InputError, match="altered"):
        about((9,), runs=(("a", 2),))


def test_as_many_blocks_as_the_names_need():
    with pytest.raises(InputError, match="altered"):
        about((9, 9))


# ---- commands


@pytest.fixture
def scans(tmp_path, symbols):
    folder = tmp_path / "scans"
    folder.mkdir()
    for i, row in enumerate(symbols[:7]):
        Image.fromarray(255 * row.reshape(8, 8)).save(folder / f"scan {i}.png")
    return folder


def test_a_folder_becomes_a_file_and_comes_back(saved, scans, tmp_path):
    out = tmp_path / "scans.vaez"
    assert "7 pictures" in call("compress", saved, scans, "--out", out, "--block", 3)
    call("decompress", saved, out, "--out", tmp_path / "back")
    for path in scans.iterdir():
        with Image.open(path) as one, Image.open(tmp_path / "back" / path.name) as other:
            assert np.array_equal(one, other)
    assert len(list((tmp_path / "back").iterdir())) == 7
    call("decompress", saved, out, "--out", tmp_path / "one", "--only", "scan 4")
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["scan 4.png"]


def test_colours_come_back(tmp_path, make_model, atlas, card):
    model = make_model(image=(3, 8, 8), likelihood="gaussian")
    prepare = {"size": [8, 8], "channels": 3}
    from msgspec import structs

    bundle.save(
        tmp_path / "m", model, atlas,
        structs.replace(card, **model.config.entries(), prepare=prepare),
    )  # fmt: skip
    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    call("compress", tmp_path / "m", tmp_path / "a.png", "--out", tmp_path / "a.vaez")
    call("decompress", tmp_path / "m", tmp_path / "a.vaez", "--out", tmp_path / "back")
    with Image.open(tmp_path / "back" / "a.png") as back:
        assert np.array_equal(back, noise)


def grey(path):
    Image.fromarray(np.full((8, 8), 100, np.uint8)).save(path)


def large(path):
    Image.new("L", (9, 8)).save(path)


def coloured(path):
    Image.new("RGB", (8, 8)).save(path)


def damaged(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n")


BAD = {
    "grey": (grey, "--binarize"),
    "large": (large, "9 x 8"),
    "coloured": (coloured, "RGB"),
    "damaged": (damaged, "cannot be read|not a picture"),
}


@pytest.mark.parametrize(("make", "says"), BAD.values(), ids=BAD)
def test_a_picture_that_would_not_come_back_is_refused(saved, scans, refusal, make, says):
    make(scans / "bad.png")
    out = scans.parent / "out.vaez"
    text = refusal("compress", saved, scans, "--out", out)
    assert "bad.png" in text
    assert any(word in text for word in says.split("|"))
    assert not out.exists()


def test_greys_are_rounded_where_that_is_wished(saved, tmp_path):
    grey(tmp_path / "a.png")
    call("compress", saved, tmp_path / "a.png", "--out", tmp_path / "a.vaez", "--binarize")
    call("decompress", saved, tmp_path / "a.vaez", "--out", tmp_path / "back")
    with Image.open(tmp_path / "back" / "a.png") as back:
        assert not np.array(back).any()


def test_an_altered_file_leaves_no_folder(saved, scans, tmp_path, refusal):
    out, back = tmp_path / "scans.vaez", tmp_path / "back"
    call("compress", saved, scans, "--out", out)
    data = out.read_bytes()
    out.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert "altered" in refusal("decompress", saved, out, "--out", back)
    assert not back.exists()


def test_a_folder_with_something_in_it_is_refused(saved, scans, tmp_path, refusal):
    call("compress", saved, scans, "--out", tmp_path / "a.vaez")
    assert "something" in refusal("decompress", saved, tmp_path / "a.vaez", "--out", scans)


def test_a_picture_that_is_not_there_is_refused(saved, scans, tmp_path, refusal):
    call("compress", saved, scans, "--out", tmp_path / "a.vaez")
    words = ("decompress", saved, tmp_path / "a.vaez", "--out", tmp_path / "b", "--only", "none")
    assert "'none'" in refusal(*words)
