import json

import pytest
import torch

from vae.errors import InputError
from vae.nets import ARCHITECTURES, OPS, build, macs, shape_after

CONV = {"in": 2, "out": 3, "kernel": 4, "stride": 2, "padding": 1}
LINEAR = {"op": "linear", "in": 6, "out": 6}
NEST = {"op": "residual", "layers": [LINEAR]}

# Of each op: its entries, the shape that enters, multiply-accumulates counted by hand.
EXAMPLES = {
    "linear": ({"in": 6, "out": 4}, (6,), 6 * 4),
    "conv2d": (CONV, (2, 8, 5), 2 * 3 * 16 * (4 * 2)),  # positions of the output
    "conv_transpose2d": (CONV, (2, 3, 5), 2 * 3 * 16 * (3 * 5)),  # positions of the input
    "silu": ({}, (5,), 0),
    "relu": ({}, (2, 3, 4), 0),
    "tanh": ({}, (5,), 0),
    "sigmoid": ({}, (5,), 0),
    "flatten": ({}, (2, 3, 4), 0),
    "unflatten": ({"shape": [2, 3, 4]}, (24,), 0),
    "residual": ({"layers": [LINEAR, {"op": "silu"}, LINEAR]}, (6,), 2 * 6 * 6),
}

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

EVERY_OP = pytest.mark.parametrize("op", OPS)
EVERY_NET = pytest.mark.parametrize("net", ARCHITECTURES)


def example(op):
    entries, shape, count = EXAMPLES[op]
    return [{"op": op, **entries}], shape, count


def check_shape(layers, shape):
    """The shape that is foretold is the shape that PyTorch gives."""
    assert build(layers)(torch.zeros(2, *shape)).shape == (2, *shape_after(layers, shape))


@EVERY_OP
def test_shape_of_an_op(op):
    layers, shape, _ = example(op)
    check_shape(layers, shape)


@EVERY_OP
def test_macs_of_an_op(op):
    layers, shape, count = example(op)
    assert macs(layers, shape) == count


@EVERY_OP
@pytest.mark.parametrize("entry", [None, "3", 2.5, True, 0.0, -1, [], {}])
def test_an_entry_of_the_wrong_kind_is_refused_by_name(op, entry):
    [layer], _, _ = example(op)
    for field in OPS[op].fields:
        if field == "layers" and entry == []:
            continue  # x + x is a residual too
        with pytest.raises(InputError, match=rf"Layer 1 \({op}\).*{field!r}"):
            build([{"op": "silu"}, {**layer, field: entry}])


@EVERY_OP
def test_a_missing_entry_is_refused_by_name(op):
    [layer], _, _ = example(op)
    for field in OPS[op].fields:
        rest = {k: v for k, v in layer.items() if k != field}
        with pytest.raises(InputError, match=rf"Layer 0 \({op}\).*{field!r}"):
            build([rest])


@EVERY_OP
def test_an_input_that_does_not_fit_is_refused_by_name(op):
    layers, _, _ = example(op)
    if OPS[op].fields:  # the others take any shape
        with pytest.raises(InputError, match=rf"Layer \d \({'linear' if op == 'residual' else op}"):
            shape_after(layers, (7,))


@pytest.mark.parametrize("layer", [{"op": "pool"}, {"op": []}, {"in": 3}, "linear", None])
def test_an_unknown_op_is_refused_by_name(layer):
    with pytest.raises(InputError, match=r"Layer 2 .*unknown op.*linear"):
        build([{"op": "silu"}, {"op": "relu"}, layer])
    with pytest.raises(InputError, match="unknown op"):
        shape_after([{"op": "residual", "layers": [layer]}], (3,))


@pytest.mark.parametrize("layers", [None, {}, "silu", 3])
def test_a_network_is_a_list(layers):
    with pytest.raises(InputError, match="list of layers"):
        build(layers)


def test_a_residual_keeps_the_shape():
    wider = {"op": "residual", "layers": [{**LINEAR, "out": 7}]}
    with pytest.raises(InputError, match=r"Layer 1 \(residual\)"):
        shape_after([NEST, wider], (6,))


@pytest.mark.parametrize(
    ("op", "entries"), [("conv2d", {"kernel": 20}), ("conv_transpose2d", {"padding": 20})]
)
def test_nothing_may_be_left_of_an_image(op, entries):
    with pytest.raises(InputError, match=rf"Layer 0 \({op}\).*too large"):
        shape_after([{"op": op, **CONV, **entries}], (2, 3, 5))


def test_weights_are_named_by_position():
    names = {f"{place}.{kind}" for place in ("0", "2.layers.0") for kind in ("weight", "bias")}
    assert build([LINEAR, {"op": "silu"}, NEST]).state_dict().keys() == names


@EVERY_NET
@pytest.mark.parametrize("image", [(1, 8, 8), (3, 12, 16)])
@pytest.mark.parametrize("depth", [0, 2])
def test_architectures_go_from_image_to_code_and_back(net, image, depth):
    c, h, w = image
    encoder, decoder = ARCHITECTURES[net](image, 3, channels=2, width=8, depth=depth)
    check_shape(encoder, image)
    check_shape(decoder, (3,))
    assert shape_after(encoder, image) == (2 * 3,)
    assert shape_after(decoder, (3,)) == (2 * c, h, w)


@EVERY_NET
def test_macs_of_an_architecture(net):
    encoder, decoder = ARCHITECTURES[net]((1, 8, 8), 3, channels=1, width=8, depth=1)
    assert (macs(encoder, (1, 8, 8)), macs(decoder, (3,))) == COUNTED[net]


@EVERY_NET
def test_layers_survive_json(net):
    for layers in ARCHITECTURES[net]((1, 8, 8), 3, channels=1, width=8, depth=1):
        assert json.loads(json.dumps(layers)) == layers


def test_conv_says_which_sides_it_takes():
    with pytest.raises(InputError, match=r"divisible by 4, not 9 x 8"):
        ARCHITECTURES["conv"]((1, 9, 8), 3, channels=1, width=8, depth=1)
