"""The page Your image: bring a picture, and see what the model sees."""

from vae.data.prepare import Prepare
from vae.ui import session
from vae.ui.live.component import live

workbench = live("yours")


def yours() -> None:
    name, models, words = session.start()
    session.warm_up()
    data = session.page(name, models, prepare=session.form(Prepare), **words)
    session.follow(workbench(name, data), name, models)
