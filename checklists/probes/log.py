"""log: the target's log files, a JSON object a line; how many lines of which level."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from checklists import references
from checklists.expectations import Facts
from checklists.fields import Fields, mapping
from checklists.kinds import Kind, Reading
from checklists.language import Vocabulary
from checklists.model import Answer, Context, NoAnswer
from checklists.units import Unit
from harness.documents import Scalar
from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.target import Target

_TAIL = 32 * 1024 * 1024
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
        grave: list[str] = []
        for line in self._lines(context.target.logs):
            kind = _classify(line, oldest)
            counts[kind] += 1
            if kind in ("errors", "unreadable"):
                grave.append(line[:2000])
        words = ("debug", "info", "warnings", "errors", "unreadable")
        facts = {name: (counts[name],) for name in words}
        facts["lines"] = (sum(counts[name] for name in words),)
        if not sum(counts[name] for name in words):
            what = self.asked(context.target)
            return NoAnswer(Status.ERROR, f"there is nothing to judge: {what}", "see that it logs")
        return Answer(Facts(words=facts), output="\n".join(grave[:200]).encode(), details=dict(counts))

    def _lines(self, paths: tuple[Path, ...]) -> Iterator[str]:
        for path in paths:
            try:
                with path.open("rb") as file:
                    size = file.seek(0, 2)
                    file.seek(max(0, size - _TAIL))
                    lines = file.read().split(b"\n")
            except OSError as error:
                raise CouldNotDecideError(
                    f"the log {path} cannot be read ({error.strerror})", hint="correct `logs` in the profile"
                ) from None
            # The first line may be cut by the tail, the last one still being written.
            for line in lines[bool(size > _TAIL) : -1]:
                if line.strip():
                    yield line.decode("utf-8", "replace")


def _classify(line: str, oldest: datetime | None) -> str:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return "unreadable"
    if not isinstance(entry, dict):
        return "unreadable"
    if oldest is not None and (_time(entry) or oldest) < oldest:
        return "old"
    level = str(entry.get("level", entry.get("severity", ""))).lower()
    return "errors" if level in _GRAVE else _LEVELS.get(level, "unreadable")


def _time(entry: dict[str, Any]) -> datetime | None:
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
