"""`launchkit bench service`: searches of the reference at several sizes, beside a bare Falcon hello."""

import itertools
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import msgspec

from harness.children.processes import Processes
from harness.commands.bench_arrivals import Sample, offer, timing
from harness.commands.bench_requests import Request, read_vocabulary, requests
from harness.environment import EnvironmentKind, open_environment
from harness.environment.ports import HOST, reserved_port
from harness.environment.readiness import wait_until_listening
from harness.progress import Progress
from harness.runs import RunFolder
from harness.settings import Settings

P95_LIMIT_MS = 50
GROWTH_LIMIT = 4
"""Of the p95 from one size to the next, which is ten times as many vendors."""
_PROCESSES = 2
_RATE_LIMIT = 1_000_000_000
_WARM_SECONDS = 2.0
_HELLO_SECONDS = 5.0
# Every request is to reach the database.
_WITHOUT_CACHE = "REFERENCE_CACHE_SEARCH_SECONDS"


class ServiceFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from the moment when a request was due; ratios to the hello's same percentile."""

    vendors: int
    kind: str
    requests: int
    errors: int
    p50: float
    p95: float
    p50_ratio: float
    p95_ratio: float


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """How many times a class's p95 is what it was at the size before."""

    kind: str
    vendors: int
    since: int
    p95: float


class ServiceBench(msgspec.Struct, frozen=True, kw_only=True):
    """`missed` names each class and figure that is past its limit."""

    format: int
    subject: str
    rate: float
    unit: str
    figures: tuple[ServiceFigure, ...]
    growth: tuple[Growth, ...] = ()
    missed: tuple[str, ...] = ()


def bench_service(
    sizes: Sequence[int], *, rate: float, seconds: float, settings: Settings, progress: Progress
) -> ServiceBench:
    """The hello first, which has no vendors; then each class of searches, and all, at each size."""
    hello = _measured_hello(rate, settings, progress)
    figures = [_figure(0, "hello", hello, hello)]
    for vendors in sizes:
        samples = _measured_searches(vendors, rate, seconds, settings, progress)
        kinds = sorted({sample.kind for sample in samples})
        figures += [_figure(vendors, kind, [s for s in samples if s.kind == kind], hello) for kind in kinds]
        figures.append(_figure(vendors, "all", samples, hello))
    growth = tuple(_growth(figures[1:]))
    return ServiceBench(
        format=1,
        subject="service",
        rate=rate,
        unit="milliseconds",
        figures=tuple(figures),
        growth=growth,
        missed=tuple(_missed(figures, growth)),
    )


def _growth(figures: Iterable[ServiceFigure]) -> Iterator[Growth]:
    for kind, alike in groupby(
        sorted(figures, key=lambda figure: figure.kind), key=lambda figure: figure.kind
    ):
        for before, after in itertools.pairwise(sorted(alike, key=lambda figure: figure.vendors)):
            yield Growth(
                kind=kind,
                vendors=after.vendors,
                since=before.vendors,
                p95=round(after.p95 / before.p95, 1),
            )


def _missed(figures: Iterable[ServiceFigure], growth: Iterable[Growth]) -> Iterator[str]:
    for figure in figures:
        where = f"{figure.kind} at {figure.vendors} vendors"
        if figure.p95 > P95_LIMIT_MS:
            yield f"{where}: p95 {figure.p95:.1f} ms, limit {P95_LIMIT_MS}"
        if figure.errors:
            yield f"{where}: {figure.errors} errors, limit 0"
    for grown in growth:
        if grown.p95 > GROWTH_LIMIT:
            yield (
                f"{grown.kind} from {grown.since} to {grown.vendors} vendors:"
                f" p95 grows {grown.p95} times, limit {GROWTH_LIMIT}"
            )


def _figure(vendors: int, kind: str, samples: Sequence[Sample], hello: Sequence[Sample]) -> ServiceFigure:
    seen, base = timing(samples), timing(hello)
    return ServiceFigure(
        vendors=vendors,
        kind=kind,
        requests=seen.requests,
        errors=seen.errors,
        p50=round(seen.p50, 2),
        p95=round(seen.p95, 2),
        p50_ratio=round(seen.p50 / base.p50, 1),
        p95_ratio=round(seen.p95 / base.p95, 1),
    )


def _measured_hello(rate: float, settings: Settings, progress: Progress) -> list[Sample]:
    with (
        progress.phase("bare Falcon hello"),
        RunFolder.create(settings.runs_dir, keep=settings.keep_runs) as folder,
        Processes() as processes,
        reserved_port() as port,
    ):
        command = [sys.executable, "-m", "harness.commands.bench_hello", str(port), str(_PROCESSES)]
        hello = processes.start("hello", command, log=folder.path / "hello.log", folder=folder.path)
        wait_until_listening(hello, port, seconds=30.0)
        asked = itertools.repeat(Request("hello", "/"))
        url = f"http://{HOST}:{port}"
        offer(url, asked, rate=rate, seconds=_WARM_SECONDS)
        return offer(url, asked, rate=rate, seconds=_HELLO_SECONDS)


def _measured_searches(
    vendors: int, rate: float, seconds: float, settings: Settings, progress: Progress
) -> list[Sample]:
    with (
        _uncached(),
        RunFolder.create(settings.runs_dir, keep=settings.keep_runs) as folder,
        open_environment(EnvironmentKind.EMBEDDED, folder.path, settings, rate_limit=_RATE_LIMIT) as opened,
    ):
        with progress.phase(f"catalogue of {vendors} vendors"):
            opened.populate(vendors=vendors, seed=1)
        with progress.phase(f"searches among {vendors} vendors"):
            url = opened.target.base_url
            asked = requests(read_vocabulary(url), seed=1)
            offer(url, asked, rate=rate, seconds=_WARM_SECONDS)
            return offer(url, asked, rate=rate, seconds=seconds)


@contextmanager
def _uncached() -> Iterator[None]:
    """The service's processes inherit the variable."""
    before = os.environ.get(_WITHOUT_CACHE)
    os.environ[_WITHOUT_CACHE] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_WITHOUT_CACHE]
        else:
            os.environ[_WITHOUT_CACHE] = before


def service_table(result: ServiceBench) -> str:
    head = (
        f"{'vendors':>8}  {'searches':24}  {'requests':>8}  {'errors':>6}"
        f"  {'p50 ms':>8}  {'ratio':>6}  {'p95 ms':>8}  {'ratio':>6}"
    )
    rows = (
        f"{figure.vendors or '':>8}  {figure.kind:24}  {figure.requests:8}  {figure.errors:6}"
        f"  {figure.p50:8.2f}  {figure.p50_ratio:6.1f}  {figure.p95:8.2f}  {figure.p95_ratio:6.1f}"
        for figure in result.figures
    )
    grown = (
        f"{growth.kind}: p95 at {growth.vendors} vendors is {growth.p95:.1f} times that at {growth.since}"
        for growth in result.growth
    )
    missed = (f"missed: {problem}" for problem in result.missed)
    within = (
        () if result.missed else (f"no class misses {P95_LIMIT_MS} ms, {GROWTH_LIMIT} times, or an answer",)
    )
    return "\n".join((head, *rows, "", *grown, "", *missed, *within))
