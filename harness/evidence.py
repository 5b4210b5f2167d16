"""What a step found: the one type that tests, load runs and checks report in."""

from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = Any  # what JSON can hold; msgspec cannot decode into a recursive alias


class Status(StrEnum):
    """The outcome of one observation. Error (could not decide) is not failure."""

    PASS = "pass"
    REHEARSED = "rehearsed"  # held in a shortened run; never satisfies a requirement
    WARNING = "warning"  # a SHOULD was broken
    EXPECTED = "expected"  # failed, and is on file as a known failure
    WAIVED = "waived"
    NOT_APPLICABLE = "not-applicable"  # the capability is not declared
    SKIPPED = "skipped"
    PENDING = "pending"  # a person has to decide
    UNDECIDED = "undecided"  # too little evidence
    INVALID = "invalid"  # the measurement itself was flawed
    ERROR = "error"  # could not decide
    BLOCKED = "blocked"  # something that it needs did not pass
    STALE = "stale"  # a waiver or known failure that is no longer true
    NOT_TESTABLE = "not-testable"  # declared, but the means to test it are missing
    FAIL = "fail"

    @property
    def failed(self) -> bool:
        return self in _FAILED

    @property
    def held(self) -> bool:
        """Whether this is evidence that the thing holds, in full."""
        return self is Status.PASS

    @property
    def open(self) -> bool:
        """Whether someone still has to do something before it can be called green."""
        return self in _OPEN


_FAILED = frozenset({Status.FAIL, Status.NOT_TESTABLE, Status.STALE})
_OPEN = frozenset(
    {
        Status.REHEARSED,
        Status.SKIPPED,
        Status.PENDING,
        Status.UNDECIDED,
        Status.INVALID,
        Status.ERROR,
        Status.BLOCKED,
    }
)


class Source(StrEnum):
    """Which part of the toolkit speaks."""

    LAUNCH = "launch"  # the environment and the run itself
    CONTRACT = "contract"
    LOAD = "load"
    CHECKLIST = "checklist"


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One finding.

    `id` is stable from run to run and unique within its source, for instance
    `seeded/search/test_sort[rating]`, `search/p95` or `pre-launch/rollback-script-tested`.
    `expected`, `observed` and `message` are text for people; `evidence` is for machines and for
    unfolding. None of them may hold a secret: redact first.
    """

    source: Source
    id: str
    status: Status
    requirements: tuple[str, ...] = ()
    expected: str = ""
    observed: str = ""
    message: str = ""
    evidence: dict[str, Json] = {}
