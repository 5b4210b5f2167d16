"""What a checklist is, what a probe answers, and what becomes of an item; all frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from checklists.clients import Client
from checklists.expectations import Expectation, Facts, Judgement
from checklists.processes import Processes
from harness.documents import Place
from harness.evidence import Status
from harness.target import Target

Json: TypeAlias = Any


class PhaseName(StrEnum):
    PRE_LAUNCH = "pre-launch"
    LAUNCH_DAY = "launch-day"
    POST_LAUNCH = "post-launch"


class Severity(StrEnum):
    """What it means for the launch when the item does not pass."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Context:
    """What a probe may use for one attempt; `timeout` in seconds, `folder` is the checklist's."""

    target: Target
    folder: Path
    run_folder: Path
    timeout: float
    client: Client
    processes: Processes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a probe saw. `output` is kept as evidence; `best` is what holding can earn at most.

    `cut`: the output is not whole. What digests there are of the whole stand in `details` then.
    """

    facts: Facts
    output: bytes = b""
    suffix: str = "txt"
    details: Mapping[str, Json] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    best: Status = Status.PASS
    cut: bool = False


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there is nothing to judge, and what would settle it."""

    status: Status
    reason: str
    settle: str = ""


class Probe(Protocol):
    """One way to find something out. `ask` may raise LaunchkitError where it could not decide."""

    def asked(self, target: Target) -> str:
        """What is asked, for people: a request, SQL, an argument list."""
        ...

    def ask(self, context: Context) -> Answer | NoAnswer: ...


@dataclass(frozen=True, slots=True)
class Eventually:
    """Seconds: ask again every `every` until it holds, for at most `within`."""

    within: float
    every: float


@dataclass(frozen=True, slots=True)
class When:
    """The item concerns only targets whose profile has `key`; `reason` says why."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a checklist. `id` is `<phase>/<slug of the title>`; times in seconds."""

    id: str
    title: str
    section: str
    probe: Probe
    kind: str
    expectations: tuple[Expectation, ...]
    requirements: tuple[str, ...]
    place: Place
    severity: Severity = Severity.BLOCKER
    owner: str = ""
    role: str = ""
    needs: tuple[str, ...] = ()
    timeout: float = 30.0
    retries: int = 0
    eventually: Eventually | None = None
    hold: float = 0.0
    when: When | None = None
    fix: str = ""
    changes: str = ""  # what it changes in production; empty where it only looks
    undo: str = ""  # how that is taken back

    @property
    def longest(self) -> float:
        """Seconds after which the item is given up, whatever its probe does."""
        waiting = self.eventually.within if self.eventually else 0.0
        return waiting + self.hold + (self.retries + 1) * self.timeout + 5.0


@dataclass(frozen=True, slots=True)
class Phase:
    """Items in the order of the file; in an ordered phase nothing is asked after a blocker that failed."""

    name: PhaseName
    items: tuple[Item, ...]

    @property
    def ordered(self) -> bool:
        return self.name is PhaseName.LAUNCH_DAY


@dataclass(frozen=True, slots=True)
class Checklist:
    """A parsed file. `folder` is where relative paths and commands start; `digest` is the file's SHA-256.

    `rollback` is the plan that is shown where an ordered phase stops.
    """

    launch: str
    path: Path
    folder: Path
    digest: str
    phases: tuple[Phase, ...]
    rollback: Path | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that the probe was asked; `started` is UTC, `seconds` its duration."""

    started: str
    seconds: float
    status: Status
    message: str
    judgements: tuple[Judgement, ...] = ()
    answer: Answer | None = None
    settle: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item; the last attempt decides, then what people decided (`decisions`).

    `declined`: nobody allowed the change that it would have made.
    """

    item: Item
    status: Status
    message: str
    attempts: tuple[Attempt, ...] = ()
    settle: str = ""
    blocked_by: tuple[str, ...] = ()
    decisions: Mapping[str, Json] = field(default_factory=dict)
    declined: bool = False


Execute: TypeAlias = Callable[[Item], Outcome]
