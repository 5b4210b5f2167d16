"""A round computes what has changed, and comes to what all of the past comes to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import IntegrityError, connect

from reference_service.storage.metrics_aggregation import MetricsAggregation
from reference_service.storage.migrator import migrate_down, migrate_up
from reference_service.storage.worker_session import WorkerSession
from reference_service.tests.workers.database import Marketplace
from reference_service.tests.workers.recomputing import recomputed, stored

START = datetime(2026, 3, 10, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
DAY = timedelta(days=1)
DAY_LONG = 24 * 60  # minutes
VENDORS = 4

# Near now, near either end of a window, and anywhere.
ages = st.one_of(
    st.integers(-3, 20),
    st.integers(DAY_LONG - 30, DAY_LONG + 30),
    st.integers(7 * DAY_LONG - 30, 7 * DAY_LONG + 30),
    st.integers(0, 8 * DAY_LONG),
)
latencies = st.lists(
    st.one_of(st.integers(1, 6), st.floats(0, 5000, allow_nan=False)), min_size=1, max_size=60
)
vendor_ids = st.integers(1, VENDORS)
checks = st.sampled_from(["up", "up", "degraded", "down"])
payment = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(["1", "0.000001"]),
    st.sampled_from(["settled", "failed", "created"]),
)
writes = st.one_of(
    st.tuples(st.just("telemetry"), vendor_ids, ages, latencies),
    st.tuples(st.just("telemetry"), vendor_ids, ages, latencies),
    st.tuples(st.just("checks"), vendor_ids, ages, st.lists(checks, min_size=1, max_size=9)),
    st.tuples(st.just("payments"), vendor_ids, ages, st.lists(payment, min_size=1, max_size=5)),
    st.tuples(st.just("disputes"), vendor_ids, ages, st.sampled_from(["open", "upheld", "rejected"])),
    st.tuples(st.just("corrections"), vendor_ids, ages, st.integers(0, 6)),
)
steps = st.sampled_from([5, 5, 5, 31, -7, -19, 60 * 5, 60 * 30])
Write = tuple[str, int, int, object]
rounds = st.lists(st.tuples(steps, st.lists(writes, max_size=5)), min_size=2, max_size=8)

CORRECTIONS = (
    "UPDATE gateway_telemetry SET response_time_ms = 7 WHERE vendor_id = %s AND id %% 3 = 0",
    "UPDATE vendor_health_checks SET status = 'up' WHERE vendor_id = %s",
    "UPDATE payment_intents SET status = 'settled' WHERE vendor_id = %s AND id %% 2 = 0",
    "DELETE FROM gateway_telemetry WHERE vendor_id = %s AND id %% 2 = 0",
    "DELETE FROM vendor_metrics WHERE vendor_id = %s",
    "DELETE FROM vendors WHERE id = %s",
    "UPDATE vendor_metrics SET uptime_pct = 1, avg_latency_ms = 1, rating_score = 1, total_requests = 5,"
    " last_request_at = NULL, all_checks = 9, latency_samples = 9 WHERE vendor_id = %s",
)


@pytest.fixture
def session(marketplace: Marketplace) -> Iterator[WorkerSession]:
    with marketplace.session() as opened:
        yield opened


def write(marketplace: Marketplace, now: datetime, what: Write) -> None:
    kind, vendor_id, age, values = what
    if (vendor_id,) not in marketplace.rows("SELECT id FROM vendors"):
        marketplace.add_vendor(vendor_id)
    moment = now - age * MINUTES
    match kind, values:
        case "corrections", int(number):
            marketplace.connection.execute(CORRECTIONS[number].encode(), (vendor_id,))
        case "disputes", str(status):
            marketplace.add_disputes(vendor_id, status)
        case "telemetry", list(times):
            marketplace.add_telemetry(vendor_id, moment, *times)
        case "checks", list(statuses):
            marketplace.add_checks(vendor_id, moment, *statuses)
        case "payments", list(payments):
            marketplace.add_payments(vendor_id, moment, *payments)


def add_past(marketplace: Marketplace, vendor_id: int, now: datetime) -> None:
    """Some of it on either side of each window's end."""
    for age in range(-40, 80, 8):
        marketplace.add_telemetry(vendor_id, now - DAY + age * MINUTES, *range(age % 7 + vendor_id))
        marketplace.add_checks(vendor_id, now - 7 * DAY + age * MINUTES, ("up", "down")[age % 3 % 2])


def assert_equal(marketplace: Marketplace, now: datetime) -> None:
    expected, found = recomputed(marketplace, now), stored(marketplace)
    assert set(found) == set(expected)
    for vendor_id, figures in expected.items():
        for name, figure in figures.items():
            # The sum behind an average is kept in whole nanoseconds.
            right = pytest.approx(figure, abs=1e-6, rel=1e-9) if name == "avg_latency_ms" else figure
            assert found[vendor_id][name] == right, f"vendor {vendor_id}: {name}"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planned=rounds)
