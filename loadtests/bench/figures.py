"""What `launchkit bench load` tells, and what each figure should be."""

from collections.abc import Iterable, Iterator

import msgspec

OURS = "launchkit"
_OFF_PERCENT = 5.0
_KEPT = {True: "kept", False: "NOT KEPT", None: "not measured"}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A tool against a server that freezes; ms, from the intended start where the tool knows it.

    `off` is how far the worse of the two percentiles is from the truth; null where the tool gives none.
    """

    case: str
    tool: str
    requests: int
    p95: float | None = None
    p99: float | None = None
    off: float | None = None
    note: str = ""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`limit` is the most that the figure should be, on a machine that does nothing else.

    `value` is null where it could not be measured; that is neither kept nor not.
    """

    name: str
    value: float | None
    limit: float
    unit: str

    @property
    def kept(self) -> bool | None:
        return None if self.value is None else self.value <= self.limit


class LoadBench(msgspec.Struct, frozen=True, kw_only=True):
    format: int = 1
    subject: str = "load"
    truth_p95: float
    truth_p99: float
    cases: tuple[Case, ...]
    figures: tuple[Figure, ...]


def off(p95: float | None, p99: float | None, truth: tuple[float, float]) -> float | None:
    """The larger relative distance of two percentiles from the truth."""
    if p95 is None or p99 is None:
        return None
    return round(max(abs(p95 / truth[0] - 1), abs(p99 / truth[1] - 1)), 4)


def truthfulness(cases: Iterable[Case]) -> Iterator[Figure]:
    """How far our own percentiles may be from the truth in each case."""
    for case in cases:
        if case.tool == OURS:
            yield Figure(
                name=f"p95 or p99 off the truth: {case.case}",
                value=None if case.off is None else round(case.off * 100, 2),
                limit=_OFF_PERCENT,
                unit="%",
            )


def bench_table(result: LoadBench) -> str:
    head = f"{'against a server that freezes':30}  {'tool':28}  requests    p95 ms    p99 ms      off"
    truth = f"{'':30}  {'the truth':28}  {'':>8}  {result.truth_p95:8.1f}  {result.truth_p99:8.1f}"
    rows = (
        f"{case.case:30}  {case.tool:28}  {case.requests:8}  {_ms(case.p95)}  {_ms(case.p99)}  "
        f"{f'{case.off:.1%}' if case.off is not None else '–':>7}  {case.note}".rstrip()
        for case in result.cases
    )
    figures = (
        f"{figure.name:62}  {'–' if figure.value is None else format(figure.value, '.3g'):>8} {figure.unit}, "
        f"at most {figure.limit:g}: {_KEPT[figure.kept]}"
        for figure in result.figures
    )
    return "\n".join((head, truth, *rows, "", *figures))


def _ms(value: float | None) -> str:
    return f"{value:8.1f}" if value is not None else f"{'–':>8}"
