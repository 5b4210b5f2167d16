"""What the workers keep in PostgreSQL: the lock, heartbeats, checks, partitions."""

import os
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry
from psycopg import OperationalError

from reference_service.domain.errors import UnavailableError
from reference_service.domain.health import Finding, HealthCheck, HealthStatus, HealthTarget
from reference_service.domain.worker_names import WorkerName
from reference_service.settings import Settings
from reference_service.storage.health_ledger import HealthLedger
from reference_service.storage.partitions import HealthPartitions
from reference_service.storage.schedule_hold import hold_schedule, lift_hold, without_rounds
from reference_service.storage.worker_session import open_worker_session
from reference_service.telemetry.worker_metrics import WorkerMetrics
from reference_service.tests.workers.database import Marketplace
from reference_service.tests.workers.waiting import wait_until
from reference_service.workers.partition_manager import PartitionManager

CHECKER, MANAGER = WorkerName.HEALTH_CHECKER, WorkerName.PARTITION_MANAGER


def test_one_connection_leads_until_it_ends(marketplace: Marketplace) -> None:
    with marketplace.session() as follower:
        with marketplace.session() as leader:
            assert leader.try_to_lead(CHECKER)
            assert not follower.try_to_lead(CHECKER)
            assert follower.try_to_lead(MANAGER)
        wait_until(lambda: follower.try_to_lead(CHECKER))


def test_a_terminated_leader_is_broken_and_its_lock_is_free(marketplace: Marketplace) -> None:
    with marketplace.session() as leader, marketplace.session() as follower:
        assert leader.try_to_lead(CHECKER)
        pid = leader.connection.info.backend_pid
        marketplace.connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with pytest.raises(Exception, match="terminating"):
            leader.schedule_is_held()
        assert leader.broken
        assert not follower.broken
        assert follower.try_to_lead(CHECKER)


def test_a_cancelled_statement_leaves_the_connection_and_the_lock(marketplace: Marketplace) -> None:
    with marketplace.session() as session:
        assert session.try_to_lead(CHECKER)
        ended: list[Exception] = []

        def sleep() -> None:
            try:
                session.connection.execute("SELECT pg_sleep(60)")
            except Exception as error:
                ended.append(error)

        thread = threading.Thread(target=sleep)
        thread.start()
        sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
        wait_until(lambda: marketplace.rows(sleeping) == [(1,)])
        session.cancel()
        thread.join(60)
        assert "canceling" in str(ended[0])
        assert not session.broken
        with marketplace.session() as other:
            assert not other.try_to_lead(CHECKER)


def test_the_lock_of_a_leader_that_dies_in_mid_query_is_free_long_before_the_query_ends(
    marketplace: Marketplace,
) -> None:
    with marketplace.session() as leader, marketplace.session() as follower:
        assert leader.try_to_lead(CHECKER)
        with suppress(OperationalError), leader.connection.pipeline():
            leader.connection.execute("SELECT pg_sleep(600)")
            leader.connection.pgconn.flush()
            wire = socket.socket(fileno=os.dup(leader.connection.fileno()))
            wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        wait_until(lambda: follower.try_to_lead(CHECKER))


def test_a_server_that_does_not_answer_is_said_in_one_line() -> None:
    with (
        pytest.raises(UnavailableError, match="does not answer"),
        open_worker_session(Settings(database_url="postgresql://127.0.0.1:1/x")),
    ):
        pass


def test_a_held_schedule_is_seen_by_everybody_until_it_is_lifted(marketplace: Marketplace) -> None:
    with marketplace.session() as session:
        assert not session.schedule_is_held()
        hold_schedule(marketplace.connection, 300)
        assert session.schedule_is_held()
        lift_hold(marketplace.connection)
        assert not session.schedule_is_held()


def test_a_round_by_hand_prolongs_a_hold_and_makes_none(marketplace: Marketplace) -> None:
    ends = "SELECT held_until > now() + interval '200 seconds' FROM schedule_hold"
    with marketplace.session() as session:
        session.keep_hold()
        assert not session.schedule_is_held()
        hold_schedule(marketplace.connection, 60)
        assert marketplace.rows(ends) == [(False,)]
        session.keep_hold()
        assert marketplace.rows(ends) == [(True,)]


