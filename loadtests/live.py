"""The run as a table that moves, on a terminal."""

from collections import deque
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from loadtests.ticks import Tick

_ROWS = 12


class LiveTable:
    """The latest ticks; other lines are printed above it."""

    def __init__(self, title: str, console: Console) -> None:
        self._title = title
        self._ticks: deque[Tick] = deque(maxlen=_ROWS)
        self._live = Live(self._table(), console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def tell(self, said: "str | Tick") -> None:
        if isinstance(said, Tick):
            self._ticks.append(said)
            self._live.update(self._table())
        else:
            self._live.console.print(said, markup=False, highlight=False)

    def _table(self) -> Table:
        table = Table(title=self._caption(), title_justify="left", box=None, pad_edge=False)
        for name in ("second", "phase", "requests/s", "p50 ms", "p95 ms", "p99 ms", "errors"):
            table.add_column(name, justify="left" if name == "phase" else "right", no_wrap=True)
        for tick in self._ticks:
            table.add_row(
                f"{tick.second}",
                tick.phase,
                f"{tick.rate:.1f}",
                *(_ms(value) for value in (tick.p50, tick.p95, tick.p99)),
                f"[red]{tick.errors}[/red]" if tick.errors else "0",
            )
        return table

    def _caption(self) -> str:
        if not self._ticks:
            return self._title
        last = self._ticks[-1]
        return (
            f"{self._title}: {last.second} of {last.of:.0f} s, {last.sent_so_far} sent, "
            f"{last.errors_so_far} errors"
        )


def _ms(value: float | None) -> str:
    return f"{value:.1f}" if value is not None else "–"
