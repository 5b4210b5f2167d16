"""The exit codes of every command, of pytest and of locust when started with our files."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command decided; scripts and CI may rely on these numbers."""

    PASS = 0  #: pass, rehearsal passed, GO (also with conditions or open items)
    FAIL = 1  #: fail, NO-GO, a target that died after it had answered
    USAGE = 2  #: usage, a wrong or unreadable file, an occupied port, a run folder that cannot be used
    UNDECIDED = 3  #: could not decide: nothing answered, no test ran, an invalid run
    OPEN = 4  #: conditions or open items, under --strict only
    INTERRUPTED = 130  #: Ctrl-C


_GRAVEST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.FAIL,
    ExitCode.USAGE,
    ExitCode.UNDECIDED,
    ExitCode.OPEN,
    ExitCode.PASS,
)


def gravest(codes: Iterable[int]) -> ExitCode:
    """Combine the codes of several steps: fail beats error, error beats open, nothing at all is undecided.

    A code outside the enum (a crash, a signal) counts as UNDECIDED.
    """
    values = {int(code) for code in ExitCode}
    known = {ExitCode(code) if code in values else ExitCode.UNDECIDED for code in codes}
    return next((code for code in _GRAVEST_FIRST if code in known), ExitCode.UNDECIDED)
