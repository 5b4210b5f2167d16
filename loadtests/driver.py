"""Drives one share of a run's arrivals and sends on, every second, what it measured."""

import logging
import time
from collections.abc import Callable
from typing import Any

import gevent
import msgspec

from loadtests.connections import Connections
from loadtests.dispatcher import REQUEST_SECONDS, Dispatcher, Obituary, Report
from loadtests.ending import EndedBy, Ending
from loadtests.options import Job

MEASURED, DONE = "launchkit_measured", "launchkit_done"
_SEND_EVERY_SECONDS = 1.0
_LOG = logging.getLogger(__name__)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What one driver does: every `of`-th arrival from number `share` on; `begin` is Unix time."""

    share: int
    of: int
    begin: float
    slugs: tuple[str, ...]


class Driver:
    """`send` takes the name of a message and its data."""

    def __init__(self, job: Job, send: Callable[[str, dict[str, Any]], None], report: Report) -> None:
        self._job, self._send, self._report = job, send, report

    def drive(self, order: Order) -> None:
        """Carry out the order, and say that it is done."""
        connections = Connections(
            self._job.target.base_url,
            self._job.identities,
            self._job.target.headers,
            timeout=REQUEST_SECONDS,
            most=max(1, self._job.connections // order.of),
        )
        dispatcher = Dispatcher(connections, order.slugs, self._report, Obituary())
        courier = gevent.spawn(self._deliver, dispatcher)
        ending: Ending | None = None
        try:
            begin = time.monotonic() + order.begin - time.time()
            died = dispatcher.run(self._job.plan.requests(order.share, order.of), begin)
            ending = Ending(EndedBy.TARGET, died) if died else None
        except Exception as error:  # whatever it is, nobody may wait for this driver any more
            _LOG.exception("the driver broke")
            ending = Ending(EndedBy.GENERATOR, f"the generator broke: {type(error).__name__}: {error}")
        finally:
            courier.kill()
            connections.close()
            self._send(MEASURED, dispatcher.take().to_message())
        self._send(DONE, {"ending": msgspec.to_builtins(ending)})

    def _deliver(self, dispatcher: Dispatcher) -> None:
        while True:
            gevent.sleep(_SEND_EVERY_SECONDS)
            self._send(MEASURED, dispatcher.take().to_message())
