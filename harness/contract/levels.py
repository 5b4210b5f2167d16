"""The levels of the suite, what each needs, and which tests speak for a capability."""

from enum import StrEnum
from pathlib import Path

from harness.errors import UsageError
from harness.target import Capability, Permission, Target

FOLDER = Path(__file__).parent


class Level(StrEnum):
    """In the order in which they run: workers last, since they replace the data."""

    LIVE = "live"
    SEEDED = "seeded"
    OPERATIONS = "operations"
    WORKERS = "workers"

    @property
    def folder(self) -> Path:
        return FOLDER / self.value


def level_of(path: Path) -> Level | None:
    """The level of a test's file, None for a file that is no part of the suite."""
    try:
        first = path.relative_to(FOLDER).parts[0]
    except (ValueError, IndexError):
        return None
    return next((level for level in Level if level.value == first), None)


def possible(target: Target) -> tuple[Level, ...]:
    """The levels for which the profile has the means."""
    has = {
        Level.LIVE: True,
        Level.SEEDED: target.fixtures is not None,
        Level.OPERATIONS: bool(target.capabilities - {Capability.SEARCH}),
        Level.WORKERS: bool(target.fixtures and target.fixtures.load and target.workers),
    }
    return tuple(level for level in Level if has[level])


def untestable(target: Target) -> tuple[Level, ...]:
    """The levels that the profile declares without the means to test them."""
    return (Level.WORKERS,) if target.workers and Level.WORKERS not in possible(target) else ()


def choose(target: Target, names: list[str]) -> tuple[Level, ...]:
    """The levels asked for, or all that are possible.

    Raises UsageError for what cannot be had, NotAllowedError for what the profile does not allow.
    """
    levels = _named(target, names) if names else possible(target)
    if set(levels) & {Level.SEEDED, Level.WORKERS} and target.fixtures and target.fixtures.load:
        target.require(Permission.LOAD_DATA)
    if Level.WORKERS in levels:
        target.require(Permission.WORKERS)
    return levels


def _named(target: Target, names: list[str]) -> tuple[Level, ...]:
    unknown = [name for name in names if name not in list(Level)]
    if unknown:
        raise UsageError(f"no level {unknown[0]!r}", hint="known: " + ", ".join(Level))
    for level in (Level.SEEDED, Level.WORKERS):
        if level in names and level not in possible(target):
            needs = "`fixtures`" if level is Level.SEEDED else "`fixtures.load` and `workers`"
            raise UsageError(
                f"{target.path}: the level {level} needs {needs}", hint="add them to the profile"
            )
    return tuple(level for level in Level if level in names)


def judged(target: Target) -> frozenset[Capability]:
    """The declared capabilities; a profile that declares none is judged by its seven endpoints."""
    return target.capabilities or frozenset({Capability.SEARCH})


def tested_in(capability: Capability) -> frozenset[Level]:
    if capability is Capability.SEARCH:
        return frozenset({Level.LIVE, Level.SEEDED})
    return frozenset({Level.OPERATIONS})
