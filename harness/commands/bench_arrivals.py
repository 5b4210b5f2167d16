"""Open arrivals at a fixed rate: an answer's time counts from when its request was due."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from harness.commands.bench_requests import Request

_THREADS = 32
_ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Sample:
    kind: str
    seconds: float
    status: int
    """0: no answer."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds from the due time."""

    requests: int
    errors: int
    p50: float
    p95: float


def offer(base_url: str, requests: Iterable[Request], *, rate: float, seconds: float) -> list[Sample]:
    """Send them at this rate whatever the server does; a sample each."""
    address, threads = urlsplit(base_url), threading.local()

    def send(request: Request, due: float) -> Sample:
        try:
            if not hasattr(threads, "connection"):
                threads.connection = http.client.HTTPConnection(
                    str(address.hostname), address.port, timeout=_ANSWER_SECONDS
                )
            threads.connection.request("GET", request.path)
            answer = threads.connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            del threads.connection
            status = 0
        return Sample(request.kind, time.monotonic() - due, status)

    started = time.monotonic()
    futures: list[Future[Sample]] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        for number, request in enumerate(islice(requests, int(rate * seconds))):
            due = started + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            futures.append(pool.submit(send, request, due))
        return [future.result() for future in futures]


def timing(samples: Iterable[Sample]) -> Timing:
    """Of at least two samples."""
    held = list(samples)
    cuts = statistics.quantiles((sample.seconds * 1000 for sample in held), n=20, method="inclusive")
    errors = sum(sample.status != 200 for sample in held)
    return Timing(len(held), errors, cuts[9], cuts[18])
