"""The page that Streamlit's client starts from, as our addresses serve it.

At an address of two parts, as /morph, the client looks for its server below that address first, and
each visit begins with two requests that are not found and a pause. Here the page says where the
server is: where its own address is taken from, so that a path in front of it does not matter.
"""

from functools import cache
from pathlib import Path

import streamlit

TITLE = "VAE Atelier"
STREAMLITS = Path(streamlit.__file__).parent / "static" / "index.html"
SERVER = """<script>
      window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href }
    </script>"""


@cache
def first_page() -> str:
    page = STREAMLITS.read_text("utf-8").replace(
        "<title>Streamlit</title>", f"<title>{TITLE}</title>"
    )
    return page.replace("<head>", f"<head>\n    {SERVER}", 1)
