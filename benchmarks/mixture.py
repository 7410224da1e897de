"""How much better Gaussians fitted to the codes foresee new ones than the prior does.

    python -m benchmarks.mixture [--test 2000] [--seeds 3] [--json FILE]

The shipped digits' held-out posteriors are split at random, for each seed anew: `vae.mixture` is
fitted to samples of most, and the density of one sample of each of the others is measured, in nats.
The difference is paired, code by code.
"""

import numpy as np

from benchmarks.table import DIGITS, Json, average, machine, run, show


def main(test: int = 2000, seeds: int = 3, file: Json = None) -> None:
    from vae.bundle import read_atlas

    atlas, _ = read_atlas(DIGITS)
    fitted = len(atlas.mean) - test
    rows = [row(atlas, fitted, seed) for seed in range(seeds)]
    about = f"fitted to {fitted:,} codes, measured on the other {test:,}; ± is the standard error"
    show([machine(), about], rows, file=file)


def row(atlas, n: int, seed: int) -> dict:
    from vae.mixture import log_normal, mixture

    rng = np.random.default_rng(seed)
    order = rng.permutation(len(atlas.mean))
    seen, new = order[:n], order[n:]
    found = mixture(atlas.mean[seen], atlas.scale[seen], seed=seed)
    z = atlas.mean[new] + atlas.scale[new] * rng.normal(size=atlas.mean[new].shape)
    ours, prior = found.log_prob(z), log_normal(z, np.eye(z.shape[1]))
    return {
        "seed": seed,
        f"{len(found.weights)} Gaussians, nats": average(ours),
        "prior, nats": average(prior),
        "difference, nats": average(ours - prior),
    }


if __name__ == "__main__":
    run(main)
