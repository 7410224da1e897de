"""Laws of every architecture: it fits its images, its codes and JSON."""

import json

import pytest
from test_nets import check_shape

from vae.architectures import ARCHITECTURES
from vae.errors import InputError
from vae.nets import macs, shape_after

EVERY_NET = pytest.mark.parametrize("net", ARCHITECTURES)

# Of each architecture for (1, 8, 8) images, 3 latents, width 8, depth 1: encoder, decoder.
COUNTED = {
    "dense": (64 * 8 + 8 * 8 + 8 * 6, 3 * 8 + 8 * 8 + 8 * 64),
    "conv": (
        1 * 1 * 16 * 16 + 1 * 2 * 16 * 4 + 8 * 8 + 8 * 8 + 8 * 6,
        3 * 8 + 8 * 8 + 8 * 8 + 2 * 1 * 16 * 4 + 1 * 1 * 16 * 16,
    ),
    "conv-decoder": (
        64 * 16 + 16 * 16 + 16 * 6,
        3 * 8 + 8 * 8 + 8 * 8 + 2 * 1 * 16 * 4 + 1 * 1 * 16 * 16,
    ),
}


@EVERY_NET
@pytest.mark.parametrize("image", [(1, 8, 8), (3, 12, 16)])
@pytest.mark.parametrize("depth", [0, 2])
def test_architectures_go_from_image_to_code_and_back(net, image, depth):
    c, h, w = image
    encoder, decoder = ARCHITECTURES[net](image, 3, 6, channels=2, width=8, depth=depth)
    check_shape(encoder, image)
    check_shape(decoder, (3,))
    assert shape_after(encoder, image) == (2 * 3,)
    assert shape_after(decoder, (3,)) == (2 * c, h, w)


@EVERY_NET
def test_macs_of_an_architecture(net):
    encoder, decoder = ARCHITECTURES[net]((1, 8, 8), 3, 6, channels=1, width=8, depth=1)
    assert (macs(encoder, (1, 8, 8)), macs(decoder, (3,))) == COUNTED[net]


@EVERY_NET
def test_layers_survive_json(net):
    for layers in ARCHITECTURES[net]((1, 8, 8), 3, 6, channels=1, width=8, depth=1):
        assert json.loads(json.dumps(layers)) == layers


@pytest.mark.parametrize(
    ("sides", "smallest"),
    [
        ((8, 8), (2, 2)),
        ((28, 28), (7, 7)),
        ((28, 20), (7, 5)),
        ((64, 64), (8, 8)),
        ((72, 64), (9, 8)),
    ],
)
def test_conv_halves_a_large_image_more_often(sides, smallest):
    _, decoder = ARCHITECTURES["conv"]((1, *sides), 3, 6, channels=1, width=8, depth=0)
    (shape,) = (layer["shape"] for layer in decoder if layer["op"] == "unflatten")
    assert tuple(shape[1:]) == smallest


def test_conv_says_which_sides_it_takes():
    with pytest.raises(InputError, match=r"divisible by 4, not 9 x 8"):
        ARCHITECTURES["conv"]((1, 9, 8), 3, 6, channels=1, width=8, depth=1)
