"""What the test server can be told to do to requests; times in seconds, from the first request on."""

import argparse
import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

Latencies: TypeAlias = tuple[tuple[float, int], ...]  # seconds, and how many of each hundred requests

_STRIDE = 61  # has no factor in common with a hundred, so that the slow ones do not come in a row


@dataclass(frozen=True)
class Behaviour:
    """All off by default but for a constant latency; `latencies`, where given, come instead of it."""

    latency: float = 0.0
    latencies: Latencies = ()
    freeze_every: float = 0.0  # at the start of each period, nothing is answered for freeze_for
    freeze_for: float = 0.0
    error_every: int = 0  # each n-th answer is a 500
    empty: bool = False  # searches find nothing
    die_at: int = 0  # it is gone when the n-th request comes
    slow_from: float = 0.0  # from here on, answers take slow_by longer
    slow_by: float = 0.0
    hot_rate: int = 0  # after more requests than this in one second, answers take slow_by longer …
    hangover: float = 0.0  # … for so long
    grow_percent: float = 0.0  # the latency grows by this part of itself a minute
    leak_mb: float = 0.0  # this much memory is kept for ever a minute
    at_once: int = 0  # more requests than this wait for their turn: an overload
    connections: int = 0  # more connections than this are closed at once
    limit: int = 0  # answers to one client address before it gets 429s
    only_search: bool = False
    close: bool = False  # one answer a connection
    counts_every: int = 1  # its metrics count each n-th request only
    certificate: str = ""  # a PEM file of key and certificate: it speaks TLS
    pidfile: str = ""

    def delay(self, number: int, since: float, *, hungover: bool) -> float:
        """Latency, plus what is left of a freeze: requests wait until it ends, then all are answered."""
        late = (self.slow_from and since >= self.slow_from) or hungover
        delay = self.latency_of(number) * math.exp(self.grow_percent / 100 * since / 60) + (
            self.slow_by if late else 0.0
        )
        if self.freeze_every:
            delay += max(0.0, self.freeze_for - since % self.freeze_every)
        return delay

    def latency_of(self, number: int) -> float:
        """By the request's number alone: any hundred in a row have exactly the stated shares."""
        if not self.latencies:
            return self.latency
        ends = list(accumulate(count for _, count in self.latencies))
        return self.latencies[bisect_right(ends, number * _STRIDE % 100)][0]


def read_latencies(text: str) -> Latencies:
    """From `5:0.9,100:0.09,900:0.01`: milliseconds and their share. Raises ValueError."""
    pairs = [part.split(":") for part in text.split(",")]
    percents = [round(float(share) * 100, 9) for _, share in pairs]
    if any(percent % 1 or percent <= 0 for percent in percents) or sum(percents) != 100:
        raise ValueError("shares are whole percents, and 1 together")
    return tuple((float(ms) / 1000, int(percent)) for (ms, _), percent in zip(pairs, percents, strict=True))


def read_behaviour(arguments: list[str]) -> Behaviour:
    parser = argparse.ArgumentParser()
    for name, default in vars(Behaviour()).items():
        flag = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            parser.add_argument(flag, action="store_true")
        else:
            kind = read_latencies if name == "latencies" else type(default)
            parser.add_argument(flag, type=kind, default=default)
    return Behaviour(**vars(parser.parse_args(arguments)))
