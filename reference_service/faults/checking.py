"""Health checks that are judged, dated or recorded wrongly."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reference_service.domain.health import HealthStatus, Reason
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, name, sql


def _check(fault: str, requirement: str, description: str, install: Any) -> Fault:
    return Fault(fault, description, (requirement,), Level.WORKERS, install)


def _client_errors_are_down(right: Any) -> Any:
    def judge(status_code: int, response_time_ms: int) -> Any:
        return right(500 if status_code == 429 else status_code, response_time_ms)

    return judge


def _redirects_are_fine(right: Any) -> Any:
    def judge(status_code: int, response_time_ms: int) -> Any:
        found = right(status_code, response_time_ms)
        return right(200, response_time_ms) if 300 <= status_code < 400 else found

    return judge


def _judged_as(code: int, *others: int) -> Any:
    """These statuses are judged as if they were another one, and recorded as they are."""

    def wrap(right: Any) -> Any:
        def judge(status_code: int, response_time_ms: int) -> Any:
            found = right(code if status_code in others else status_code, response_time_ms)
            return replace(found, status_code=status_code)

        return judge

    return wrap


def _told_as(reason: Reason, *others: Reason) -> Any:
    return lambda right: lambda self, found: right(self, reason if found in others else found)


def _in_seconds(right: Any) -> Any:
    return lambda status_code, milliseconds: right(status_code, milliseconds // 1000)


def _in_begun_seconds(right: Any) -> Any:
    return lambda status_code, milliseconds: right(status_code, (milliseconds // 1000 + 1) * 1000)


def _codes_of_failures_lost(right: Any) -> Any:
    def judge(status_code: int, response_time_ms: int) -> Any:
        found = right(status_code, response_time_ms)
        return replace(found, status_code=None) if status_code >= 500 else found

    return judge


def _an_hour_later(right: Any) -> Any:
    return lambda: right() + timedelta(hours=1)


def _twice(right: Any) -> Any:
    async def add(self: Any, check: Any) -> None:
        await right(self, check)
        await right(self, check)

    return add


def _patient(right: Any) -> Any:
    def start(self: Any, *arguments: Any, **options: Any) -> None:
        right(self, *arguments, **{**options, "deadline": 25.0})

    return start


def _one_by_one(right: Any) -> Any:
    def start(self: Any, checks: Any, **options: Any) -> None:
        right(self, checks, **{**options, "concurrency": 1})

    return start


def _all_at_once(right: Any) -> Any:
    def start(self: Any, checks: Any, **options: Any) -> None:
        right(self, checks, **{**options, "concurrency": 64})

    return start


class _HeardError(Exception):
    """The head of an answer is there."""


def _head_is_enough(right: Any) -> Any:
    async def get(connection: Any, destination: Any, on_head: Any) -> Any:
        heads: list[Any] = []

        def hear(head: Any) -> None:
            on_head(head)
            heads.append(head)
            raise _HeardError

        try:
            return await right(connection, destination, hear)
        except _HeardError:
            return heads[0]

    return get


def _timeouts_are_degraded(right: Any) -> Any:
    def down(self: Any, reason: Any) -> Any:
        found = right(self, reason)
        return replace(found, status=HealthStatus.DEGRADED) if reason is Reason.TIMEOUT else found

    return down


FAULTS = (
    _check(
        "too-many-requests-is-down",
        "HC-03",
        "a vendor that answers 429 is down, not degraded",
        around("workers.health_check:judge", _client_errors_are_down),
    ),
    _check(
        "redirects-are-up",
        "HC-01",
        "a redirect without a Location counts as up",
        around("workers.health_check:judge", _redirects_are_fine),
    ),
    _check(
        "fourth-redirect-followed",
        "HC-01",
        "one redirect more than allowed is followed",
        name("workers.health_check:MAX_REDIRECTS", 4),
    ),
    _check(
        "drips-are-up",
        "HC-04",
        "an answer counts as soon as its head is there, even if its body drips past the deadline",
        around("workers.health_check:get", _head_is_enough),
    ),
    _check(
        "timeouts-are-degraded",
        "HC-04",
        "a vendor that does not answer in time is degraded, not down",
        around("workers.health_check:_Answers.down", _timeouts_are_degraded),
    ),
    _check(
        "one-by-one",
        "HC-06",
        "vendors are checked one after another",
        around("workers.health_checker:HealthChecker.__init__", _one_by_one),
    ),
    _check(
        "all-at-once",
        "HC-06",
        "more vendors are checked at a time than allowed",
        around("workers.health_checker:HealthChecker.__init__", _all_at_once),
    ),
    _check(
        "inactive-are-checked",
        "HC-01",
        "inactive vendors are checked too",
        sql("health_targets", "status = 'active' AND", ""),
    ),
    _check(
        "no-content-is-degraded",
        "HC-01",
        "a 204 is degraded, not up",
        around("workers.health_check:judge", _judged_as(404, 204)),
    ),
    _check(
        "unavailable-is-degraded",
        "HC-02",
        "a 503 is degraded, not down",
        around("workers.health_check:judge", _judged_as(404, 503)),
    ),
    _check(
        "unauthorized-is-up",
        "HC-03",
        "a 401 is up: somebody answered",
        around("workers.health_check:judge", _judged_as(200, 401)),
    ),
    _check(
        "codes-of-failures-lost",
        "HC-02",
        "a check that got a 5xx has no status code",
        around("workers.health_check:judge", _codes_of_failures_lost),
    ),
    _check(
        "times-in-seconds",
        "HC-01",
        "the response time is recorded in seconds",
        around("workers.health_check:judge", _in_seconds),
    ),
    _check(
        "times-rounded-up",
        "HC-01",
        "the response time is recorded in milliseconds, but for whole seconds that have begun",
        around("workers.health_check:judge", _in_begun_seconds),
    ),
    _check(
        "dated-in-another-zone",
        "HC-01",
        "checks are dated an hour after they were made",
        around("worker:_now", _an_hour_later),
    ),
    _check(
        "permanent-redirects-only",
        "HC-01",
        "only 301 and 302 are followed",
        name("workers.health_check:REDIRECTS", frozenset({301, 302})),
    ),
    _check(
        "two-redirects-at-most",
        "HC-01",
        "the third redirect is not followed any more",
        name("workers.health_check:MAX_REDIRECTS", 2),
    ),
    _check(
        "timeouts-told-as-refusals",
        "HC-04",
        "a time-out is recorded as a refused connection",
        around("workers.health_check:_Answers.down", _told_as(Reason.CONNECTION_REFUSED, Reason.TIMEOUT)),
    ),
    _check(
        "tls-told-as-refusals",
        "HC-04",
        "a failed handshake is recorded as a refused connection",
        around("workers.health_check:_Answers.down", _told_as(Reason.CONNECTION_REFUSED, Reason.TLS_ERROR)),
    ),
    _check(
        "bodies-without-end",
        "HC-04",
        "a body is read however long it is",
        name("workers.exchange:MAX_BODY_BYTES", 2**40),
    ),
    _check(
        "deadline-ignored",
        "HC-04",
        "a check may take 25 seconds, whatever the deadline",
        around("workers.health_check:Checker.__init__", _patient),
    ),
    _check(
        "recorded-twice",
        "HC-06",
        "each check leaves two rows",
        around("workers.health_checker:_Recorder.add", _twice),
    ),
    _check(
        "vendors-without-an-endpoint-are-checked",
        "HC-01",
        "a vendor that has no health endpoint is called at its base URL",
        sql(
            "health_targets",
            "health_endpoint\nFROM vendors\nWHERE status = 'active' AND health_endpoint IS NOT NULL",
            "coalesce(health_endpoint, '')\nFROM vendors\nWHERE status = 'active'",
        ),
    ),
    Fault(
        "heartbeats-count-for-nothing",
        "a worker is never told as running",
        ("MON-06",),
        Level.WORKERS,
        sql("heartbeats", ">= now()", ">= now() + interval '1 year'"),
    ),
)
