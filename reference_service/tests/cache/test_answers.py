"""Cached answers: one computation, one generation, and none without Redis."""

import secrets
import threading
import time
from collections.abc import Callable
from itertools import count

import pytest
import redis

from reference_service.cache.admission import Admissions
from reference_service.cache.answers import AnswerCache, answer_key
from reference_service.cache.connection import GENERATION_KEY, REST_SECONDS, RedisConnection
from reference_service.domain.rate import RateLimit
from reference_service.domain.search import search_for
from reference_service.tests.workers.waiting import wait_until


def counting() -> Callable[[], bytes]:
    numbers = count(1)
    return lambda: str(next(numbers)).encode()


def cache(connection: RedisConnection | None) -> AnswerCache:
    return AnswerCache(connection)


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
    processes = [cache(RedisConnection(redis_url)) for _ in range(2)]
    assert [each.answer("1", "search", "p", 60, compute) for each in processes] == [b"1", b"1"]
    (key,) = server.keys("discovery:search:*")
    assert 0 < server.ttl(key) <= 60


def test_an_invalidation_reaches_every_process(connection: RedisConnection, server: redis.Redis) -> None:
    gate = Admissions(connection, RateLimit(100, 60), lambda: secrets.token_hex(4))
    first = gate.admit("a").generation
    assert first == gate.admit("a").generation
    assert cache(connection).invalidate()
    assert first != gate.admit("a").generation is not None


def test_a_full_redis_still_counts_and_takes_an_invalidation(
    connection: RedisConnection, server: redis.Redis
) -> None:
    gate, answers = Admissions(connection, RateLimit(3, 60), lambda: secrets.token_hex(4)), cache(connection)
    first = gate.admit("a").generation
    server.config_set("maxmemory", "1")
    try:
        assert gate.admit("a").generation == first
        assert answers.invalidate()
        second = gate.admit("a").generation
        assert second not in (None, first)
        assert answers.answer(second, "search", "p", 60, lambda: b"right") == b"right"
        assert not gate.admit("a").hit.served, "the limit holds over all processes"
    finally:
        server.config_set("maxmemory", "0")
    assert not connection.away


def test_an_invalidation_that_redis_does_not_take_says_so() -> None:
    assert not cache(RedisConnection("redis://127.0.0.1:1/0")).invalidate()
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


def test_two_hundred_clients_of_two_processes_make_one_computation(
    redis_url: str, server: redis.Redis
) -> None:
    processes = [cache(RedisConnection(redis_url)) for _ in range(2)]
    compute, gate = counting(), threading.Event()

    def slow() -> bytes:
        assert gate.wait(10)
        return compute()

    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda each=each: found.append(each.answer("1", "search", "p", 60, slow)))
        for each in processes * 100
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert found == [b"1"] * 200
    assert server.keys("discovery:search:*:*") == [], "nobody claims it any more"


def test_nobody_waits_long_for_a_process_that_died_over_a_computation(
    connection: RedisConnection, server: redis.Redis
) -> None:
    server.set(answer_key("search", "p") + ":1", "1")
    assert cache(connection).answer("1", "search", "p", 60, lambda: b"right") == b"right"


def test_an_answer_past_its_time_is_served_while_it_is_computed_anew(connection: RedisConnection) -> None:
    now, compute, gate = [time.time()], counting(), threading.Event()
    answers = AnswerCache(connection, lambda: now[0])

    def slow() -> bytes:
        assert gate.wait(10)
        return compute()

    assert answers.answer("1", "search", "p", 60, compute) == b"1"
    now[0] += 61
    assert [answers.answer("1", "search", "p", 60, slow) for _ in range(3)] == [b"1"] * 3
    gate.set()
    wait_until(lambda: answers.answer("1", "search", "p", 60, slow) == b"2")
    now[0] += 70
    assert answers.answer("1", "search", "p", 60, compute) == b"3", "too old to be served"
    now[0] += 61
    assert answers.answer("2", "search", "p", 60, compute) == b"4", "of an older generation"


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
    connection = RedisConnection(redis_url, lambda: now[0])
    assert connection.call(lambda client: client.get(GENERATION_KEY)) == b"before"
    assert connection.call(lambda client: client.incr(answer_key("search", "p"))) is None
    assert connection.away
    assert connection.call(lambda client: client.ping()) is None, "nobody waits for it again at once"
    now[0] += REST_SECONDS
    assert connection.call(lambda client: client.exists(GENERATION_KEY)) == 0
    assert not connection.away


def test_equal_searches_have_one_key() -> None:
    one = search_for(query="q", categories=("b", "a"), min_uptime=0, offset=10**15)
    same = search_for(query="q", categories=("a", "b", "a"), offset=10**16)
    assert answer_key("search", one) == answer_key("search", same)
    assert answer_key("search", one) != answer_key("search", search_for(query="q", categories=("a",)))
    assert answer_key("search", one).startswith("discovery:search:")
