"""Reads the keys of one item."""

from pathlib import Path

from checklists import fields as read
from checklists import references
from checklists.expectations import Expectation
from checklists.fields import Fields
from checklists.idle_keys import check_measured, without_idle
from checklists.kinds import Kind, Reading
from checklists.language import ExpectationError, Vocabulary, parse
from checklists.model import Eventually, Item, PhaseName, Probe, Severity, When
from checklists.probes import KINDS
from checklists.probes.command import CommandProbe
from checklists.probes.http import HttpProbe
from harness.documents import Mapping, Node, Scalar, suggestion

_CHANGING = frozenset({"POST", "PUT", "DELETE"})
COMMON = (
    "requirements",
    "expect",
    "severity",
    "owner",
    "needs",
    "timeout",
    "retries",
    "eventually",
    "hold",
    "when",
    "fix",
    "changes",
    "undo",
)
# What a command or a request changes where the checklist does not say: on the launch day somebody is asked.
UNTOLD = "nobody knows what: the checklist does not say"


def read_item(
    mapping: Mapping,
    *,
    identity: str,
    title: str,
    section: str,
    folder: Path,
    known_requirements: frozenset[str],
) -> Item:
    """Raises DocumentError."""
    kind = _kind(mapping)
    fields = Fields(mapping)
    probe = kind.read(Reading(mapping.entries[kind.key], fields, folder))
    changes = _changes(mapping, fields, probe, identity)
    mapping = without_idle(mapping, kind, changes=bool(changes))
    fields = Fields(mapping)
    expectations = _expectations(mapping, kind)
    check_measured(mapping, kind, expectations)
    return Item(
        id=identity,
        title=title,
        section=section,
        place=mapping.place,
        kind=kind.key,
        probe=probe,
        expectations=expectations,
        requirements=_requirements(mapping, known_requirements),
        severity=Severity(fields.choice("severity", tuple(Severity), Severity.BLOCKER)),
        owner=fields.text("owner", "-") if "owner" in fields else "",
        role=fields.text("role", "-") if "role" in fields else "",
        needs=_needs(fields, identity),
        timeout=fields.duration("timeout", kind.timeout),
        retries=fields.count("retries", 0, most=20),
        eventually=_eventually(mapping.get("eventually")),
        hold=fields.duration("hold", 0.0),
        when=_when(mapping.get("when")),
        fix=fields.text("fix", "-") if "fix" in fields else "",
        changes=changes,
        undo=fields.text("undo") if "undo" in fields else "",
    )


def _changes(mapping: Mapping, fields: Fields, probe: Probe, identity: str) -> str:
    """What the item changes in production, empty where it only looks."""
    told = fields.text("changes") if "changes" in fields else ""
    may = isinstance(probe, CommandProbe) or (isinstance(probe, HttpProbe) and probe.method in _CHANGING)
    if not told and may and identity.startswith(f"{PhaseName.LAUNCH_DAY}/"):
        told = UNTOLD
    changes = "" if told == "nothing" else told
    if not changes and "undo" in fields:
        raise mapping.entries["undo"].place.error(
            "'undo' is for what changes something", hint="add changes: …, or take it away"
        )
    return changes


def _kind(mapping: Mapping) -> Kind:
    siblings = {key for kind in KINDS.values() for key in kind.siblings}
    mapping.only((*KINDS, *COMMON, *siblings), what="key of an item")
    present = [key for key in mapping if key in KINDS]
    if not present:
        raise mapping.place.error("the item has no probe", hint="add one of: " + ", ".join(sorted(KINDS)))
    if len(present) > 1:
        raise mapping.key_places[present[1]].error(
            f"the item has two probes, {present[0]!r} and {present[1]!r}", hint="make two items of it"
        )
    kind = KINDS[present[0]]
    for key in mapping:
        if key in siblings and key not in kind.siblings:
            owners = sorted(other.key for other in KINDS.values() if key in other.siblings)
            raise mapping.key_places[key].error(
                f"{key!r} does not go with {kind.key!r}", hint=f"it goes with {', '.join(owners)}"
            )
    return kind


def _expectations(mapping: Mapping, kind: Kind) -> tuple[Expectation, ...]:
    node = mapping.get("expect")
    if kind.vocabulary is None:
        if node is not None:
            raise node.place.error(f"a {kind.key} item expects nothing", hint="a person decides it")
        return ()
    if node is None:
        raise mapping.place.error(
            "the item expects nothing, so it would pass whatever happens", hint="add expect: …"
        )
    listed = read.items(node)
    if not listed:
        raise node.place.error("an empty list of expectations asserts nothing", hint="say what must hold")
    return tuple(read_expectation(item, kind.vocabulary) for item in listed)


def read_expectation(node: Node, vocabulary: Vocabulary) -> Expectation:
    """Raises DocumentError that points into the text."""
    if isinstance(node, Mapping):
        raise node.place.error("an expectation is text", hint=_as_text(node))
    try:
        return parse(read.text(node), vocabulary)
    except ExpectationError as error:
        place = type(node.place)(node.place.path, node.place.line, node.place.column + error.offset)
        raise place.error(error.message, hint=error.hint) from None


def _as_text(node: Mapping) -> str:
    key, value = next(iter(node.entries.items()), ("", None))
    if isinstance(value, Scalar) and key.isidentifier() and value.text:
        return f"write {key} = {value.text}, or put it in quotes where the colon is meant"
    return "put it in quotes, since it holds a colon"


def _requirements(mapping: Mapping, known: frozenset[str]) -> tuple[str, ...]:
    node = mapping.get("requirements")
    if node is None:
        return ()
    found = []
    for item in read.items(node):
        name = read.text(item)
        if name not in known:
            raise item.place.error(f"{name!r} is not a requirement", hint=_near(name, known))
        found.append(name)
    return tuple(found)


def _near(name: str, known: frozenset[str]) -> str:
    hint = suggestion(name, known)
    return hint if hint.startswith("did you mean") else "see `launchkit requirements`"


def _needs(fields: Fields, identity: str) -> tuple[str, ...]:
    phase = identity.partition("/")[0]
    return tuple(need if "/" in need else f"{phase}/{need}" for need in fields.texts("needs"))


def _eventually(node: Node | None) -> Eventually | None:
    if node is None:
        return None
    mapping = read.mapping(node, "{within: 30s, every: 1s}")
    mapping.only(("within", "every"), what="key of eventually")
    within = read.duration(mapping.require("within"))
    every = Fields(mapping).duration("every", min(1.0, within))
    if every > within:
        raise mapping.entries["every"].place.error("`every` is longer than `within`", hint="make it shorter")
    return Eventually(within, every)


def _when(node: Node | None) -> When | None:
    if node is None:
        return None
    mapping = read.mapping(node, "{profile: console_url, reason: …}")
    mapping.only(("profile", "reason"), what="key of when")
    key = read.text(mapping.require("profile"))
    if key not in references.NAMES:
        raise mapping.entries["profile"].place.error(
            f"{key!r} is not a value of a target profile", hint=suggestion(key, references.NAMES)
        )
    return When(key, read.text(mapping.require("reason")))
