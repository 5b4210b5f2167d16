"""The moving window: exact, shared through Redis, and per process without it."""

import threading
from itertools import count

import redis

from reference_service.cache.admission import Admissions, LocalWindows
from reference_service.cache.connection import GENERATION_KEY, RedisConnection
from reference_service.domain.rate import RateLimit

LIMIT = RateLimit(requests=5, seconds=60)


def admissions(connection: RedisConnection | None, limit: RateLimit = LIMIT) -> Admissions:
    names = count()
    return Admissions(connection, limit, lambda: f"generation-{next(names)}")


def test_one_past_the_limit_is_refused_and_not_counted(connection: RedisConnection) -> None:
    gate = admissions(connection)
    hits = [gate.admit("a").hit for _ in range(8)]
    assert [hit.served for hit in hits] == [True] * 5 + [False] * 3
    assert [hit.remaining for hit in hits] == [4, 3, 2, 1, 0, 0, 0, 0]
    assert hits[0].oldest == hits[-1].oldest
    assert gate.admit("b").hit.remaining == 4


def test_processes_share_one_window(redis_url: str, server: redis.Redis) -> None:
    """Two connections stand for two processes; many threads ask at once."""
    gates = [admissions(RedisConnection(redis_url), RateLimit(50, 60)) for _ in range(2)]
    served: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda gate=gate: served.extend(gate.admit("a").hit.served for _ in range(20))
        )
        for gate in gates * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(served), sum(served)) == (160, 50)


def test_a_request_leaves_the_window_when_it_is_that_old(
    connection: RedisConnection, server: redis.Redis
) -> None:
    gate = admissions(connection)
    now = gate.admit("a").hit.now
    for age in (59.5, 60.5, 61, 62):
        stamp = round((now - age) * 1_000_000)
        server.zadd("discovery:window:a", {f"{stamp}:x": stamp})
    hit = gate.admit("a").hit
    assert (hit.served, hit.remaining) == (True, 2)
    assert abs(hit.oldest - (now - 59.5)) < 0.001


def test_every_admission_tells_the_generation(connection: RedisConnection, server: redis.Redis) -> None:
    gate = admissions(connection)
    first = gate.admit("a").generation
    assert first == gate.admit("b").generation is not None
    server.set(GENERATION_KEY, "next")
    assert gate.admit("a").generation == "next"
    server.flushall()
    assert gate.admit("a").generation not in (None, "next", first)


def test_the_script_is_loaded_again_when_the_server_forgot_it(
    connection: RedisConnection, server: redis.Redis
) -> None:
    gate = admissions(connection)
    gate.admit("a")
    server.script_flush()
    assert gate.admit("a").hit.remaining == 3


def test_without_redis_each_process_keeps_the_limit() -> None:
    gate = admissions(RedisConnection("redis://127.0.0.1:1/0"))
    answers = [gate.admit("a") for _ in range(6)]
    assert [answer.hit.served for answer in answers] == [True] * 5 + [False]
    assert {answer.generation for answer in answers} == {None}
    assert not gate.answers()
    assert not admissions(None).answers()


def test_the_local_window_is_the_one_that_counting_gives() -> None:
    now, served = 1000.0, list[float]()
    windows = LocalWindows(RateLimit(3, 10), lambda: now)
    for step in (0, 1, 1, 1, 4, 3.5, 0.75, 0, 0.25, 2, 6, 6, 0, 0, 0, 9.5, 0.5):
        now += step
        fits = sum(moment > now - 10 for moment in served) < 3
        assert windows.hit("a").served is fits, now
        served += [now] if fits else []
    assert len(served) == 10