@example(
    planned=[
        (5, []),
        (31, [("telemetry", 2, DAY_LONG - 10, [3, 4, 4000]), ("checks", 2, 7 * DAY_LONG - 10, ["down"])]),
        (-19, [("telemetry", 2, DAY_LONG + 10, [3, 4]), ("checks", 2, 7 * DAY_LONG + 10, ["down", "up"])]),
        (5, [("telemetry", 3, 90, [1, 5000]), ("payments", 1, 1, [("a", "1", "settled")])]),
        (5, [("telemetry", 3, 2, [5000.5] * 9), ("telemetry", 1, 300, [2])]),
        (5, [("corrections", 1, 0, 6), ("telemetry", 1, 2, [9])]),
        (5, [("corrections", 4, 0, 4), ("checks", 4, 2, ["up"]), ("telemetry", 4, 2, [9])]),
        (31, []),
    ]
)
def test_what_changed_comes_to_what_all_comes_to(
    marketplace: Marketplace,
    session: WorkerSession,
    planned: list[tuple[int, list[Write]]],
) -> None:
    marketplace.connection.execute("TRUNCATE vendors CASCADE")
    now = START
    for vendor_id in range(1, VENDORS + 1):
        marketplace.add_vendor(vendor_id)
        add_past(marketplace, vendor_id, now)
    for minutes, written in planned:
        now += minutes * MINUTES
        for what in written:
            write(marketplace, now, what)
        assert aggregate(session, now) == []
        assert_equal(marketplace, now)


def aggregate(session: WorkerSession, now: datetime) -> list[str]:
    return [failure.name for failure in MetricsAggregation(session.connection).aggregate(now).failed]


def test_the_past_is_not_read_again_while_the_bands_hold(
    marketplace: Marketplace, session: WorkerSession
) -> None:
    marketplace.add_vendor(1)
    marketplace.add_telemetry(1, START - MINUTES, *range(1, 201))
    aggregate(session, START)
    marketplace.connection.execute("SET session_replication_role = replica")  # nothing notes what follows
    marketplace.connection.execute("UPDATE gateway_telemetry SET response_time_ms = 9000")
    marketplace.connection.execute("SET session_replication_role = origin")
    marketplace.add_telemetry(1, START, 195.5, 1)
    aggregate(session, START + 5 * MINUTES)
    found = marketplace.metrics(1)
    assert (found["p95_latency_ms"], found["p99_latency_ms"]) == pytest.approx((190.95, 197.99))


def test_a_load_of_many_rows_is_read_and_not_kept_row_by_row(
    marketplace: Marketplace, session: WorkerSession
) -> None:
    marketplace.add_vendor(1)
    aggregate(session, START)
    marketplace.connection.execute(
        "INSERT INTO gateway_telemetry (vendor_id, response_time_ms, status_code, created_at)"
        " SELECT 1, number, 200, %s FROM generate_series(1, 6000) AS number",
        (START,),
    )
    assert marketplace.rows("SELECT count(*) FROM arrived_telemetry") == [(0,)]
    aggregate(session, START + MINUTES)
    assert_equal(marketplace, START + MINUTES)


def test_what_is_not_concerned_is_left_alone_for_a_day(
    marketplace: Marketplace, session: WorkerSession
) -> None:
    for vendor_id in (1, 2):
        marketplace.add_vendor(vendor_id)
    aggregate(session, START)
    marketplace.connection.execute("SET session_replication_role = replica")  # nothing notes what follows
    marketplace.connection.execute("UPDATE vendor_metrics SET rating_score = 2")
    marketplace.connection.execute("SET session_replication_role = origin")
    marketplace.add_disputes(1, "open")
    aggregate(session, START + 5 * MINUTES)
    assert [marketplace.metrics(number)["rating_score"] for number in (1, 2)] == [4.9, 2]
    marketplace.connection.execute("UPDATE aggregation_watermarks SET as_of = %s", (START + DAY,))
    aggregate(session, START + DAY)
    assert [marketplace.metrics(number)["rating_score"] for number in (1, 2)] == [4.9, 5]


@pytest.mark.parametrize(
    "foreign",
    [
        "UPDATE vendor_metrics SET rating_score = 1, total_requests = 5, uptime_pct = 1 WHERE vendor_id = 1",
        "UPDATE vendor_metrics SET vendor_id = 2 WHERE vendor_id = 1",
        "INSERT INTO vendor_metrics (vendor_id, rating_score) VALUES (2, 1)",
    ],
)
def test_figures_that_somebody_else_wrote_are_put_right(
    marketplace: Marketplace, session: WorkerSession, foreign: str
) -> None:
    marketplace.add_vendor(1)
    add_past(marketplace, 1, START)
    aggregate(session, START)
    marketplace.add_vendor(2)
    marketplace.connection.execute(foreign.encode())
    aggregate(session, START + MINUTES)
    assert_equal(marketplace, START + MINUTES)


