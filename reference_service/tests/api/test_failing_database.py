"""The database fails in every way it can; callers see the error's shape, and then answers again."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import structlog
from structlog.testing import capture_logs

from reference_service.settings import Settings
from reference_service.storage.connecting import open_connection
from reference_service.tests.api.between import Between, Mood
from reference_service.tests.api.service import Api, open_api, vendor


@pytest.fixture
def own(new_database: Callable[[], str]) -> Iterator[Api]:
    """The API over a database that the test may spoil."""
    with open_api(new_database(), statement_timeout_ms=300) as opened:
        opened.load(vendor(1))
        yield opened


def run(settings: Settings, statement: str) -> None:
    with open_connection(settings) as connection:
        connection.execute(statement.encode())


def test_connections_that_were_lost_are_not_noticed(own: Api) -> None:
    assert own.get("/vendors").status_code == 200
    run(
        own.settings,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert own.get("/vendors").json()["total"] == 1


def test_a_statement_that_takes_too_long_is_given_up(own: Api) -> None:
    with open_connection(own.settings) as holder, holder.transaction():
        holder.execute("LOCK TABLE vendors")
        answer = own.get("/vendors")
        assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
        assert own.client.get("/health/ready").status_code == 200, "the server itself answers"
    assert own.get("/vendors").status_code == 200


def test_a_server_that_falls_silent_is_given_up_and_used_again_when_it_speaks(
    new_database: Callable[[], str],
) -> None:
    """As behind a host that froze: the connections stand, and nothing comes."""
    between = Between(new_database())
    with (
        open_api(between.url, statement_timeout_ms=300) as api,
        ThreadPoolExecutor(8) as clients,
        closing(between),
    ):
        api.load(vendor(1))
        assert api.get("/vendors").status_code == 200
        between.become(Mood.SILENT)
        asked = [clients.submit(api.get, f"/vendors?limit={number}") for number in range(1, 9)]
        try:
            with capture_logs() as lines:
                assert {each.result(timeout=30).status_code for each in asked} == {503}
        finally:
            between.become(Mood.WELL)
        assert [line["event"] for line in lines] == ["database_away"]
        with capture_logs() as lines:
            deadline = time.monotonic() + 20
            while api.get("/vendors").status_code != 200:
                assert time.monotonic() < deadline, "it was not noticed that the server speaks again"
        assert [(line["event"], line["log_level"]) for line in lines] == [("database_back", "warning")]


def test_what_nobody_expected_tells_nothing_of_the_inside(own: Api) -> None:
    run(own.settings, "ALTER TABLE aggregation_watermarks ALTER COLUMN as_of TYPE text")
    with capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        answer = own.get("/vendors/1", headers={"X-Request-Id": "the-one"})
    (line,) = lines
    assert (line["event"], line["request_id"]) == ("unexpected error", "the-one")
    assert (answer.status_code, answer.json()["error"]) == (500, "internal_error")
    assert "watermarks" not in answer.text
    assert "X-RateLimit-Remaining" in answer.headers
