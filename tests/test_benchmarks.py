"""The README's figures come with commands: these are commands, and those that need nothing run."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"`python -m benchmarks\.(\w+)([^`]*)`", README)


@pytest.mark.parametrize(("name", "words"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_a_command_of_the_readme_is_one_with_these_options(name, words):
    command = typer.Typer()
    command.command()(import_module(f"benchmarks.{name}").main)
    typer.main.get_command(command).make_context(name, shlex.split(words))


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("mixture", {"test": 9000, "seeds": 2}, "| difference, nats |"),
        ("paths", {"pairs": 2, "frames": 5}, "| geodesic |"),
        ("oneclass", {"data": "digits", "n": 60, "steps": 2}, "| control: nearest images |"),
    ],
    ids=["mixture", "paths", "oneclass"],
)
def test_a_figure_that_needs_no_download_is_printed(capsys, name, options, says):
    import_module(f"benchmarks.{name}").main(**options)
    assert says in capsys.readouterr().out
