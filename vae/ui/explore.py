"""The page Explore: one component, which runs in the browser on the model's own files."""

from vae.project import Umap
from vae.ui import session
from vae.ui.live.component import live
from vae.ui.maps import warm_up

bench = live("explorer")


def explore() -> None:
    name, models, words = session.start()
    warm_up()
    told = session.page(name, models, umap=session.form(Umap), **words)
    session.follow(bench(name, told), name, models)
