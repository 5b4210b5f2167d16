"""Runs the items of a phase beside each other under their needs; a crash is its own item's error."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from checklists.model import Execute, Item, Outcome, Phase
from checklists.ordering import obstacle, ready
from harness.errors import LaunchkitError
from harness.evidence import Status

WIDTH = 64


Permit: TypeAlias = Callable[[Item], str]


def permit_all(item: Item) -> str:  # noqa: ARG001  the same of every item
    return ""


def run_phase(
    phase: Phase, execute: Execute, *, width: int = WIDTH, permit: Permit = permit_all
) -> Iterator[Outcome]:
    """Yield each item's outcome when it is known; at most `width` items are asked at once.

    `permit` is asked before an item that changes something, in the caller's thread, and answers why it must
    not be done, or nothing.
    """
    run = _Run(phase, execute, width, permit)
    yield from run.outcomes()


@dataclass(slots=True)
class _Run:
    """The state of one run; only the thread that iterates `outcomes` touches it."""

    phase: Phase
    execute: Execute
    width: int
    permit: Permit = permit_all
    clock: Callable[[], float] = time.monotonic
    waiting: list[Item] = field(default_factory=list)
    running: dict[str, tuple[Item, float]] = field(default_factory=dict)
    decided: dict[str, Outcome] = field(default_factory=dict)
    results: "queue.SimpleQueue[Outcome]" = field(default_factory=queue.SimpleQueue)

    def outcomes(self) -> Iterator[Outcome]:
        self.waiting = list(self.phase.items)
        while self.waiting or self.running:
            yield from self._start()
            for outcome in self._collect():
                if outcome.item.id in self.running:  # else it was given up already
                    yield self._decide(outcome)

    def _decide(self, outcome: Outcome) -> Outcome:
        self.running.pop(outcome.item.id, None)
        self.decided[outcome.item.id] = outcome
        return outcome

    def _start(self) -> list[Outcome]:
        """Start what can be asked now; answer what must not be asked at all."""
        blocked = []
        for item in tuple(self.waiting):
            undecided = (*(item for item, _ in self.running.values()), *self.waiting)
            if not ready(item, undecided, ordered=self.phase.ordered) or len(self.running) >= self.width:
                continue
            self.waiting.remove(item)
            before = obstacle(item, self.decided, ordered=self.phase.ordered)
            if before is not None:
                blocked.append(_blocked(item, before))
                self._decide(blocked[-1])
                continue
            forbidden = self.permit(item) if item.changes else ""
            if forbidden:
                blocked.append(self._decide(_declined(item, forbidden)))
                continue
            self.running[item.id] = (item, self.clock() + item.longest)
            # A daemon, because a probe that never returns must not keep the process alive.
            threading.Thread(target=self._execute, args=(item,), name=item.id, daemon=True).start()
        return blocked

    def _execute(self, item: Item) -> None:
        try:
            outcome = self.execute(item)
        except LaunchkitError as error:
            outcome = Outcome(item, Status.ERROR, str(error))
        except Exception as error:  # whatever it is, it is this item's error and no other's
            outcome = Outcome(item, Status.ERROR, f"the probe crashed: {type(error).__name__}: {error}")
        self.results.put(outcome)

    def _collect(self) -> list[Outcome]:
        """Wait for the next result, or for the deadline of an item that never answers."""
        if not self.running:
            return []
        deadline = min(until for _, until in self.running.values())
        try:
            return [self.results.get(timeout=max(0.0, deadline - self.clock()))]
        except queue.Empty:
            now = self.clock()
            return [
                Outcome(item, Status.ERROR, f"it did not end within {item.longest:g} s", settle=item.fix)
                for item, until in tuple(self.running.values())
                if until <= now
            ]


def _declined(item: Item, why: str) -> Outcome:
    settle = "say yes when you are asked, or --yes"
    return Outcome(item, Status.PENDING, why, settle=settle, declined=True)


def _blocked(item: Item, before: Outcome) -> Outcome:
    name = before.item.id
    return Outcome(
        item,
        Status.BLOCKED,
        f"it waits for {name}, which is {before.status}",
        settle=f"settle {name} first",
        blocked_by=(name, *before.blocked_by),
    )
