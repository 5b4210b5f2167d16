"""What people decided: waivers, signatures, and whose signature is awaited."""

from collections import defaultdict

import msgspec

from harness.evidence import Json, Source, Status
from harness.journal import Entry, Record
from reports.text import line

_NAME, _TEXT = 160, 400


class Waived(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver and what became of it: used, void (`why` says so) or stale."""

    where: str
    title: str
    state: str
    why: str
    reason: str
    accept: str
    requested_by: str
    approved_by: str
    expires: str


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that counted, or a refusal with its reason."""

    where: str
    title: str
    by: str
    role: str
    signed_at: str
    expires: str
    refused: str
    note: str


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """An item that waits for somebody in a role."""

    where: str
    title: str


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All that one role has still to sign."""

    role: str
    items: tuple[Awaited, ...]


class Decisions(msgspec.Struct, frozen=True, kw_only=True):
    waivers: tuple[Waived, ...] = ()
    signed: tuple[Signed, ...] = ()
    awaited: tuple[Desk, ...] = ()


def decisions_of(record: Record) -> Decisions:
    """Read from the checklist's evidence (`waiver`, `signoff`, `role`), in the order of the journal."""
    entries = record.of(Source.CHECKLIST)
    return Decisions(
        waivers=tuple(
            _waived(entry, found)
            for entry in entries
            if isinstance(found := entry.evidence.get("waiver"), dict)
        ),
        signed=tuple(
            _signed(entry, found)
            for entry in entries
            if isinstance(found := entry.evidence.get("signoff"), dict)
        ),
        awaited=_awaited(entries),
    )


def _waived(entry: Entry, found: dict[str, Json]) -> Waived:
    return Waived(
        where=_where(entry),
        title=_title(entry),
        **{name: _text(found, name) for name in Waived.__struct_fields__[2:]},
    )


def _signed(entry: Entry, found: dict[str, Json]) -> Signed:
    return Signed(
        where=_where(entry),
        title=_title(entry),
        **{name: _text(found, name) for name in Signed.__struct_fields__[2:]},
    )


def _awaited(entries: tuple[Entry, ...]) -> tuple[Desk, ...]:
    desks: dict[str, list[Awaited]] = defaultdict(list)
    for entry in entries:
        if entry.status is Status.PENDING:
            role = _text(entry.evidence, "role") or "nobody named"
            desks[role].append(Awaited(where=_where(entry), title=_title(entry)))
    return tuple(Desk(role=role, items=tuple(items)) for role, items in desks.items())


def _where(entry: Entry) -> str:
    return f"{entry.source}/{entry.id}"


def _title(entry: Entry) -> str:
    return line(_text(entry.evidence, "title") or entry.id, _NAME)


def _text(values: dict[str, Json], name: str) -> str:
    value = values.get(name)
    return line(value, _TEXT) if isinstance(value, str) else ""
