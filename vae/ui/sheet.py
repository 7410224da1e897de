"""The page Sheet: a plane of the latent space as one endless sheet of pictures, and traversals."""

from vae.ui import session
from vae.ui.live.component import live

workbench = live("sheet")


def sheet() -> None:
    name, models, words = session.start()
    session.follow(workbench(name, session.page(name, models, **words)), name, models)
