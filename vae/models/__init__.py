"""The families of models: each one file, each one line here.

A member is an `nn.Module` made from a frozen configuration, with `prior(y=None)`,
`encode(x, y=None)` and `decode(z, y=None)` that return distributions, of codes that are made as
`config.code` says. `y` (B,) are classes, which fix the code's choice.
"""

from vae.models.vae import VAE

MODELS = {"vae": VAE}
