"""Expectations that hold whatever is seen, or never: both are mistakes of whoever wrote them; pure."""

import re
from collections.abc import Callable
from decimal import Decimal

from checklists.expectations import Subject, compare
from checklists.units import Literal, Unit

_UNLIKELY = "\ue000 \ue001"
_STATUSES = tuple(range(100, 600))
_NEVER_NEGATIVE = frozenset({Unit.NUMBER, Unit.DURATION, Unit.SIZE})


def verdict_of_nothing(subject: Subject, operator: str, literal: Literal, *, signed: bool) -> str:
    """`always` or `never` where the comparison says nothing of what is seen, else empty.

    `signed`: the subject may be negative, as exit codes may.
    """
    if operator in ("~", "!~"):
        return _of_pattern(operator, literal)
    samples = _samples(subject.unit, literal, signed=signed)
    held = {compare(sample, operator, literal) for sample in samples}
    return {frozenset({True}): "always", frozenset({False}): "never"}.get(frozenset(held), "")


def _of_pattern(operator: str, literal: Literal) -> str:
    matches_all = literal.regular and all(re.search(str(literal.value), text) for text in ("", _UNLIKELY))
    if not matches_all:
        return ""
    return "always" if operator == "~" else "never"


def _samples(unit: Unit, literal: Literal, *, signed: bool) -> tuple[int | Decimal, ...]:
    """Values at and around every place where the comparison can turn; none where all are possible."""
    if unit is Unit.STATUS:
        return _STATUSES
    value = literal.value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return ()
    around = (Decimal(value) - 1, Decimal(value), Decimal(value) + 1)
    possible = _possible(unit, signed=signed)
    if possible is None:
        return ()
    ends = (Decimal(0), Decimal("0.5"), Decimal(1)) if unit is Unit.RATIO else (Decimal(0), Decimal(10) ** 18)
    return tuple(sample for sample in (*around, *ends) if possible(sample))


def _possible(unit: Unit, *, signed: bool) -> Callable[[Decimal], bool] | None:
    if unit is Unit.RATIO:
        return lambda value: 0 <= value <= 1
    if unit in _NEVER_NEGATIVE and not signed:
        return lambda value: value >= 0
    return None
