"""Cached answers: one computation, one generation, and none without Redis."""

import threading
from collections.abc import Callable
from itertools import count

import pytest
import redis

from reference_service.cache import fresh_generation
from reference_service.cache.answers import AnswerCache, answer_key
from reference_service.cache.connection import GENERATION_KEY, REST_SECONDS, RedisConnection
from reference_service.domain.search import search_for


def counting() -> Callable[[], bytes]:
    numbers = count(1)
    return lambda: str(next(numbers)).encode()


def cache(connection: RedisConnection | None) -> AnswerCache:
    return AnswerCache(connection, fresh_generation)


def test_an_answer_is_computed_once_a_generation(connection: RedisConnection) -> None:
    answers, compute = cache(connection), counting()
    assert [answers.answer(g, "search", "p", 60, compute) for g in ("1", "1", "2", "2", "1")] == [
        b"1",
        b"1",
        b"2",
        b"2",
        b"3",
    ]


def test_processes_share_what_one_computed(redis_url: str, server: redis.Redis) -> None:
    compute = counting()
    processes = [cache(RedisConnection(redis_url, lambda: "g")) for _ in range(2)]
    assert [each.answer("1", "search", "p", 60, compute) for each in processes] == [b"1", b"1"]
    (key,) = server.keys("discovery:search:*")
    assert 0 < server.ttl(key) <= 60


def test_an_invalidation_reaches_every_process(connection: RedisConnection, server: redis.Redis) -> None:
    assert cache(connection).invalidate()
    first = server.get(GENERATION_KEY)
    assert cache(connection).invalidate()
    assert first != server.get(GENERATION_KEY) is not None


def test_an_invalidation_that_redis_does_not_take_says_so() -> None:
    assert not cache(RedisConnection("redis://127.0.0.1:1/0", lambda: "g")).invalidate()
    assert cache(None).invalidate(), "without Redis nothing is cached"


def test_without_a_generation_nothing_is_cached(connection: RedisConnection) -> None:
    answers, compute = cache(connection), counting()
    assert [answers.answer(None, "search", "p", 60, compute) for _ in range(2)] == [b"1", b"2"]


def test_callers_of_one_cold_key_wait_for_one_computation(connection: RedisConnection) -> None:
    answers, compute, gate = cache(connection), counting(), threading.Event()

    def slow() -> bytes:
        assert gate.wait(10)
        return compute()

    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(answers.answer("1", "search", "p", 60, slow)))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert found == [b"1"] * 50


def test_a_failed_computation_is_told_and_not_kept(connection: RedisConnection) -> None:
    answers = cache(connection)
    with pytest.raises(ZeroDivisionError):
        answers.answer("1", "search", "p", 60, lambda: b"%d" % (1 // 0))
    assert answers.answer("1", "search", "p", 60, lambda: b"right") == b"right"


def test_rubbish_in_redis_is_not_served(connection: RedisConnection, server: redis.Redis) -> None:
    for rubbish in (b"", b"\n", b"1 soon\nbody", b"1 9e99\nfor another generation", b"\xff\xfe"):
        server.set(answer_key("search", "p"), rubbish)
        assert cache(connection).answer("2", "search", "p", 60, lambda: b"right") == b"right"


def test_after_an_outage_no_older_answer_is_served(redis_url: str, server: redis.Redis) -> None:
    """Whatever was to be invalidated meanwhile could not be."""
    server.set(GENERATION_KEY, "before")
    server.set(answer_key("search", "p"), "not a number")
    now = [1000.0]
    connection = RedisConnection(redis_url, lambda: "after", lambda: now[0])
    assert connection.call(lambda client: client.get(GENERATION_KEY)) == b"before"
    assert connection.call(lambda client: client.incr(answer_key("search", "p"))) is None
    assert connection.away
    assert connection.call(lambda client: client.ping()) is None, "nobody waits for it again at once"
    now[0] += REST_SECONDS
    assert connection.call(lambda client: client.get(GENERATION_KEY)) == b"after"
    assert not connection.away


def test_equal_searches_have_one_key() -> None:
    one = search_for(query="q", categories=("b", "a"), min_uptime=0, offset=10**15)
    same = search_for(query="q", categories=("a", "b", "a"), offset=10**16)
    assert answer_key("search", one) == answer_key("search", same)
    assert answer_key("search", one) != answer_key("search", search_for(query="q", categories=("a",)))
    assert answer_key("search", one).startswith("discovery:search:")
