"""Small runs, written by the journal itself, for the tests of this package."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from harness.evidence import Observation, Source, Status
from harness.journal import About, Journal, Phase, Plan, PlannedItem, Record, Subject, read_journal
from harness.load_result import (
    CriterionOutcome,
    Generator,
    Group,
    Lateness,
    LoadResult,
    LoadVerdict,
    Mode,
    Percentiles,
    Second,
    Stage,
)
from harness.requirements import read_requirements

SUBJECT = Subject(
    name="reference",
    base_url="http://127.0.0.1:8080",
    profile_digest="a" * 64,
    release="1.4.0",
    commit="3f2a91c0",
)
PARTS = (Source.CONTRACT, Source.LOAD, Source.CHECKLIST)
COMPLETE = "complete"


def seen(source: Source, name: str, status: Status, **more: Any) -> Observation:
    return Observation(source=source, id=name, status=status, **more)


def contract(status: Status = Status.PASS, name: str = "seeded/search/test_sort", **more: Any) -> Observation:
    return seen(Source.CONTRACT, name, status, **more)


def load(status: Status = Status.PASS, name: str = "search/p95", **more: Any) -> Observation:
    return seen(Source.LOAD, name, status, **more)


def check(status: Status = Status.PASS, name: str = "pre-launch/item", **more: Any) -> Observation:
    return seen(Source.CHECKLIST, name, status, **more)


def whole() -> list[Observation]:
    """One passing observation of each part; the checklist's speaks for every requirement."""
    return [contract(), load(), check(requirements=tuple(known.id for known in read_requirements()))]


def write_run(
    folder: Path,
    observations: list[Observation],
    *,
    rehearsal: bool = False,
    subject: Subject | None = SUBJECT,
    parts: tuple[Source, ...] = PARTS,
    phases: tuple[Phase, ...] = (),
    outcome: str = COMPLETE,
    command: str = "launch",
    plans: tuple[Plan, ...] | None = None,
) -> Path:
    """Write a finished run; unless other `plans` are given, its checklist asks what was observed, no more."""
    about = About(
        run=folder.name,
        command=command,
        environment="embedded" if rehearsal else "existing",
        rehearsal=rehearsal,
        subject=subject,
        parts=parts,
        seed=7,
        version="0.1.0",
        machine={"cores": 2},
        plans=plans_of(observations) if plans is None else plans,
    )
    journal = Journal.create(folder, about)
    for observation in observations:
        journal.observe(observation)
    journal.finish(outcome=outcome, seconds=12.5, phases=phases)
    return folder


def plans_of(observations: list[Observation], *never_asked: str) -> tuple[Plan, ...]:
    """The checklists that ask what was observed, and some blockers that were never asked."""
    asked = [o.id for o in observations if o.source is Source.CHECKLIST]
    phases = {name.partition("/")[0] for name in (*asked, *never_asked)}
    return tuple(
        Plan(
            phase=phase,
            digest="c" * 64,
            items=tuple(
                PlannedItem(id=name, title=name, severity="blocker", owner="backend")
                for name in (*asked, *never_asked)
                if name.startswith(f"{phase}/")
            ),
        )
        for phase in sorted(phases)
    )


def read_run(folder: Path, observations: list[Observation], **more: Any) -> Record:
    return read_journal(write_run(folder, observations, **more))


def step(name: str, exit_code: int, message: str = "") -> Phase:
    return Phase(name=name, seconds=1.5, exit_code=exit_code, message=message)


def load_result(scenario: str = "search", *, mode: Mode = Mode.REHEARSAL, seconds: int = 12) -> LoadResult:
    """A run whose p99 peaks once, over a limit of 200 ms."""
    timeline = tuple(
        Second(
            t=t,
            phase="steady",
            asked=100,
            sent=100,
            served=99,
            errors=1 if t == 3 else 0,
            p50=8.0,
            p95=20.0 + t,
            p99=450.0 if t == 5 else 40.0,
            service_p95=15.0,
        )
        for t in range(seconds)
    )
    tail = Percentiles(p50=8, p90=15, p95=31, p99=420, p999=450, max=460, mean=10)
    return LoadResult(
        scenario=scenario,
        title="Search",
        mode=mode,
        target=SUBJECT,
        started_at=datetime(2026, 1, 2, tzinfo=UTC),
        seconds=float(seconds),
        seed=7,
        arrivals="constant",
        stages=(Stage(phase="steady", seconds=seconds, from_rate=100, to_rate=100),),
        timeline=timeline,
        groups=(
            Group(
                endpoint="all",
                phase="all",
                asked=1200,
                count=1199,
                errors=1,
                statuses={"200": 1198, "500": 1},
                failures={"500": 1},
                latency=tail,
            ),
        ),
        lateness=Lateness(starts=1200, limit_ms=50, late=2, p50=0.1, p99=2, max=60),
        generator=Generator(identities=8, connections=20, cpu_seconds=3.2, cpu_ms_a_request=2.7),
        criteria=(
            CriterionOutcome(
                id="search/p95",
                requirements=("LOAD-01",),
                expected="p95 < 200 ms",
                observed="31 ms",
                status=Status.REHEARSED if mode is Mode.REHEARSAL else Status.PASS,
            ),
        ),
        verdict=LoadVerdict.PASS,
    )


def write_load(folder: Path, result: LoadResult) -> None:
    path = folder / "load" / f"{result.scenario}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(result))
