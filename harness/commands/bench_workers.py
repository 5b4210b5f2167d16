"""`launchkit bench workers`: the reference's aggregator and health checker, each beside the plain way."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from harness.children.processes import Processes
from harness.environment.postgres import embedded_postgres
from harness.errors import CouldNotDecideError
from harness.progress import Progress
from harness.runs import RunFolder
from harness.settings import Settings

_SECONDS = 1800.0
# How many times cheaper each should be than the plain way beside it.
_AT_LEAST = {"uniform: a round": 8.0, "Zipf: a round": 20.0, "checks: the health checker": 2.5}


class _Measured(msgspec.Struct, frozen=True):
    name: str
    seconds: tuple[float, ...]


class WorkersFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds; `times_cheaper` is to the plain way just before it, null for that itself, as is `at_least`."""

    name: str
    median: float
    fastest: float
    slowest: float
    times_cheaper: float | None
    at_least: float | None = None


class WorkersBench(msgspec.Struct, frozen=True, kw_only=True):
    """`missed` names each figure that is not as many times cheaper as it should be."""

    format: int
    subject: str
    unit: str
    figures: tuple[WorkersFigure, ...]
    missed: tuple[str, ...] = ()


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
        return _bench_of(_measure(server.url()))


def _bench_of(measured: Sequence[_Measured]) -> WorkersBench:
    figures = _figures(measured)
    return WorkersBench(
        format=1, subject="workers", unit="seconds", figures=figures, missed=tuple(_missed(figures))
    )


def _missed(figures: Iterable[WorkersFigure]) -> Iterator[str]:
    for figure in figures:
        if figure.at_least and figure.times_cheaper and figure.times_cheaper < figure.at_least:
            yield f"{figure.name}: {figure.times_cheaper} times cheaper, at least {figure.at_least:g}"


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
        at_least=next((least for name, least in _AT_LEAST.items() if one.name.endswith(name)), None),
    )


def workers_table(result: WorkersBench) -> str:
    width = max(len(figure.name) for figure in result.figures)
    head = (
        f"{'':{width}}  {'median s':>9}  {'fastest':>8}  {'slowest':>8}"
        f"  {'times cheaper':>13}  {'at least':>8}"
    )
    rows = (
        f"{figure.name:{width}}  {figure.median:9.3f}  {figure.fastest:8.3f}  {figure.slowest:8.3f}"
        f"  {figure.times_cheaper or '':>13}"
        f"  {figure.at_least or '':>8}".rstrip()
        for figure in result.figures
    )
    missed = (f"missed: {problem}" for problem in result.missed)
    return "\n".join((head, *rows, *missed))
