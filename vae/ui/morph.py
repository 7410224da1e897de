"""The page Morph: from one picture to another, and among four."""

from vae.ui import session
from vae.ui.live.component import live

bench = live("morph")


def morph() -> None:
    name, models, words = session.start()
    session.warm_up()
    session.follow(bench(name, session.page(name, models, **words)), name, models)
