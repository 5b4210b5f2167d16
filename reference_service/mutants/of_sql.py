"""Mutants of the queries: one word, sign or number of one statement."""

import re
from collections.abc import Callable, Iterator
from re import Match

from reference_service.mutants.mutant import PACKAGE, Mutant

_FLAGS = re.IGNORECASE
# Name, what it changes, and into what. Comments are no place.
CHANGES: dict[str, tuple[str, str | Callable[[Match[str]], str]]] = {
    "desc_to_asc": (r"\bDESC\b", "ASC"),
    "asc_to_desc": (r"\bASC\b", "DESC"),
    "last_to_first": (r"\bNULLS LAST\b", "NULLS FIRST"),
    "and_to_or": (r"\bAND\b", "OR"),
    "or_to_and": (r"\bOR\b", "AND"),
    "at_least_to_more": (r"(?<![<>@-])>=", ">"),
    "at_most_to_less": (r"(?<![<>@-])<=(?!>)", "<"),
    "more_to_at_least": (r"(?<![-=<>@|])>(?![=>])", ">="),
    "less_to_at_most": (r"(?<![<@])<(?![=>@])", "<="),
    "equal_to_other": (r"(?<![:<>!=])=(?![=>])", "<>"),
    "min_to_max": (r"\bmin\(", "max("),
    "max_to_min": (r"\bmax\(", "min("),
    "avg_to_max": (r"\bavg\(", "max("),
    "sum_to_max": (r"\bsum\(", "max("),
    "distinct_to_all": (r"\bDISTINCT\b", ""),
    "not_to_yes": (r"\bNOT\b", ""),
    "left_to_inner": (r"\bLEFT JOIN\b", "JOIN"),
    "all_to_any": (r"@>", "&&"),
    "number": (r"(?<![\w.$:%'-])(\d+)(?![\w.'])", lambda found: str(int(found[1]) + 1)),
    "active": (r"'active'", "'inactive'"),
    "settled": (r"'settled'", "'refunded'"),
    "failed": (r"'failed'", "'created'"),
    "upheld": (r"'upheld'", "'rejected'"),
    "open": (r"'open'", "'rejected'"),
    "up": (r"'up'", "'degraded'"),
}


def all_of_sql() -> Iterator[Mutant]:
    for path in sorted((PACKAGE / "storage" / "queries").glob("*.sql")):
        source = path.read_text("utf-8")
        for name in CHANGES:
            count = len(_places(source, name))
            yield from (Mutant(str(path.relative_to(PACKAGE)), name, number) for number in range(count))


def mutated(source: str, mutant: Mutant) -> str | None:
    """The source with the change; None where there is no such change or place."""
    if mutant.change not in CHANGES:
        return None
    places = _places(source, mutant.change)
    if mutant.number >= len(places):
        return None
    place, (_, into) = places[mutant.number], CHANGES[mutant.change]
    return source[: place.start()] + (into if isinstance(into, str) else into(place)) + source[place.end() :]


def _places(source: str, change: str) -> list[Match[str]]:
    comments = [
        (found.start(), found.end()) for found in re.finditer(r"--[^\n]*|/\*.*?\*/", source, re.DOTALL)
    ]
    return [
        found
        for found in re.finditer(CHANGES[change][0], source, _FLAGS)
        if not any(start <= found.start() < end for start, end in comments)
    ]
