import pytest
import torch

from vae.errors import InputError
from vae.nets import OPS, build, macs, shape_after

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
    "slice": ({"start": 2, "size": 3}, (6,), 0),
    "upsample": ({"factor": 3}, (2, 3, 4), 0),
    "pixel_shuffle": ({"factor": 2}, (8, 3, 4), 0),
    "layer_norm": ({"size": 6}, (6,), 0),
    "group_norm": ({"groups": 2, "channels": 6}, (6, 3, 4), 0),
    "noise": ({"given": 6, "size": 3, "layers": [LINEAR]}, (9,), 6 * 6),
}

EVERY_OP = pytest.mark.parametrize("op", OPS)


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


EVERY_FIELD = pytest.mark.parametrize(
    ("op", "field"), [(op, field) for op in OPS for field in OPS[op].fields]
)


@EVERY_FIELD
def test_an_entry_of_the_wrong_kind_is_refused_by_name(op, field):
    [layer], _, _ = example(op)
    empty = [] if field == "layers" else [[]]  # x + x is a residual too
    for entry in [None, "3", 2.5, True, 0.0, -1, {}, *empty]:
        with pytest.raises(InputError, match=rf"Layer 1 \({op}\).*{field!r}"):
            build([{"op": "silu"}, {**layer, field: entry}])


@EVERY_FIELD
def test_a_missing_entry_is_refused_by_name(op, field):
    [layer], _, _ = example(op)
    del layer[field]
    with pytest.raises(InputError, match=rf"Layer 0 \({op}\).*{field!r}"):
        build([layer])


@pytest.mark.parametrize("op", [op for op in OPS if OPS[op].fields])  # the others take any shape
def test_an_input_that_does_not_fit_is_refused_by_name(op):
    layers, _, _ = example(op)
    with pytest.raises(InputError, match=rf"Layer \d \({'linear' if op == 'residual' else op}"):
        shape_after(layers, (2, 7))


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
