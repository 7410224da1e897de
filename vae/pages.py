"""The pages: each one line here, and its browser side in `live/pages/<key>/`.

The app, the HTML file and the tests read this table.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page by its title; `alone` is the one in the HTML file, which has no Python behind it."""

    title: str
    alone: str = ""
    warms: tuple[str, ...] = ()  # what Python is likely to be asked for from here: keys of ui.WARM

    @property
    def path(self) -> str:
        """The last part of the page's address."""
        return self.title.lower().replace(" ", "-")


PAGES = {
    "explore": Page("Explore", warms=("umap",)),
    "yours": Page("Your image", alone="Draw", warms=("torch",)),
    "morph": Page("Morph", warms=("torch",)),
    "generate": Page("Generate"),
    "directions": Page("Directions"),
    "sheet": Page("Sheet"),
    "models": Page("Models"),
    "surprise": Page("Surprise"),
    "bits": Page("Bits"),
    "labels": Page("Labels"),
    "inside": Page("Inside"),
    "match": Page("Match"),
}