def test_a_hold_ends_by_itself(marketplace: Marketplace) -> None:
    with marketplace.session() as session:
        hold_schedule(marketplace.connection, 0.3)
        assert session.schedule_is_held()
        wait_until(lambda: not session.schedule_is_held())
        session.keep_hold()
        assert not session.schedule_is_held()


def test_data_are_replaced_only_where_no_round_runs(marketplace: Marketplace) -> None:
    with marketplace.session() as leader:
        assert leader.try_to_lead(CHECKER)
        with (
            pytest.raises(UnavailableError, match="a round of health-checker does not end"),
            without_rounds(marketplace.connection, wait=0.2),
        ):
            pass
    with marketplace.session() as follower:
        with without_rounds(marketplace.connection):
            assert not follower.try_to_lead(CHECKER)
        assert follower.try_to_lead(CHECKER)


def test_heartbeats_move_on(marketplace: Marketplace) -> None:
    with marketplace.session() as session:
        session.beat(CHECKER, 60)
        first = marketplace.rows("SELECT last_success_at FROM worker_heartbeats")
        session.beat(CHECKER, 30)
    assert marketplace.rows("SELECT worker, interval_seconds FROM worker_heartbeats") == [
        ("health-checker", 30)
    ]
    assert marketplace.rows("SELECT last_success_at FROM worker_heartbeats") > first


def test_targets_are_the_active_vendors_with_an_endpoint(marketplace: Marketplace) -> None:
    marketplace.add_vendor(2, base_url="http://two.test", endpoint="/up?a=b")
    marketplace.add_vendor(1, base_url="http://one.test")
    marketplace.add_vendor(3, status="inactive")
    marketplace.add_vendor(4, endpoint=None)
    with marketplace.session() as session:
        targets = HealthLedger(session.connection).targets()
    assert targets == [HealthTarget(1, "http://one.test/h"), HealthTarget(2, "http://two.test/up?a=b")]


def test_checks_are_kept_as_found_but_not_those_of_vendors_that_are_gone(marketplace: Marketplace) -> None:
    marketplace.add_vendor(1)
    now = datetime.now(UTC)
    up = HealthCheck(1, now, Finding(HealthStatus.UP, 12, 200))
    down = HealthCheck(1, now + timedelta(seconds=1), Finding(HealthStatus.DOWN, error="timeout"))
    gone = HealthCheck(99, now, Finding(HealthStatus.UP, 12, 200))
    with marketplace.session() as session:
        HealthLedger(session.connection).record([up, gone, down])
    found = marketplace.rows(
        "SELECT vendor_id, status, response_time_ms, status_code, error, checked_at"
        " FROM vendor_health_checks ORDER BY id"
    )
    assert found == [(1, "up", 12, 200, None, now), (1, "down", None, None, "timeout", down.checked_at)]


def test_the_partition_manager_makes_the_months_ahead_and_drops_the_old_ones(
    marketplace: Marketplace,
) -> None:
    now = datetime(2031, 5, 20, tzinfo=UTC)
    registry = CollectorRegistry()
    manager = PartitionManager(lambda: now, WorkerMetrics(registry))
    marketplace.add_vendor(1)
    for days in (150, 80, 0):
        marketplace.add_checks(1, now - timedelta(days=days), "up")
    with marketplace.session() as session:
        partitions = HealthPartitions(session.connection)
        for _ in range(2):
            manager.run_round(partitions)
        names = [partition.name[-7:] for partition in partitions.existing()]
    assert names == ["2031_03", "2031_05", "2031_06", "2031_07", "2031_08"]
    assert len(marketplace.rows("SELECT 1 FROM vendor_health_checks")) == 2
    reach = registry.get_sample_value("health_partitions_until_timestamp_seconds")
    assert reach == datetime(2031, 9, 1, tzinfo=UTC).timestamp()


def test_partitions_can_be_made_by_two_at_once(marketplace: Marketplace) -> None:
    month = datetime(2040, 1, 1, tzinfo=UTC)
    failures: list[Exception] = []

    def ensure() -> None:
        try:
            with marketplace.session() as session:
                HealthPartitions(session.connection).ensure([month])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert marketplace.rows(
        "SELECT count(*) FROM pg_class WHERE relname = 'vendor_health_checks_2040_01'"
    ) == [(1,)]
