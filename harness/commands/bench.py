"""`launchkit bench`: figures as ratios within one run; absolute times on shared machines say little."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from harness.commands.bench_console import bench_console, console_table
from harness.commands.bench_load import bench_load
from harness.commands.bench_report import bench_report, report_table
from harness.commands.bench_service import bench_service, service_table
from harness.commands.bench_workers import bench_workers, workers_table
from harness.environment import EnvironmentKind, open_environment
from harness.exit_codes import ExitCode, gravest
from harness.progress import Progress
from harness.results import to_json
from harness.runs import RunFolder
from harness.settings import Settings, read_settings
from loadtests.bench.figures import bench_table

_CATALOGUE_VENDORS = 2000


def _sizes(_: type, sizes: Sequence[int]) -> None:
    if not sizes or not all(1 <= size <= 1_000_000 for size in sizes):
        raise ValueError("sizes are from 1 to 1000000 vendors")


class Subject(StrEnum):
    STACK = "stack"  # how long the embedded stack takes to start, to be filled and to stop
    SERVICE = "service"  # searches under open arrivals, at several sizes of the catalogue
    WORKERS = "workers"  # rounds of the reference's workers, each beside the plain way
    CONSOLE = "console"  # the page in a browser on a slowed processor
    LOAD = "load"  # the load kit itself: its percentiles beside the truth, its rate, its cost
    REPORT = "report"  # how long a checklist takes, and how large and how quick its report is


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds over several rounds, and their median as a ratio to the start of a bare interpreter."""

    name: str
    median: float
    fastest: float
    slowest: float
    ratio: float


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    subject: Subject
    rounds: int
    unit: str
    figures: tuple[Figure, ...]


def bench(
    subject: Subject = Subject.STACK,
    /,
    *,
    rounds: Annotated[int, Parameter(validator=Number(gte=1, lte=50))] = 3,
    vendors: Annotated[tuple[int, ...], Parameter(validator=_sizes)] = (1000, 10000, 100_000),
    rate: Annotated[float, Parameter(validator=Number(gte=1, lte=2000))] = 100,
    seconds: Annotated[float, Parameter(validator=Number(gte=1, lte=600))] = 15,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> ExitCode:
    """Measure, and print each figure with its ratio to a bare one in the same run.

    Exit code 1 where a figure is not what it should be, else 3 where one could not be measured.

    Parameters
    ----------
    subject
        What is measured: stack, beside the start of a bare Python; service, beside a bare Falcon hello;
        workers, beside computing all anew and one httpx.AsyncClient (some minutes);
        load, beside the analytic truth and other tools; report, beside its limits; console, beside its
        limits too (needs Chromium).
    rounds
        How often the stack is started, the checklist asked and the report opened; the median counts.
    vendors
        Sizes of the catalogue that the service is asked at; 100000 vendors take some minutes to load.
    rate
        Searches a second, whatever the service does.
    seconds
        How long at each size, or each run of the load kit.
    json
        Print a JSON document on stdout, and nothing else there.
    """
    settings, progress = read_settings(), Progress()
    match subject:
        case Subject.LOAD:
            loaded = bench_load(seconds=seconds, progress=progress)
            measured = _Measured(loaded, bench_table(loaded), [figure.kept for figure in loaded.figures])
        case Subject.SERVICE:
            served = bench_service(vendors, rate=rate, seconds=seconds, settings=settings, progress=progress)
            measured = _Measured(served, service_table(served), [not served.missed])
        case Subject.REPORT:
            told = bench_report(rounds, progress)
            measured = _Measured(told, report_table(told), [figure.held for figure in told.figures])
        case Subject.WORKERS:
            worked = bench_workers(settings, progress)
            measured = _Measured(worked, workers_table(worked), [not worked.missed])
        case Subject.CONSOLE:
            seen = bench_console(settings, progress)
            measured = _Measured(seen, console_table(seen), [figure.held for figure in seen.figures])
        case Subject.STACK:
            stack = _bench_stack(rounds, settings, progress)
            measured = _Measured(stack, _table(stack), [True])  # there is nothing that it should be
    print(to_json(measured.document) if json else measured.table)
    return exit_code_of(measured.kept)


@dataclass(frozen=True, slots=True)
class _Measured:
    """`kept` says of each figure whether it is what it should be, None where it could not be measured."""

    document: msgspec.Struct
    table: str
    kept: Sequence[bool | None]


def exit_code_of(kept: Iterable[bool | None]) -> ExitCode:
    """A figure that is not kept beats one that is not known."""
    codes = {True: ExitCode.PASS, False: ExitCode.FAIL, None: ExitCode.UNDECIDED}
    return gravest(codes[one] for one in kept)


def _bench_stack(rounds: int, settings: Settings, progress: Progress) -> Bench:
    samples: dict[str, list[float]] = {}
    for number in range(1, rounds + 1):
        with progress.phase(f"round {number} of {rounds}"):
            for name, seconds in _stack_round(settings).items():
                samples.setdefault(name, []).append(seconds)
    return _summary(Subject.STACK, rounds, samples)


def _stack_round(settings: Settings) -> dict[str, float]:
    with RunFolder.create(settings.runs_dir, keep=settings.keep_runs) as folder:
        bare = _seconds(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
        opening = open_environment(EnvironmentKind.EMBEDDED, folder.path, settings)
        clock = time.monotonic()
        with opening as environment:
            start = time.monotonic() - clock
            populate = _seconds(lambda: environment.populate(vendors=_CATALOGUE_VENDORS, seed=1))
            workers = _seconds(environment.start_workers)
            clock = time.monotonic()
        stop = time.monotonic() - clock
    return {
        "bare interpreter": bare,
        "stack, to ready": start,
        f"catalogue of {_CATALOGUE_VENDORS} vendors": populate,
        "workers, to ready": workers,
        "stop": stop,
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def _summary(subject: Subject, rounds: int, samples: dict[str, list[float]]) -> Bench:
    medians = {name: statistics.median(values) for name, values in samples.items()}
    base = next(iter(medians.values()))
    return Bench(
        format=1,
        subject=subject,
        rounds=rounds,
        unit="seconds",
        figures=tuple(
            Figure(
                name=name,
                median=round(medians[name], 4),
                fastest=round(min(values), 4),
                slowest=round(max(values), 4),
                ratio=round(medians[name] / base, 2),
            )
            for name, values in samples.items()
        ),
    )


def _table(result: Bench) -> str:
    width = max(len(figure.name) for figure in result.figures)
    head = f"{'':{width}}  {'median s':>9}  {'fastest':>8}  {'slowest':>8}  {'ratio':>7}"
    rows = (
        f"{figure.name:{width}}  {figure.median:9.3f}  {figure.fastest:8.3f}  {figure.slowest:8.3f}"
        f"  {figure.ratio:7.1f}"
        for figure in result.figures
    )
    return "\n".join((head, *rows))
