"""The command line as the tests call it."""

import numpy as np
from PIL import Image
from typer.testing import CliRunner

from vae import cli


def call(*words) -> str:
    """Run a command here, where UMAP is warm; returns what it printed."""
    result = CliRunner().invoke(cli.app, list(map(str, words)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def scan(path, seed: int = 0) -> None:
    """A picture of noise."""
    noise = np.random.default_rng(seed).normal(128, 80, (16, 20))
    Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(path)
