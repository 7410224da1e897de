"""Designs of networks: each makes (encoder, decoder), two lists of layers, from a few numbers.

For images of `image` = (C, H, W) the encoder ends in `outputs` numbers; the decoder begins with
codes of `latent` numbers and ends in `channels` feature channels for each image channel.
"""

from itertools import pairwise
from math import prod

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
    """Strided convolutions (width / 8 channels, then twice as many at half the size, and so on),
    then dense layers of `width`; the decoder goes back the same way."""
    c, h, w = image
    if h % 4 or w % 4:
        raise InputError(f"The conv network needs sides divisible by 4, not {h} x {w}; try dense.")
    n = halvings(h, w)
    sizes = [max(width * 2**i // 8, 1) for i in range(n)]
    last = [sizes[-1], h >> n, w >> n]
    step = {"kernel": 4, "stride": 2, "padding": 1}
    down = [
        layer
        for a, b in pairwise([c, *sizes])
        for layer in ({"op": "conv2d", "in": a, "out": b, **step}, silu())
    ]
    up = [
        layer
        for a, b in pairwise([*sizes[::-1], c * channels])
        for layer in (silu(), {"op": "conv_transpose2d", "in": a, "out": b, **step})
    ]
    blocks = [residual_block(width) for _ in range(depth)]
    inner = [linear(prod(last), width), silu(), *blocks, linear(width, outputs)]
    outer = [linear(latent, width), silu(), *blocks, linear(width, prod(last))]
    unflatten = {"op": "unflatten", "shape": last}
    return [*down, {"op": "flatten"}, *inner], [*outer, unflatten, *up]


def halvings(h: int, w: int) -> int:
    """Of an image: twice, and further while both sides are even and over 8."""
    n = 2
    while min(h, w) >> n > 8 and (h >> n) % 2 == (w >> n) % 2 == 0:
        n += 1
    return n


def conv_decoder(
    image: Shape, latent: int, outputs: int, channels: int, width: int, depth: int
) -> tuple[Layers, Layers]:
    """A dense encoder with a convolutional decoder: the decoder is what overfits."""
    encoder, _ = dense(image, latent, outputs, channels, 2 * width, depth)
    _, decoder = conv(image, latent, outputs, channels, width, depth)
    return encoder, decoder


ARCHITECTURES = {"dense": dense, "conv": conv, "conv-decoder": conv_decoder}
