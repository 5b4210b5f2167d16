"""`launchkit bench console`: how fast the page is for a person, beside what it should be."""

from collections.abc import Callable, Iterator

import msgspec

from harness.browser import find_chromium
from harness.commands.console_speed import SLOWED, Speed, measure
from harness.environment import EnvironmentKind, open_environment
from harness.errors import CouldNotDecideError
from harness.progress import Progress
from harness.runs import RunFolder
from harness.settings import Settings

LOADED = 10_000
_CATALOGUE = 11_000  # not all are listed
_RATE_LIMIT = 1_000_000_000
_BUILD_SECONDS = 180.0


class ConsoleFigure(msgspec.Struct, frozen=True, kw_only=True):
    """`bound` is the most, or where `least` the least, that it should be."""

    name: str
    value: float
    unit: str
    bound: float
    least: bool
    held: bool


class ConsoleBench(msgspec.Struct, frozen=True, kw_only=True):
    """`slowed`: how many times slower than the machine the page ran.

    `still_frames_a_second`: what a page of the same looks without scripts scrolls at there.
    """

    format: int
    subject: str
    vendors: int
    slowed: float
    still_frames_a_second: float
    figures: tuple[ConsoleFigure, ...]


def bench_console(settings: Settings, progress: Progress) -> ConsoleBench:
    """Measure the page with 10,000 vendors loaded. Raises NoBrowserError, CouldNotDecideError."""
    find_chromium()  # told before anything is started
    with (
        RunFolder.create(settings.runs_dir, keep=settings.keep_runs) as folder,
        open_environment(
            EnvironmentKind.EMBEDDED, folder.path, settings, rate_limit=_RATE_LIMIT
        ) as environment,
    ):
        with progress.phase("console") as running:
            environment.begin_console(build=settings.build_console)
            problem = environment.finish_console(seconds=_BUILD_SECONDS, tell=running.tell)
        url = environment.target.console_url
        if problem or url is None:
            raise CouldNotDecideError(f"there is no console to measure: {problem}")
        with progress.phase(f"catalogue of {_CATALOGUE} vendors"):
            environment.populate(vendors=_CATALOGUE, seed=1)
        with progress.phase(f"measuring, {SLOWED:g} times slowed down"):
            speed = measure(url, LOADED)
    return bench_of(speed)


def bench_of(speed: Speed) -> ConsoleBench:
    return ConsoleBench(
        format=1,
        subject="console",
        vendors=speed.loaded,
        slowed=SLOWED,
        still_frames_a_second=round(speed.still_frames_a_second, 2),
        figures=tuple(figures_of(speed)),
    )


def figures_of(speed: Speed) -> Iterator[ConsoleFigure]:
    yield _most("bundle, gzipped", speed.bundle_kb, "KB", 110)
    yield _most("first results", speed.first_results, "s", 2)
    yield _most("longest block while typing", speed.longest_block, "ms", 50)
    yield _least("scrolling, all loaded", speed.frames_a_second, "frames/s", 55)
    yield _most("cards in the document", speed.cards, "", 60)


def _most(name: str, value: float, unit: str, bound: float) -> ConsoleFigure:
    return _figure(name, value, unit, bound, least=False, holds=float.__le__)


def _least(name: str, value: float, unit: str, bound: float) -> ConsoleFigure:
    return _figure(name, value, unit, bound, least=True, holds=float.__ge__)


def _figure(
    name: str, value: float, unit: str, bound: float, *, least: bool, holds: Callable[[float, float], bool]
) -> ConsoleFigure:
    value, bound = round(float(value), 2), float(bound)
    return ConsoleFigure(
        name=name, value=value, unit=unit, bound=bound, least=least, held=holds(value, bound)
    )


def console_table(result: ConsoleBench) -> str:
    width = max(len(figure.name) for figure in result.figures)
    head = f"{result.vendors} vendors, on a processor {result.slowed:g} times slowed down"
    still = f"a still page of such cards scrolls at {result.still_frames_a_second:.2f} frames/s there"
    return "\n".join((head, *(_row(figure, width) for figure in result.figures), still))


def _row(figure: ConsoleFigure, width: int) -> str:
    bound = f"{'≥' if figure.least else '≤'} {figure.bound:g} {figure.unit}"
    held = "held" if figure.held else "NOT HELD"
    return f"{figure.name:{width}}  {figure.value:9.2f} {figure.unit:8}  {bound:15}  {held}"
