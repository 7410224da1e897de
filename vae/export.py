"""One HTML file that holds a whole explorer: weights, atlas and our modules.

    Path("digits.html").write_text(page(Path("assets/digits")), "utf-8")

It opens from disk with no server, no network and no Python. The modules are the very files that the
app serves, as data URLs under an import map; the page's own policy forbids every connection.
"""

import json
import posixpath
import re
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import msgspec

from vae.bundle import ATLAS, CARD, WEIGHTS, read_atlas, read_card
from vae.errors import InputError
from vae.lessons import TEXTS, usable, within
from vae.lessons.plans import course
from vae.mixture import fitted
from vae.pages import PAGES

ROOT = Path(__file__).parents[1]
LIVE = Path(__file__).parent / "live"
MOST = 12_000_000  # bytes: a file that still goes by mail
ENTRY = "standalone.js"
POLICY = (  # scripts: those of this page by their hashes, and modules
    "default-src 'none'; script-src {hashes} 'wasm-unsafe-eval' data: blob:; "
    "worker-src data: blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "connect-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
THEME = {  # a name in .streamlit/config.toml -> the variable that Streamlit makes of it
    "primaryColor": "--st-primary-color",
    "backgroundColor": "--st-background-color",
    "secondaryBackgroundColor": "--st-secondary-background-color",
    "textColor": "--st-text-color",
    "borderColor": "--st-border-color",
}
CHOSEN = """
.atelier[data-theme="{name}"] {{ {values} }}
:root:has(.atelier[data-theme="{name}"]) {{ color-scheme: {name}; }}
:root:has(.atelier[data-theme="{name}"]) :is(body, .stApp) {{ {values} background: var(--st-background-color); }}
"""  # noqa: E501
SHELL = """
html { color-scheme: light dark; }
body { margin: 0; padding: 8px 16px; background: var(--st-background-color); color: var(--st-text-color); font: 16px system-ui, sans-serif; }
"""  # noqa: E501
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="atelier"></div>
<script type="application/json" id="content">{content}</script>
<script type="importmap">{imports}</script>
<script type="module">{begin}</script>
</body>
</html>
"""
BEGIN = f"""
import {{ start }} from "atelier/{ENTRY}";
const [root, content] = ["atelier", "content"].map((id) => document.getElementById(id));
start(root, JSON.parse(content.textContent));
"""


def aggregate(folder: Path) -> dict[str, Any]:
    """The aggregate posterior for the page to draw from. Raises InputError as `fitted`."""
    atlas = read_atlas(folder)[0]
    return fitted(atlas.mean, atlas.scale)


def page(folder: Path, fit: Callable[[Path], dict[str, Any]] = aggregate) -> str:
    """The bundle in `folder` as a page of its own; `fit` may be one that remembers `aggregate`.

    Raises:
        InputError: what `read_card` refuses, or a model that makes the page larger than 12 MB.
    """
    card = read_card(folder)
    files = {name: base64((folder / name).read_bytes()) for name in (CARD, WEIGHTS, ATLAS)}
    content = {
        "model": folder.resolve().name,
        "title": card.title,
        "files": files,
        "mixture": or_why(fit, folder),
        "lessons": msgspec.to_builtins(course(usable(within(TEXTS))[0])),
        "pages": {key: one.alone or one.title for key, one in PAGES.items()},
    }
    scripts = {
        "imports": json.dumps({"imports": modules()}),
        "begin": BEGIN,
    }
    made = PAGE.format(
        policy=POLICY.format(hashes=hashes(scripts.values())),
        title=escape(f"{card.title} – VAE Atelier"),
        style=style(),
        content=inline(json.dumps(content, ensure_ascii=False)),
        **scripts,
    )
    if (size := len(made.encode())) > MOST:
        raise InputError(
            f"The page of {card.title} would have {size / 1e6:.1f} MB; the limit is "
            f"{MOST / 1e6:g} MB. Export a model with smaller weights."
        )
    return made


def or_why(fit: Callable[[Path], dict[str, Any]], folder: Path) -> dict[str, Any]:
    """What was fitted, or the reason why nothing was, which the page says when it is asked."""
    try:
        return fit(folder)
    except InputError as why:
        return {"refused": str(why)}


def hashes(scripts: Iterable[str]) -> str:
    """What a policy calls these scripts, so that no other in the page is run."""
    return " ".join(f"'sha256-{base64(sha256(text.encode()).digest())}'" for text in scripts)


def base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def inline(text: str) -> str:
    """Text inside a script element, which would end at the first `</script`.

    `\\u003c` is `<` within JavaScript's and JSON's strings and regular expressions.
    """
    return re.sub(r"<(?=/script|!--)", lambda _: "\\u003c", text, flags=re.I)


def modules() -> dict[str, str]:
    """Each of our modules as a data URL under a bare name: relative names mean nothing there."""
    return {
        f"atelier/{path.relative_to(LIVE).as_posix()}": (
            f"data:text/javascript;base64,{base64(bare(path).encode())}"
        )
        for path in sorted(LIVE.rglob("*.js"))
    }


def bare(path: Path) -> str:
    """A module's text, importing the others by their bare names."""
    here = path.parent.relative_to(LIVE).as_posix()

    def named(found: re.Match) -> str:
        return f'{found[1]}"atelier/{posixpath.normpath(posixpath.join(here, found[2]))}"'

    return re.sub(r'(\bfrom\s+|\bimport\(\s*)"(\.[^"]+)"', named, path.read_text("utf-8"))


def sheets() -> list[str]:
    """Our style: what all pages share, each page's own, which holds on that page alone, and the
    theme where somebody has chosen one."""
    files = [*sorted(LIVE.glob("*.css")), *sorted(LIVE.glob("pages/*/*.css"))]
    return [*(path.read_text("utf-8") for path in files), chosen_theme()]


def theme() -> dict[str, str]:
    """The variables of the two themes."""
    text = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    return {name: variables(tomllib.loads(text)["theme"][name]) for name in ("light", "dark")}


def chosen_theme() -> str:
    """What holds where somebody has chosen a theme on the page, also around it."""
    return "\n".join(CHOSEN.format(name=name, values=values) for name, values in theme().items())


def style() -> str:
    light, dark = theme().values()
    ours = "\n".join(sheets())
    dim = f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f":root {{ {light} }}\n{dim}\n{SHELL}\n{ours}"


def variables(theme: dict[str, str]) -> str:
    return " ".join(f"{THEME[name]}: {value};" for name, value in theme.items() if name in THEME)
