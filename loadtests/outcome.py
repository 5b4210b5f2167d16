"""The result of a run, put together from what was measured."""

from datetime import datetime

from harness.journal import subject_of
from harness.load_result import (
    DatabaseUse,
    Generator,
    LoadResult,
    LoadVerdict,
    ProcessSample,
    Reconciliation,
    ServiceSample,
)
from loadtests.ending import Ending
from loadtests.exposition import Uncounted
from loadtests.findings import Evidence
from loadtests.judgement import judge, with_counts
from loadtests.measurement import Measurement
from loadtests.options import Job
from loadtests.recovery import recoveries
from loadtests.summary import groups, lateness, timeline


def make_result(
    job: Job,
    measurement: Measurement,
    *,
    started_at: datetime,
    seconds: float,
    samples: tuple[ProcessSample, ...],
    service: tuple[ServiceSample, ...] = (),
    database: DatabaseUse | None = None,
    counts: Reconciliation | Uncounted | None = None,
    oom_kills: int | None,
    workers: int,
    ending: Ending | None,
) -> LoadResult:
    """No ending is that of a run that was whole."""
    evidence = Evidence(job.plan, measurement, seconds, samples, oom_kills or 0)
    verdict, outcomes = judge(job.criteria, evidence, ending)
    if counts is not None and verdict is not LoadVerdict.INVALID:
        verdict, outcomes = with_counts(verdict, outcomes, counts, job.plan.mode)
    until = None if ending is None else seconds
    return LoadResult(
        scenario=job.plan.scenario.name,
        title=job.plan.title,
        mode=job.plan.mode,
        target=subject_of(job.target),
        started_at=started_at,
        seconds=round(seconds, 3),
        seed=job.plan.seed,
        arrivals=str(job.plan.kind),
        stages=job.plan.stages,
        timeline=timeline(job.plan, measurement, until=until),
        groups=groups(job.plan, measurement, until=until),
        lateness=lateness(measurement),
        generator=_generator(job, measurement, workers),
        processes=samples,
        service=service,
        database=database,
        reconciliation=(counts,) if isinstance(counts, Reconciliation) else (),
        recoveries=recoveries(job.criteria, measurement),
        criteria=outcomes,
        verdict=verdict,
        partial="" if ending is None else ending.reason,
        notes=_notes(job, measurement, oom_kills),
    )


def _generator(job: Job, measurement: Measurement, workers: int) -> Generator:
    sent = measurement.lateness.count
    return Generator(
        identities=len(job.identities.addresses),
        connections=measurement.connections,
        cpu_seconds=round(measurement.cpu_seconds, 3),
        cpu_ms_a_request=round(measurement.cpu_seconds / sent * 1000, 3) if sent else 0.0,
        workers=workers,
        most_connections=job.connections,
    )


def _notes(job: Job, measurement: Measurement, oom_kills: int | None) -> tuple[str, ...]:
    notes = []
    if job.plan.mode.value == "rehearsal":
        notes.append("A rehearsal: the rates of the full run, for seconds instead of minutes.")
    if job.plan.mode.value == "custom":
        notes.append("Rate, duration or limits were chosen for this run: it satisfies no requirement.")
    if measurement.repeated:
        notes.append(
            f"{measurement.repeated} requests were sent a second time: the kept connection they went out on "
            "was closed before a byte of the answer came."
        )
    if oom_kills:
        notes.append(f"During the run this machine's kernel killed {oom_kills} processes for memory.")
    return tuple(notes)
