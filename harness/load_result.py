"""What a load run found: the file `load/<scenario>.json` of a run folder, from which reports draw."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from harness.errors import CouldNotDecideError
from harness.evidence import Status
from harness.journal import Subject

FORMAT = 1
FOLDER = "load"


class Mode(StrEnum):
    FULL = "full"  # the durations that the requirements ask for
    REHEARSAL = "rehearsal"  # the same rates, seconds instead of minutes
    CUSTOM = "custom"  # a rate, a duration or limits of the caller's; satisfies no requirement either


def labelled(scenario: str, mode: Mode) -> str:
    """The scenario's name, marked where its run satisfies no requirement."""
    return scenario if mode is Mode.FULL else f"{scenario} ({mode})"


class LoadVerdict(StrEnum):
    PASS = "PASS"
    FAIL = "FAIL"
    INVALID = "INVALID"  # the generator itself was late or fell short: nothing can be said
    UNDECIDED = "UNDECIDED"  # too little evidence


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for: from one rate to another, linearly; rates in requests/s, duration in seconds."""

    phase: str
    seconds: float
    from_rate: float
    to_rate: float


class Percentiles(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds."""

    p50: float
    p90: float
    p95: float
    p99: float
    p999: float
    max: float
    mean: float


class Second(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the requests that were due in one second; `t` counts seconds from the first arrival.

    `asked` were due, `sent` left in time to be answered, `served` got an answer, `errors` got none or a bad
    one. Latencies are in ms from the intended start, null where nothing was served; service time counts
    from the moment that the request was really written.
    """

    t: int
    phase: str
    asked: int
    sent: int
    served: int
    errors: int
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    service_p95: float | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One endpoint in one phase; phase `all` is the whole run, endpoint `all` is every endpoint.

    `count` is the number of answers, good or bad; `statuses` counts them by HTTP status, `failures` by
    reason (a status, a wrong content, a broken connection).
    """

    endpoint: str
    phase: str
    asked: int
    count: int
    errors: int
    statuses: dict[str, int]
    failures: dict[str, int]
    latency: Percentiles | None = None
    service: Percentiles | None = None


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """How late the generator itself was: ms between a request's due time and its start."""

    starts: int
    limit_ms: float
    late: int
    p50: float
    p99: float
    max: float

    @property
    def share(self) -> float:
        return self.late / self.starts if self.starts else 0.0


class Generator(msgspec.Struct, frozen=True, kw_only=True):
    """What the generator used: identities it appeared as, connections it opened, CPU seconds it burned.

    `most_connections` is how many it might have open at a time.
    """

    identities: int
    connections: int
    cpu_seconds: float
    cpu_ms_a_request: float
    workers: int = 1
    most_connections: int = 4000


class ProcessSample(msgspec.Struct, frozen=True, kw_only=True):
    """The target's processes and their children together; `cpu` in cores, `rss` in bytes."""

    t: float
    processes: int
    cpu: float
    rss: int
    fds: int
    threads: int
    restarts: int = 0  # processes of the profile that have ended or changed since the run began


class ServiceSample(msgspec.Struct, frozen=True, kw_only=True):
    """What the target's own metrics counted since the first arrival."""

    t: float
    requests: int
    database_seconds: float | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of statement, without the values in it; `seconds` of execution."""

    text: str
    calls: int
    seconds: float


class DatabaseUse(msgspec.Struct, frozen=True, kw_only=True):
    """What the target's database did during the run, by its pg_stat_statements; the longest statements first.

    `missing` says why that is not known, empty where it is.
    """

    seconds: float = 0.0
    calls: int = 0
    statements: tuple[Statement, ...] = ()
    missing: str = ""


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """Requests as the client and as the target's own metrics counted them; why they differ, where they do."""

    metric: str
    client: int
    server: int
    explanation: str


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """How a phase after a spike was held against a limit; `began` is its first second.

    `p95` has that of each window in ms, one a second, null where nothing was answered; `took` counts
    seconds from `began` until all further windows are within the limit, null where that was not seen.
    """

    criterion: str
    phase: str
    began: int
    limit_ms: float
    within_seconds: float
    window_seconds: int
    took: int | None
    p95: tuple[float | None, ...]


class CriterionOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one declared limit."""

    id: str
    requirements: tuple[str, ...]
    expected: str
    observed: str
    status: Status
    message: str = ""


class LoadResult(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario's run. `partial` says why it ended early, empty where it ran to its end."""

    format: int = FORMAT
    scenario: str
    title: str
    mode: Mode
    target: Subject
    started_at: datetime
    seconds: float
    seed: int
    arrivals: str  # constant or poisson
    stages: tuple[Stage, ...]
    timeline: tuple[Second, ...]
    groups: tuple[Group, ...]
    lateness: Lateness
    generator: Generator
    processes: tuple[ProcessSample, ...] = ()
    service: tuple[ServiceSample, ...] = ()
    database: DatabaseUse | None = None  # null where the profile names none
    reconciliation: tuple[Reconciliation, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    criteria: tuple[CriterionOutcome, ...] = ()
    verdict: LoadVerdict
    partial: str = ""
    notes: tuple[str, ...] = ()

    def group(self, endpoint: str = "all", phase: str = "all") -> Group | None:
        return next((g for g in self.groups if (g.endpoint, g.phase) == (endpoint, phase)), None)


def read_load_result(path: Path) -> LoadResult:
    """Raises CouldNotDecideError where the file is missing or is not a load result."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=LoadResult)
    except OSError as error:
        raise CouldNotDecideError(f"{path} cannot be read ({error.strerror})") from None
    except msgspec.MsgspecError as error:
        raise CouldNotDecideError(
            f"{path} is not a load result: {error}", hint="run the load again"
        ) from None


def load_results(folder: Path) -> tuple[LoadResult, ...]:
    """The results of every scenario in a run folder, by name; none where no load ran."""
    return tuple(read_load_result(path) for path in sorted((folder / FOLDER).glob("*.json")))
