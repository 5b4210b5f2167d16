"""How a made-up vendor behaves on the network: a pure function of seed, vendor and request.

The history that the catalogue is loaded with and the stub server's answers both follow it, so that what the
workers measure later continues what was there.
"""

import math
import random
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from reference_service.catalogue.draws import stream


class Temper(StrEnum):
    """The kinds of vendors there are."""

    STEADY = "steady"
    REDIRECTING = "redirecting"
    SLOW = "slow"
    FLAKY = "flaky"  # fails now and then
    MISSING = "missing"  # 404: the endpoint has moved away
    FAILING = "failing"
    CIRCLING = "circling"  # redirects without end


_SHARES = {
    Temper.STEADY: 82,
    Temper.REDIRECTING: 5,
    Temper.SLOW: 4,
    Temper.FLAKY: 5,
    Temper.MISSING: 1.5,
    Temper.FAILING: 1.5,
    Temper.CIRCLING: 1,
}
_CUMULATED = tuple(accumulate(_SHARES.values()))
_MAX_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`median_seconds` of an answer, the share of answers that fail, and redirects before the answer."""

    temper: Temper
    median_seconds: float
    failure_rate: float
    hops: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: after `seconds`, `status_code`, and where it redirects to the hop that follows."""

    status_code: int
    seconds: float
    next_hop: int | None = None


def behaviour_of(seed: int, vendor_id: int) -> Behaviour:
    """The same for the same arguments, in any process."""
    rng = stream(seed, vendor_id)
    temper = rng.choices(tuple(_SHARES), cum_weights=_CUMULATED)[0]
    median = 0.4 + rng.random() if temper is Temper.SLOW else rng.lognormvariate(math.log(0.035), 0.6)
    failure_rate = {
        Temper.FLAKY: 0.05 + 0.25 * rng.random(),
        Temper.MISSING: 1.0,
        Temper.FAILING: 1.0,
    }.get(temper, 0.002)
    hops = rng.randint(1, 3) if temper is Temper.REDIRECTING else 0
    return Behaviour(temper, min(median, _MAX_SECONDS), failure_rate, hops)


def answer(behaviour: Behaviour, hop: int, rng: random.Random) -> Answer:
    """The answer to a health check at a hop (0: the endpoint itself)."""
    seconds = min(behaviour.median_seconds * rng.lognormvariate(0, 0.35), _MAX_SECONDS)
    if behaviour.temper is Temper.CIRCLING or hop < behaviour.hops:
        return Answer(302, seconds / 4, hop + 1)
    if rng.random() >= behaviour.failure_rate:
        return Answer(200, seconds)
    return Answer(404 if behaviour.temper is Temper.MISSING else 503, seconds)
