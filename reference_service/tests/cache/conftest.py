from collections.abc import Iterator

import pytest
import redis

from reference_service.cache.connection import RedisConnection


@pytest.fixture
def server(redis_url: str) -> Iterator[redis.Redis]:
    """A client of the test's own, over an empty server."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


@pytest.fixture
def connection(redis_url: str, server: redis.Redis) -> Iterator[RedisConnection]:
    opened = RedisConnection(redis_url)
    yield opened
    opened.close()
