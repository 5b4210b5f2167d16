"""Runs a command that ends with us: `tether.py PARENT COMMAND…` asks the kernel, then becomes the command.

Started as a script, with the standard library only, so that it costs a few hundredths of a second.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, argv = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            sys.exit(1)
    os.execvp(argv[0], argv)  # noqa: S606  an argument list; no shell


if __name__ == "__main__":
    main()
