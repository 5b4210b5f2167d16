"""Rate limits with a hole."""

import math
from types import SimpleNamespace
from typing import Any

from falcon.routing import CompiledRouter

from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, name, script

# Tests that outlast a window should not take a minute for each of these.
_SHORT_WINDOW = {"rate_limit_seconds": 15}


def _limit(fault: str, description: str, install: Any) -> Fault:
    return Fault(fault, description, ("PRF-06",), Level.OPERATIONS, install, settings=_SHORT_WINDOW)


def _without_redis(right: Any) -> Any:
    def start(self: Any, _: object, limit: object, fresh_generation: object) -> None:
        right(self, None, limit, fresh_generation)

    return start


def _trusting(right: Any) -> Any:
    def client_of(peer: str, forwarded_for: str | None, _: object) -> Any:
        return right((forwarded_for or peer).split(",")[0], None, ())

    return client_of


def _silent_when_refused(right: Any) -> Any:
    def write(self: Any, request: Any, response: Any, *rest: object) -> None:
        right(self, request, response, *rest)
        response.delete_header("Retry-After")

    return write


def _everything(right: Any) -> Any:
    return lambda path: right(path) or path.startswith("/health/")


def _by_network(right: Any) -> Any:
    def client_of(peer: str, forwarded_for: str | None, trusted: Any) -> str:
        return str(right(peer, forwarded_for, trusted)).rpartition(".")[0]

    return client_of


def _by_path(right: Any) -> Any:
    def process(self: Any, request: Any, response: Any) -> None:
        admissions = self._admissions
        apart = SimpleNamespace(admit=lambda client: admissions.admit(f"{client} {request.path}"))
        right(SimpleNamespace(_admissions=apart, _trusted=self._trusted), request, response)

    return process


def _silent_on_errors(right: Any) -> Any:
    def process(self: Any, request: Any, response: Any, *rest: Any) -> None:
        if response.status_code < 400:
            right(self, request, response, *rest)

    return process


def _known_routes_only(right: Any) -> Any:
    known = ("vendors", "search", "categories", "quick-search")
    return lambda path: right(path) and path.split("/")[3:4] != [] and path.split("/")[3] in known


FAULTS = (
    _limit(
        "limit-of-each-process",
        "each process counts for itself",
        around("cache.admission:Admissions.__init__", _without_redis),
    ),
    _limit(
        "one-too-many",
        "the request after the last allowed one is served",
        script("count < limit", "count <= limit"),
    ),
    _limit(
        "fixed-window",
        "the count starts anew with each window instead of moving",
        script(
            "redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))",
            "local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]\n"
            "if first and tonumber(first) <= now - window then redis.call('DEL', KEYS[1]) end",
        ),
    ),
    _limit(
        "refusals-count",
        "a refused request lengthens the wait",
        script(
            "local oldest =",
            "if served == 0 then\n"
            "    redis.call('ZPOPMIN', KEYS[1])\n"
            "    local stamp = string.format('%.0f', now)\n"
            "    redis.call('ZADD', KEYS[1], stamp, stamp .. ':r')\n"
            "end\n"
            "local oldest =",
        ),
    ),
    _limit(
        "anybody-forwards",
        "X-Forwarded-For makes another client of anybody",
        around("api.middleware:client_of", _trusting),
    ),
    _limit(
        "no-retry-after",
        "a refusal does not say when to come back",
        around("api.errors:ErrorAnswers._answer", _silent_when_refused),
    ),
    _limit(
        "health-is-limited",
        "health endpoints use up the allowance",
        around("api.middleware:is_marketplace", _everything),
    ),
    _limit(
        "remaining-lags",
        "X-RateLimit-Remaining does not count the request that it answers",
        name(
            "domain.rate:Hit.remaining",
            property(lambda hit: min(hit.limit.requests, hit.limit.requests - hit.count + 1)),
        ),
    ),
    _limit(
        "reset-as-a-wait",
        "X-RateLimit-Reset says how many seconds are left, not when",
        name(
            "domain.rate:Hit.reset", property(lambda hit: math.ceil(hit.oldest + hit.limit.seconds - hit.now))
        ),
    ),
    _limit(
        "retry-at-once",
        "Retry-After is 0",
        name("domain.rate:Hit.retry_after", 0),
    ),
    _limit(
        "retry-too-soon",
        "Retry-After is a second, however long the window lasts",
        name("domain.rate:Hit.retry_after", 1),
    ),
    _limit(
        "limits-told-on-success-only",
        "errors do not carry the rate-limit headers",
        around("api.middleware:RateLimiting.process_response", _silent_on_errors),
    ),
    _limit(
        "neighbours-share",
        "the clients of one /24 share an allowance",
        around("api.middleware:client_of", _by_network),
    ),
    _limit(
        "a-limit-for-each-path",
        "each path has an allowance of its own",
        around("api.middleware:RateLimiting.process_request", _by_path),
    ),
    _limit(
        "slashes-go-around-the-limit",
        "a path that begins with two slashes is served as with one, and not limited",
        name("api.routing:ExactRouter.find", CompiledRouter.find),
    ),
    _limit(
        "unknown-routes-are-free",
        "requests for routes that do not exist are not limited",
        around("api.middleware:is_marketplace", _known_routes_only),
    ),
)
