"""What the README promises."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from vae import cli
from vae.ui.serve import serve

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)

# ---- the two commands that set everything up


def steps(word: str) -> list[str]:
    """The steps of the command with this word in it that begins with a new environment."""
    (command,) = (b.strip() for b in BLOCKS if b.startswith("python3 -m venv") and word in b)
    return command.split(" && ")


def test_ci_runs_the_test_command_word_for_word():
    assert " && ".join(steps("pytest")) in (ROOT / ".ci/run").read_text().splitlines()


def test_the_app_is_set_up_as_the_tests_are():
    """So CI runs this command too, but for its end, which the browser tests start."""
    venv, install, start = steps("app.py")
    assert steps("pytest")[:2] == [venv, f"{install} -r tests/requirements.txt"]
    assert start == ".venv/bin/python app.py"
    assert '[sys.executable, "app.py", "--port"' in (ROOT / "tests/browser/conftest.py").read_text()


# ---- commands

COMMANDS = typer.main.get_command(cli.app).commands
LINES = re.findall(r"-m vae (.+)", "\n".join(BLOCKS))
INLINE = re.findall(r"`python -m vae ([^`]+)`", README)
TABLE = re.findall(r"^\| `python -m vae ([^`]+)` \| (.+) \|$", README, re.MULTILINE)


def words(command: str) -> list[str]:
    """What a shell would hand on, "[PICTURE …]" as one picture."""
    return shlex.split(re.sub(r"[\[\]]| ?…", "", command))


def options(command) -> set[str]:
    return {name for p in command.params for name in (*p.opts, *p.secondary_opts)}


@pytest.mark.parametrize("command", [*LINES, *INLINE])
def test_a_command_is_one_with_these_options(command):
    name, *rest = words(command)
    assert COMMANDS[name].make_context(name, rest).command is COMMANDS[name]


def test_the_table_has_every_command_once():
    assert sorted(words(command)[0] for command, _ in TABLE) == sorted(COMMANDS)


@pytest.mark.parametrize(("command", "text"), TABLE)
def test_options_in_the_table_are_those_of_their_row(command, text):
    assert set(re.findall(r"`(--[\w-]+)", text)) <= options(COMMANDS[words(command)[0]])


def test_options_anywhere_else_are_those_of_a_command_or_of_the_app():
    app = typer.Typer()
    app.command()(serve(None))
    known = set().union(*map(options, [*COMMANDS.values(), typer.main.get_command(app)]))
    named = set(re.findall(r"`(--[\w-]+)", README))
    assert named
    assert named - known == set()


# ---- files


def test_every_file_that_is_linked_is_there():
    linked = re.findall(r"\]\(((?!http)[^)]+)\)", README)
    assert linked
    assert [name for name in linked if not (ROOT / name).is_file()] == []


NAME = re.compile(r"(?:^ *|[,;] +)(\w+(?:\.\w+|/(?:<\w+>/)?))(?=[\s:,]|$)")


def tree() -> set[str]:
    """The files and folders in the tree of "How it is built", as paths."""
    (block,) = re.findall(r"## How it is built\n.*?```\n(.*?)```", README, re.DOTALL)
    paths, inside = set(), {0: ""}  # indentation -> the folder that its lines are in
    for line in block.splitlines():
        depth = len(line) - len(line.lstrip())
        first, *more = NAME.findall(line)
        path = inside[depth] + first
        inside[depth + 2] = path
        folder = path if path.endswith("/") else inside[depth]
        paths |= {path, *(folder + name for name in more)}
    return paths


def test_what_the_tree_names_is_there():
    assert len(tree()) > 40
    assert [p for p in sorted(tree()) if not any(ROOT.glob(re.sub(r"<\w+>", "*", p)))] == []


@pytest.mark.parametrize(("folder", "suffix"), [("vae/", ".py"), ("vae/live/", ".js")])
def test_the_tree_names_what_is_there(folder, suffix):
    inside = [p for p in (ROOT / folder).iterdir() if not p.name.startswith("__")]
    there = {p.name + "/" * p.is_dir() for p in inside if p.is_dir() or p.suffix == suffix}
    named = {re.sub(r"<\w+>/", "", p) for p in tree()}
    assert sorted(name for name in there if folder + name not in named) == []
