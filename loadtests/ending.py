"""Why a run ended before all was sent, and by whose doing."""

from dataclasses import dataclass
from enum import StrEnum


class EndedBy(StrEnum):
    TARGET = "target"  # it died
    GENERATOR = "generator"  # it cannot do what it was asked for: nothing is said of the target
    CHOICE = "choice"  # of a person, or of a limit that nothing could keep any more


@dataclass(frozen=True, slots=True)
class Ending:
    by: EndedBy
    reason: str
