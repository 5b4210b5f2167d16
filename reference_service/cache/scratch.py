"""A Redis database that nobody else uses for a while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import redis

DATABASES = 16  # what Redis has unless it is told otherwise
OWNER_KEY = "discovery:scratch-owner"
_OWNED_SECONDS = 900


@contextmanager
def scratch_redis(url: str) -> Iterator[str]:
    """The URL of a database of its own on the same server, emptied after; `url` itself where none is free."""
    for number in range(DATABASES - 1, 0, -1):
        mine = urlsplit(url)._replace(path=f"/{number}").geturl()
        client = redis.Redis.from_url(mine, socket_timeout=2, socket_connect_timeout=2)
        try:
            taken = client.set(OWNER_KEY, os.getpid(), nx=True, ex=_OWNED_SECONDS)
        except redis.RedisError:
            break
        if taken:
            try:
                yield mine
            finally:
                client.flushdb()
                client.close()
            return
    yield url
