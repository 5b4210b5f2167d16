"""A run's own `/metrics`, for whoever watches it while it goes on."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gevent.pywsgi import WSGIServer

from harness.errors import UsageError
from loadtests.measurement import LATE_MS, Measurement
from loadtests.plan import Plan
from loadtests.summary import latencies, select

_HOST = "127.0.0.1"
_WINDOW_SECONDS = 60  # percentiles of a whole soak would take too long to merge
_QUANTILES = (0.5, 0.9, 0.95, 0.99)


class Exporter:
    """Serves what `measured` returns; port 0 is any free one. Raises UsageError where the port is taken."""

    def __init__(self, port: int, plan: Plan, measured: Callable[[], Measurement]) -> None:
        self._plan, self._measured = plan, measured
        self._server = WSGIServer((_HOST, port), self._answer, log=None, error_log=None)
        try:
            self._server.start()
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used for --metrics-port ({error.strerror})", hint="take another"
            ) from None

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self._server.server_port}/metrics"

    def stop(self) -> None:
        self._server.stop(timeout=0)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"look at /metrics\n"]
        start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
        return ["".join(f"{line}\n" for line in exposition(self._plan, self._measured())).encode()]


def exposition(plan: Plan, measurement: Measurement) -> Iterator[str]:
    """Prometheus's text format."""
    name = f'scenario="{plan.scenario.name}",mode="{plan.mode}"'
    yield "# HELP launchkit_load_requests_total Requests sent, and how many of them failed."
    yield "# TYPE launchkit_load_requests_total counter"
    for (endpoint, phase, result), count in sorted(_requests(measurement).items()):
        yield (
            f'launchkit_load_requests_total{{{name},endpoint="{endpoint}",phase="{phase}",'
            f'result="{result}"}} {count}'
        )
    yield "# HELP launchkit_load_late_starts_total Requests that the generator itself started late."
    yield "# TYPE launchkit_load_late_starts_total counter"
    yield f"launchkit_load_late_starts_total{{{name}}} {measurement.lateness.count_above(LATE_MS)}"
    yield from _latency(name, measurement)


def _requests(measurement: Measurement) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for key, cell in measurement.cells.items():
        counts[key.endpoint, key.phase, "error"] += cell.errors
        counts[key.endpoint, key.phase, "sent"] += cell.sent
    return counts


def _latency(name: str, measurement: Measurement) -> Iterable[str]:
    last = max((key.second for key in measurement.cells), default=0)
    merged = latencies(select(measurement, seconds=range(last - _WINDOW_SECONDS + 1, last + 1)))
    if not merged.count:
        return
    yield f"# HELP launchkit_load_latency_seconds From the intended start, in the last {_WINDOW_SECONDS} s."
    yield "# TYPE launchkit_load_latency_seconds gauge"
    for quantile in _QUANTILES:
        seconds = merged.percentile(quantile * 100) / 1000
        yield f'launchkit_load_latency_seconds{{{name},quantile="{quantile:g}"}} {seconds:.6f}'
