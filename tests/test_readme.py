"""What the README promises."""

import re
import shlex
from pathlib import Path

import typer

from vae import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_ci_runs_the_test_command_word_for_word():
    (command,) = (block.strip() for block in BLOCKS if "pytest" in block)
    assert command in (ROOT / ".ci/run").read_text().splitlines()


def test_every_file_that_is_named_is_there():
    for name in re.findall(r"(?:requirements\.txt|tests/requirements\.txt|app\.py)", README):
        assert (ROOT / name).is_file()
    for name in re.findall(r"\]\(((?!http)[^)]+)\)", README):
        assert (ROOT / name).is_file()


def test_every_command_of_the_readme_is_one_with_these_options():
    commands = typer.main.get_command(cli.app).commands
    lines = [line for block in BLOCKS for line in block.splitlines() if "-m vae " in line]
    assert lines
    for line in lines:
        name, *words = shlex.split(line.split("-m vae ")[1])
        commands[name].make_context(name, words)
