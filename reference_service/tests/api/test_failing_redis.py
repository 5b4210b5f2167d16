"""Redis fails in every way it can: answers stay right, and none is an error."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from structlog.testing import capture_logs

from reference_service.cache import open_cache
from reference_service.tests.api.between import Between, Mood
from reference_service.tests.api.service import Api, open_api, vendor

_TAKEN = "database_pool_wait_seconds_count"
_SERVER_THREADS = 14
PATHS = ("/vendors", "/vendors?q=vendor&sort=popular", "/categories", "/vendors/featured", "/vendors/1")


@pytest.fixture
def between(redis_url: str) -> Iterator[Between]:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    opened = Between(redis_url)
    yield opened
    opened.close()


@pytest.fixture
def served(shared_database: str, between: Between) -> Iterator[Api]:
    with open_api(shared_database, redis_url=between.url) as opened:
        yield opened


def totals(api: Api) -> list[int]:
    answers = [api.get(path) for path in PATHS]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.json().get("total", 0) for answer in answers]


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood is not Mood.WELL])
def test_redis_that_fails_in_mid_flight_makes_no_answer_wrong(
    served: Api, between: Between, mood: Mood
) -> None:
    served.load(vendor(1), vendor(2))
    for _ in range(2):
        assert totals(served) == [2, 2, 0, 0, 0]
    between.become(mood)
    with capture_logs() as lines:
        assert totals(served) == [2, 2, 0, 0, 0]
    assert [(line["event"], line["log_level"]) for line in lines] == [("redis_away", "warning")]
    served.load(vendor(1), vendor(2), vendor(3))  # nobody could be told
    assert totals(served) == [3, 3, 0, 0, 0]
    ready = served.client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "degraded", "rateLimit": "per process"})
    between.become(Mood.WELL)
    deadline = time.monotonic() + 20
    with capture_logs() as lines:
        while served.client.get("/health/ready").json()["status"] != "ready":
            assert time.monotonic() < deadline, "it was not noticed that Redis is back"
            time.sleep(0.05)
    assert [line["event"] for line in lines] == ["redis_back"]
    assert totals(served) == [3, 3, 0, 0, 0]


def test_redis_that_is_away_at_the_start_is_used_when_it_comes(
    shared_database: str, between: Between, redis_url: str
) -> None:
    between.become(Mood.GONE)
    with open_api(shared_database, redis_url=between.url) as api, redis.Redis.from_url(redis_url) as client:
        api.load(vendor(1))
        assert totals(api) == [1, 1, 0, 0, 0]
        assert client.dbsize() == 0
        between.become(Mood.WELL)
        deadline = time.monotonic() + 20
        while not client.keys("discovery:search:*"):
            assert totals(api) == [1, 1, 0, 0, 0]
            assert time.monotonic() < deadline, "nothing is cached"


def test_a_full_redis_makes_no_answer_wrong(served: Api, redis_url: str) -> None:
    served.load(vendor(1), vendor(2))
    assert totals(served) == [2, 2, 0, 0, 0]
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("maxmemory", "1")
        try:
            assert totals(served) == [2, 2, 0, 0, 0]
            served.load(vendor(1))
            assert open_cache(served.settings).invalidate()
            assert totals(served) == [1, 1, 0, 0, 0]
            assert served.client.get("/health/ready").json()["rateLimit"] == "shared"
        finally:
            client.config_set("maxmemory", "0")


def test_many_clients_of_one_cold_key_make_one_query(served: Api) -> None:
    """The metrics count the connections that were taken from the pool."""
    served.load(vendor(1), vendor(2))

    def taken() -> float:
        lines = served.client.get("/metrics").text.splitlines()
        return sum(float(line.split()[1]) for line in lines if line.startswith(_TAKEN))

    def ask(path: str) -> int:
        return served.get(path).status_code

    at_first = taken()
    assert ask("/vendors?sort=uptime") == 200
    one_search, before = taken() - at_first, taken()
    with ThreadPoolExecutor(_SERVER_THREADS) as clients:
        assert set(clients.map(ask, ["/vendors?sort=popular"] * 200)) == {200}
    assert taken() - before == one_search
