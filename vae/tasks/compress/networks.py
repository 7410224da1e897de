"""Networks with the same bits on every machine, in every batch, and in live/core/bits/networks.js.

Sums of floating-point products depend on their order, and so on the batch, the threads and the
library: a decoder would not see the probabilities that its encoder saw. Here weights and what
enters a layer are multiples of 2^-16, so products are multiples of 2^-32; as long as no sum can
reach 2^21, each has at most 53 binary digits and is exact in float64, in any order.
"""

from collections.abc import Callable
from itertools import product

import numpy as np

from vae.errors import InputError
from vae.nets import Shape, shape_after
from vae.tasks.compress.exact import rounded, sigmoid

Network = Callable[[np.ndarray], np.ndarray]  # (B, *shape) -> (B, *shape) float64
Weights = dict[str, np.ndarray]

LARGEST = 1024.0  # what enters a layer is cut off at +-LARGEST
EXACT = 2.0**21  # sums of multiples of 2^-32 below this are exact


def network(layers: list[dict], weights: Weights, name: str, shape: Shape) -> Network:
    """The network of `layers`, whose parameters are `name`.0.weight and so on.

    Raises:
        InputError: a layer that is not exact, or weights so large that sums would not be.
    """
    steps = []
    for i, layer in enumerate(layers):
        steps.append(step_of(layer)(layer, weights, f"{name}.{i}", shape))
        shape = shape_after([layer], shape)

    def run(x: np.ndarray) -> np.ndarray:
        for step in steps:
            x = step(x)
        return x

    return run


def step_of(layer: dict) -> Callable[..., Network]:
    if layer["op"] not in STEPS:
        raise InputError(
            f"This model has a layer {layer['op']!r}, which cannot be computed with the same bits "
            f"on every machine; those that can are {', '.join(STEPS)}."
        )
    return STEPS[layer["op"]]


def parameters(weights: Weights, name: str, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of a layer on the grid, `axes` of the weight being those that are summed."""
    weight = rounded(weights[f"{name}.weight"].astype(np.float64))
    bias = rounded(weights[f"{name}.bias"].astype(np.float64))
    if (np.abs(weight).sum(axes) * LARGEST + np.abs(bias)).max() >= EXACT:
        raise InputError(f"The weights {name!r} are too large for sums that are exact.")
    return weight, bias


def entering(x: np.ndarray) -> np.ndarray:
    return np.clip(rounded(x), -LARGEST, LARGEST)


def linear(layer: dict, weights: Weights, name: str, shape: Shape) -> Network:
    weight, bias = parameters(weights, name, (1,))
    return lambda x: entering(x) @ weight.T + bias


def conv2d(layer: dict, weights: Weights, name: str, shape: Shape) -> Network:
    """The sum over the kernel's places of (out, in) times the pixels that each place meets."""
    weight, bias = parameters(weights, name, (1, 2, 3))
    stride, pad = layer["stride"], layer["padding"]
    _, h, w = shape_after([layer], shape)

    def run(x: np.ndarray) -> np.ndarray:
        wide = np.pad(entering(x), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        y = np.zeros((len(x), layer["out"], h * w)) + bias[:, None]
        for i, j in product(range(layer["kernel"]), repeat=2):
            met = wide[:, :, i : i + stride * h : stride, j : j + stride * w : stride]
            y += weight[:, :, i, j] @ met[:, :, :h, :w].reshape(len(x), layer["in"], h * w)
        return y.reshape(len(x), layer["out"], h, w)

    return run


def conv_transpose2d(layer: dict, weights: Weights, name: str, shape: Shape) -> Network:
    """Each place of the kernel adds (out, in) times all pixels to those that it meets."""
    weight, bias = parameters(weights, name, (0, 2, 3))
    k, stride, pad = layer["kernel"], layer["stride"], layer["padding"]
    (_, h, w), (_, high, wide) = shape, shape_after([layer], shape)
    rows, columns = (h - 1) * stride + k, (w - 1) * stride + k

    def run(x: np.ndarray) -> np.ndarray:
        x = entering(x).reshape(len(x), layer["in"], h * w)
        y = np.zeros((len(x), layer["out"], rows, columns)) + bias[:, None, None]
        for i, j in product(range(k), repeat=2):
            part = (weight[:, :, i, j].T @ x).reshape(len(x), layer["out"], h, w)
            y[:, :, i : i + stride * h : stride, j : j + stride * w : stride] += part
        return y[:, :, pad : pad + high, pad : pad + wide]

    return run


def residual(layer: dict, weights: Weights, name: str, shape: Shape) -> Network:
    inner = network(layer["layers"], weights, f"{name}.layers", shape)
    return lambda x: x + inner(x)


def reshaped(layer: dict, weights: Weights, name: str, shape: Shape) -> Network:
    target = shape_after([layer], shape)
    return lambda x: x.reshape(len(x), *target)


def pointwise(f: Network) -> Callable[..., Network]:
    return lambda layer, weights, name, shape: f


STEPS = {
    "linear": linear,
    "conv2d": conv2d,
    "conv_transpose2d": conv_transpose2d,
    "silu": pointwise(lambda x: x * sigmoid(x)),
    "relu": pointwise(lambda x: np.maximum(x, 0)),
    "sigmoid": pointwise(sigmoid),
    "residual": residual,
    "flatten": reshaped,
    "unflatten": reshaped,
}
