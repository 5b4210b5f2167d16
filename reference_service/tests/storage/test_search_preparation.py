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
            assert prepare_searches(connection, fewest=1) > len(WORDS)
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
    asked = prepared_statement(search, vendor_columns())
    return connection.execute(*asked).fetchall() if asked else []


searches = st.builds(
    search_for,
    query=st.lists(st.sampled_from((*WORDS, "run", "nowhere")), max_size=3).map(" ".join),
    categories=st.sampled_from((*CATEGORIES[:3], "none")).map(lambda name: (name,)) | st.just(()),
    tags=st.just(()) | st.just(("free",)),
    sort=st.sampled_from(Sort) | st.none(),
    limit=st.integers(1, 100),
    offset=st.integers(0, 210),
    verified_only=st.sampled_from((False, False, False, True)),
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(search=searches)
def test_a_prepared_answer_is_the_plain_one(database: Connection[TupleRow], search: Search) -> None:
    found = prepared(database, search)
    assert not found or found == plain(database, search)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("categories", [(), ("data",)])
@pytest.mark.parametrize("query", ["", "weather", "prices weather", "weather price"])
def test_common_searches_are_prepared(
    database: Connection[TupleRow], query: str, categories: tuple[str, ...], sort: Sort
) -> None:
    search = search_for(query=query, categories=categories, sort=sort, limit=100)
    pair_in_a_category = " " in query and categories
    assert bool(prepared(database, search)) != bool(pair_in_a_category)


@pytest.mark.parametrize(
    "search",
    [
        search_for(query="the"),
        search_for(query="nowhere"),
        search_for(categories=("data", "weather")),
        search_for(offset=250, limit=100),
        search_for(min_rating=4),
        search_for(max_latency=0),
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
        "UPDATE vendors SET status = 'inactive' WHERE id = 1",
        "DELETE FROM vendors WHERE id = 1",
        "UPDATE vendor_metrics SET rating_score = 1 WHERE vendor_id = 1",
        "TRUNCATE vendor_metrics",
    ],
)
def test_nothing_prepared_is_answered_after_a_change(database: Connection[TupleRow], change: str) -> None:
    with database.transaction(force_rollback=True):
        assert prepared(database, search_for())
        database.execute(change.encode())
        assert prepared(database, search_for()) == []
        assert prepare_searches(database, fewest=1) > 1
        assert prepared(database, search_for()) == plain(database, search_for())
    assert prepare_searches(database) == 0, "nothing has changed"


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
            assert prepare_searches(preparer) > 0
            writer.execute(b"UPDATE vendors SET category = 'moved' WHERE status = 'active'")
            assert prepared(preparer, search_for()), "not committed yet"
        assert prepared(preparer, search_for()) == []


def test_a_writer_at_work_is_not_waited_for_long(new_database: Callable[[], str]) -> None:
    made = Settings(database_url=new_database())
    with open_connection(made) as writer, open_connection(made) as preparer:
        migrate_up(writer)
        with writer.transaction():
            fill(writer, 1)
            assert prepare_searches(preparer) == 0
        assert prepare_searches(preparer) > 0
