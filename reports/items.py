"""Observations as rows of the page, in groups."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from harness.evidence import Json, Source, Status
from harness.journal import Entry
from reports.shapes import STATUSES, Look
from reports.text import anchor, duration, line, pretty, shown

INLINE_BYTES = 300  # of evidence shown with one item, beside its output; the journal holds the whole
_OUTPUT_CHARACTERS = 150
_LEAST = 120
_TURNS = 6  # told of all attempts; of more the last
_TOLD = frozenset(
    {
        *("title", "owner", "role", "fix", "severity", "section", "settles", "seconds", "checklist_sha256"),
        *("kind", "asked", "checklist", "started", "attempts"),
        *("output", "output_bytes", "output_sha256", "output_cut"),
    }
)
_DECIDED = frozenset({"waiver", "signoff", "carried_over", "trend"})
_ORDER = {status: number for number, status in enumerate(Status)}
_SAFE_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")


@dataclass(frozen=True, slots=True)
class Item:
    """One observation, bounded and ready to be shown."""

    anchor: str
    title: str
    id: str
    section: str
    status: str
    look: Look
    expected: str
    observed: str
    message: str
    owner: str
    fix: str
    severity: str
    requirements: tuple[str, ...]
    asked: str
    written: str  # where in a checklist
    evidence: str
    files: tuple[tuple[str, str], ...]  # each with a short name
    line: int
    at: str
    took: str
    attempts: str


@dataclass(frozen=True, slots=True)
class Group:
    """Items that belong together; `key` is what their ids begin with."""

    key: str
    title: str
    anchor: str
    items: tuple[Item, ...]
    counts: tuple[tuple[str, int, Look], ...]

    @property
    def look(self) -> Look:
        return self.counts[0][2]


def group_items(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Everything but the contract, by part and phase, in the order of the journal."""
    groups: dict[tuple[Source, str], list[Entry]] = {}
    for entry in entries:
        if entry.source is not Source.CONTRACT:
            groups.setdefault((entry.source, entry.id.partition("/")[0]), []).append(entry)
    ordered = sorted(groups.items(), key=lambda pair: tuple(Source).index(pair[0][0]))
    return tuple(_group(phase, f"{source}: {line(phase, 60)}", found) for (source, phase), found in ordered)


