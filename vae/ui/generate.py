"""The page Generate: new pictures from random codes, and more like the one that you like."""

from vae.ui import session
from vae.ui.live.component import live

generator = live("generate")


def generate() -> None:
    name, models, words = session.start()
    session.follow(generator(name, session.page(name, models, **words)), name, models)
