"""A mutant: which place of which file it changes, and the level of the contract suite that should notice."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import reference_service
from reference_service.faults.fault import Level

PACKAGE = Path(reference_service.__file__).parent


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why no mutant of a file is tried."""

    why: str


_PARTITIONS = LeftOut("no profile can drive a round of the partition manager")
_LOADING = LeftOut("it loads or makes data, and the data is no mutant's")

# By the start of a file's path; the first that fits counts.
LEVELS: tuple[tuple[str, Level | LeftOut], ...] = (
    ("api/middleware", Level.OPERATIONS),
    ("api/operations", Level.OPERATIONS),
    ("api/answering", Level.OPERATIONS),  # validators
    ("api/edge", Level.OPERATIONS),
    ("api/console", LeftOut("the contract says nothing of the console")),
    ("api/bundle", LeftOut("it serves the console")),
    ("api/documentation", LeftOut("it serves documents, of which the contract says nothing")),
    ("api/", Level.SEEDED),
    ("domain/rate", Level.OPERATIONS),
    ("domain/progress", Level.OPERATIONS),
    ("domain/retention", _PARTITIONS),
    ("domain/worker_names", LeftOut("names that people read")),
    ("domain/health", Level.WORKERS),
    ("domain/aggregation", Level.WORKERS),
    ("domain/address_ranges", Level.WORKERS),
    ("domain/", Level.SEEDED),
    ("workers/partition_manager", _PARTITIONS),
    ("workers/", Level.WORKERS),
    ("storage/queries/aggregate_", Level.WORKERS),
    ("storage/queries/health_partitions", _PARTITIONS),
    ("storage/queries/health_history", Level.SEEDED),
    ("storage/queries/health_", Level.WORKERS),
    ("storage/queries/record_", Level.WORKERS),
    ("storage/queries/continue_", _LOADING),
    ("storage/queries/make_", _LOADING),
    ("storage/queries/truncate_", _LOADING),
    ("storage/queries/schema_shape", LeftOut("it compares schemas, when migrations are rehearsed")),
    ("storage/queries/uptimes", LeftOut("it feeds metrics of scheduled workers, of which a mutant has none")),
    ("storage/queries/heartbeats", Level.OPERATIONS),
    ("storage/queries/", Level.SEEDED),
)

_LIMITER = ("api/middleware", "domain/rate.")
_PREPARED = ("storage/queries/prepare", "storage/queries/search_figures")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`file` is a path below the package; the `number`-th place where `change` applies."""

    file: str
    change: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.file.replace('/', '.')}~{self.change}~{self.number}"

    @property
    def level(self) -> Level | None:
        judged = self._judged
        return None if isinstance(judged, LeftOut) else judged

    @property
    def left_out(self) -> str:
        """Why it is not tried; empty where it is."""
        judged = self._judged
        return judged.why if isinstance(judged, LeftOut) else ""

    @property
    def _judged(self) -> Level | LeftOut:
        unknown = LeftOut("no level of the suite is named for it")
        return next((judged for start, judged in LEVELS if self.file.startswith(start)), unknown)

    @property
    def requirements(self) -> tuple[str, ...]:
        """That of the limiter, whose tests alone outlast a rate-limit window, where it may show in them."""
        return ("PRF-06",) if self.file.startswith(_LIMITER) else ()

    @property
    def of_prepared_answers(self) -> bool:
        """Whether it shows only where searches are prepared; elsewhere that would hide the mutant."""
        return self.file.startswith(_PREPARED)

    @classmethod
    def named(cls, name: str) -> "Mutant":
        """Raises ValueError."""
        dotted, change, number = name.split("~")
        stem, _, suffix = dotted.rpartition(".")
        if not number.isdecimal():
            raise ValueError(f"{number} is no number of a place")
        return cls(f"{stem.replace('.', '/')}.{suffix}", change, int(number))


@dataclass(frozen=True, slots=True)
class Sample:
    """Those drawn, in the order of the files; those passed over do not even load."""

    drawn: tuple[Mutant, ...]
    passed_over: tuple[Mutant, ...] = ()


def sample(mutants: Iterable[Mutant], size: int, seed: int, loads: Callable[[Mutant], bool]) -> Sample:
    """The same seed draws the same."""
    judged = sorted((mutant for mutant in mutants if mutant.level), key=_place)
    random.Random(seed).shuffle(judged)  # noqa: S311 - no secret
    drawn: list[Mutant] = []
    passed_over: list[Mutant] = []
    for mutant in judged:
        if len(drawn) == size:
            break
        (drawn if loads(mutant) else passed_over).append(mutant)
    return Sample(tuple(sorted(drawn, key=_place)), tuple(sorted(passed_over, key=_place)))


def _place(mutant: Mutant) -> tuple[str, str, int]:
    return mutant.file, mutant.change, mutant.number


def left_out(mutants: Iterable[Mutant]) -> Counter[tuple[str, str]]:
    """How many mutants of which file are not tried, by the file and why."""
    return Counter((mutant.file, mutant.left_out) for mutant in mutants if mutant.left_out)
