"""How the generator's process stands to others: it ends with its parent, and its clock goes first."""

import ctypes
import os
import signal
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_PRECEDENCE = -10


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent dies, at once if it already has."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def go_first() -> None:
    """Ask for precedence on a busy machine, where we may: late arrivals make a run invalid.

    The generator needs a fraction of a core, so it hardly takes anything away from a target beside it.
    """
    with suppress(PermissionError):
        os.nice(_PRECEDENCE)
