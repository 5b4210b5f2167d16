"""What a person sees while a run goes on: always on stderr, plain lines where that is no terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TextIO

from rich.console import Console
from rich.markup import escape


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
    def phase(self, name: str) -> Iterator[None]:
        """Say that a phase begins, and how long it took or that it was broken off."""
        started = time.monotonic()
        plain = not self._console.is_terminal
        if plain:
            self.line(f"{name} …")
        try:
            with nullcontext() if plain else self._console.status(escape(name)):
                yield
        except BaseException:
            self._end("[red]✗[/red]", name, started, "broken off after ")
            raise
        self._done.append((name, time.monotonic() - started))
        self._end("[green]✓[/green]", name, started)

    def _end(self, sign: str, name: str, started: float, how: str = "") -> None:
        self._console.print(f"{sign} {escape(name)} ({how}{time.monotonic() - started:.1f} s)")
