"""The page Directions: what some examples have and others lack, given to any picture."""

from vae.ui import session
from vae.ui.live.component import live

workbench = live("directions")


def directions() -> None:
    name, models, words = session.start()
    session.follow(workbench(name, session.page(name, models, **words)), name, models)
