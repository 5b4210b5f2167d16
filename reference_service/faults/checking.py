"""Health checks that judge wrongly or dial where they must not."""

import asyncio
from dataclasses import replace
from ipaddress import IPv6Address, ip_network
from typing import Any

from reference_service.domain.health import HealthStatus, Reason
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, both, name, sql

_EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_HOPS: dict[Any, int] = {}


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


def _first_hop_only(right: Any) -> Any:
    async def pin(self: Any, url: str) -> Any:
        if _HOPS.get(asyncio.current_task(), 0):
            self = type(self)(self._resolve, _EVERYWHERE)
        _HOPS[asyncio.current_task()] = 1
        return await right(self, url)

    return pin


def _each_check_is_new(right: Any) -> Any:
    async def check(self: Any, url: str) -> Any:
        _HOPS.pop(asyncio.current_task(), None)
        return await right(self, url)

    return check


def _mapped_is_fine(right: Any) -> Any:
    def why_refused(address: Any) -> str | None:
        mapped = isinstance(address, IPv6Address) and address.ipv4_mapped is not None
        return None if mapped else right(address)

    return why_refused


def _nat64_is_fine(right: Any) -> Any:
    def why_refused(address: Any) -> str | None:
        return None if address in ip_network("64:ff9b::/96") else right(address)

    return why_refused


def _without_credentials_check(right: Any) -> Any:
    def parse(url: str) -> Any:
        scheme, mark, rest = url.partition("://")
        authority, slash, path = rest.partition("/")
        return right(scheme + mark + authority.rpartition("@")[2] + slash + path)

    return parse


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
        "hops-unguarded",
        "HC-05",
        "only the first address of a chain of redirects is checked",
        both(
            around("workers.ssrf:Guard.pin", _first_hop_only),
            around("workers.health_check:Checker.check", _each_check_is_new),
        ),
    ),
    _check(
        "mapped-addresses-pass",
        "HC-05",
        "an IPv4 address written as an IPv6 one passes the guard",
        around("domain.address_ranges:why_refused", _mapped_is_fine),
    ),
    _check(
        "nat64-passes",
        "HC-05",
        "a NAT64 address passes the guard, whatever IPv4 address it embeds",
        around("domain.address_ranges:why_refused", _nat64_is_fine),
    ),
    _check(
        "credentials-dropped",
        "HC-05",
        "credentials in a URL are dropped instead of refused",
        around("workers.ssrf:parse", _without_credentials_check),
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
)
