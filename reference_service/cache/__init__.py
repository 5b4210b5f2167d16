"""The caches of answers and the rate limit: Redis in front of PostgreSQL, never needed for a right answer."""

import secrets

from reference_service.cache.answers import AnswerCache
from reference_service.cache.connection import RedisConnection
from reference_service.settings import Settings

__all__ = ["AnswerCache", "RedisConnection", "fresh_generation", "open_cache", "open_redis"]


def open_redis(settings: Settings) -> RedisConnection | None:
    """The connection, not yet dialled; None where no Redis is configured."""
    return RedisConnection(settings.redis_url) if settings.redis_url else None


def open_cache(settings: Settings) -> AnswerCache:
    return AnswerCache(open_redis(settings))


def fresh_generation() -> str:
    return secrets.token_hex(8)
