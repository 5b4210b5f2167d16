"""A watch: a phase that is asked again and again, and that goes on where it was when it is started again."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from checklists.continuity import Continuity, Plan, Span, continuity_of
from checklists.model import Checklist, Outcome, Phase
from checklists.trend import Sample, as_watched, sample_of, trend_of
from harness.errors import LaunchkitError, UsageError
from harness.evidence import Status
from harness.journal import Journal, Subject, read_about
from harness.runs import is_held

FILE_NAME = "watch.jsonl"


@dataclass(frozen=True, slots=True)
class WatchClock:
    """Wall time, because a watch outlives its process; tests bring their own."""

    now: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep


class WatchLog:
    """The rounds so far, a line each, in the run's folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def begin(self, phase: Phase, checklist: Checklist, at: float) -> None:
        head = {"phase": str(phase.name), "checklist_sha256": checklist.digest, "started": at}
        self._append({**head, "items": [item.id for item in phase.items]})

    def add(self, outcomes: Sequence[Outcome], span: Span) -> None:
        found = {outcome.item.id: asdict(sample_of(outcome, span.begun)) for outcome in outcomes}
        self._append({"at": span.begun, "ended": span.ended, "items": found})

    def head(self) -> dict[str, object]:
        return next(self._lines(), {})

    def rounds(self) -> list[Span]:
        return [Span(line["at"], line.get("ended", line["at"])) for line in list(self._lines())[1:]]

    def described(self) -> dict[str, str]:
        """The file as evidence: `verify` compares it."""
        return {"file": self.path.name, "sha256": hashlib.sha256(self.path.read_bytes()).hexdigest()}

    def samples(self) -> dict[str, list[Sample]]:
        found: dict[str, list[Sample]] = {}
        for line in list(self._lines())[1:]:
            for name, fields in line["items"].items():
                sample = Sample(**{**fields, "status": Status(fields["status"])})
                found.setdefault(name, []).append(sample)
        return found

    def _append(self, line: dict[str, object]) -> None:
        with self.path.open("a+b") as file:
            end = file.seek(0, os.SEEK_END)
            if end and _last_byte(file, end) != b"\n":  # it was cut off while it wrote
                file.write(b"\n")
            file.write(json.dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return
        for line in lines:
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict) and "items" in found:
                yield found


def _last_byte(file: BinaryIO, end: int) -> bytes:
    file.seek(end - 1)
    return file.read(1)


def find_watch(runs: Path, phase: Phase, checklist: Checklist, subject: Subject) -> Path | None:
    """The newest watch of the same phase and target that was cut off, and that nobody goes on with."""
    for path in sorted(runs.glob(f"*/{FILE_NAME}"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
        folder = path.parent
        head = WatchLog(folder).head()
        same = (head.get("phase"), head.get("checklist_sha256")) == (str(phase.name), checklist.digest)
        same = same and head.get("items") == [item.id for item in phase.items]
        if same and not is_held(folder) and _unfinished(folder, subject):
            return folder
    return None


def _unfinished(folder: Path, subject: Subject) -> bool:
    try:
        Journal.join(folder)
        return read_about(folder).subject == subject
    except LaunchkitError:
        return False


def check_watchable(phase: Phase) -> None:
    """Raises UsageError for what must not be done again and again."""
    if phase.ordered:
        raise UsageError(f"{phase.name} is a runbook: it is not watched", hint="watch post-launch")
    changing = next((item for item in phase.items if item.changes), None)
    if changing is not None:
        raise UsageError(f"{changing.id} changes {changing.changes}: it is not watched", hint="check it once")


def watch(
    ask: Callable[[], tuple[Outcome, ...]],
    log: WatchLog,
    plan: Plan,
    *,
    tell: Callable[[str], None],
    clock: WatchClock,
) -> tuple[Outcome, ...]:
    """Ask until the time is over, at least once; what came of all rounds stands for each item."""
    started = float(str(log.head()["started"]))
    before = {name: samples[-1].status for name, samples in log.samples().items()}
    while True:
        begun = clock.now()
        outcomes = ask()
        log.add(outcomes, Span(begun, clock.now()))
        _tell_changes(outcomes, before, begun, tell)
        before = {outcome.item.id: outcome.status for outcome in outcomes}
        after = begun + plan.every
        if after > started + plan.seconds:
            break
        clock.pause(max(0.0, after - clock.now()))
    samples, kept = log.samples(), log.described()
    continuity = continuity_of(log.rounds(), started, plan)
    return tuple(_summed(outcome, samples[outcome.item.id], continuity, kept) for outcome in outcomes)


def _summed(
    outcome: Outcome, samples: Sequence[Sample], continuity: Continuity, kept: dict[str, str]
) -> Outcome:
    trend = trend_of(samples)
    if outcome.item.kind != "manual":  # what was signed holds also while nobody asks
        trend = as_watched(trend, continuity)
    decisions = {**outcome.decisions, "trend": {**trend.evidence, "rounds_log": kept}}
    return replace(outcome, status=trend.status, message=trend.message, decisions=decisions)


def _tell_changes(
    outcomes: Sequence[Outcome], before: dict[str, Status], at: float, tell: Callable[[str], None]
) -> None:
    held = sum(outcome.status is Status.PASS for outcome in outcomes)
    tell(f"{time.strftime('%H:%M:%S', time.gmtime(at))} UTC: {held} of {len(outcomes)} hold")
    for outcome in outcomes:
        if before.get(outcome.item.id) is not outcome.status:
            message = f": {outcome.message}" if outcome.message else ""
            tell(f"  {outcome.status!s:9} {outcome.item.title}{message}")
