"""Asks one item's probe, as often as the item wants, and judges each answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checklists import references
from checklists.clients import Clients
from checklists.expectations import Expectation, Judgement, judge
from checklists.model import Answer, Attempt, Context, Item, NoAnswer, Outcome
from checklists.processes import Processes
from checklists.references import NotInProfileError
from harness.errors import LaunchkitError
from harness.evidence import Status
from harness.target import Target

_RETRY_PAUSE = 0.5
_FINAL = frozenset({Status.PASS, Status.REHEARSED, Status.SKIPPED, Status.PENDING})


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time comes from; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Executor:
    """Everything that the items of a run share; calling it asks one item."""

    target: Target
    folder: Path
    run_folder: Path
    clients: Clients
    processes: Processes
    clock: Clock = Clock()

    def __call__(self, item: Item) -> Outcome:
        attempts = self._attempts(item)
        last = attempts[-1]
        return Outcome(item, last.status, last.message, attempts, settle=last.settle or item.fix)

    def _attempts(self, item: Item) -> tuple[Attempt, ...]:
        skipped = self._not_concerned(item)
        if skipped is not None:
            return (skipped,)
        attempts = self._until_it_holds(item)
        if item.hold and attempts[-1].status in (Status.PASS, Status.REHEARSED):
            attempts += self._while_it_holds(item)
        return tuple(attempts)

    def _not_concerned(self, item: Item) -> Attempt | None:
        if item.when is None:
            return None
        try:
            references.lookup(item.when.key, self.target)
        except NotInProfileError as error:
            return Attempt(
                _utc(), 0.0, Status.SKIPPED, f"{error.message}: {item.when.reason}", settle=error.hint
            )
        return None

    def _until_it_holds(self, item: Item) -> list[Attempt]:
        started = self.clock.now()
        attempts = [self._ask(item)]
        while attempts[-1].status not in _FINAL:
            if item.eventually is not None:
                if self.clock.now() - started + item.eventually.every > item.eventually.within:
                    break
                self.clock.pause(item.eventually.every)
            elif len(attempts) <= item.retries:
                self.clock.pause(_RETRY_PAUSE)
            else:
                break
            attempts.append(self._ask(item))
        return attempts

    def _while_it_holds(self, item: Item) -> list[Attempt]:
        """Ask again until the time is over; the first time that it does not hold is the last."""
        until, every = self.clock.now() + item.hold, max(1.0, item.hold / 60)
        attempts: list[Attempt] = []
        while self.clock.now() < until:
            self.clock.pause(min(every, max(0.0, until - self.clock.now())))
            attempts.append(self._ask(item))
            if attempts[-1].status not in (Status.PASS, Status.REHEARSED):
                break
        return attempts

    def _ask(self, item: Item) -> Attempt:
        begun, started = _utc(), self.clock.now()
        context = Context(
            target=self.target,
            folder=self.folder,
            run_folder=self.run_folder,
            timeout=item.timeout,
            client=self.clients.new(),
            processes=self.processes,
        )
        expectations: tuple[Expectation, ...] = ()
        try:
            expectations = tuple(references.fill_literal(e, self.target) for e in item.expectations)
            answer = item.probe.ask(context)
        except NotInProfileError as error:
            answer = NoAnswer(Status.SKIPPED, error.message, error.hint)
        except LaunchkitError as error:
            answer = NoAnswer(Status.ERROR, error.message, error.hint)
        taken = self.clock.now() - started
        if isinstance(answer, NoAnswer):
            return Attempt(begun, taken, answer.status, answer.reason, settle=answer.settle)
        judgements = tuple(
            judge(expectation, answer.facts, self.target.redact) for expectation in expectations
        )
        status = decide(judgements, answer)
        return Attempt(begun, taken, status, _message(status, judgements), judgements, answer)


def decide(judgements: tuple[Judgement, ...], answer: Answer) -> Status:
    """Fail beats error, error beats pass; no judgement at all is an error."""
    if any(judgement.held is False for judgement in judgements):
        return Status.FAIL
    if not judgements or any(judgement.held is None for judgement in judgements):
        return Status.ERROR
    return answer.best


def _message(status: Status, judgements: tuple[Judgement, ...]) -> str:
    wanted = {Status.FAIL: False, Status.ERROR: None}.get(status, True)
    chosen = [judgement for judgement in judgements if judgement.held is wanted]
    if status is Status.FAIL:
        return "; ".join(
            f"expected {judgement.expectation}, but {judgement.observed}" for judgement in chosen
        )
    if status is Status.ERROR:
        return "; ".join(f"cannot tell {judgement.expectation}: {judgement.observed}" for judgement in chosen)
    return ""


def _utc() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
