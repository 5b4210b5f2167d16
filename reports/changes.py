"""What changed since a baseline run: newly failing, fixed, numbers moved; pure."""

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from harness.evidence import Source
from harness.journal import Entry, Record
from reports.text import line

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
_LEAST = 0.05  # of a number, before its move is worth a line
_SHOWN = 60
_TITLE, _TEXT = 160, 200


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """`before` and `after` are statuses, or what was observed; empty where the item was not there."""

    where: str
    title: str
    before: str
    after: str


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is the SHA-256 of the baseline's journal. Each list is bounded, `more` counts the rest."""

    run: str
    digest: str
    at: datetime
    target: str
    commit: str
    newly_failing: tuple[Move, ...]
    fixed: tuple[Move, ...]
    otherwise: tuple[Move, ...]
    gone: tuple[Move, ...]
    numbers: tuple[Move, ...]
    more: int


def compare(record: Record, baseline: Record) -> Changes:
    """Item by item, by part and id; a failure that is new in itself is newly failing too."""
    before = {(entry.source, entry.id): entry for entry in baseline.entries}
    after = {(entry.source, entry.id): entry for entry in record.entries}
    failing, fixed, otherwise = [], [], []
    for key, entry in after.items():
        old = before.get(key)
        if entry.status.failed and (old is None or not old.status.failed):
            failing.append(_move(old, entry))
        elif old is not None and old.status.failed and entry.status.held:
            fixed.append(_move(old, entry))
        elif old is not None and old.status is not entry.status:
            otherwise.append(_move(old, entry))
    gone = [_move(entry, None) for key, entry in before.items() if key not in after]
    numbers = sorted(_numbers(before, after), key=lambda found: -found[0])
    groups = (failing, fixed, otherwise, gone, [move for _, move in numbers])
    subject = baseline.header.about.subject
    return Changes(
        run=baseline.header.about.run,
        digest=baseline.digest,
        at=baseline.header.at,
        target=(subject and subject.name) or "",
        commit=(subject and subject.commit) or "",
        newly_failing=tuple(groups[0][:_SHOWN]),
        fixed=tuple(groups[1][:_SHOWN]),
        otherwise=tuple(groups[2][:_SHOWN]),
        gone=tuple(groups[3][:_SHOWN]),
        numbers=tuple(groups[4][:_SHOWN]),
        more=sum(max(0, len(group) - _SHOWN) for group in groups),
    )


def _move(before: Entry | None, after: Entry | None) -> Move:
    entry = after or before
    if entry is None:
        raise ValueError("one of the two must be there")
    title = entry.evidence.get("title")
    return Move(
        where=f"{entry.source}/{entry.id}",
        title=line(title if isinstance(title, str) and title else entry.id, _TITLE),
        before=str(before.status) if before else "",
        after=str(after.status) if after else "",
    )


def _numbers(
    before: dict[tuple[Source, str], Entry], after: dict[tuple[Source, str], Entry]
) -> Iterator[tuple[float, Move]]:
    """Observations that are the same words with other numbers, with the greatest relative move."""
    for key, entry in after.items():
        old = before.get(key)
        if old is None or entry.source is Source.CONTRACT or entry.observed == old.observed:
            continue
        moved = _moved(old.observed, entry.observed)
        if moved >= _LEAST:
            shown = {"before": line(old.observed, _TEXT), "after": line(entry.observed, _TEXT)}
            yield moved, msgspec.structs.replace(_move(old, entry), **shown)


def _moved(one: str, other: str) -> float:
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return 0.0
    pairs = zip(map(float, _NUMBER.findall(one)), map(float, _NUMBER.findall(other)), strict=True)
    return max((abs(a - b) / max(abs(a), abs(b)) for a, b in pairs if a != b), default=0.0)
