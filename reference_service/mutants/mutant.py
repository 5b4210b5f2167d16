"""A mutant: which place of which file it changes, and the level of the contract suite that should notice."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import reference_service
from reference_service.faults.fault import Level

PACKAGE = Path(reference_service.__file__).parent

# By the start of a file's path; the first that fits counts. None is what the contract does not judge: the
# console, the documents, and the partition manager, whose rounds no profile can drive.
LEVELS = (
    ("api/middleware", Level.OPERATIONS),
    ("api/operations", Level.OPERATIONS),
    ("api/edge", Level.OPERATIONS),
    ("api/console", None),
    ("api/bundle", None),
    ("api/documentation", None),
    ("api/", Level.SEEDED),
    ("domain/rate", Level.OPERATIONS),
    ("domain/progress", Level.OPERATIONS),
    ("domain/retention", None),
    ("domain/worker_names", None),
    ("domain/health", Level.WORKERS),
    ("domain/aggregation", Level.WORKERS),
    ("domain/rating", Level.WORKERS),
    ("domain/address_ranges", Level.WORKERS),
    ("domain/", Level.SEEDED),
    ("workers/partition_manager", None),
    ("workers/", Level.WORKERS),
    ("storage/queries/aggregate_", Level.WORKERS),
    ("storage/queries/health_partitions", None),
    ("storage/queries/health_history", Level.SEEDED),
    ("storage/queries/health_", Level.WORKERS),
    ("storage/queries/record_", Level.WORKERS),
    ("storage/queries/prepare", None),  # variants are served without prepared answers
    ("storage/queries/schema_shape", None),
    ("storage/queries/uptimes", None),
    ("storage/queries/heartbeats", Level.OPERATIONS),
    ("storage/queries/", Level.SEEDED),
)


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
        return next((level for start, level in LEVELS if self.file.startswith(start)), None)

    @classmethod
    def named(cls, name: str) -> "Mutant":
        """Raises ValueError."""
        dotted, change, number = name.split("~")
        stem, _, suffix = dotted.rpartition(".")
        return cls(f"{stem.replace('.', '/')}.{suffix}", change, int(number))


def sample(mutants: Iterable[Mutant], size: int, seed: int) -> list[Mutant]:
    """The same seed draws the same; in the order of the files."""
    judged = sorted((m for m in mutants if m.level), key=lambda m: (m.file, m.change, m.number))
    drawn = random.Random(seed).sample(range(len(judged)), min(size, len(judged)))  # noqa: S311 - no secret
    return [judged[place] for place in sorted(drawn)]
