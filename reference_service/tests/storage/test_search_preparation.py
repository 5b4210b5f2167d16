"""Prepared answers: the very ones that the plain query gives, and never an old one."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection
from psycopg.rows import TupleRow

from reference_service.domain.search import Search, Sort, search_for
from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.storage.metrics_aggregation import MetricsAggregation
from reference_service.storage.migrator import migrate_up
from reference_service.storage.search_preparation import prepare_searches
from reference_service.storage.search_statement import prepared_statement, search_statement
from reference_service.storage.statements import vendor_columns

Rows = list[tuple[Any, ...]]
WORDS = ("weather", "data", "prices", "running", "node2", "Über", "the")
CATEGORIES = ("weather", "data", "Ünder", "")
TAGS = ("free", "live data")


@pytest.fixture(scope="module")
def database(postgres_server_url: str) -> Iterator[Connection[TupleRow]]:
    """A few hundred vendors of few words and few figures, so that ties abound; everything is prepared."""
    with open_connection(Settings(database_url=postgres_server_url)) as server:
        server.execute(b"CREATE DATABASE prepared_searches")
        url = postgres_server_url.rpartition("/")[0] + "/prepared_searches"
        with open_connection(Settings(database_url=url)) as connection:
            migrate_up(connection)
            fill(connection, 400)
            assert prepare_searches(connection, fewest=1)
            yield connection
        server.execute(b"DROP DATABASE prepared_searches WITH (FORCE)")


def fill(connection: Connection[TupleRow], count: int) -> None:
    rng = random.Random(4)
    now = datetime(2026, 3, 4, tzinfo=UTC)

    def text(most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(0, most)))

    for number in range(count):
        connection.execute(
            b"INSERT INTO vendors (app_id, slug, service_name, description, category, tags, base_url,"
            b" default_price_usd, status) VALUES (%s, %s, %s, %s, %s, %s, 'x', 0, %s)",
            (
                f"a{number}",
                f"v{number}",
                text(3),
                text(5),
                rng.choice(CATEGORIES),
                rng.sample(TAGS, rng.randint(0, 2)),
                rng.choice(("active", "active", "inactive")),
            ),
        )
    for number in range(1, count, 2):
        connection.execute(
            b"INSERT INTO vendor_metrics (vendor_id, uptime_pct, rating_score, avg_latency_ms,"
            b" total_requests, last_request_at) VALUES (%s, %s, %s, %s, %s, %s)",
            (
                number,
                rng.choice((90, 99.5, 100)),
                rng.choice((4, 4.5, 5)),
                rng.choice((0, 10, 20.5)),
                rng.choice((0, 5, 7)),
                rng.choice((None, now, now - timedelta(days=1))),
            ),
        )


def plain(connection: Connection[TupleRow], search: Search) -> Rows:
    return connection.execute(*search_statement(search, vendor_columns())).fetchall()


def prepared(connection: Connection[TupleRow], search: Search) -> Rows:
    return connection.execute(*prepared_statement(search, vendor_columns())).fetchall()


searches = st.builds(
    search_for,
    query=st.lists(st.sampled_from((*WORDS, "run", "nowhere")), max_size=3).map(" ".join),
    categories=st.lists(st.sampled_from((*CATEGORIES, "none")), max_size=2).map(tuple),
    tags=st.lists(st.sampled_from((*TAGS, "none")), max_size=2).map(tuple),
    min_uptime=st.sampled_from((0, 0, 0, 89.99, 90, 90.01, 99.5, 100)),
    min_rating=st.sampled_from((0, 0, 0, 3, 4, 4.2, 4.5, 5)),
    max_latency=st.none() | st.sampled_from((0, 9.99, 10, 20.5, 1e300)),
    verified_only=st.sampled_from((False, False, False, True)),
    sort=st.sampled_from(Sort) | st.none(),
    limit=st.integers(1, 100),
    offset=st.integers(0, 210) | st.just(10**12),
)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(search=searches)
def test_a_prepared_answer_is_the_plain_one(database: Connection[TupleRow], search: Search) -> None:
    found = prepared(database, search)
    assert not found or found == plain(database, search)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("categories", [(), ("data",), ("none",)])
@pytest.mark.parametrize("query", ["", "weather", "prices weather", "weather price", "the weather weather"])
@pytest.mark.parametrize(
    "filters", [{}, {"min_rating": 4.5}, {"min_uptime": 99.5, "max_latency": 10, "verified_only": True}]
)
def test_common_searches_are_prepared(
    database: Connection[TupleRow],
    query: str,
    categories: tuple[str, ...],
    filters: dict[str, Any],
    sort: Sort,
) -> None:
    search = search_for(query=query, categories=categories, sort=sort, limit=100, **filters)
    found = prepared(database, search)
    assert found
    assert found == plain(database, search)


@pytest.mark.parametrize(
    "search",
    [
        search_for(query="the"),
        search_for(query="nowhere"),
        search_for(query="nowhere data", sort=Sort.RATING),
        search_for(tags=("none",)),
        search_for(query="weather data prices"),
    ],
)
def test_what_is_not_prepared_is_left_to_the_plain_query(
    database: Connection[TupleRow], search: Search
) -> None:
    assert prepared(database, search) == []


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO vendors (app_id, slug, service_name, description, category, base_url, default_price_usd)"
        " VALUES ('x', 'x', 'x', '', 'x', 'x', 0)",
        "UPDATE vendors SET status = 'inactive' WHERE id IN (1, 2, 3, 4, 5)",
        "DELETE FROM vendors WHERE id = 1",
        "UPDATE vendors SET tags = '{rare}', is_verified = NOT is_verified",
        "UPDATE vendors SET id = id + 1000 WHERE id = 400",
        "TRUNCATE vendors CASCADE",
        "UPDATE vendor_metrics SET rating_score = 1 WHERE vendor_id = 1",
        "UPDATE vendor_metrics SET last_request_at = now()",
        "DELETE FROM vendor_metrics WHERE vendor_id = 1",
        "INSERT INTO vendor_metrics (vendor_id) VALUES (2)",
        "TRUNCATE vendor_metrics",
    ],
)
def test_nothing_prepared_is_answered_after_a_change(database: Connection[TupleRow], change: str) -> None:
    with database.transaction(force_rollback=True):
        assert prepared(database, search_for())
        database.execute(change.encode())
        assert prepared(database, search_for()) == []
        assert prepare_searches(database, fewest=1)
        for search in (search_for(), search_for(query="data", min_rating=4.5), search_for(tags=("free",))):
            assert (prepared(database, search) or plain(database, search)) == plain(database, search)
    assert not prepare_searches(database), "nothing has changed"


@pytest.mark.parametrize(
    "writing",
    [
        "UPDATE vendor_metrics SET updated_at = now(), success_rate = 1, rating_score = rating_score",
        "UPDATE vendors SET base_url = 'y', website_url = 'z', status = status",
        "INSERT INTO vendor_metrics (vendor_id) VALUES (1)"
        " ON CONFLICT (vendor_id) DO UPDATE SET updated_at = now()",
        "DELETE FROM vendors WHERE false",
    ],
)
def test_what_searches_do_not_go_by_leaves_the_prepared_as_it_is(
    database: Connection[TupleRow], writing: str
) -> None:
    with database.transaction(force_rollback=True):
        database.execute(writing.encode())
        assert prepared(database, search_for())
        assert not prepare_searches(database)


def test_new_figures_leave_the_words_as_they_are(database: Connection[TupleRow]) -> None:
    def words() -> Rows:
        return database.execute(b"SELECT ctid, name FROM search_bits ORDER BY name, ctid").fetchall()

    with database.transaction(force_rollback=True):
        before = words()
        database.execute(b"UPDATE vendor_metrics SET avg_latency_ms = vendor_id")
        assert prepare_searches(database, fewest=1)
        assert words() == before
        search = search_for(query="data", max_latency=200.5, sort=Sort.FASTEST)
        assert prepared(database, search) == plain(database, search) != []


def test_a_change_under_an_older_snapshot_counts_too(
    new_database: Callable[[], str],
) -> None:
    made = Settings(database_url=new_database())
    with open_connection(made) as writer, open_connection(made) as preparer:
        migrate_up(writer)
        fill(writer, 40)
        with writer.transaction():
            writer.execute(b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            writer.execute(b"SELECT count(*) FROM vendors")
            assert prepare_searches(preparer)
            writer.execute(b"UPDATE vendors SET category = 'moved' WHERE status = 'active'")
            assert prepared(preparer, search_for()), "not committed yet"
        assert prepared(preparer, search_for()) == []


def test_a_writer_at_work_is_not_waited_for_and_counts_when_it_is_done(
    new_database: Callable[[], str],
) -> None:
    made = Settings(database_url=new_database())
    with open_connection(made) as writer, open_connection(made) as preparer:
        migrate_up(writer)
        with writer.transaction():
            fill(writer, 1)
            assert prepare_searches(preparer)
        assert prepared(preparer, search_for()) == []
        assert prepare_searches(preparer)
        assert len(prepared(preparer, search_for())) == 1


def test_only_one_prepares_at_a_time(new_database: Callable[[], str]) -> None:
    made = Settings(database_url=new_database())
    with open_connection(made) as one, open_connection(made) as other:
        migrate_up(one)
        fill(one, 3)
        with one.transaction():
            one.execute(b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            assert prepare_searches(one)
            assert not prepare_searches(other)
            assert prepared(other, search_for()) == []
        assert prepared(other, search_for())


def test_a_round_of_the_aggregator_prepares_what_it_has_changed_and_only_that(
    new_database: Callable[[], str],
) -> None:
    made = Settings(database_url=new_database())

    def orders() -> Rows:
        return connection.execute(b"SELECT ctid, xmin FROM search_orders ORDER BY sort").fetchall()

    with open_connection(made) as connection:
        migrate_up(connection)
        fill(connection, 40)
        connection.execute(b"TRUNCATE vendor_metrics")
        assert not MetricsAggregation(connection).aggregate().failed
        assert prepared(connection, search_for(sort=Sort.POPULAR))
        first = orders()
        assert not MetricsAggregation(connection).aggregate().failed
        assert orders() == first, "nothing had changed"
        connection.execute(
            b"INSERT INTO payment_intents (vendor_id, agent_id, amount_usd, status)"
            b" SELECT max(id), 'a', 1, 'settled' FROM vendors WHERE status = 'active'"
        )
        assert not MetricsAggregation(connection).aggregate().failed
        assert orders() != first
        search = search_for(sort=Sort.POPULAR, limit=1)
        assert prepared(connection, search) == plain(connection, search) != []
        assert prepared(connection, search)[0][2] == max(
            row[2] for row in plain(connection, search_for(limit=100))
        )
