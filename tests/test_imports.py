"""The house has floors: a module imports from its own row or the ones above, never in a circle."""

import ast
import posixpath
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from vae.pages import PAGES

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "vae").rglob("*.py"), *ROOT.glob("app.py")])
ROWS = {
    "errors": 0, "files": 0, "pages": 0, "classroom": 0, "lessons": 0, "settings": 0,
    "distributions": 0, "code": 0, "data": 0, "nets": 0, "architectures": 0, "seeds": 0,
    "latent": 0, "geodesic": 0, "project": 0, "directions": 0, "mixture": 0, "film": 0,
    "conformal": 0, "suggested": 0,
    "models": 1, "noise": 1, "objective": 1, "paths": 1,
    "card": 2, "atlas": 2, "bundle": 2, "pack": 2, "metrics": 2, "tasks": 2,
    "record": 2, "recordfilm": 2, "modelcard": 2,
    "train": 3, "checkpoint": 3, "runs": 3, "recording": 3, "ancestors": 3, "export": 3, "plots": 3,
    "cli": 4, "ui": 4,
    "app": 5, "__main__": 5,
}  # fmt: skip
FRONT_DOOR = "vae"  # `vae.load`: for users, not for the house itself

# Heavy packages, and the only places that may import them.
HOMES = {
    "streamlit": ("vae.ui", "app"),
    "lightning": ("vae.train",),
    "umap": ("vae.project",),
    "plotly": ("vae.plots",),
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in FILES}


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


GRAPH = {module: imports(module) & MODULES.keys() for module in MODULES}
EDGES = [(module, name) for module, names in GRAPH.items() for name in sorted(names)]


def test_imports_come_from_the_same_row_or_above():
    inside = [(module, name) for module, name in EDGES if FRONT_DOOR not in (module, name)]
    assert [edge for edge in inside if row(edge[1]) > row(edge[0])] == []


def test_nothing_goes_in_by_the_front_door():
    assert [module for module, name in EDGES if name == FRONT_DOOR] == []


def test_there_is_no_circle():
    TopologicalSorter(GRAPH).prepare()


def packages(module: str) -> set[str]:
    return {name.split(".")[0] for name in imports(module)}


@pytest.mark.parametrize("package", HOMES)
def test_a_heavy_package_has_one_home(package):
    users = [module for module in MODULES if package in packages(module)]
    assert users
    assert [module for module in users if not module.startswith(HOMES[package])] == []


def test_every_package_that_is_imported_is_pinned():
    """What another package happens to install may not be there tomorrow, or be another."""
    used = {name for module in MODULES for name in packages(module)}
    used -= {*sys.stdlib_module_names, "vae", "app"}
    pinned = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), re.M))
    providers = packages_distributions()
    assert [name for name in sorted(used) if not pinned & set(providers[name])] == []


# ---- the browser side

LIVE = ROOT / "vae" / "live"
ROOMS = (
    "core",
    "io",
    "state",
    "widgets",
    "plane",
    "map",
    "lessons",
    "pages",
    "shell",
    "local",
    "standalone",
    "hosted",
)
SCRIPTS = {path.relative_to(LIVE).as_posix(): path for path in sorted(LIVE.rglob("*.js"))}
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


def names_of(script: str) -> Iterator[tuple[str, str, str]]:
    """What a script imports by name: (from where, its name there, its name here)."""
    for names, module in NAMED.findall(COMMENT.sub("", SCRIPTS[script].read_text("utf-8"))):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(script), module))
        for name in filter(None, re.split(r"[,\s]+", names.replace(" as ", ":"))):
            theirs, _, ours = name.partition(":")
            yield path, theirs, ours or theirs


def test_scripts_import_what_is_exported():
    exported = {path: EXPORTED.findall(file.read_text("utf-8")) for path, file in SCRIPTS.items()}
    named = [(script, path, theirs) for script in SCRIPTS for path, theirs, _ in names_of(script)]
    assert [(s, path, theirs) for s, path, theirs in named if theirs not in exported[path]] == []


def test_scripts_use_what_they_import():
    rest = {
        path: NAMED.sub("", COMMENT.sub("", file.read_text("utf-8")))
        for path, file in SCRIPTS.items()
    }
    named = [(script, ours) for script in SCRIPTS for _, _, ours in names_of(script)]
    assert [(s, ours) for s, ours in named if not re.search(rf"\b{ours}\b", rest[s])] == []


SCRIPT_GRAPH = {script: scripts_of(script) for script in SCRIPTS}
SCRIPT_EDGES = [(script, name) for script, names in SCRIPT_GRAPH.items() for name in sorted(names)]


def room(script: str) -> int:
    return ROOMS.index(script.removesuffix(".js").split("/")[0])


def test_scripts_import_scripts_that_are_there():
    assert [edge for edge in SCRIPT_EDGES if edge[1] not in SCRIPTS] == []


def test_scripts_import_from_their_own_room_or_from_one_before_it():
    assert [edge for edge in SCRIPT_EDGES if room(edge[1]) > room(edge[0])] == []


def page(script: str) -> str:
    return script.split("/")[1] if script.startswith("pages/") else ""


def test_a_page_imports_no_other_page():
    across = [edge for edge in SCRIPT_EDGES if all(map(page, edge))]
    assert [(script, name) for script, name in across if page(script) != page(name)] == []


def test_scripts_have_no_circle():
    TopologicalSorter(SCRIPT_GRAPH).prepare()


@pytest.mark.parametrize("script", [name for name in SCRIPTS if name.startswith("core/")])
def test_the_core_knows_of_no_page(script):
    text = COMMENT.sub("", SCRIPTS[script].read_text("utf-8"))
    assert not DOM.search(text), f"{script} names {DOM.search(text)[0]}"


def test_every_page_of_the_table_has_its_module_and_no_other_has():
    assert {path.parent.name for path in LIVE.glob("pages/*/page.js")} == {*PAGES, "classroom"}
