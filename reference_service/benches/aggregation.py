"""What a round of the aggregator costs over a day of telemetry, beside computing all of it anew."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reference_service.benches.figure import Figure
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.metrics_aggregation import PARTS, MetricsAggregation
from reference_service.storage.migrator import migrate_up
from reference_service.storage.telemetry_maker import TelemetryMaker

DAY, EVERY = timedelta(days=1), timedelta(minutes=5)
ANEW, ROUNDS = 5, 8
# One plain statement a part, without what a later round goes on from.
_PLAIN = tuple(replace(part, shifts=(), remembers=()) for part in PARTS)


class Draw(StrEnum):
    """How the vendor of a request is drawn."""

    UNIFORM = "uniform"
    ZIPF = "Zipf"


def measure_aggregation(settings: Settings, *, vendors: int, rows: int) -> Iterator[Figure]:
    """Needs a database of its own, as a superuser: all that is in it goes."""
    for draw in Draw:
        with open_connection(settings) as connection:
            migrate_up(connection)
            maker = TelemetryMaker(connection, vendors, 1.0 if draw is Draw.ZIPF else 0.0)
            now = datetime.now(UTC)
            maker.fill(rows, now - DAY, now)
            plain = MetricsAggregation(connection, _PLAIN, prepare=_prepare_nothing)
            rounds = MetricsAggregation(connection, prepare=_prepare_nothing)
            yield Figure(f"{draw}: anew", tuple(_anew(maker, plain, now) for _ in range(ANEW)))
            maker.forget()
            rounds.aggregate(now)
            maker.settle()
            times = []
            for number in range(1, ROUNDS + 1):
                moment = now + number * EVERY
                maker.arrive(round(rows * (EVERY / DAY)), moment - EVERY, moment)
                times.append(_seconds(rounds, moment))
            yield Figure(f"{draw}: a round", tuple(times))


def _prepare_nothing(_: object) -> None:
    """Searches are prepared alike after either."""


def _anew(maker: TelemetryMaker, plain: MetricsAggregation, now: datetime) -> float:
    maker.forget()
    maker.settle()
    return _seconds(plain, now)


def _seconds(aggregation: MetricsAggregation, now: datetime) -> float:
    started = time.perf_counter()
    result = aggregation.aggregate(now)
    if result.failed:
        raise RuntimeError(f"{result.failed[0].name}: {result.failed[0].error}")
    return time.perf_counter() - started
