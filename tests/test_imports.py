"""The house has floors: a module imports from its own row or the ones above, never in a circle."""

import ast
import posixpath
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from vae.pages import PAGES

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "vae").rglob("*.py"), *ROOT.glob("app.py")])
ROWS = {
    "errors": 0, "files": 0, "pages": 0, "settings": 0, "distributions": 0, "code": 0,
    "data": 0, "nets": 0, "architectures": 0, "seeds": 0, "latent": 0, "geodesic": 0,
    "project": 0, "directions": 0, "mixture": 0, "film": 0,
    "models": 1, "objective": 1, "paths": 1,
    "card": 2, "atlas": 2, "bundle": 2, "metrics": 2, "tasks": 2,
    "train": 3, "checkpoint": 3, "runs": 3, "export": 3,
    "cli": 4, "ui": 4,
    "app": 5, "__main__": 5,
}  # fmt: skip
FRONT_DOOR = "vae"  # `vae.load`: for users, not for the house itself

# Heavy packages, and the only places that may import them.
HOMES = {
    "streamlit": ("vae.ui", "app"),
    "lightning": ("vae.train",),
    "umap": ("vae.project",),
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}
EVERY_MODULE = pytest.mark.parametrize("module", MODULES)


def imports(module: str) -> set[str]:
    """The full names of all that a module imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in MODULES else node.module for name in inner}
    return names


def row(module: str) -> int:
    return ROWS[module.removeprefix("vae.").split(".")[0]]


@EVERY_MODULE
def test_imports_come_from_the_same_row_or_above(module):
    if module == FRONT_DOOR:
        return
    for name in imports(module) & MODULES.keys():
        assert name != FRONT_DOOR, f"{module} imports the package's root"
        assert row(name) <= row(module), f"{module} imports {name}"


def test_there_is_no_circle():
    graph = {module: imports(module) & MODULES.keys() for module in MODULES}
    TopologicalSorter(graph).prepare()


@EVERY_MODULE
def test_heavy_packages_have_one_home(module):
    packages = {name.split(".")[0] for name in imports(module)}
    for package in packages & HOMES.keys():
        assert module.startswith(HOMES[package]), f"{module} imports {package}"


# ---- the browser side

LIVE = ROOT / "vae" / "live"
ROOMS = ("core", "io", "state", "widgets", "plane", "map", "pages", "shell", "standalone")
SCRIPTS = {path.relative_to(LIVE).as_posix(): path for path in sorted(LIVE.rglob("*.js"))}
EVERY_SCRIPT = pytest.mark.parametrize("script", SCRIPTS)
IMPORT = re.compile(
    r"""^(?:import|export)\s[\w*{}\s,$]*\bfrom\s*"([^"]+)"|\bimport\("([^"]+)"\)""", re.M
)
DOM = re.compile(r"\b(?:document|window|location|localStorage|sessionStorage)\b")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


def scripts_of(script: str) -> set[str]:
    """The modules that a module of the browser side imports, as paths under `live/`."""
    here = posixpath.dirname(script)
    found = IMPORT.findall(COMMENT.sub("", SCRIPTS[script].read_text("utf-8")))
    return {posixpath.normpath(posixpath.join(here, one or other)) for one, other in found}


NAMED = re.compile(r"""^import\s*\{([^}]*)\}\s*from\s*"([^"]+)\"""", re.M)
EXPORTED = re.compile(r"^export (?:async )?(?:const|let|class|function\*?) (\w+)", re.M)


@EVERY_SCRIPT
def test_scripts_import_what_is_exported_and_use_it(script):
    text = COMMENT.sub("", SCRIPTS[script].read_text("utf-8"))
    rest = NAMED.sub("", text)
    for names, module in NAMED.findall(text):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(script), module))
        for name in filter(None, re.split(r"[,\s]+", names.replace(" as ", ":"))):
            theirs, _, ours = name.partition(":")
            exported = EXPORTED.findall(SCRIPTS[path].read_text("utf-8"))
            assert theirs in exported, f"{path} exports no {theirs}"
            assert re.search(rf"\b{ours or theirs}\b", rest), f"{script} does not use {theirs}"


def room(script: str) -> int:
    return ROOMS.index(script.removesuffix(".js").split("/")[0])


@EVERY_SCRIPT
def test_scripts_import_from_their_own_room_or_from_one_before_it(script):
    for name in scripts_of(script):
        assert name in SCRIPTS, f"{script} imports {name}, which is not there"
        assert room(name) <= room(script), f"{script} imports {name}"


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name.startswith("pages/")])
def test_a_page_imports_no_other_page(script):
    own = script.rsplit("/", 1)[0]
    for name in scripts_of(script):
        assert not name.startswith("pages/") or name.startswith(own), f"{script} imports {name}"


def test_scripts_have_no_circle():
    TopologicalSorter({script: scripts_of(script) for script in SCRIPTS}).prepare()


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name.startswith("core/")])
def test_the_core_knows_of_no_page(script):
    text = COMMENT.sub("", SCRIPTS[script].read_text("utf-8"))
    assert not DOM.search(text), f"{script} names {DOM.search(text)[0]}"


def test_every_page_of_the_table_has_its_module_and_no_other_has():
    assert {path.parent.name for path in LIVE.glob("pages/*/page.js")} == PAGES.keys()
