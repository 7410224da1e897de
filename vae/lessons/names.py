"""What a lesson may measure and wait for. The functions are the browser's: live/lessons/measures.js
and live/lessons/predicates.js; a test says that the names agree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

SOURCES = ("prior", "examples", "posteriors", "gaussians", "middles")
ESTIMATORS = ("pathwise", "score", "baseline")
SPACES = ("codes", "pixels")
CHANGES = ("upside-down", "mirrored", "turned")
ASKINGS = ("telling", "random")
GUESSES = ("average", "one")

# What an argument is, as what says so of its text; a model is one that the lesson names.
KINDS: dict[str, Callable[[str], bool]] = {
    "model": lambda text: True,
    "example": lambda text: bool(re.fullmatch(r"@\d{1,9}", text)),
    "class": lambda text: bool(re.fullmatch(r"\d{1,3}", text)),
    "count": lambda text: bool(re.fullmatch(r"[1-9]\d{0,5}", text)),
    "number": lambda text: bool(re.fullmatch(r"-?\d+(\.\d+)?", text)),
    "dimension": lambda text: bool(re.fullmatch(r"\d{1,3}", text)),
    "estimator": lambda text: text in ESTIMATORS,
    "seed": lambda text: bool(re.fullmatch(r"\d{1,9}", text)),
    "whole": lambda text: bool(re.fullmatch(r"\d{1,3}", text)),
    "space": lambda text: text in SPACES,
    "change": lambda text: text in CHANGES,
    "asking": lambda text: text in ASKINGS,
    "guess": lambda text: text in GUESSES,
    "source": lambda text: text in SOURCES,
    "text": lambda text: True,
}


@dataclass(frozen=True)
class Entry:
    """A function of lessons: what it takes, by KINDS, and what it says."""

    takes: tuple[str, ...]
    says: str


# Each is a number. A picture @12 is what the lesson's first model draws of its held-out example 12.
MEASURES = {
    "rate": Entry(("model", "example"), "rate of a picture, nats"),
    "distortion": Entry(("model", "example"), "distortion of a picture, nats"),
    "width": Entry(("model", "example"), "mean σ of a picture's posterior"),
    "mean-width": Entry(("model",), "mean σ of the posteriors of all held-out examples"),
    "widest-class": Entry(("model",), "the class whose posteriors are widest on average"),
    "widest-width": Entry(("model",), "their mean σ"),
    "narrowest-class": Entry(("model",), "the class whose posteriors are narrowest on average"),
    "narrowest-width": Entry(("model",), "their mean σ"),
    "misread": Entry(
        ("model", "example"),
        "of 200 codes from a picture's posterior the share whose picture reads as another class",
    ),
    "distortion-at": Entry(
        ("model", "example", "number"), "distortion with σ times a number, over 64 draws of ε, nats"
    ),
    "noise-cost": Entry(
        ("model", "example"), "what the distortion is higher with σ as it is than with σ × 0, nats"
    ),
    "gradient": Entry(
        ("model", "example", "dimension", "estimator"),
        "derivative of a picture's mean distortion by one μ, from 2,048 draws, nats",
    ),
    "gradient-error": Entry(
        ("model", "example", "dimension", "estimator", "count"),
        "standard deviation of that derivative from so many draws",
    ),
    "times-noisier": Entry(
        ("model", "example", "dimension", "estimator"),
        "how many times the pathwise estimator's standard deviation it has",
    ),
    "draws-needed": Entry(
        ("model", "example", "dimension", "estimator"),
        "how many draws are as exact as one pathwise draw",
    ),
    "rate-ratio": Entry(
        ("model", "model", "example"), "a picture's rate, divided by that of the second model"
    ),
    "distortion-ratio": Entry(
        ("model", "model", "example"), "a picture's distortion, divided by that of the second model"
    ),
    "mean-rate": Entry(("model",), "mean rate of pictures @0 to @39, nats"),
    "mean-distortion": Entry(("model",), "their mean distortion, nats"),
    "mean-distortion-ratio": Entry(("model", "model"), "the same, divided by the second model's"),
    "mean-cost": Entry(("model",), "the sum of their mean rate and distortion, nats"),
    "cheapest-beta": Entry(
        (), "of the lesson's models but the first the β of the one whose mean cost is least"
    ),
    "active": Entry(("model",), "how many dimensions of its codes are active"),
    "readable": Entry(
        ("model", "source"),
        "of 200 pictures of codes from a source the share that reads clearly: of the 15 examples "
        "with the nearest codes 10 or more have one class",
    ),
    "readable-gain": Entry(("model", "model"), "the same of the prior, less the second model's"),
    "readable-percent": Entry(("model", "source"), "the same in per cent"),
    "readable-at": Entry(("model", "number"), "the same for the prior at a temperature"),
    "variety-at": Entry(
        ("model", "number"), "how far a pixel of these is from that of the next, of white"
    ),
    "threshold": Entry(
        ("model",), "the cost above which 5 % of pictures @0 to @199 are flagged at most, nats"
    ),
    "false-alarms": Entry(("model",), "share of pictures @200 to @399 that it flags"),
    "alarm-share": Entry(("model", "change"), "share of pictures @0 to @199, changed, it flags"),
    "blank-cost": Entry(("model",), "what a blank picture costs, nats"),
    "blank-ratio": Entry(("model",), "the same, divided by the threshold"),
    "elbo-bits": Entry(("model", "count"), "mean −ELBO of the first pictures, bits"),
    "chain-bits": Entry(
        ("model", "count"), "bits of a picture in a chain of the first ones, by bits back"
    ),
    "chain-bits-at": Entry(
        ("model", "count", "count"), "the same with codes that are multiples of 2^-n"
    ),
    "alone-ratio": Entry(("model",), "bits of picture @0 alone, divided by its −ELBO in bits"),
    "neighbour-share": Entry(
        ("model", "space", "whole"),
        "of examples @0 to @199, shifted by so many pixels, the share whose nearest other one of "
        "@0 to @1999 has the same class",
    ),
    "neighbour-gain": Entry(("model",), "the same by codes, less by pixels, not shifted"),
    "shifted-percent": Entry(("model", "whole"), "the same by codes, shifted, in per cent"),
    "few-labels": Entry(
        ("model", "space", "count"),
        "with so many labels for each class the share of the other examples of @0 to @1999 that "
        "the nearest labelled one gives the right class",
    ),
    "spread-labels": Entry(
        ("model", "space", "count"), "the same where labels spread over the graph of neighbours"
    ),
    "spread-gain": Entry(
        ("model", "count", "count"), "the same by codes, with the second count less the first"
    ),
    "asked-labels": Entry(
        ("model", "asking", "count"),
        "the same after so many labels in all, asked for by telling or at random (mean of ten)",
    ),
    "asked-gain": Entry(("model", "count"), "the first of these two less the second"),
    "grey-share": Entry(
        ("model",), "share of pixels between 0.1 and 0.9 in pictures @0 to @39, given back"
    ),
    "grey-ratio": Entry(("model", "model"), "the same, divided by the second model's"),
    "guess-cost": Entry(
        ("guess", "class"),
        "what the first 40 pictures of a class cost, pixel by pixel, by their average, or by one "
        "of them with as much doubt as suits it (mean over which), nats",
    ),
    "guess-ratio": Entry(("class",), "the latter, divided by the former"),
    "stranger-cost": Entry(
        ("model", "model"), "mean cost of 40 pictures that the second model draws, nats"
    ),
    "stranger-readable": Entry(
        ("model", "model"),
        "of 200 pictures that the second model draws the share that reads clearly, given back",
    ),
    "linear-gap": Entry(
        ("model", "example"), "how far the ELBO of a linear model is below log p(x), nats"
    ),
    "gap-at-least": Entry(
        ("model", "example"),
        "how far a model's ELBO is below the importance-weighted bound of 500 codes, nats",
    ),
    "em-gap": Entry(
        ("model", "seed", "whole"),
        "how far EM for probabilistic PCA of what a model draws is below the closed form after so "
        "many steps, from 0 to 60, nats of a picture",
    ),
    "em-needed": Entry(
        ("model", "seed", "number"), "after how many steps it is less than so many nats below"
    ),
    "em-angle": Entry(
        ("model", "seed", "whole"), "the angle to the closed form's plane after so many, degrees"
    ),
    "plane-percent": Entry(("model",), "how much of the variance lies in that plane, per cent"),
    "plane-nats": Entry(("model",), "mean log p(x) of the closed form, nats"),
    "search-gain": Entry(
        ("model", "example"),
        "what 150 steps of a search for a picture's posterior gain over the encoder's answer, nats",
    ),
    "search-gain-at": Entry(
        ("model", "example", "whole"), "the same after so many steps, a multiple of five"
    ),
    "search-gain-of": Entry(("model", "change", "example"), "the same of a changed picture"),
    "search-needed": Entry(
        ("model", "example"),
        "after how many steps from the prior a search is as good as the encoder, in fives",
    ),
    "search-work": Entry(
        ("model",), "how many times the encoder's multiplications a search of 150 steps takes"
    ),
}

# Of one field of the page's state, as its link writes it, since the step began.
PREDICATES = {
    "is": Entry(("text",), "it is this"),
    "between": Entry(("number", "number"), "it is a number from the first to the second"),
    "changed": Entry((), "it is not what it was"),
    "tried": Entry(("count",), "it has had so many other values"),
    "reads": Entry(("class",), "the picture of this code reads clearly as the class"),
    "border": Entry(
        ("class", "class"), "of the 15 examples nearest to its picture five or more are of either"
    ),
    "leans": Entry(
        ("number",), "its picture is of the same class as at first, and leans so many degrees more"
    ),
}
