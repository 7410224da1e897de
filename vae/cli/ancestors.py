"""Commands that make models without training: ppca."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from vae.cli.options import Threads, out

app = typer.Typer()


@app.command()
def ppca(
    data: Annotated[str, typer.Argument(help="a data set: mnist, fashion, frey, digits, …")],
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", help="folder for the model; else models/ and the name, with -ppca"),
    ] = None,
    latent: Annotated[int, typer.Option(min=1, help="latent dimensions")] = 16,
    title: Annotated[str, typer.Option(help="name that the app shows")] = "",
    examples: Annotated[int, typer.Option(min=2, help="test images in the atlas")] = 10_000,
    threads: Threads = 1,
) -> None:
    """Make the linear VAE of a data set: probabilistic PCA in closed form, as a bundle.

    Its encoder is the exact posterior, so no training can make its ELBO better.

    Example: python -m vae ppca mnist --out models/digits-ppca
    """
    import torch

    from vae import bundle
    from vae.ancestors import Ancestor, made
    from vae.data import data_set
    from vae.metrics.exact import exactness

    torch.set_num_threads(threads)
    source = data_set(data)
    folder = out_folder or Path("models") / f"{source.name}-ppca"
    command = shlex.join(["python", "-m", "vae", *sys.argv[1:]])
    done = made(Ancestor(source, folder, latent, title, command, examples))
    exact = exactness(done.model, bundle.load(folder).model, done.test)
    out.print(
        f"Made of {done.images:,} images; σ = {done.model.variance.sqrt():.4f}. Wrote {folder}.\n"
        f"Mean log p(x) of the density, {len(done.test):,} test images: {exact.log_p:.2f} ± "
        f"{exact.stderr:.2g} nats.\n"
        f"The ELBO of the exact posterior is as much, to {exact.gap:.0e} nats for each code; that "
        f"of the written networks is {exact.network_gap:+.4f} nats from it.\n"
        f"Of 256 grey levels it is {exact.discretized:+.1f} nats from the density's."
    )
