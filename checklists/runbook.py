"""The launch day as a runbook: who is asked before a change, what is done, what to do when it stops."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from checklists import references
from checklists.model import Checklist, Execute, Item, Json, Outcome
from checklists.references import NotInProfileError
from harness.errors import LaunchkitError, UsageError
from harness.evidence import Source, Status
from harness.journal import Entry, follow, read_about, subject_of
from harness.target import Target

BEGUN = "begun.jsonl"
_NOT_DONE = frozenset({Status.BLOCKED, Status.SKIPPED})


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run of the same phase came to; `begun` are changes that it began, by item."""

    run: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    begun: Mapping[str, str] = field(default_factory=dict)

    def done(self, item: Item, target: Target) -> Entry | None:
        """What came of something that is not to be done twice: a change, or minutes of holding.

        A change whose failure was waived is done, too. What only looks is looked at again. What came of
        something else under the same name is nothing.
        """
        entry = self.entries.get(item.id)
        if entry is None or not (item.changes or item.hold):
            return None
        if entry.status is not Status.PASS and not (item.changes and entry.status is Status.WAIVED):
            return None
        return entry if entry.evidence.get("asked") == _asked(item, target) else None


def read_before(folder: Path, target: Target) -> Before:
    """Read a run that stopped, or that was cut off. Raises UsageError where it judged something else."""
    about = read_about(folder)
    theirs, ours = about.subject, subject_of(target)
    if theirs is None or (theirs.name, theirs.base_url, theirs.commit) != (
        ours.name,
        ours.base_url,
        ours.commit,
    ):
        raise UsageError(f"{folder} is of another release or target", hint="begin anew, without --resume")
    return Before(
        run=about.run,
        entries={entry.id: entry for entry in follow(folder) if entry.source is Source.CHECKLIST},
        begun=dict(_begun(folder)),
    )


def _begun(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = (folder / BEGUN).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            found = json.loads(line)
            yield str(found["id"]), str(found["at"])
        except (ValueError, LookupError, TypeError):
            continue  # the line that was being written when it was cut off


@dataclass(frozen=True, slots=True)
class Resuming:
    """Answers for what an earlier run has done, asks everything else."""

    execute: Execute
    before: Before
    target: Target

    def __call__(self, item: Item) -> Outcome:
        entry = self.before.done(item, self.target)
        if entry is None:
            return self.execute(item)
        said = f"done in run {self.before.run} at {entry.at:%Y-%m-%d %H:%M:%S} UTC; not done again"
        decisions: dict[str, Json] = {"carried_over": {"run": self.before.run, "line": entry.seq + 1}}
        if entry.status is Status.WAIVED:
            said, decisions["waiver"] = f"{said}; {entry.message}", entry.evidence.get("waiver", {})
        return Outcome(item, entry.status, said, decisions=decisions)


@dataclass(frozen=True, slots=True)
class Asking:
    """Permits a change where somebody said yes; keeps in the run's folder that it is about to begin."""

    target: Target
    folder: Path
    before: Before
    yes: bool
    ask: Callable[[str], bool | None]
    tell: Callable[[str], None]

    def __call__(self, item: Item) -> str:
        if self.before.done(item, self.target) is not None or not _concerns(item, self.target):
            return ""
        self._show(item)
        answer = True if self.yes else self.ask("Do it? [yes/no] ")
        if answer is None:
            return "nobody is there to be asked: it was not done"
        if not answer:
            return "it was not allowed, and not done"
        with (self.folder / BEGUN).open("a", encoding="utf-8") as file:
            at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            file.write(json.dumps({"id": item.id, "at": at}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return ""

    def _show(self, item: Item) -> None:
        self.tell(f"{item.title} changes: {item.changes}")
        self.tell(f"  {self.target.redact(_asked(item, self.target))}")
        earlier = self.before.entries.get(item.id)
        if item.id in self.before.begun and (earlier is None or earlier.status is not Status.PASS):
            ended = f"it ended as {earlier.status}" if earlier else "how it ended is not known: look first"
            self.tell(f"  begun in run {self.before.run} at {self.before.begun[item.id]}; {ended}")


def ask_terminal(question: str) -> bool | None:
    """Whether somebody said yes; None where nobody is at a terminal."""
    if not sys.stdin.isatty():
        return None
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _concerns(item: Item, target: Target) -> bool:
    """Whether the profile has what the item speaks of; else it is skipped, and changes nothing."""
    try:
        if item.when is not None:
            references.lookup(item.when.key, target)
        item.probe.asked(target)
    except NotInProfileError:
        return False
    return True


def _asked(item: Item, target: Target) -> str:
    try:
        return target.redact(item.probe.asked(target))
    except LaunchkitError as error:
        return error.message


def rollback_lines(checklist: Checklist, stopped: Outcome, outcomes: tuple[Outcome, ...]) -> Iterator[str]:
    """What to read when the launch day has stopped: how to undo each change, the last first, and the plan."""
    yield f"STOPPED at {stopped.item.title}: {stopped.message}"
    if stopped.settle:
        yield f"  to mend it: {stopped.settle}"
    made = [o.item for o in outcomes if o.item.changes and not o.declined and o.status not in _NOT_DONE]
    undone = [item for item in reversed(made) if item.undo]
    if made:
        yield "What was changed, the last first:"
        yield from (
            f"  {item.title}: {item.undo or 'the checklist does not say how to undo it'}"
            for item in reversed(made)
        )
    else:
        yield "Nothing was changed."
    if checklist.rollback is None:
        if not undone:
            yield "The checklist names no rollback plan (rollback: FILE)."
        return
    yield f"Rollback plan, {checklist.rollback.name}:"
    try:
        yield from checklist.rollback.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        yield f"  {checklist.rollback} cannot be read ({error.strerror})"
