"""How each outcome is drawn: a tone and a shape, so that colour never speaks alone."""

from dataclasses import dataclass

from harness.evidence import Status
from reports.coverage import State
from reports.verdict import Word


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is a class of the style sheet, `shape` a symbol of the page."""

    tone: str
    shape: str


GOOD = Look("good", "check")
BAD = Look("bad", "cross")
WARN = Look("warn", "triangle")
UNSURE = Look("unsure", "question")
OPEN = Look("open", "ring")
REHEARSED = Look("rehearsed", "half")
MUTED = Look("muted", "dash")

STATUSES: dict[str, Look] = {
    Status.PASS: GOOD,
    Status.REHEARSED: REHEARSED,
    Status.WARNING: WARN,
    Status.EXPECTED: WARN,
    Status.WAIVED: WARN,
    Status.NOT_APPLICABLE: MUTED,
    Status.SKIPPED: OPEN,
    Status.PENDING: OPEN,
    Status.UNDECIDED: UNSURE,
    Status.INVALID: UNSURE,
    Status.ERROR: UNSURE,
    Status.BLOCKED: UNSURE,
    Status.STALE: BAD,
    Status.NOT_TESTABLE: BAD,
    Status.FAIL: BAD,
}
STATES: dict[str, Look] = {
    State.PROVED: GOOD,
    State.CONDITIONAL: WARN,
    State.REHEARSED: REHEARSED,
    State.OPEN: OPEN,
    State.UNDECIDED: UNSURE,
    State.FAILED: BAD,
}
WORDS: dict[str, Look] = {
    Word.GO: GOOD,
    Word.GO_WITH_CONDITIONS: WARN,
    Word.NO_GO: BAD,
    Word.REHEARSAL_PASSED: REHEARSED,
    Word.REHEARSAL_FAILED: BAD,
    Word.UNDECIDED: UNSURE,
}
LOADS: dict[str, Look] = {"PASS": GOOD, "FAIL": BAD, "INVALID": UNSURE, "UNDECIDED": UNSURE}
EXIT_WORDS = {
    0: ("held", GOOD),
    1: ("failed", BAD),
    2: ("could not start", UNSURE),
    3: ("undecided", UNSURE),
    4: ("open items", OPEN),
    130: ("interrupted", UNSURE),
}


def exit_look(code: int) -> tuple[str, Look]:
    """An exit code in words; one outside the enum is a crash."""
    return EXIT_WORDS.get(code, (f"broke off ({code})", UNSURE))