def group_contract(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """The contract's tests by level and area."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.source is Source.CONTRACT:
            groups.setdefault("/".join(entry.id.split("/")[:-1][:2]) or "other", []).append(entry)
    return tuple(
        _group(name, line(name, 80), sorted(found, key=_worst_first))
        for name, found in sorted(groups.items())
    )


def _worst_first(entry: Entry) -> int:
    return -_ORDER[entry.status]


def count_statuses(statuses: Iterable[Status]) -> tuple[tuple[str, int, Look], ...]:
    """Each status that occurs, the worst first."""
    found = Counter(statuses)
    return tuple((str(s), found[s], STATUSES[s]) for s in reversed(Status) if found[s])


def _group(key: str, title: str, entries: list[Entry]) -> Group:
    return Group(
        key=key,
        title=title,
        anchor=anchor("group", entries[0].source, key),
        items=_by_section([make_item(entry, within=key) for entry in entries]),
        counts=count_statuses(entry.status for entry in entries),
    )


def _by_section(items: list[Item]) -> tuple[Item, ...]:
    """Sections together, in the order in which they first occur."""
    order = list(dict.fromkeys(item.section for item in items))
    return tuple(sorted(items, key=lambda item: order.index(item.section)))


def make_item(entry: Entry, *, within: str = "") -> Item:
    """A row; a title that is only an id is shown without the group's own name."""
    texts = tuple(
        shown(text, limit)
        for text, limit in ((entry.expected, 200), (entry.observed, 200), (entry.message, 300))
    )
    used = sum(len(text.encode("utf-8", "replace")) for text in texts)
    return Item(
        anchor=item_anchor(entry.source, entry.id),
        title=line(_text(entry.evidence, "title") or entry.id.removeprefix(f"{within}/"), 160),
        id=line(entry.id, 160),
        section=line(_text(entry.evidence, "section"), 60),
        status=str(entry.status),
        look=STATUSES[entry.status],
        expected=texts[0],
        observed=texts[1],
        message=texts[2],
        owner=line(_text(entry.evidence, "owner") or _text(entry.evidence, "role"), 80),
        fix=shown(_text(entry.evidence, "fix"), 300),
        severity=line(_text(entry.evidence, "severity"), 20),
        requirements=tuple(line(name, 20) for name in entry.requirements[:12]),
        asked=shown(_text(entry.evidence, "asked"), 200),
        written=line(_text(entry.evidence, "checklist"), 80),
        evidence=_evidence(entry, max(_LEAST, INLINE_BYTES - used)),
        files=tuple((file, _short(file)) for file in sorted(find_files(entry.evidence)) if is_linkable(file))[
            :8
        ],
        line=entry.seq + 1,
        at=f"{_started(entry):%Y-%m-%d %H:%M:%S} UTC",
        took=_took(entry.evidence),
        attempts=_attempts(entry.evidence.get("attempts")),
    )


def item_anchor(source: str, name: str) -> str:
    return anchor(source, name)


def find_files(evidence: Json) -> dict[str, str]:
    """Evidence kept in files: each `{"file": relative path, "sha256": digest}`, wherever it stands."""
    found: dict[str, str] = {}
    waiting = [evidence]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            file, digest = value.get("file"), value.get("sha256")
            if isinstance(file, str) and isinstance(digest, str):
                found[file] = digest
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def is_linkable(file: str) -> bool:
    return bool(_SAFE_PATH.fullmatch(file)) and ".." not in file


def _short(file: str) -> str:
    """The file's name; of one that is a digest its beginning."""
    stem, dot, suffix = file.rpartition("/")[2].partition(".")
    return f"{stem[:12]}…{dot}{suffix}" if len(stem) == 64 else f"{stem}{dot}{suffix}"


def _evidence(entry: Entry, limit: int) -> str:
    """What has no place of its own in the row, and the begin of the output; of what holds nothing else."""
    held = entry.status.held
    rest = {
        key: value
        for key, value in entry.evidence.items()
        if key in _DECIDED or not (held or key in _TOLD or _is_file(value))
    }
    told = pretty(rest, limit) if rest else ""
    return "\n".join(filter(None, (told, shown(_text(entry.evidence, "output").strip(), _OUTPUT_CHARACTERS))))


def _is_file(value: Json) -> bool:
    """Whether it says where something is kept: that is linked."""
    return isinstance(value, dict) and value.keys() == {"file", "sha256"}


def _attempts(attempts: Json) -> str:
    """How often it was asked, and where that was more than once what came of it in turn."""
    if not isinstance(attempts, list) or not attempts:
        return ""
    if len(attempts) == 1:
        return "1 attempt"
    statuses = [line(_text(each, "status"), 20) for each in attempts if isinstance(each, dict)]
    turns = [(status, len(list(same))) for status, same in groupby(statuses)]
    said = [status if count == 1 else f"{status} ×{count:,}" for status, count in turns[-_TURNS:]]
    return f"{len(attempts):,} attempts: {'… ' if len(turns) > _TURNS else ''}{', '.join(said)}"


def _started(entry: Entry) -> datetime:
    """When it was asked; where that is not told, when it was written down."""
    try:
        started = datetime.fromisoformat(_text(entry.evidence, "started"))
    except ValueError:
        return entry.at
    return started.astimezone(UTC) if started.tzinfo else entry.at


def _took(evidence: dict[str, Json]) -> str:
    seconds = evidence.get("seconds")
    return duration(float(seconds)) if isinstance(seconds, int | float) and 0 <= seconds < 1e6 else ""


def _text(evidence: dict[str, Json], key: str) -> str:
    value = evidence.get(key)
    return value if isinstance(value, str) else ""
