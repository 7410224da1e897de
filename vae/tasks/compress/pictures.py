"""The codec of a model's pictures: bits back with its networks on a grid.

A picture is a row of symbols (P,): 0 and 1 for a model of binary pixels, grey levels below 256 for
one of those.
"""

import numpy as np

from vae.code import sections
from vae.distributions import WIDEST
from vae.errors import InputError
from vae.tasks.compress.codecs import (
    FINEST,
    Codec,
    binary,
    bits_back,
    gaussians,
    greys,
    grid,
    standard,
)
from vae.tasks.compress.exact import exp, rounded, sigmoid
from vae.tasks.compress.networks import network
from vae.tasks.compress.stack import Stack

FLOOR = 0.0024787521766663585  # e^-6: softclip(h, -6) is the logarithm of e^-6 + e^h


def logits(features: np.ndarray) -> Codec:
    return binary(sigmoid(features).reshape(len(features), -1))


def mean_and_scale(features: np.ndarray) -> Codec:
    loc, log_scale = np.split(features, 2, 1)
    return greys(loc.reshape(len(loc), -1), (1 / 256 + exp(log_scale)).reshape(len(loc), -1))


HEADS = {"bernoulli": logits, "gaussian": mean_and_scale}


def picture_codec(model, bits: int) -> Codec:
    """The codec of pictures (B, P) of symbols, whose codes are multiples of 2^-bits.

    Raises:
        InputError: a model without a Gaussian posterior, or with a learned prior or a layer that
            cannot be computed exactly.
    """
    config, levels = model.config, model.likelihood.levels
    check_code(config.code)
    weights = {k: v.detach().cpu().numpy() for k, v in model.state_dict().items()}
    encoder = network(config.encoder, weights, "encoder", config.image)
    decoder = network(config.decoder, weights, "decoder", (config.latent,))
    cells, head = grid(bits), HEADS[config.likelihood]

    def posterior(x: np.ndarray) -> Codec:
        h = encoder(rounded(x.reshape(-1, *config.image) / (levels - 1)))
        parts = [np.split(h[:, at], 2, 1) for _, at in sections(config.code)]
        loc, log_scale = (np.concatenate(part, 1) for part in zip(*parts, strict=True))
        return gaussians(cells, loc, np.minimum(FLOOR + exp(log_scale), WIDEST))

    return bits_back(
        lambda n: standard(cells, (n, config.latent)),
        lambda z: head(decoder(cells.centres[z])),
        posterior,
    )


def best_grid(scale: np.ndarray, chain: int) -> int:
    """The grid on which pictures cost least whose posteriors have these scales (N, D), where each
    chain of them is so long.

    Steps of d make a posterior of the scale s as wide as one with the variance s^2 + d^2 / 12. With
    e = d^2 / 12 s^2 that costs (e - log(1 + e)) / 2 nats. Half the step costs the first picture of
    a chain, which gets nothing back, a bit for each number.
    """
    costs = []
    for bits in range(FINEST + 1):
        e = 2.0 ** (-2 * bits) / (12 * scale.astype(np.float64) ** 2)
        wide = (e - np.log1p(e)).sum(1).mean() / (2 * np.log(2))
        costs.append(wide + bits * scale.shape[1] / chain)
    return int(np.argmin(costs))


def check_code(code) -> None:
    if code.prior.kind != "normal" or {block.kind for block in code.blocks} != {"normal"}:
        raise InputError(
            "Bits back needs a Gaussian posterior and a standard normal prior; this model's code "
            "is of another kind."
        )


# ---- many pictures: a chain of them on each stack


def push_chains(codec: Codec, stacks: list[Stack], chains: list[np.ndarray]) -> None:
    """Push a chain (N_b, P) on each stack, the last picture first. None is longer than the one
    before it, so that those that are still at it stand first."""
    for t in reversed(range(len(chains[0]))):
        at_it = [chain[t] for chain in chains if len(chain) > t]
        codec.push(stacks[: len(at_it)], np.array(at_it, int))


def pop_chains(codec: Codec, stacks: list[Stack], lengths: list[int]) -> list[np.ndarray]:
    """The inverse: chains of these lengths, none longer than the one before it."""
    chains = [[] for _ in stacks]
    for t in range(lengths[0]):
        at_it = [b for b, length in enumerate(lengths) if length > t]
        for chain, row in zip(chains, codec.pop(stacks[: len(at_it)]), strict=False):
            chain.append(row)
    return [np.array(chain, np.uint8) for chain in chains]
