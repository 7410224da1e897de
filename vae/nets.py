"""A network is a list of layers, plain enough for JSON.

    [{"op": "linear", "in": 16, "out": 512}, {"op": "silu"},
     {"op": "residual", "layers": [{"op": "linear", "in": 512, "out": 512}, {"op": "silu"}]},
     {"op": "linear", "in": 512, "out": 784}, {"op": "unflatten", "shape": [1, 28, 28]}]

`build` makes the PyTorch module; `live/core/nn.js` runs the same list in the browser on the same
weights, named by position ("2.layers.0.weight"). `shape_after` and `macs` read the list alone, so
that a bundle whose layers do not fit together is refused before anything runs.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vae.distributions import bounded_scale
from vae.errors import InputError

Shape = tuple[int, ...]  # of one example, without the batch


class Residual(nn.Module):
    """x + f(x)"""

    def __init__(self, layers: list[dict]):
        super().__init__()
        self.layers = build(layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


class Noise(nn.Module):
    """[z, noise] -> [z, mu(z) + sigma(z) noise]: a code in noise coordinates becomes the code.

    So a level that depends on the one above it has N(0, I) as its prior all the same.
    """

    def __init__(self, given: int, layers: list[dict]):
        super().__init__()
        self.given = given
        self.layers = build(layers)

    def forward(self, x: Tensor) -> Tensor:
        z, noise = x[:, : self.given], x[:, self.given :]
        mean, log_scale = self.layers(z).chunk(2, -1)
        return torch.cat([z, mean + bounded_scale(log_scale) * noise], -1)


class Activation(nn.Module):
    def __init__(self, f: Callable[[Tensor], Tensor]):
        super().__init__()
        self.f = f

    def forward(self, x: Tensor) -> Tensor:
        return self.f(x)


@dataclass(frozen=True)
class Op:
    """What one kind of layer needs, builds, and does to a shape.

    `fields` are its required entries; `shape` raises ValueError where the input does not fit;
    `macs` are multiply-accumulates for one example.
    """

    fields: tuple[str, ...]
    make: Callable[[dict], nn.Module]
    shape: Callable[[dict, Shape], Shape]
    macs: Callable[[dict, Shape], int] = lambda layer, shape: 0


def need(fits: bool, what: str) -> None:
    if not fits:
        raise ValueError(what)


def linear_shape(layer: dict, shape: Shape) -> Shape:
    need(shape == (layer["in"],), f"takes ({layer['in']},)")
    return (layer["out"],)


def conv_shape(layer: dict, shape: Shape) -> Shape:
    need(len(shape) == 3 and shape[0] == layer["in"], f"takes ({layer['in']}, height, width)")
    k, s, p = layer["kernel"], layer["stride"], layer["padding"]
    size = tuple((n + 2 * p - k) // s + 1 for n in shape[1:])
    need(min(size) > 0, f"has a kernel of {k}, too large for it")
    return (layer["out"], *size)


def conv_transpose_shape(layer: dict, shape: Shape) -> Shape:
    need(len(shape) == 3 and shape[0] == layer["in"], f"takes ({layer['in']}, height, width)")
    k, s, p = layer["kernel"], layer["stride"], layer["padding"]
    size = tuple((n - 1) * s - 2 * p + k for n in shape[1:])
    need(min(size) > 0, f"has a padding of {p}, too large for it")
    return (layer["out"], *size)


def unflatten_shape(layer: dict, shape: Shape) -> Shape:
    target = tuple(layer["shape"])
    need(math.prod(target) == math.prod(shape), f"makes {target}, another number of values")
    return target


def upsample_shape(layer: dict, shape: Shape) -> Shape:
    need(len(shape) == 3, "takes (channels, height, width)")
    c, h, w = shape
    return (c, h * layer["factor"], w * layer["factor"])


def pixel_shuffle_shape(layer: dict, shape: Shape) -> Shape:
    square = layer["factor"] ** 2
    need(len(shape) == 3 and shape[0] % square == 0, f"takes a multiple of {square} channels")
    c, h, w = shape
    return (c // square, h * layer["factor"], w * layer["factor"])


def slice_shape(layer: dict, shape: Shape) -> Shape:
    end = layer["start"] + layer["size"]
    need(len(shape) == 1 and end <= shape[0], f"takes at least ({end},)")
    return (layer["size"],)


def layer_norm_shape(layer: dict, shape: Shape) -> Shape:
    need(shape == (layer["size"],), f"takes ({layer['size']},)")
    return shape


def group_norm_shape(layer: dict, shape: Shape) -> Shape:
    channels, groups = layer["channels"], layer["groups"]
    need(channels % groups == 0, f"cannot deal {channels} channels among {groups} groups")
    need(len(shape) == 3 and shape[0] == channels, f"takes ({channels}, height, width)")
    return shape


def noise_shape(layer: dict, shape: Shape) -> Shape:
    given, size = layer["given"], layer["size"]
    need(shape == (given + size,), f"takes ({given + size},)")
    inner = shape_after(layer["layers"], (given,))
    need(inner == (2 * size,), f"makes {inner} inside where mean and scale take ({2 * size},)")
    return shape


def residual_shape(layer: dict, shape: Shape) -> Shape:
    need(
        shape_after(layer["layers"], shape) == shape, "changes the shape inside, so x + f(x) fails"
    )
    return shape


def conv_args(layer: dict) -> tuple[int, ...]:
    return tuple(layer[k] for k in ("in", "out", "kernel", "stride", "padding"))


def taps(layer: dict, shape: Shape) -> int:
    """Multiply-accumulates of a kernel moved over the positions of `shape`."""
    return layer["in"] * layer["out"] * layer["kernel"] ** 2 * math.prod(shape[1:])


def pointwise(f: Callable[[Tensor], Tensor]) -> Op:
    return Op((), lambda layer: Activation(f), lambda layer, shape: shape)


CONV = ("in", "out", "kernel", "stride", "padding")
OPS = {
    "linear": Op(
        ("in", "out"),
        lambda a: nn.Linear(a["in"], a["out"]),
        linear_shape,
        lambda a, s: a["in"] * a["out"],
    ),
    "conv2d": Op(
        CONV,
        lambda a: nn.Conv2d(*conv_args(a)),
        conv_shape,
        lambda a, s: taps(a, conv_shape(a, s)),
    ),
    "conv_transpose2d": Op(
        CONV, lambda a: nn.ConvTranspose2d(*conv_args(a)), conv_transpose_shape, taps
    ),
    "silu": pointwise(F.silu),
    "relu": pointwise(F.relu),
    "tanh": pointwise(lambda x: x.tanh()),
    "sigmoid": pointwise(lambda x: x.sigmoid()),
    "flatten": Op((), lambda a: nn.Flatten(), lambda a, s: (math.prod(s),)),
    "unflatten": Op(("shape",), lambda a: nn.Unflatten(1, tuple(a["shape"])), unflatten_shape),
    "slice": Op(
        ("start", "size"),
        lambda a: Activation(lambda x: x[:, a["start"] : a["start"] + a["size"]]),
        slice_shape,
    ),
    "upsample": Op(("factor",), lambda a: nn.Upsample(scale_factor=a["factor"]), upsample_shape),
    "pixel_shuffle": Op(("factor",), lambda a: nn.PixelShuffle(a["factor"]), pixel_shuffle_shape),
    "layer_norm": Op(("size",), lambda a: nn.LayerNorm(a["size"]), layer_norm_shape),
    "group_norm": Op(
        ("groups", "channels"),
        lambda a: nn.GroupNorm(a["groups"], a["channels"]),
        group_norm_shape,
    ),
    "noise": Op(
        ("given", "size", "layers"),
        lambda a: Noise(a["given"], a["layers"]),
        noise_shape,
        lambda a, s: macs(a["layers"], (a["given"],)),
    ),
    "residual": Op(
        ("layers",),
        lambda a: Residual(a["layers"]),
        residual_shape,
        lambda a, s: macs(a["layers"], s),
    ),
}


def check(layers: list[dict]) -> None:
    """Raise InputError naming the first layer that is not one of ours or lacks an entry."""
    if not isinstance(layers, list):
        raise InputError(f"A network is a list of layers, not {type(layers).__name__}.")
    for i, layer in enumerate(layers):
        name = layer.get("op") if isinstance(layer, dict) else None
        if not isinstance(name, str) or name not in OPS:
            raise InputError(f"Layer {i} has the unknown op {name!r}; known are {', '.join(OPS)}.")
        for field in OPS[name].fields:
            check_field(i, name, field, layer.get(field))


def is_size(value: object, low: int = 1) -> bool:
    return type(value) is int and low <= value <= 2**24


def is_list(value: object) -> bool:
    return isinstance(value, list)


# What an entry of a layer must be, where it is not a size.
ENTRIES = {
    "layers": ("a list of layers", is_list),
    "shape": ("a list of sizes", lambda v: is_list(v) and len(v) > 0 and all(map(is_size, v))),
    "padding": ("a whole number", lambda v: is_size(v, low=0)),
    "start": ("a whole number", lambda v: is_size(v, low=0)),
}


def check_field(i: int, op: str, field: str, value: object) -> None:
    want, fits = ENTRIES.get(field, ("a positive whole number", is_size))
    if not fits(value):
        raise InputError(f"Layer {i} ({op}) needs {want} for {field!r}, not {value!r}.")
    if field == "layers":
        check(value)


def build(layers: list[dict]) -> nn.Sequential:
    """The PyTorch module of a list of layers. Raises InputError for a list that is not one."""
    check(layers)
    return nn.Sequential(*(OPS[layer["op"]].make(layer) for layer in layers))


def walk(layers: list[dict], shape: Shape):
    """Each layer's op, its entries and the shape that enters it; then the shape that leaves."""
    check(layers)
    shape = tuple(shape)
    for i, layer in enumerate(layers):
        op = OPS[layer["op"]]
        yield op, layer, shape
        try:
            shape = op.shape(layer, shape)
        except InputError:
            raise
        except ValueError as why:
            raise InputError(f"Layer {i} ({layer['op']}) gets {shape} but {why}.") from why
    yield None, None, shape


def shape_after(layers: list[dict], shape: Shape) -> Shape:
    """The shape of one example after all layers. Raises InputError where two do not fit."""
    *_, (_, _, shape) = walk(layers, shape)
    return shape


def macs(layers: list[dict], shape: Shape) -> int:
    """Multiply-accumulates for one example of `shape`."""
    return sum(op.macs(layer, s) for op, layer, s in walk(layers, shape) if op)
