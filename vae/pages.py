"""The pages: each one line here, and its browser side in `live/pages/<key>/`.

The app, the HTML file and the tests read this table. The teacher's page is in none: it is there
while a class is on, for the teacher alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page by its title; `alone` is the one in the HTML file, which has no Python behind it."""

    title: str
    alone: str = ""
    warms: tuple[str, ...] = ()  # what Python is likely to be asked for from here: keys of ui.WARM
    fields: tuple[str, ...] = ()  # of its state, by their names in links; for lessons
    unlinked: tuple[str, ...] = ()  # the others

    @property
    def path(self) -> str:
        """The last part of the page's address."""
        return self.title.lower().replace(" ", "-")


MAP = ("map", "colour")
FILM = ("fps", "scale", "bounce")

PAGES = {
    "explore": Page(
        "Explore",
        warms=("umap",),
        fields=(*MAP, "film", "temperature", "z", "from"),
        unlinked=("names",),
    ),
    "yours": Page(
        "Your image",
        alone="Draw",
        warms=("torch",),
        fields=(*MAP, "from", "pixels"),
        unlinked=("use", "pictures", "drawing", "pen", "exampleSeed", "given"),
    ),
    "morph": Page(
        "Morph",
        warms=("torch",),
        fields=(*MAP, "mode", "keys", "path", "t", "corners", "at", *FILM),
    ),
    "generate": Page(
        "Generate",
        fields=("from", "class", "t", "seed", "grid", "radius", "spread", "z", *FILM),
        unlinked=("trail",),
    ),
    "directions": Page(
        "Directions",
        fields=(
            *("mode", "with", "without", "has", "lacks", "direction", "name", "strength"),
            *("z", "a", "b", "c", *FILM),
        ),
    ),
    "sheet": Page(
        "Sheet",
        fields=(
            *("part", "z", "corners", "even", "examples", "pictures", "at", "base", "range"),
            *("columns", "movement", "filmed", "fps", "scale", "across", "pixel", "area"),
        ),
    ),
    "models": Page(
        "Models",
        fields=(
            *("part", "with", "show", "from", "z", "ends", "t", "seed", "temperature"),
            *("plane", "beta", "subject", "held"),
        ),
        unlinked=("drawing",),
    ),
    "surprise": Page(
        "Surprise",
        fields=("others", "score", "rate", "count", "seed", "t"),
        unlinked=("drawing", "given"),
    ),
    "bits": Page("Bits", fields=("grid", "seed"), unlinked=("drawing", "opened")),
    "labels": Page("Labels", fields=("labels", "skipped", "ask", "chosen", "seed", "map")),
    "inside": Page(
        "Inside",
        fields=("of", "seed", "noise", "sigma", "step", "part"),
        unlinked=("drawing",),
    ),
    "ancestors": Page(
        "Ancestors",
        fields=("part", "seed", "steps", "closed", "of", "flip", "begin", "searched"),
    ),
    "train": Page("Train", warms=("torch",), fields=("data", "settings", "title", "training")),
    "match": Page("Match", fields=("seed", "round", "film"), unlinked=("values", "results")),
    "lessons": Page("Lessons"),
}

CLASS = Page("Class", fields=(*MAP, "show", "t"), unlinked=("pair",))
