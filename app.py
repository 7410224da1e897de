"""The app: `python app.py`, `streamlit run app.py`, or any ASGI server on `app:app`.

Streamlit draws the pages; a few routes hand the browser what it computes with: our modules,
Plotly's, and the models' files.
"""

from pathlib import Path

import streamlit as st

from vae.ui.routes import ROUTES

app = st.App(Path(__file__).parent / "vae" / "ui" / "pages.py", routes=ROUTES)

if __name__ == "__main__":
    import typer

    from vae.ui.serve import serve

    typer.run(serve(app))
