"""log: the target's log files, a JSON object a line; how many lines of which level."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from checklists import references
from checklists.expectations import Facts
from checklists.fields import Fields, mapping
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, Json, NoAnswer
from checklists.units import Unit
from harness.documents import Scalar
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target

MAX_TAIL = 32 * 1024 * 1024
_MOST_KEPT, _LONGEST = 200, 2000  # lines that are kept as evidence, and characters of each
_LEVELS = {"debug": "debug", "info": "info", "warning": "warnings", "warn": "warnings"}
_GRAVE = ("error", "critical", "fatal", "exception")
_TIME_KEYS = ("timestamp", "time", "ts", "@timestamp")


@dataclass(frozen=True, slots=True)
class LogProbe:
    """`since`: seconds back from now; 0 is all that there is."""

    since: float = 0.0

    def asked(self, target: Target) -> str:
        within = f" of the last {self.since:g} s" if self.since else ""
        return f"the lines{within} in {', '.join(path.name for path in target.logs) or 'the logs'}"

    def ask(self, context: Context) -> Answer | NoAnswer:
        references.lookup("logs", context.target)
        oldest = datetime.now(UTC) - timedelta(seconds=self.since) if self.since else None
        counts: Counter[str] = Counter()
        grave = _Grave(context.target.redact)
        for path in context.target.logs:
            for kind, line in _kinds(_tail(path), oldest):
                counts[kind] += 1
                if kind in ("errors", "unreadable"):
                    grave.add(line)
        words = ("debug", "info", "warnings", "errors", "unreadable")
        facts = {name: (counts[name],) for name in words}
        facts["lines"] = (sum(counts[name] for name in words),)
        if not sum(counts[name] for name in words):
            what = self.asked(context.target)
            return NoAnswer(Status.ERROR, f"there is nothing to judge: {what}", "see that it logs")
        return Answer(
            Facts(words=facts),
            output="\n".join(grave.kept).encode(),
            details={**counts, "grave": grave.described()},
            cut=grave.cut,
        )


class _Grave:
    """Errors and what cannot be read: the first of them, and the size and SHA-256 of all as they are."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self.kept: list[str] = []
        self.cut = False
        self._redact, self._count, self._size, self._digest = redact, 0, 0, hashlib.sha256()

    def add(self, line: bytes) -> None:
        self._digest.update(line + b"\n")
        self._count, self._size = self._count + 1, self._size + len(line) + 1
        text = self._redact(line.decode("utf-8", "replace"))
        self.cut = self.cut or self._count > _MOST_KEPT or len(text) > _LONGEST
        if self._count <= _MOST_KEPT:
            self.kept.append(text[:_LONGEST])

    def described(self) -> dict[str, Json]:
        return {"lines": self._count, "bytes": self._size, "sha256": self._digest.hexdigest()}


@dataclass(frozen=True, slots=True)
class _Tail:
    """The last lines of a log; `cut` where it has more before them."""

    path: Path
    lines: tuple[bytes, ...]
    cut: bool


def _tail(path: Path) -> _Tail:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - MAX_TAIL))
            lines = file.read().split(b"\n")
    except OSError as error:
        raise CouldNotDecideError(
            f"the log {path} cannot be read ({error.strerror})", hint="correct `logs` in the profile"
        ) from None
    cut = size > MAX_TAIL
    # The first line may be cut by the tail, the last one still being written.
    return _Tail(path, tuple(line for line in lines[cut:-1] if line.strip()), cut)


def _kinds(tail: _Tail, oldest: datetime | None) -> Iterator[tuple[str, bytes]]:
    """Each line with its kind; one without a time is of the time of the line before it, as a traceback is.

    Raises CouldNotDecideError where the tail does not go back as far as is asked.
    """
    moments = (_time(_entry(line)) for line in tail.lines)
    first = next((moment for moment in moments if moment is not None), None)
    old = oldest is not None and first is not None and first < oldest
    if tail.cut and not old:
        raise CouldNotDecideError(
            f"the log {tail.path} has more in that time than its last {MAX_TAIL >> 20} MiB, which are read",
            hint="rotate it, or look at a shorter time",
        )
    for line in tail.lines:
        entry = _entry(line)
        moment = _time(entry)
        if moment is not None and oldest is not None:
            old = moment < oldest
        yield "old" if old else _level(entry), line


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _level(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return "unreadable"
    level = str(entry.get("level", entry.get("severity", ""))).lower()
    return "errors" if level in _GRAVE else _LEVELS.get(level, "unreadable")


def _time(entry: dict[str, Any] | None) -> datetime | None:
    if entry is None:
        return None
    value = next((entry[key] for key in _TIME_KEYS if key in entry), None)
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(reading: Reading) -> LogProbe:
    if isinstance(reading.node, Scalar) and reading.node.text == "all":
        return LogProbe()
    found = mapping(reading.node, "all, or {since: 1h}")
    found.only(("since",), what="key of a log probe")
    return LogProbe(Fields(found).duration("since", 0.0))


KIND = Kind(
    key="log",
    read=_read,
    vocabulary=Vocabulary(
        words=dict.fromkeys(("lines", "debug", "info", "warnings", "errors", "unreadable"), Unit.NUMBER)
    ),
)
