"""How a run goes: what is told of it every second or so, from one process to the other or to people."""

import msgspec

from harness.load_result import Mode, labelled
from loadtests.measurement import Measurement
from loadtests.plan import Plan
from loadtests.summary import latencies, select


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """The seconds since the last one, of which `second` is the end; latencies in ms, null without answers."""

    scenario: str
    mode: Mode
    second: int
    of: float
    phase: str
    rate: float
    errors: int
    p50: float | None
    p95: float | None
    p99: float | None
    errors_so_far: int
    sent_so_far: int

    def __str__(self) -> str:
        p95 = f"p95 {self.p95:7.1f} ms" if self.p95 is not None else "no answers yet"
        return (
            f"{labelled(self.scenario, self.mode)} {self.second:4d}/{self.of:.0f} s  {self.phase:<8s} "
            f"{self.rate:6.1f} requests/s  {p95}  errors {self.errors}"
        )


def tick_of(plan: Plan, measurement: Measurement, seconds: range) -> Tick:
    cells = list(select(measurement, seconds=seconds))
    latency = latencies(cells)
    p50, p95, p99 = (latency.percentile(p) if latency.count else None for p in (50, 95, 99))
    phases = dict.fromkeys(key.phase for key in measurement.cells if key.second in seconds)
    return Tick(
        scenario=plan.scenario.name,
        mode=plan.mode,
        second=seconds.stop,
        of=plan.seconds,
        phase=", ".join(phases),
        rate=sum(cell.sent for cell in cells) / len(seconds) if seconds else 0.0,
        errors=sum(cell.errors for cell in cells),
        p50=p50,
        p95=p95,
        p99=p99,
        errors_so_far=sum(cell.errors for cell in measurement.cells.values()),
        sent_so_far=sum(cell.sent for cell in measurement.cells.values()),
    )
