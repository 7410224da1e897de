"""What a check says of a model, and what all of them say together."""

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from vae.tasks.doctor.case import Case


class Severity(IntEnum):
    SKIPPED = 0  # it could not be measured; the reading says why
    FINE = 1
    NOTE = 2  # worth knowing, and as it may be meant
    WARNING = 3  # some of what the app shows of this model is worse than it could be
    ERROR = 4  # it cannot be used as it is


class Reading(NamedTuple):
    """What one check measured."""

    severity: Severity
    measured: str


class Check(NamedTuple):
    """A measurement, and what there is to say where it is bad."""

    examine: Callable[["Case"], Reading]
    why: str  # it matters
    advice: str


class Finding(NamedTuple):
    check: str  # a key of CHECKS
    severity: Severity
    measured: str
    why: str
    advice: str

    def plain(self) -> dict[str, str]:
        """As JSON's own types."""
        return self._asdict() | {"severity": self.severity.name.lower()}


class Report(NamedTuple):
    findings: tuple[Finding, ...]  # one for each check at least, in their order

    @property
    def severity(self) -> Severity:
        """The worst."""
        return max(finding.severity for finding in self.findings)

    def at_least(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity >= severity]

    def plain(self) -> dict[str, Any]:
        found = [finding.plain() for finding in self.findings]
        return {"severity": self.severity.name.lower(), "findings": found}


def graded(measured: str, *limits: tuple[bool, Severity]) -> Reading:
    """The first severity whose condition holds, else fine."""
    return Reading(next((s for holds, s in limits if holds), Severity.FINE), measured)
