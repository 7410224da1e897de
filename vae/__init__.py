"""VAE Atelier: a workshop for latent spaces.

A model is three conditional distributions, `prior()`, `encode(x)`, `decode(z)`;
everything else is a function of them. `vae.load("assets/digits")` opens a trained one:

    bundle = vae.load("assets/digits")
    posterior = bundle.model.encode(x)        # x: (B, 1, 28, 28) in [0, 1]
    image = bundle.model.decode(posterior.mean).mean
    bundle.atlas.mean                         # (N, D): the held-out examples' codes
"""

from vae.errors import InputError

__all__ = ["InputError", "load"]


def load(path):
    """Open the trained model in the folder `path`. Returns a `vae.bundle.Bundle`."""
    from vae.bundle import load  # torch takes 1.6 s to import: only who opens a model pays

    return load(path)