def test_a_round_does_not_note_its_own_figures(marketplace: Marketplace, session: WorkerSession) -> None:
    marketplace.add_vendor(1)
    marketplace.add_telemetry(1, START, 5)
    aggregate(session, START)
    assert marketplace.rows("SELECT * FROM changed_vendors") == []
    session.connection.execute("UPDATE vendor_metrics SET rating_score = 2")
    assert marketplace.rows("SELECT * FROM changed_vendors") == [("vendor_metrics", 1)]


def test_a_part_that_failed_is_computed_anew(marketplace: Marketplace, session: WorkerSession) -> None:
    marketplace.add_vendor(1)
    marketplace.add_telemetry(1, START, *range(50))
    aggregate(session, START)
    marketplace.add_telemetry(1, START, 900)
    marketplace.connection.execute("ALTER TABLE latency_bands RENAME TO away")
    assert aggregate(session, START + MINUTES) == ["latency"]
    marketplace.connection.execute("ALTER TABLE away RENAME TO latency_bands")
    assert aggregate(session, START + 2 * MINUTES) == []
    assert_equal(marketplace, START + 2 * MINUTES)


def test_a_round_that_fails_takes_nothing(marketplace: Marketplace, session: WorkerSession) -> None:
    marketplace.add_vendor(1)
    marketplace.add_telemetry(1, START, *range(50))
    aggregate(session, START)
    marketplace.add_telemetry(1, START, 900)
    marketplace.connection.execute("ALTER TABLE vendor_metrics ADD CONSTRAINT never CHECK (false) NOT VALID")
    with pytest.raises(IntegrityError):
        aggregate(session, START + MINUTES)
    marketplace.connection.execute("ALTER TABLE vendor_metrics DROP CONSTRAINT never")
    aggregate(session, START + 2 * MINUTES)
    assert_equal(marketplace, START + 2 * MINUTES)


def test_a_row_that_is_committed_late_is_not_missed(marketplace: Marketplace, session: WorkerSession) -> None:
    marketplace.add_vendor(1)
    aggregate(session, START)
    with connect(marketplace.url) as slow:
        slow.execute(
            "INSERT INTO gateway_telemetry (vendor_id, response_time_ms, status_code, created_at)"
            " VALUES (1, 70, 200, %s)",
            (START,),
        )
        marketplace.add_telemetry(1, START + MINUTES, 30)
        aggregate(session, START + MINUTES)
        assert marketplace.metrics(1)["avg_latency_ms"] == 30
    aggregate(session, START + 2 * MINUTES)
    assert marketplace.metrics(1)["avg_latency_ms"] == 50


def test_more_time_than_can_be_summed_does_not_spoil_what_follows(
    marketplace: Marketplace, session: WorkerSession
) -> None:
    marketplace.add_vendor(1)
    marketplace.connection.execute(
        "INSERT INTO gateway_telemetry (vendor_id, response_time_ms, status_code, created_at)"
        " SELECT 1, 999999999, 200, %s FROM generate_series(1, 9500)",
        (START - DAY + 3 * MINUTES,),
    )
    assert aggregate(session, START) == []
    for minutes in range(1, 6):
        marketplace.add_telemetry(1, START, 10 * minutes)
        assert aggregate(session, START + minutes * MINUTES) == []
        assert_equal(marketplace, START + minutes * MINUTES)


ABSURD = (float("nan"), float("inf"), 1e200, 1e9)


@pytest.mark.parametrize("absurd", ABSURD)
def test_an_absurd_time_is_refused(marketplace: Marketplace, absurd: float) -> None:
    marketplace.add_vendor(1)
    with pytest.raises(IntegrityError, match="gateway_telemetry_response_time_bounded"):
        marketplace.add_telemetry(1, START, absurd)
    marketplace.add_checks(1, START, "up")
    with pytest.raises(IntegrityError, match="vendor_health_checks_response_time_bounded"):
        marketplace.connection.execute("UPDATE vendor_health_checks SET response_time_ms = %s", (absurd,))


@pytest.mark.parametrize("absurd", ABSURD)
def test_an_absurd_time_from_before_the_bound_spoils_nobodys_figures(
    marketplace: Marketplace, session: WorkerSession, absurd: float
) -> None:
    for vendor_id in (1, 2):
        marketplace.add_vendor(vendor_id)
        marketplace.add_telemetry(vendor_id, START, *range(500))  # so many that no band reaches the highest
    aggregate(session, START)
    migrate_down(marketplace.connection, 6)
    marketplace.add_telemetry(1, START - DAY + 3 * MINUTES, absurd)
    # As the release before came to.
    marketplace.connection.execute("UPDATE vendor_metrics SET avg_latency_ms = 'NaN'")
    migrate_up(marketplace.connection)
    for minutes in (1, 2, 4):
        for vendor_id in (1, 2):
            marketplace.add_telemetry(vendor_id, START, 30)
        assert aggregate(session, START + minutes * MINUTES) == []
        assert_equal(marketplace, START + minutes * MINUTES)
