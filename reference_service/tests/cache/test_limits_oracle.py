"""The limiter's script against the `limits` library's own, request by request, at moments of our choosing."""

from importlib.resources import files

import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits.storage import RedisStorage

SCRIPT = (files("reference_service.cache") / "hit.lua").read_text("utf-8")
AT_GIVEN_TIME = SCRIPT.replace("redis.call('TIME')", "{ARGV[4], ARGV[5]}")
WINDOW_SECONDS = 10
_ORACLE = (RedisStorage.SCRIPT_ACQUIRE_MOVING_WINDOW, RedisStorage.SCRIPT_MOVING_WINDOW)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(
    most=st.integers(1, 6),
    gaps=st.lists(
        st.one_of(st.integers(0, 12_000), st.sampled_from((0, 1, 2500, 9_999, 10_000))), max_size=30
    ),
)
def test_both_serve_the_same_requests_and_count_the_same(
    server: redis.Redis, most: int, gaps: list[int]
) -> None:
    assert AT_GIVEN_TIME != SCRIPT
    server.flushall()
    elapsed = 0
    for number, gap in enumerate(gaps):
        elapsed += gap
        # One microsecond more each time: exactly a window apart the two differ, on purpose.
        moment = 1_000_000_000 + elapsed * 1000 + number
        assert _ours(server, most, moment) == _oracle(server, most, moment), f"request {number}"


def _ours(server: redis.Redis, most: int, moment: int) -> tuple[bool, int, float]:
    seconds, microseconds = divmod(moment, 1_000_000)
    served, count, oldest, _, _ = server.eval(
        AT_GIVEN_TIME, 2, "ours", "generation", most, WINDOW_SECONDS * 1_000_000, "g", seconds, microseconds
    )
    return served == 1, count, float(oldest) / 1_000_000


def _oracle(server: redis.Redis, most: int, moment: int) -> tuple[bool, int, float]:
    now = moment / 1_000_000
    acquire, read = (script.decode() for script in _ORACLE)
    served = server.eval(acquire, 1, "oracle", now, most, WINDOW_SECONDS, 1)
    oldest, count = server.eval(read, 1, "oracle", now - WINDOW_SECONDS, most)
    return served == 1, count, float(oldest)
