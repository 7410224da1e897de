"""Designs of networks: each makes (encoder, decoder), two lists of layers, from a few numbers.

For images of `image` = (C, H, W) the encoder ends in `outputs` numbers; the decoder begins with
codes of `latent` numbers and ends in `channels` feature channels for each image channel.
"""

from vae.errors import InputError
from vae.nets import Shape

Layers = list[dict]


def linear(a: int, b: int) -> dict:
    return {"op": "linear", "in": a, "out": b}


def silu() -> dict:
    return {"op": "silu"}


def residual_block(width: int) -> dict:
    return {"op": "residual", "layers": [linear(width, width), silu()]}


def dense(
    image: Shape, latent: int, outputs: int, channels: int, width: int, depth: int
) -> tuple[Layers, Layers]:
    """One hidden layer and `depth` residual ones, `width` units each, both ways."""
    c, h, w = image
    blocks = [residual_block(width) for _ in range(depth)]
    encoder = [{"op": "flatten"}, linear(c * h * w, width), silu(), *blocks]
    decoder = [linear(latent, width), silu(), *blocks, linear(width, c * channels * h * w)]
    return (
        [*encoder, linear(width, outputs)],
        [*decoder, {"op": "unflatten", "shape": [c * channels, h, w]}],
    )


def conv(
    image: Shape, latent: int, outputs: int, channels: int, width: int, depth: int
) -> tuple[Layers, Layers]:
    """Two strided convolutions (width / 8, width / 4 channels), then dense layers of `width`."""
    c, h, w = image
    if h % 4 or w % 4:
        raise InputError(f"The conv network needs sides divisible by 4, not {h} x {w}; try dense.")
    a, b = max(width // 8, 1), max(width // 4, 1)
    flat, size = b * (h // 4) * (w // 4), [b, h // 4, w // 4]
    step = {"kernel": 4, "stride": 2, "padding": 1}
    blocks = [residual_block(width) for _ in range(depth)]
    down = [
        {"op": "conv2d", "in": c, "out": a, **step}, silu(),
        {"op": "conv2d", "in": a, "out": b, **step}, silu(), {"op": "flatten"},
    ]  # fmt: skip
    up = [
        {"op": "unflatten", "shape": size},
        {"op": "conv_transpose2d", "in": b, "out": a, **step}, silu(),
        {"op": "conv_transpose2d", "in": a, "out": c * channels, **step},
    ]  # fmt: skip
    return (
        [*down, linear(flat, width), silu(), *blocks, linear(width, outputs)],
        [linear(latent, width), silu(), *blocks, linear(width, flat), silu(), *up],
    )


def conv_decoder(
    image: Shape, latent: int, outputs: int, channels: int, width: int, depth: int
) -> tuple[Layers, Layers]:
    """A dense encoder with a convolutional decoder: the decoder is what overfits."""
    encoder, _ = dense(image, latent, outputs, channels, 2 * width, depth)
    _, decoder = conv(image, latent, outputs, channels, width, depth)
    return encoder, decoder


ARCHITECTURES = {"dense": dense, "conv": conv, "conv-decoder": conv_decoder}
