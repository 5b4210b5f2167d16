"""What `launchkit bench load` tells, and what each figure should be."""

import msgspec


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
    """`limit` is the most that the figure should be, on a machine that does nothing else."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def kept(self) -> bool:
        return self.value <= self.limit


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


def bench_table(result: LoadBench) -> str:
    head = f"{'against a server that freezes':30}  {'tool':24}  requests    p95 ms    p99 ms      off"
    truth = f"{'':30}  {'the truth':24}  {'':>8}  {result.truth_p95:8.1f}  {result.truth_p99:8.1f}"
    rows = (
        f"{case.case:30}  {case.tool:24}  {case.requests:8}  {_ms(case.p95)}  {_ms(case.p99)}  "
        f"{f'{case.off:.1%}' if case.off is not None else '–':>7}  {case.note}".rstrip()
        for case in result.cases
    )
    figures = (
        f"{figure.name:58}  {figure.value:8.3g} {figure.unit}, at most {figure.limit:g}: "
        f"{'kept' if figure.kept else 'NOT KEPT'}"
        for figure in result.figures
    )
    return "\n".join((head, truth, *rows, "", *figures))


def _ms(value: float | None) -> str:
    return f"{value:8.1f}" if value is not None else f"{'–':>8}"
