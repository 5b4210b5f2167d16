"""A fault: what it is called, what it breaks, and how it is put into a process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """The level of the contract suite whose tests must notice the fault."""

    LIVE = "live"
    SEEDED = "seeded"
    OPERATIONS = "operations"
    WORKERS = "workers"


@dataclass(frozen=True, slots=True)
class Fault:
    """`install` replaces parts of the service in this process, before it is put together.

    `clauses` are those of the wire contract that it breaks; `settings` are what its variant is served with;
    `workers`: it shows in the metrics of scheduled workers, which run beside the variant.
    """

    name: str
    description: str
    requirements: tuple[str, ...]
    level: Level
    install: Callable[[], None]
    clauses: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    workers: bool = False


class DoesNotFitError(Exception):
    """The part that a fault replaces is not there any more: the fault must be written anew."""
