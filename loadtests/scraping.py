"""Reads the target's own metrics while it is loaded."""

import http.client
import urllib.request
from time import monotonic, sleep

from harness.load_result import Reconciliation, ServiceSample
from harness.target import Capability, Target
from loadtests.exposition import (
    Readings,
    Sent,
    Series,
    Uncounted,
    database_seconds,
    read_exposition,
    reconcile,
    requests_total,
    unexplained,
)

_SECONDS = 2.0
_PAUSE_SECONDS = 0.1
_MOST_BYTES = 8_000_000


class Scraper:
    """One run's: `start`, `sample` once a second, and in the end `settle`."""

    def __init__(self, target: Target) -> None:
        self._declared = target.metrics_urls
        if not self._declared and Capability.METRICS in target.capabilities:
            self._declared = (f"{target.base_url}/metrics",)
        self._urls: tuple[str, ...] = ()
        self._headers = dict(target.headers)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._first: Readings | None = None

    def start(self) -> None:
        """Pages that cannot be had now are left alone."""
        self._urls = tuple(url for url in self._declared if self._page(url) is not None)
        self._first = self._read()

    @property
    def reads(self) -> bool:
        return self._first is not None

    def sample(self, begin: float) -> ServiceSample | None:
        """What was counted since the start; None where the metrics say nothing of use."""
        readings = self._read()
        if self._first is None or readings is None:
            return None
        requests, database = requests_total(readings), database_seconds(readings)
        if requests is None:
            return None
        database_before = database_seconds(self._first) or 0.0
        return ServiceSample(
            t=round(monotonic() - begin, 3),
            requests=round(requests - (requests_total(self._first) or 0.0)),
            database_seconds=None if database is None else round(database - database_before, 4),
        )

    def settle(self, sent: Sent) -> Reconciliation | Uncounted | None:
        """Hold the counts against each other as soon as they agree, or the target had time to count.

        None where the profile names no metrics, or they count no requests.
        """
        if self._first is None:
            return _unread("when the run began") if self._declared else None
        deadline = monotonic() + _SECONDS
        while True:
            readings = self._read()
            late = monotonic() > deadline
            if readings is None:
                if late:
                    return _unread("when the run had ended")
                sleep(_PAUSE_SECONDS)
                continue
            found = reconcile(self._first, readings, sent)
            if found is None or not unexplained(found) or late:
                return found

    def _read(self) -> Readings | None:
        """None where there are no metrics, or one of their pages cannot be had any more."""
        if not self._urls:
            return None
        readings: dict[Series, float] = {}
        for url in self._urls:
            page = self._page(url)
            if page is None:
                return None
            for series, value in page.items():
                readings[series] = readings.get(series, 0.0) + value
        return readings

    def _page(self, url: str) -> Readings | None:
        try:
            request = urllib.request.Request(url, headers=self._headers)  # noqa: S310  # the profile's own
            with self._opener.open(request, timeout=_SECONDS) as answer:
                text = answer.read(_MOST_BYTES).decode("utf-8", "replace")
        except (OSError, ValueError, http.client.HTTPException):
            return None
        return read_exposition(text)


def _unread(when: str) -> Uncounted:
    return Uncounted(f"the metrics that the profile names could not be read {when}")
