"""A doctor for models: what is wrong with a bundle, why it matters, and what to try.

    report = examine("models/mine", source)        # source: its data set, or None
    report.severity, report.findings

A check is one function of a `Case` and one line of a dict here. Those of NUMBERS come first: where
one of them finds an error, the others would only repeat it. Those of DATA need the data set, and
are skipped without it. A limit is beside the check that has it, and comes from what the shipped
models measure.
"""

import os
from collections.abc import Iterator

from vae.bundle import read_card
from vae.data import Dataset, data_set_of
from vae.errors import InputError
from vae.tasks.doctor import codes, numbers, pixels
from vae.tasks.doctor.case import Case
from vae.tasks.doctor.files import opened
from vae.tasks.doctor.report import Check, Finding, Reading, Report, Severity

__all__ = ["CHECKS", "Case", "Check", "Finding", "Reading", "Report", "Severity", "examine",
           "local_source"]  # fmt: skip

FILES = (
    "A bundle that is damaged is not opened, neither by the app nor by any command.",
    "Copy the whole folder again, or train it anew: a checkpoint beside it makes the same bundle.",
)
NUMBERS = {
    "weights": Check(
        numbers.weights,
        "One NaN makes every picture NaN; huge weights overflow when they are kept in 16 bits.",
        "Train from the last good checkpoint with a smaller --learning-rate or --clip, and a "
        "longer --warmup.",
    ),
    "atlas": Check(
        numbers.atlas,
        "The map, the sliders' hills and the mixtures are made of the atlas; one NaN spoils them.",
        "If the weights are sound, train on for a step with the same command, which writes a new "
        "atlas.",
    ),
}
MODEL = {
    "ranges": Check(
        numbers.ranges,
        "A slider's end or a blank sheet of paper would give a picture or a code without numbers.",
        "Train with a smaller --learning-rate, or with --weight-decay.",
    ),
    "scales": Check(
        numbers.scales,
        "Codes beyond the sliders cannot be reached, and samples of the prior never come there.",
        "A larger --beta or a longer --warmup; pictures unlike the rest in the data set.",
    ),
    "collapse": Check(
        codes.collapse,
        "The decoder has learned to do without the code: every slider does nothing.",
        "A smaller --beta, a longer --warmup, a smaller decoder (--width, --depth).",
    ),
    "dead dimensions": Check(
        codes.dead,
        "Their sliders do nothing, and they are noise to a distance or a classifier.",
        "Fewer dimensions (--latent); or a longer --warmup or a smaller --beta, which let more in.",
    ),
    "prior": Check(
        codes.prior,
        "Samples of the prior fall where no picture has its code, and are decoded badly.",
        "Generate from the aggregate posterior; or train with --prior mixture or a larger --beta.",
    ),
    "round trip": Check(
        pixels.round_trip,
        "The encoder does not know the decoder's pictures, so that a code that it gives is not the "
        "one that was shown.",
        "Train longer; if the networks come from two trainings, train them together.",
    ),
    "noise": Check(
        pixels.sigma,
        "A σ that pixels cannot have makes the decoder indifferent; at its limit the ELBO says "
        "little of what is seen.",
        "--noise shared or pixel where it is unit; --noise shared where pixels are at the limit.",
    ),
    "confidence": Check(
        pixels.confidence,
        "Prices, alarms and compression take the decoder at its word, which is wrong here.",
        "Overconfident: fewer steps, --weight-decay, more pictures; too modest: another --noise.",
    ),
}
DATA = {
    "encoder": Check(
        pixels.same_encoder,
        "The map shows where another model puts these pictures.",
        "Train on for a step with the same command, which writes a new atlas; or repair the data.",
    ),
    "reconstruction": Check(
        pixels.reconstruction,
        "What comes back is no better than one mean picture for all.",
        "Train longer, with more --latent or --width, or a smaller --beta.",
    ),
    "overfitting": Check(
        pixels.overfitting,
        "It knows the training images rather than what they have in common.",
        "Fewer --steps, --weight-decay, a smaller --width, more pictures; leave --holdout on.",
    ),
    "likelihood": Check(
        pixels.greys,
        "Pixels of greys under a binary likelihood are noise to it, and their shades are lost; "
        "pixels of two values under a likelihood of greys make an ELBO without a bound.",
        "--likelihood gaussian for greys and colours, bernoulli for black and white.",
    ),
}
CHECKS = NUMBERS | MODEL | DATA


def examine(folder: str | os.PathLike, source: Dataset | None = None) -> Report:
    """All checks of the bundle in `folder`; `source` is its data set, where that is here."""
    case, damages = opened(folder)
    if case is None:
        found = [Finding("files", Severity.ERROR, said, *FILES) for said in damages]
        return Report((*found, *skipped(CHECKS, "the bundle cannot be opened")))
    whole = Finding("files", Severity.FINE, "every file is there and has its checksum", *FILES)
    return Report((whole, *examined(Case(case, source))))


def local_source(folder: str | os.PathLike) -> Dataset | None:
    """The model's data set, where its files are on this machine."""
    try:
        card = read_card(folder)
        source = data_set_of(card.data)
    except InputError:
        return None  # which the report says
    return source if all(map(source.here, ("train", card.atlas.split))) else None


def examined(case: Case) -> Iterator[Finding]:
    first = list(checked(NUMBERS, case))
    yield from first
    if any(finding.severity == Severity.ERROR for finding in first):
        yield from skipped(MODEL | DATA, "the numbers must be repaired first")
        return
    yield from checked(MODEL, case)
    if case.source is None:
        name = case.opened.card.data["name"]
        yield from skipped(DATA, f"no images of the data set {name} were looked at")
    else:
        yield from checked(DATA, case)


def checked(checks: dict[str, Check], case: Case) -> Iterator[Finding]:
    for name, (examine, why, advice) in checks.items():
        yield Finding(name, *examine(case), why, advice)


def skipped(checks: dict[str, Check], why: str) -> Iterator[Finding]:
    for name, check in checks.items():
        yield Finding(name, Severity.SKIPPED, why, check.why, check.advice)
