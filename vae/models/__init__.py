"""The families of models: each one file, each one line here.

A member is an `nn.Module` made from a frozen configuration, with `prior()`, `encode(x)` and
`decode(z)` that return distributions.
"""

from vae.models.gaussian import GaussianVAE

MODELS = {"gaussian": GaussianVAE}
