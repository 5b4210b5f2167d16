"""Where the time of a load run went."""

from datetime import UTC, datetime
from typing import Any

from harness.bottlenecks import bottlenecks
from harness.journal import Subject
from harness.load_result import (
    DatabaseUse,
    Generator,
    Group,
    Lateness,
    LoadResult,
    LoadVerdict,
    Mode,
    Percentiles,
    ServiceSample,
    Statement,
)


def result(*, answered: int = 1000, **known: Any) -> LoadResult:
    """Answers that took 20 ms each, and waited 10 ms before."""

    def flat(ms: float) -> Percentiles | None:
        return Percentiles(p50=ms, p90=ms, p95=ms, p99=ms, p999=ms, max=ms, mean=ms) if answered else None

    whole = Group(
        endpoint="all",
        phase="all",
        asked=1000,
        count=answered,
        errors=0,
        statuses={},
        failures={},
        latency=flat(30),
        service=flat(20),
    )
    return LoadResult(
        scenario="search",
        title="Search",
        mode=Mode.FULL,
        target=Subject(name="a", base_url="http://127.0.0.1:1", profile_digest="0"),
        started_at=datetime(2026, 1, 2, tzinfo=UTC),
        seconds=10,
        seed=1,
        arrivals="constant",
        stages=(),
        timeline=(),
        groups=(whole,),
        lateness=Lateness(starts=1000, limit_ms=50, late=0, p50=0.1, p99=2, max=3),
        generator=Generator(identities=1, connections=1, cpu_seconds=1, cpu_ms_a_request=1),
        verdict=LoadVerdict.PASS,
        **known,
    )


def test_latency_is_waiting_and_serving() -> None:
    assert bottlenecks(result())[0] == (
        "p95 latency 30.0 ms, of which serving takes 20.0 ms and waiting for a connection about 10.0 ms "
        "(the generator's own lateness, p99 2.0 ms, included)"
    )


def test_the_databases_share_of_serving_and_its_longest_statements_are_told() -> None:
    statements = (
        Statement(text="SELECT slug FROM vendors WHERE q = $1", calls=1000, seconds=3.75),
        Statement(text="SELECT 1", calls=500, seconds=0.25),
        Statement(text="SET …", calls=1, seconds=0.001),
    )
    said = bottlenecks(result(database=DatabaseUse(seconds=5, calls=1600, statements=statements)))
    assert said[1:] == (
        "database: 5.00 s in 1600 statements by pg_stat_statements, 25 % of the 20.00 s of serving "
        "(with all that others asked of it meanwhile)",
        "database, 75 % of it: 3.75 s in 1000 × SELECT slug FROM vendors WHERE q = $1",
        "database, 5 % of it: 0.25 s in 500 × SELECT 1",
    )


def test_the_targets_own_metrics_stand_beside_what_the_database_says() -> None:
    sample = ServiceSample(t=10, requests=1000, database_seconds=4)
    said = bottlenecks(result(service=(sample,), database=DatabaseUse(missing="it is away")))
    assert said[1:] == (
        "database: 4.00 s in 10 s by the target's own metrics, 4.00 ms a request",
        "database: pg_stat_statements cannot be read: it is away",
    )


def test_what_is_not_known_of_the_database_is_said() -> None:
    assert "not known, for the profile has no database_url" in bottlenecks(result())[1]


def test_a_run_without_answers_says_so() -> None:
    assert bottlenecks(result(answered=0)) == (
        "nothing was answered, and nothing is known of the target's processes",
    )
