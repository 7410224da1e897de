"""Modules are served under their version, and nothing else is."""

import shutil

import pytest
import requests

from vae.export import LIVE
from vae.ui.routes.modules import MODULES, Modules


def test_each_module_is_there_for_good(url):
    for path in ("shell.js", "core/nn.js", "atelier.css"):
        answer = requests.get(f"{url}{MODULES.root}/{path}", timeout=60)
        assert answer.content == (LIVE / path).read_bytes()
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith(("text/javascript", "text/css"))


def test_an_address_without_version_goes_to_the_present_one(url):
    answer = requests.get(f"{url}/live/core/nn.js", timeout=60)
    assert answer.url == f"{url}{MODULES.root}/core/nn.js"
    assert answer.history[0].headers["Cache-Control"] == "no-cache"


def test_another_version_is_not_found(url):
    assert requests.get(f"{url}/live/000000000000/shell.js", timeout=60).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../bundle.py", "..%2fbundle.py", "%2e%2e/bundle.py", "core/", "", "shell.py", "/etc/passwd"],
)
def test_nothing_else_is_served(url, path):
    for root in ("/live", MODULES.root):
        assert requests.get(f"{url}{root}/{path}", timeout=60).status_code == 404


def test_python_that_lies_there_is_not_served(tmp_path):
    (tmp_path / "secret.py").write_text("x = 1")
    (tmp_path / "shell.js").write_text("")
    assert list(Modules(tmp_path).files) == ["shell.js"]


def test_any_change_is_another_version(tmp_path):
    shutil.copytree(LIVE / "core", tmp_path / "core")
    seen = {Modules(tmp_path).version}
    (tmp_path / "core" / "new.js").write_text("")
    seen.add(Modules(tmp_path).version)
    (tmp_path / "core" / "new.js").write_text("1")
    seen.add(Modules(tmp_path).version)
    (tmp_path / "core" / "new.js").rename(tmp_path / "core" / "newer.js")
    seen.add(Modules(tmp_path).version)
    assert len(seen) == 4
