"""What the workers tell at the profile's `metrics_urls`, at one moment and between two."""

import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from prometheus_client.samples import Sample

from harness.contract.operations.exposition import Reading, parsed_text
from harness.target import Capability, Target

TIMEOUT_SECONDS = 10
LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True)
class WorkersTold:
    """All that was told before the moment `at` (monotonic seconds)."""

    reading: Reading
    at: float


@dataclass(frozen=True)
class Telling:
    """What was told before the other tests and after them."""

    first: WorkersTold
    last: WorkersTold

    @property
    def reading(self) -> Reading:
        return self.last.reading

    @property
    def seconds(self) -> float:
        return self.last.at - self.first.at

    def grown(self, name: str) -> float:
        """By how much a total grew; what began anew in between has grown by all that it tells."""
        before, after = self.first.reading.total(name), self.reading.total(name)
        return after - before if after >= before else after


def read_workers(target: Target) -> WorkersTold:
    """All that is told at the profile's URLs; one that does not answer tells nothing.

    Raises ContractBroken where one tells something that is not in the text format.
    """
    urls = target.metrics_urls if Capability.METRICS in target.capabilities else ()
    samples = [sample for url in urls for sample in _samples(url)]
    return WorkersTold(Reading(tuple(samples)), time.monotonic())


def _samples(url: str) -> tuple[Sample, ...]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
            text = answer.read(LARGEST).decode("utf-8", "replace")
    except (OSError, ValueError, urllib.error.URLError):
        return ()
    return parsed_text(text, url).samples
