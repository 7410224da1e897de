"""The house has floors: a module imports from its own row or the ones above, never in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "vae").rglob("*.py"), *ROOT.glob("app.py")])
ROWS = {
    "errors": 0, "files": 0, "settings": 0, "distributions": 0, "data": 0, "nets": 0, "latent": 0,
    "geodesic": 0, "project": 0, "directions": 0, "mixture": 0, "film": 0,
    "models": 1, "objective": 1, "paths": 1,
    "atlas": 2, "bundle": 2, "metrics": 2, "tasks": 2,
    "train": 3, "export": 3,
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
