"""Probabilistic PCA by three roads: closed form, EM, and gradients, as a VAE is trained.

    python -m benchmarks.ancestors [--data mnist --data frey] [--seed 0] [--json FILE]

Of all training images: by how much the mean log p(x) is below the closed form's, in nats of an
image, and the seconds of one thread's processor once their mean and covariance are known. The notes
hold log p(x) of test images against the ELBO.
"""

import time
from itertools import islice
from typing import Annotated

import typer

from benchmarks.table import Json, machine, run, show

STEPS = (20, 200)  # of EM
GRADIENT_STEPS = 3000
TEST = 2000  # images


def main(
    data: Annotated[list[str] | None, typer.Option()] = None,
    latent: int = 16,
    seed: int = 0,
    file: Json = None,
) -> None:
    import torch

    torch.set_num_threads(1)
    known = [of(name, latent, seed) for name in data or ["mnist", "frey"]]
    notes = [note for note, _ in known]
    show([machine(), *notes], [row for _, rows in known for row in rows], file=file)


def of(name: str, latent: int, seed: int) -> tuple[str, list[dict]]:
    """What is said of test images, and a row for each road."""
    from torch import Generator

    from vae.data import data_set
    from vae.models.ppca import beginning, closed_form, em, moments

    source = data_set(name)
    data = moments(source.published("train").x)
    best, seconds = timed(lambda: closed_form(data, latent))
    start = beginning(data, latent, Generator().manual_seed(seed))
    rows = [row(name, "closed form", 0, seconds)]
    for steps in STEPS:
        model, seconds = timed(lambda steps=steps: next(islice(em(data, start), steps, None)))
        rows.append(row(name, f"EM, {steps} steps", below(best, model, data), seconds))
    return note(source, best, seed), [*rows, by_gradients(name, data, best, start)]


def by_gradients(name: str, data, best, start) -> dict:
    from vae.models.ppca import LinearVAE, ascent

    vae = LinearVAE(start)
    _, seconds = timed(lambda: list(ascent(vae, data, GRADIENT_STEPS)))
    road = f"a linear VAE, {GRADIENT_STEPS:,} steps of Adam"
    return row(name, road, below(best, vae.model(), data), seconds)


def note(source, best, seed: int) -> str:
    from vae.metrics.exact import exactness
    from vae.models.ppca import as_vae

    exact = exactness(best, as_vae(best, source.image), source.load("test").x[:TEST], seed)
    return (
        f"{source.name}, test images: log p(x) {exact.log_p:.2f} ± {exact.stderr:.2f} nats; the "
        f"ELBO of the exact posterior is as much, to {exact.gap:.0e}; of 256 grey levels it is "
        f"{exact.discretized:+.1f} from it"
    )


def below(best, model, data) -> float:
    from vae.models.ppca import log_likelihood

    return float(log_likelihood(best, data) - log_likelihood(model, data))


def row(name: str, road: str, nats: float, seconds: float) -> dict:
    return {
        "images": name,
        "road": road,
        "log p(x) below the best, nats": f"{nats:.3f}",
        "seconds": f"{seconds:.2f}",
    }


def timed(work):
    """What `work()` returns, and the seconds of processor time that it took."""
    begin = time.process_time()
    return work(), time.process_time() - begin


if __name__ == "__main__":
    run(main)
