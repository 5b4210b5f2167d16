"""What a person sees while a run goes on: always on stderr, plain lines where that is no terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.status import Status


class Progress:
    """Phases with their times, and lines between them."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._console = Console(file=stream or sys.stderr, highlight=False, soft_wrap=True)
        self._done: list[tuple[str, float]] = []

    @property
    def phases(self) -> tuple[tuple[str, float], ...]:
        """The phases that ended without an error, with their seconds."""
        return tuple(self._done)

    def line(self, text: str) -> None:
        self._console.print(escape(text))

    @contextmanager
    def phase(self, name: str) -> Iterator["Running"]:
        """Say that a phase begins, and how long it took and how it ended."""
        started = time.monotonic()
        status = self._console.status(escape(name)) if self._console.is_terminal else None
        if status is None:
            self.line(f"{name} …")
        running = Running(name, status)
        try:
            with status or nullcontext():
                yield running
        except BaseException:
            self._end("[red]✗[/red]", running, started, "broken off after ")
            raise
        self._done.append((name, time.monotonic() - started))
        self._end(running.sign, running, started)

    def _end(self, sign: str, running: "Running", started: float, how: str = "") -> None:
        seconds = f"{time.monotonic() - started:.1f} s"
        said = f": {escape(running.said)}" if running.said else ""
        self._console.print(f"{sign} {escape(running.name)} ({how}{seconds}){said}")


class Running:
    """A phase that goes on: what it has to say so far, and whether it went well."""

    def __init__(self, name: str, status: Status | None) -> None:
        self.name, self.said, self.sign = name, "", "[green]✓[/green]"
        self._status = status

    def tell(self, text: str) -> None:
        """Replace what is said of the phase; on a terminal it shows at once."""
        self.said = text
        if self._status is not None:
            self._status.update(escape(f"{self.name}: {text}"))

    def failed(self) -> None:
        self.sign = "[red]✗[/red]"

    def undecided(self) -> None:
        self.sign = "[yellow]?[/yellow]"
