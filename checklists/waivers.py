"""Waivers: what may fail, how far, until when, and who answers for it. They lie beside the checklist."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from checklists import fields as read
from checklists.ceilings import bounds
from checklists.expectations import Expectation, judge
from checklists.fields import Fields
from checklists.item_keys import read_expectation
from checklists.language import Vocabulary
from checklists.model import Attempt, Checklist, Item, Outcome, PhaseName
from checklists.moments import parse_moment, show_moment
from checklists.people import plain_name, same_person
from checklists.probes import KINDS
from harness.documents import Mapping, Node, Place, Sequence, read_document, suggestion
from harness.evidence import Status

FILE_NAME = "waivers.yaml"
_KEYS = ("item", "reason", "accept", "requested_by", "approved_by", "expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """`accept` is the ceiling, empty for what a person decides; `expires` is in UTC."""

    item: str
    reason: str
    accept: tuple[Expectation, ...]
    requested_by: str
    approved_by: str
    expires: datetime
    place: Place


def beside(checklist: Path) -> Path | None:
    """The waivers that lie beside a checklist, where there are any."""
    path = checklist.absolute().parent / FILE_NAME
    return path if path.is_file() else None


def load_waivers(path: Path, checklist: Checklist) -> dict[str, Waiver]:
    """The waivers for the checklist's phases, by item. Raises DocumentError."""
    root = read.mapping(read_document(path))
    root.only(("waivers",), what="key of a waiver file")
    listed = root.require("waivers")
    if not isinstance(listed, Sequence):
        raise listed.place.error("must be a list of waivers", hint="begin each with a dash")
    items = {item.id: item for phase in checklist.phases for item in phase.items}
    found: dict[str, Waiver] = {}
    for node in listed.items:
        waiver = _waiver(node, items)
        if waiver is None:
            continue
        if waiver.item in found:
            raise waiver.place.error(
                f"{waiver.item} is waived twice, first at line {found[waiver.item].place.line}",
                hint="keep one of them",
            )
        found[waiver.item] = waiver
    return found


def _waiver(node: Node, items: MappingOf[str, Item]) -> Waiver | None:
    mapping = read.mapping(node, "a waiver: item, reason, accept, requested_by, approved_by, expires")
    mapping.only(_KEYS, what="key of a waiver")
    fields = Fields(mapping)
    name = fields.text("item")
    requested, approved = fields.text("requested_by"), fields.text("approved_by")
    for key, name_given in (("requested_by", requested), ("approved_by", approved)):
        if not plain_name(name_given):
            raise mapping.entries[key].place.error("nobody is named", hint="write a name that can be seen")
    if same_person(requested, approved):
        raise mapping.entries["approved_by"].place.error(
            f"{approved} cannot approve a waiver of their own", hint="let somebody else approve it"
        )
    expires, reason = _expires(mapping), fields.text("reason")
    item = _item(mapping, name, items)
    if item is None:
        return None
    return Waiver(
        item=name,
        reason=reason,
        accept=_accept(mapping, item),
        requested_by=requested,
        approved_by=approved,
        expires=expires,
        place=mapping.place,
    )


def _item(mapping: Mapping, name: str, items: MappingOf[str, Item]) -> Item | None:
    """The item that is meant; None where it is of a phase that stands in another file."""
    place, phase = mapping.entries["item"].place, name.partition("/")[0]
    phases = {key.partition("/")[0] for key in items}
    if name in items:
        return items[name]
    if phase in phases or phase not in [known.value for known in PhaseName]:
        hint = suggestion(name if "/" in name else f"{min(phases)}/{name}", items)
        raise place.error(
            f"{name!r} is no item of the checklist",
            hint=hint if hint.startswith("did you mean") else "write <phase>/<slug of the title>",
        )
    return None


def _expires(mapping: Mapping) -> datetime:
    node = mapping.require("expires")
    try:
        return parse_moment(read.text(node))
    except ValueError as error:
        raise node.place.error(str(error), hint="for instance 2030-06-30T18:00:00+02:00") from None


def _accept(mapping: Mapping, item: Item) -> tuple[Expectation, ...]:
    vocabulary, node = KINDS[item.kind].vocabulary, mapping.get("accept")
    if vocabulary is None:
        if node is not None:
            raise node.place.error(f"a {item.kind} item has no ceiling", hint="take `accept` away")
        return ()
    if node is None:
        raise mapping.place.error("'accept' is missing", hint="say how bad it may be, as in violations <= 3")
    listed = read.items(node)
    if not listed:
        raise node.place.error("an empty ceiling accepts nothing", hint="as in violations <= 3")
    return tuple(_ceiling(entry, item, vocabulary) for entry in listed)


def _ceiling(node: Node, item: Item, vocabulary: Vocabulary) -> Expectation:
    accepted = read_expectation(node, vocabulary)
    if not any(bounds(accepted, expected) for expected in item.expectations):
        raise node.place.error(
            f"{accepted.text!r} is no ceiling: it does not bound what {item.title!r} expects",
            hint="the item expects " + "; ".join(expected.text for expected in item.expectations),
        )
    return accepted


def why_void(waiver: Waiver, outcome: Outcome, now: datetime) -> str:
    """Why the waiver does not cover what was found; empty where it does."""
    if now >= waiver.expires:
        return f"it expired on {show_moment(waiver.expires)}"
    if outcome.status is Status.PENDING:
        return ""
    last = outcome.attempts[-1] if outcome.attempts else None
    if outcome.status is not Status.FAIL or last is None or last.answer is None:
        return f"it accepts a failure that is bounded, but the item is {outcome.status}"
    return _above(waiver, last, outcome.item)


def _above(waiver: Waiver, last: Attempt, item: Item) -> str:
    """What is worse than accepted, or not spoken of at all."""
    facts = last.answer.facts if last.answer else None
    if facts is None:
        return "nothing was measured"
    for accepted in waiver.accept:
        judgement = judge(accepted, facts)
        if judgement.held is not True:
            return f"its ceiling is {accepted.text}, but {judgement.observed}"
    beyond = [
        judgement.expectation
        for expected, judgement in zip(item.expectations, last.judgements, strict=True)
        if judgement.held is not True and not any(bounds(accepted, expected) for accepted in waiver.accept)
    ]
    return f"it says nothing of {', '.join(beyond)}" if beyond else ""


def described(waiver: Waiver, state: str, why: str = "") -> dict[str, Any]:
    """The waiver as evidence; `state` is used, void or stale."""
    return {
        "state": state,
        "why": why,
        "reason": waiver.reason,
        "accept": "; ".join(accepted.text for accepted in waiver.accept),
        "requested_by": waiver.requested_by,
        "approved_by": waiver.approved_by,
        "expires": waiver.expires.isoformat().replace("+00:00", "Z"),
        "written": f"{waiver.place.path.name}:{waiver.place.line}",
    }
