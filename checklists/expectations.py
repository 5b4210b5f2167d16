"""Whether what a probe saw is what was expected; pure."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from checklists.units import Literal, Unit, Value, show

Json: TypeAlias = Any


class Position(StrEnum):
    """Which of several answers is meant: an unmarked subject must hold in every one."""

    EVERY = "every"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: a word (`status`, a column), or a header or JSON path of an answer."""

    word: str
    argument: str = ""
    position: Position = Position.EVERY
    unit: Unit = Unit.ANY

    def __str__(self) -> str:
        position = "" if self.position is Position.EVERY else f"{self.position} "
        return f"{position}{self.word}" + (f" {self.argument}" if self.argument else "")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`subject operator literal`."""

    text: str
    subject: Subject
    operator: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class Presence:
    """`subject present` or `subject absent`."""

    text: str
    subject: Subject
    present: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """`no seq_scan on vendors`, `uses index vendors_search`: what a set of the plan lacks or holds."""

    text: str
    set_name: str
    member: str
    inside: bool


Expectation: TypeAlias = Comparison | Presence | Membership


@dataclass(frozen=True, slots=True)
class Facts:
    """What a probe saw. Each word has a value an answer (a row, a response), in their order.

    `sets` holds what a plan consists of; `known` says, for a set, which members could have been in it.
    """

    words: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    headers: tuple[Mapping[str, str], ...] = ()
    documents: tuple[Json, ...] = ()
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`held` is None where the facts do not tell; `observed` then says why."""

    expectation: str
    held: bool | None
    observed: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that an answer does not have."""

    why: str = "absent"


MISSING = Missing()
NOT_JSON = Missing("not there: the body is not JSON")
Found: TypeAlias = Value | Missing


Redact: TypeAlias = Callable[[str], str]


def _as_it_is(text: str) -> str:
    return text


def judge(expectation: Expectation, facts: Facts, redact: Redact = _as_it_is) -> Judgement:
    """Hold one expectation against the facts; what the facts do not show is undecided, never held.

    `redact` takes secrets out of what was observed, while it is whole: a part of one could not be told.
    """
    match expectation:
        case Comparison():
            return _each(expectation.text, expectation.subject, facts, _comparing(expectation), redact)
        case Presence():
            return _presence(expectation, facts, redact)
        case Membership():
            return _membership(expectation, facts)


def _presence(expectation: Presence, facts: Facts, redact: Redact) -> Judgement:
    """Nothing is told by its absence from an answer that is no JSON at all."""
    subject, wanted = expectation.subject, expectation.present
    if subject.word == "json" and any(
        isinstance(document, Missing) for document in _at(subject.position, facts.documents)
    ):
        return Judgement(expectation.text, False, "the body is not JSON")
    return _each(
        expectation.text, subject, facts, lambda found: isinstance(found, Missing) is not wanted, redact
    )


def _comparing(comparison: Comparison) -> Callable[[Found], bool]:
    def holds(found: Found) -> bool:
        if isinstance(found, Missing):
            return False
        return compare(found, comparison.operator, comparison.literal)

    return holds


def _each(
    text: str, subject: Subject, facts: Facts, holds: Callable[[Found], bool], redact: Redact
) -> Judgement:
    values = _look_up(subject, facts)
    if isinstance(values, str):
        return Judgement(text, None, values)
    if not values:
        return Judgement(text, None, f"there was no answer that could have a {subject}")
    for value in values:
        if not holds(value):
            return Judgement(text, False, _observed(subject, value, redact))
    return Judgement(text, True, _observed(subject, values[-1], redact))


def _observed(subject: Subject, value: Found, redact: Redact) -> str:
    if isinstance(value, Missing):
        return f"{subject} is {value.why}"
    value = redact(value) if isinstance(value, str) else value
    return f"{subject} = {show(value, subject.unit)}"


def _look_up(subject: Subject, facts: Facts) -> tuple[Found, ...] | str:
    """The values of a subject, or a sentence why there are none."""
    if subject.word == "header":
        name = subject.argument.lower()
        found: tuple[Found, ...] = tuple(headers.get(name, MISSING) for headers in facts.headers)
    elif subject.word == "json":
        chosen = _at(subject.position, facts.documents)
        if chosen and all(isinstance(document, Missing) for document in chosen):
            return (NOT_JSON,)
        return tuple(value for document in chosen for value in find(subject.argument, document))
    elif subject.word in facts.words:
        found = facts.words[subject.word]
    else:
        names = ", ".join(sorted(facts.words)) or "nothing"
        return f"there is no {subject.word!r} in the answer, which has {names}"
    return _at(subject.position, found)


_T = Any


def _at(position: Position, values: tuple[_T, ...]) -> tuple[_T, ...]:
    match position:
        case Position.FIRST:
            return values[:1]
        case Position.LAST:
            return values[-1:]
    return values


def find(path: str, document: Json) -> Iterable[Found]:
    """The values at `$.a.b[0].c`; `[*]` is every member, a trailing `.length` that of a list or text."""
    current: list[Any] = [document]
    for name, index in re.findall(r"\.([\w-]+)|\[(\d+|\*)\]", path.removeprefix("$")):
        current = [found for value in current for found in _step(value, name, index)]
    return [_plain(value) for value in current]


def _step(value: Any, name: str, index: str) -> list[Any]:
    if index == "*":
        return list(value) if isinstance(value, list) else [MISSING]
    if index:
        in_range = isinstance(value, list) and int(index) < len(value)
        return [value[int(index)]] if in_range else [MISSING]
    if isinstance(value, dict) and name in value:
        return [value[name]]
    return [len(value)] if name == "length" and isinstance(value, list | str) else [MISSING]


def _plain(value: Any) -> Found:
    if isinstance(value, bool | int | float | str | Missing) or value is None:
        return value
    return str(value)


def compare(found: Value, operator: str, literal: Literal) -> bool:
    """Numbers compare as numbers, text as text; what cannot be compared does not hold."""
    if operator in ("~", "!~"):
        return found is not None and _matches(str(found), literal) is (operator == "~")
    if operator == "=":
        return _same(found, literal)
    if operator == "!=":
        return _comparable(found, literal) and not _same(found, literal)
    left, right = _numeric(found), number(literal.value)
    if left is None or right is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def _matches(text: str, literal: Literal) -> bool:
    pattern = str(literal.value)
    return bool(re.search(pattern, text)) if literal.regular else pattern in text


def _same(found: Value, literal: Literal) -> bool:
    if literal.family is not None:
        status = number(found)
        return status is not None and int(status) // 100 == literal.family
    if isinstance(found, bool) or isinstance(literal.value, bool):
        return found is literal.value or (isinstance(found, str) and found.lower() == literal.text.lower())
    left, right = number(found), number(literal.value)
    if left is not None and right is not None:
        return left == right
    text = "null" if found is None else str(found)
    return text == (str(literal.value) if literal.unit is Unit.TEXT else literal.text)


def _comparable(found: Value, literal: Literal) -> bool:
    """Whether being different says anything: null is no value, and yes or no is no number."""
    if literal.text == "null":
        return True
    if found is None or isinstance(found, bool):
        return isinstance(found, bool) and isinstance(literal.value, bool)
    return not (isinstance(found, float) and math.isnan(found))


def number(value: Value) -> Decimal | None:
    """The value as an exact number, None where it is not one; text and booleans are not."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def _numeric(value: Value) -> Decimal | None:
    """As `number`, and text that spells one, as headers do."""
    if isinstance(value, str) and re.fullmatch(r"[-+]?\d+(\.\d+)?", value):
        return Decimal(value)
    return number(value)


def _membership(expectation: Membership, facts: Facts) -> Judgement:
    members = facts.sets.get(expectation.set_name)
    if members is None:
        return Judgement(expectation.text, None, f"the answer has no plan with a {expectation.set_name}")
    known = facts.known.get(expectation.set_name)
    if known is not None and not known and not expectation.inside:
        return Judgement(expectation.text, None, "the plan reads no table")
    if (
        expectation.member
        and not expectation.inside
        and known is not None
        and expectation.member not in known
    ):
        seen = ", ".join(sorted(known)) or "no table"
        return Judgement(
            expectation.text, None, f"the plan does not read {expectation.member}; it reads {seen}"
        )
    present = expectation.member in members if expectation.member else bool(members)
    shown = ", ".join(sorted(members)) or "none"
    return Judgement(expectation.text, present is expectation.inside, f"{expectation.set_name}: {shown}")
