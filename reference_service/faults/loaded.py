"""`python -m reference_service.faults.loaded [--settings FILE] NAME AMOUNT`: a sickness that only load shows.

Serves the service with it and prints the path of a profile. The amount is in the sickness's own unit.
"""

import math
import os
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reference_service.commands import serve as serving
from reference_service.commands.lifeline import die_with_parent
from reference_service.faults.variant import free_port
from reference_service.settings import read_settings

_PERIOD = 10.0  # seconds between two freezes
_BASE = 0.1  # seconds that a slowing service takes at first
_HOT = 60  # requests a second that exhaust a service which does not recover
_HANGOVER = 1.0  # seconds that it then takes to answer
_ERROR = b'{"error": "internal_error", "message": "as told"}'


class Sickness:
    """Around the WSGI application of one process; `delay` sleeps, and tells whether to answer at all."""

    def __init__(self, application: Any, name: str, amount: float) -> None:
        self._application, self._amount = application, amount
        self._delay: Callable[[], bool] = getattr(self, f"_{name}")
        self._lock = threading.Lock()
        self._begun: float | None = None
        self._count = 0
        self._kept = bytearray()
        self._recent: deque[float] = deque(maxlen=_HOT + 1)
        self._last_hot = -math.inf

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith("/v1/") and not self._delay():
            start_response("500 Internal Server Error", [("Content-Type", "application/json")])
            return [_ERROR]
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer

    def _since(self) -> float:
        with self._lock:
            if self._begun is None:
                self._begun = time.monotonic()
            return time.monotonic() - self._begun

    def _slow(self) -> bool:
        """Milliseconds that each answer takes."""
        time.sleep(self._amount / 1000)
        return True

    def _freezing(self) -> bool:
        """Seconds in every ten in which nothing is answered."""
        time.sleep(max(0.0, self._amount - self._since() % _PERIOD))
        return True

    def _erroring(self) -> bool:
        """Percent of the answers that are a 500."""
        with self._lock:
            self._count += 1
            return self._count % round(100 / self._amount) != 0

    def _leaking(self) -> bool:
        """MB (10⁶ bytes) a minute."""
        missing = int(self._amount * 1e6 * self._since() / 60)
        with self._lock:
            self._kept += os.urandom(1) * max(0, missing - len(self._kept))
        return True

    def _slowing(self) -> bool:
        """Percent by which answers take longer each minute."""
        time.sleep(_BASE * math.exp(self._amount / 100 * self._since() / 60))
        return True

    def _unrecovered(self) -> bool:
        """Seconds for which answers take long when a rush is over."""
        with self._lock:
            now = time.monotonic()
            self._recent.append(now)
            if len(self._recent) > _HOT and now - self._recent[0] < 1:
                self._last_hot = now
            hungover = 0 < now - self._last_hot < self._amount
        if hungover:
            time.sleep(_HANGOVER)
        return True


NAMES = ("slow", "freezing", "erroring", "leaking", "slowing", "unrecovered")


def main(argv: list[str]) -> int:
    settings_arguments = argv[:2] if argv[:1] == ["--settings"] else []
    rest = argv[len(settings_arguments) :]
    if len(rest) != 2 or rest[0] not in NAMES:
        print(f"usage: reference_service.faults.loaded {{{','.join(NAMES)}}} AMOUNT", file=sys.stderr)
        return 2
    die_with_parent()
    _install(rest[0], float(rest[1]))
    file = Path(settings_arguments[1]) if settings_arguments else None
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="reference-loaded-") as folder:
        profile = Path(folder, "target.yaml")
        profile.write_text(
            f"name: reference, {rest[0]} {rest[1]}\nbase_url: http://127.0.0.1:{port}\n"
            f"processes: [{os.getpid()}]\nrate_limit: {{requests: 1000000, per_seconds: 1}}\n",
            encoding="utf-8",
        )
        print(profile, flush=True)
        # One process: what a sickness counts, it counts once.
        apart = read_settings(file).model_copy(update={"metrics_dir": "", "rate_limit_requests": 1_000_000})
        return serving.serve(apart, ["--port", str(port), "--processes", "1"])


def _install(name: str, amount: float) -> None:
    right = vars(serving)["_loader"]

    def loader(settings: Any, parent: int) -> object:
        load = right(settings, parent)
        return lambda: Sickness(load(), name, amount)

    vars(serving)["_loader"] = loader


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
