"""Sparse coding's search for each picture against one call of a trained encoder, in ms and nats.

    python -m benchmarks.sparse [--data fashion] [--atoms 64] [--n 2000] [--seed 0] [--json FILE]

Patches of 8 x 8 pixels, at random places of training images, make the atoms by EM and train the
encoder on the ELBO under these; patches of test images are measured. Milliseconds are of one
thread's processor for a patch, in a batch of all.
"""

import time
from functools import partial
from itertools import islice

from benchmarks.table import Json, machine, run, show

SIDE = 8
TRAIN = 5000  # patches
EM_STEPS, ROUNDS = 15, 3  # rounds of the E-step in each step of EM
STEPS, BATCH = 1500, 200  # of the encoder's training
SEARCHES = (1, 2, 5, 20)  # rounds


def main(
    data: str = "fashion", atoms: int = 64, n: int = 2000, seed: int = 0, file: Json = None
) -> None:
    import torch

    from vae.data import data_set
    from vae.models.sparse import MOST, beginning, learned, sweeps, unused

    if not 1 <= atoms <= MOST:
        raise SystemExit(f"There can be 1 to {MOST} atoms, not {atoms}.")
    torch.set_num_threads(1)
    generator, source = torch.Generator().manual_seed(seed), data_set(data)
    x = patches(source.load("train").x, TRAIN, generator)
    test = patches(source.load("test").x, n, generator)
    start = beginning(x, atoms, generator)
    found, q = next(islice(learned(x, start, ROUNDS), EM_STEPS, None))
    encoder, training = timed(lambda: trained(found, x, generator))

    def search(begin, rounds: int):
        return next(islice(sweeps(found, test, begin), rounds, None))

    ways = {f"search, {k} rounds": partial(search, unused(found, n), k) for k in SEARCHES}
    ways["one call of the encoder"] = lambda: encoder(test)
    ways["the encoder, then one round"] = lambda: search(encoder(test), 1)
    rows = [row(name, found, test, infer) for name, infer in ways.items()]
    used = float(q.logit.sigmoid().sum(-1).mean())
    about = (
        f"{source.title}, {n:,} patches of test images, {atoms} atoms, of which {used:.1f} are in "
        f"use on average, σ {float(found.variance.sqrt()):.3f}; the encoder's training took "
        f"{training:.0f} s; seed {seed}"
    )
    show([machine(), about], rows, file=file)


def patches(images, n: int, generator):
    """So many (n, SIDE²) float32 in [0, 1], none of them of one grey alone."""
    import torch

    def some(k: int):
        rows = torch.randint(len(images), (k,), generator=generator)
        v, u = (torch.randint(s - SIDE + 1, (k,), generator=generator) for s in images.shape[2:])
        down, right = v[:, None] + torch.arange(SIDE), u[:, None] + torch.arange(SIDE)
        cut = images[rows[:, None, None], 0, down[:, :, None], right[:, None]]
        return cut.flatten(1).float() / 255

    found = some(3 * n)
    return found[found.std(1) > 0.02][:n]


def trained(atoms, x, generator):
    """A function of patches that answers with q of all atoms at once."""
    import torch

    from vae.architectures import linear, residual_block, silu
    from vae.models.sparse import Use, elbo
    from vae.nets import build

    p, k = atoms.weight.shape
    torch.manual_seed(int(generator.initial_seed()))
    net = build([linear(p, 256), silu(), residual_block(256), linear(256, 3 * k)])

    def encode(x):
        logit, mean, log_width = net((x - atoms.mean) / atoms.variance.sqrt() / 4).chunk(3, -1)
        return Use(logit, mean, log_width.exp())

    adam = torch.optim.Adam(net.parameters(), 1e-3)
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = 1e-3 * (1 - step / STEPS)
        some = x[torch.randint(len(x), (BATCH,), generator=generator)]
        loss = -elbo(atoms, some, encode(some)).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return encode


def row(name: str, atoms, x, infer) -> dict:
    import torch

    from benchmarks.table import average
    from vae.models.sparse import elbo

    with torch.no_grad():
        infer()  # what the first call prepares is not timed
        q, seconds = timed(infer)
        return {
            "posterior by": name,
            "ELBO, nats": average(elbo(atoms, x, q).tolist()),
            "ms": f"{1000 * seconds / len(x):.4f}",
        }


def timed(work):
    """What `work()` returns, and the seconds of processor time that it took."""
    begin = time.process_time()
    return work(), time.process_time() - begin


if __name__ == "__main__":
    run(main)
