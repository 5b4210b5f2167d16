"""`python -m loadtests.bench SECONDS`: measure the load kit itself, print the figures as JSON."""

import os
import secrets
import sys
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.load_result import LoadResult, LoadVerdict
from harness.results import to_json
from loadtests.bench import tools
from loadtests.bench.figures import OURS, Case, Figure, LoadBench, off, truthfulness
from loadtests.bench.servers import arrivals_at, irregularity_of, make_certificate, rate_of, running_server
from loadtests.criteria import FILE
from loadtests.generator import Order, generate
from loadtests.histogram import Histogram

# One second in ten: the 5 % that wait longest are those due in its first half, the 1 % in its first tenth.
_PERIOD, _FREEZE = 10.0, 1.0
_TRUTH = ((_FREEZE - 0.05 * _PERIOD) * 1000, (_FREEZE - 0.01 * _PERIOD) * 1000)
_FREEZING = ("--freeze-every", f"{_PERIOD:g}", "--freeze-for", f"{_FREEZE:g}")
_RATE, _HIGH_RATE = 100.0, 500.0
_USERS, _MANY_USERS = 10, 100
_MICROSECONDS = tuple(secrets.randbelow(2_000_000) for _ in range(1000))


def main(arguments: list[str]) -> int:
    # Whole periods of the freeze, or the truth would be another.
    seconds = max(1, round(float(arguments[0]) / _PERIOD)) * _PERIOD
    with TemporaryDirectory(prefix="launchkit-bench-") as folder:
        bench = _Bench(Path(folder), seconds)
        cases = (*bench.large_pool(), *bench.ten_connections(), *bench.without_reuse())
        figures = (
            *truthfulness(cases),
            *bench.rate_and_cost(),
            bench.regularity(),
            _record_cost(),
        )
    result = LoadBench(truth_p95=_TRUTH[0], truth_p99=_TRUTH[1], cases=cases, figures=figures)
    print(to_json(result))
    return 0


class _Bench:
    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds

    def large_pool(self) -> Iterator[Case]:
        return self._beside("large pool", _MANY_USERS)

    def ten_connections(self) -> Iterator[Case]:
        return self._beside("10 connections", _USERS, connections=_USERS)

    def without_reuse(self) -> Iterator[Case]:
        certificate = self._folder / "certificate.pem"
        make_certificate(certificate)
        server = ("--close", "--certificate", str(certificate))
        with _trusted(certificate):
            yield from self._beside("TLS, a connection a request", _MANY_USERS, server)

    def _beside(
        self, name: str, users: int, server: tuple[str, ...] = (), *, connections: int | None = None
    ) -> Iterator[Case]:
        """Ours, then others with as many users or connections, each against a server that has just begun."""
        with running_server(*_FREEZING, *server) as url:
            yield _own(name, self._load(url, connections=connections))
        others: dict[str, Callable[[str], tools.Reading | None]] = {
            f"Locust, {users} users": lambda url: self._locust(url, users=users),
            f"hey, {users} connections": lambda url: tools.hey(
                url, connections=users, rate=_RATE, seconds=self._seconds, reuse="--close" not in server
            ),
            f"wrk, {users} (no fixed rate)": lambda url: tools.wrk(
                url, connections=users, seconds=self._seconds
            ),
        }
        for tool, measure in others.items():
            with running_server(*_FREEZING, *server) as url:
                yield _others(name, tool, measure(url))

    def rate_and_cost(self) -> list[Figure]:
        with running_server() as url:
            ours = self._load(url, rate=_HIGH_RATE)
            rate = rate_of(arrivals_at(url))
        with running_server() as url:
            theirs = self._locust(url, users=50, rate=_HIGH_RATE)
        cost = theirs.cpu_seconds / theirs.requests * 1000 if theirs.requests else None
        ratio = round(ours.generator.cpu_ms_a_request / cost, 2) if cost else None
        return [
            Figure(
                name=f"rate off {_HIGH_RATE:g} requests/s, as the server saw it",
                value=round(abs(rate / _HIGH_RATE - 1) * 100, 3),
                limit=0.5,
                unit="%",
            ),
            Figure(name="CPU a request, of FastHttpUser's", value=ratio, limit=2.0, unit="times"),
        ]

    def regularity(self) -> Figure:
        with running_server() as url:
            self._load(url)
            value = irregularity_of(arrivals_at(url))
        name = f"irregularity of the gaps at {_RATE:g} requests/s, as the server saw it"
        return Figure(name=name, value=round(value, 3), limit=0.5, unit="")

    def _load(self, url: str, *, rate: float = _RATE, connections: int | None = None) -> LoadResult:
        profile = self._folder / "target.yaml"
        lines = ["name: bench", f"base_url: {url}"]
        if connections is not None:  # of one client, or each of many would have a pool of one
            lines.append("rate_limit: {requests: 1000000, per_seconds: 1}")
        profile.write_text("\n".join(lines) + "\n", encoding="utf-8")
        order = Order(
            scenario="search",
            profile=profile,
            criteria=FILE,
            seed=1,
            arrivals="constant",
            rate=rate,
            duration=self._seconds,
            connections=connections,
        )
        return generate(order, self._folder, _tell)

    def _locust(self, url: str, *, users: int, rate: float = _RATE) -> tools.Reading:
        return tools.plain_locust(url, users=users, pace=rate / users, seconds=self._seconds)


def _own(name: str, result: LoadResult) -> Case:
    """A run in which the generator itself was late says nothing of its percentiles."""
    whole, invalid = result.group(), result.verdict is LoadVerdict.INVALID
    tail = whole.latency if whole is not None else None
    p95, p99 = (tail.p95, tail.p99) if tail is not None else (None, None)
    return Case(
        case=name,
        tool=OURS,
        requests=whole.count if whole is not None else 0,
        p95=p95,
        p99=p99,
        off=None if invalid else off(p95, p99, _TRUTH),
        note=f"INVALID: {result.lateness.share:.1%} of the starts were late" if invalid else "",
    )


def _others(name: str, tool: str, reading: tools.Reading | None) -> Case:
    if reading is None:
        return Case(case=name, tool=tool, requests=0, note="not installed")
    return Case(
        case=name,
        tool=tool,
        requests=reading.requests,
        p95=reading.p95,
        p99=reading.p99,
        off=off(reading.p95, reading.p99, _TRUTH),
        note=f"{reading.failed} failed" if reading.failed else "",
    )


def _record_cost() -> Figure:
    """The best of several: what it takes when nothing else comes between."""

    def record() -> None:
        histogram = Histogram()
        for value in _MICROSECONDS:
            histogram.record(value)

    best = min(timeit.repeat(record, number=20, repeat=7)) / (20 * len(_MICROSECONDS))
    return Figure(name="a record of the histogram", value=round(best * 1e6, 3), limit=1.6, unit="µs")


@contextmanager
def _trusted(certificate: Path) -> Iterator[None]:
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(certificate)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SSL_CERT_FILE"]
        else:
            os.environ["SSL_CERT_FILE"] = before


def _tell(text: object) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
