"""The reference's console: built beside everything else, for the first time takes a while."""

import time
from collections.abc import Callable

from harness.children.errors import tail
from harness.children.processes import Process

_POLL_SECONDS = 0.2
_STOP_SECONDS = 3.0


class ConsoleBuild:
    """A build that goes on; it ends at once where the bundle is fresh."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def problem(self, *, seconds: float, tell: Callable[[str], None]) -> str:
        """Wait for its end, at most so long; why there is no page, empty where there is one."""
        deadline = time.monotonic() + seconds
        while (code := self._process.exit_code()) is None:
            tell(tail(self._process.log))
            if time.monotonic() > deadline:
                self._process.stop(seconds=_STOP_SECONDS)
                return f"the console was not built within {seconds:g} s more"
            time.sleep(_POLL_SECONDS)
        return "" if code == 0 else tail(self._process.log) or f"the build ended with exit code {code}"
