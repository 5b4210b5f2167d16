"""`launchkit bench workers`: the reference's aggregator and health checker, each beside the plain way."""

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence

import msgspec

from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.errors import CouldNotDecideError
from harness.progress import Progress
from harness.runs import RunFolder
from harness.settings import Settings

_SECONDS = 1800.0


class _Measured(msgspec.Struct, frozen=True):
    name: str
    seconds: tuple[float, ...]


class WorkersFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds; `times_cheaper` is to the plain way just before it, null for that itself."""

    name: str
    median: float
    fastest: float
    slowest: float
    times_cheaper: float | None


class WorkersBench(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    subject: str
    unit: str
    figures: tuple[WorkersFigure, ...]


def bench_workers(settings: Settings, progress: Progress) -> WorkersBench:
    """10,000 vendors, 2,000,000 rows of telemetry and 5,000 endpoints; takes some minutes."""
    with (
        RunFolder.create(settings.runs_dir, keep=settings.keep_runs) as folder,
        Processes() as processes,
        embedded_postgres(
            processes, data=folder.path / "postgres", log=folder.path / "postgres.log"
        ) as server,
        progress.phase("the workers of the reference"),
    ):
        return WorkersBench(
            format=1, subject="workers", unit="seconds", figures=_figures(_measure(server.url()))
        )


def _measure(database_url: str) -> Sequence[_Measured]:
    done = subprocess.run(
        [sys.executable, "-m", "reference_service.benches"],
        env={**os.environ, "REFERENCE_DATABASE_URL": database_url},
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        problem = (done.stderr.decode(errors="replace").splitlines() or ["no reason given"])[-1]
        raise CouldNotDecideError(f"the workers could not be measured: {problem}")
    return msgspec.json.decode(done.stdout, type=tuple[_Measured, ...])


def _figures(measured: Sequence[_Measured]) -> tuple[WorkersFigure, ...]:
    """They come in pairs: the plain way first."""
    return tuple(
        _figure(one, plain)
        for plain, ours in zip(measured[::2], measured[1::2], strict=True)
        for one in (plain, ours)
    )


def _figure(one: _Measured, plain: _Measured) -> WorkersFigure:
    median = statistics.median(one.seconds)
    return WorkersFigure(
        name=one.name,
        median=round(median, 4),
        fastest=round(min(one.seconds), 4),
        slowest=round(max(one.seconds), 4),
        times_cheaper=None if one is plain else round(statistics.median(plain.seconds) / median, 1),
    )


def workers_table(result: WorkersBench) -> str:
    width = max(len(figure.name) for figure in result.figures)
    head = f"{'':{width}}  {'median s':>9}  {'fastest':>8}  {'slowest':>8}  {'times cheaper':>13}"
    rows = (
        f"{figure.name:{width}}  {figure.median:9.3f}  {figure.fastest:8.3f}  {figure.slowest:8.3f}"
        f"  {figure.times_cheaper or '':>13}"
        for figure in result.figures
    )
    return "\n".join((head, *rows))
