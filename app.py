"""The app: `python app.py`, `streamlit run app.py`, or any ASGI server on `app:app`.

Streamlit draws the pages; a few routes hand the browser what it computes with: our modules and
the models' files.
"""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from vae.ui.compress import Compress
from vae.ui.guard import Guard
from vae.ui.routes import ROUTES

SCRIPT = Path(__file__).parent.resolve() / "vae" / "ui" / "pages.py"

# Streamlit puts its script's folder in front of sys.path for each run and takes it off again. An
# import in another thread that walks the path at that moment misses an entry, and its package.
# Where the folder stands already, Streamlit leaves the path alone.
sys.path.append(str(SCRIPT.parent))

app = st.App(SCRIPT, routes=ROUTES, middleware=[Middleware(Guard), Middleware(Compress)])

if __name__ == "__main__":
    import typer

    from vae.ui.serve import serve

    typer.run(serve(app))
