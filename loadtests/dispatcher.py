"""Starts each request when it is due, whatever became of the ones before it."""

from collections.abc import Callable, Iterable, Sequence
from time import monotonic, process_time
from typing import TypeAlias

import gevent
from gevent.pool import Group

from loadtests.arrivals import Arrival
from loadtests.connections import Connections, Exchange, ExchangeError
from loadtests.measurement import OWN_FAILURE, Key, Measurement
from loadtests.scenarios.model import Endpoint

_BURST = 32  # requests that are overdue, before those that were started and all others go on
REQUEST_SECONDS = 10.0  # from the moment a request is due; then it is given up

# Name of the endpoint, latency in ms, length of the body, reason of a failure.
Report: TypeAlias = Callable[[str, float, int, str], None]


class Dispatcher:
    """Drives one share of a plan and measures it.

    Latency counts from the intended start, so that the requests behind a freeze tell of it. What became
    late here, in the generator, is recorded beside it.
    """

    def __init__(
        self, connections: Connections, slugs: Sequence[str], report: Report, obituary: "Obituary"
    ) -> None:
        self._connections, self._slugs, self._report = connections, slugs, report
        self._obituary = obituary
        self._measured = Measurement()
        self._good_bodies: dict[tuple[str, str], bytes] = {}  # by endpoint and slug
        self._begin = 0.0

    def run(self, requests: Iterable[tuple[Arrival, Endpoint]], begin: float) -> str:
        """Send them all, `begin` being when the first is due (monotonic seconds).

        Returns why the run ended early, empty where it did not.
        """
        self._begin = begin
        cpu, flying, overdue = process_time(), Group(), 0
        opened, repeated = self._connections.opened, self._connections.repeated
        try:
            for arrival, endpoint in requests:
                wait = begin + arrival.due - monotonic()
                overdue = overdue + 1 if wait <= 0 else 0
                if wait > 0 or overdue % _BURST == 0:
                    gevent.sleep(max(0.0, wait))
                if self._obituary.reason:
                    break
                flying.spawn(self._send, arrival, endpoint)
            flying.join()
            self._obituary.close(monotonic() - begin, monotonic())
        finally:
            self._measured.cpu_seconds += process_time() - cpu
            self._measured.connections += self._connections.opened - opened
            self._measured.repeated += self._connections.repeated - repeated
        return self._obituary.reason

    def take(self) -> Measurement:
        """What was measured since the last call."""
        taken, self._measured = self._measured, Measurement()
        return taken

    def _send(self, arrival: Arrival, endpoint: Endpoint) -> None:
        due, slug = self._begin + arrival.due, self._slug(arrival, endpoint)
        key = Key(int(arrival.due), arrival.phase, endpoint.name)
        self._measured.lateness.record(_microseconds(monotonic() - due))
        self._measured.cell(key).sent += 1
        try:
            exchange = self._connections.get(endpoint.path_for(slug), arrival.index, due + REQUEST_SECONDS)
        except ExchangeError as error:
            self._failed(key, due, error)
        else:
            self._answered(key, due, endpoint, slug, exchange)

    def _slug(self, arrival: Arrival, endpoint: Endpoint) -> str:
        return self._slugs[arrival.index % len(self._slugs)] if endpoint.needs_slugs else ""

    def _answered(self, key: Key, due: float, endpoint: Endpoint, slug: str, exchange: Exchange) -> None:
        now = monotonic()
        self._obituary.answered(now)
        cell = self._measured.cell(key)
        cell.latency.record(_microseconds(now - due))
        cell.service.record(_microseconds(now - exchange.written))
        cell.statuses[str(exchange.status)] += 1
        reason = self._judge(endpoint, slug, exchange)
        if reason:
            cell.errors += 1
            cell.failures[reason] += 1
        self._report(key.endpoint, (now - due) * 1000, len(exchange.body), reason)

    def _failed(self, key: Key, due: float, error: ExchangeError) -> None:
        now = monotonic()
        if not error.reason.startswith(OWN_FAILURE):
            self._obituary.failed(now - self._begin, now)
        cell = self._measured.cell(key)
        cell.errors += 1
        cell.failures[error.reason] += 1
        if error.reason == "timeout":
            # Leaving these out would make a target that hangs look fast.
            cell.latency.record(_microseconds(now - due))
            if error.written is not None:
                cell.service.record(_microseconds(now - error.written))
        self._report(key.endpoint, (now - due) * 1000, 0, error.reason)

    def _judge(self, endpoint: Endpoint, slug: str, exchange: Exchange) -> str:
        if exchange.status != 200:
            return f"status_{exchange.status}"
        # Cached answers repeat to the byte: look at each only once.
        if exchange.body == self._good_bodies.get((endpoint.name, slug)):
            return ""
        reason = endpoint.check(exchange.body, slug)
        if not reason:
            self._good_bodies[endpoint.name, slug] = exchange.body
        return reason


class Obituary:
    """Decides that a target has died: it had answered, and for a while nothing at all comes back."""

    _FAILURES = 20
    _SECONDS = 2.0

    def __init__(self) -> None:
        self.reason = ""
        self._last_answer: float | None = None
        self._failures = 0

    def answered(self, now: float) -> None:
        self._last_answer, self._failures = now, 0

    def failed(self, since_begin: float, now: float) -> None:
        self._failures += 1
        if self._silence(since_begin, now) >= self._SECONDS:
            self.close(since_begin, now)

    def close(self, since_begin: float, now: float) -> None:
        """At the end of a run no silence has to be waited for: nothing more will come."""
        if self._failures >= self._FAILURES and not self.reason:
            last = since_begin - self._silence(since_begin, now)
            self.reason = f"the target stopped answering {last:.1f} s into the run"

    def _silence(self, since_begin: float, now: float) -> float:
        return since_begin if self._last_answer is None else now - self._last_answer


def _microseconds(seconds: float) -> int:
    return max(0, round(seconds * 1_000_000))
