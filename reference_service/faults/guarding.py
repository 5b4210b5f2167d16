"""Health checks that dial where they must not, or tell wrongly why they did not."""

import asyncio
import os
from dataclasses import replace
from ipaddress import IPv6Address, ip_network
from typing import Any
from urllib.parse import urlsplit

from reference_service.domain.health import HealthStatus, Reason
from reference_service.faults.fault import Fault, Level
from reference_service.faults.parts import around, both

_EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
_HOPS: dict[Any, int] = {}


def _check(fault: str, requirement: str, description: str, install: Any) -> Fault:
    return Fault(fault, description, (requirement,), Level.WORKERS, install)


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


def _passes(*networks: str) -> Any:
    """Addresses of these networks pass the guard."""
    known = tuple(ip_network(network) for network in networks)

    def wrap(right: Any) -> Any:
        return lambda address: None if any(address in network for network in known) else right(address)

    return wrap


def _told_as(reason: Reason, *others: Reason) -> Any:
    return lambda right: lambda self, found: right(self, reason if found in others else found)


def _with_a_user(right: Any) -> Any:
    def parse(url: str) -> Any:
        scheme, mark, rest = url.partition("://")
        user, at, host = rest.partition("@")
        return right(scheme + mark + host if at and ":" not in user else url)

    return parse


def _through_a_proxy(right: Any) -> Any:
    async def dial(self: Any, address: Any, port: int, server_name: str | None) -> Any:
        proxy = urlsplit(os.environ.get("http_proxy", ""))
        where = (proxy.hostname, proxy.port) if proxy.hostname else (address, port)
        return await right(self, *where, server_name)

    return dial


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


def _with_its_address(right: Any) -> Any:
    def down(self: Any, reason: Any) -> Any:
        found = right(self, reason)
        return (
            replace(found, error=f"{found.error}: 127.0.0.1") if reason is Reason.BLOCKED_ADDRESS else found
        )

    return down


def _blocked_is_degraded(right: Any) -> Any:
    def down(self: Any, reason: Any) -> Any:
        found = right(self, reason)
        return replace(found, status=HealthStatus.DEGRADED) if reason is Reason.BLOCKED_ADDRESS else found

    return down


def _deaf_to_configuration(right: Any) -> Any:
    return lambda self, resolve, _=(): right(self, resolve)


FAULTS = (
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
        "blocked-told-as-unresolved",
        "HC-05",
        "a blocked address is recorded as a failure of DNS",
        around("workers.health_check:_Answers.down", _told_as(Reason.DNS_FAILURE, Reason.BLOCKED_ADDRESS)),
    ),
    _check(
        "schemes-told-as-invalid",
        "HC-05",
        "a blocked scheme is recorded as an invalid URL",
        around("workers.health_check:_Answers.down", _told_as(Reason.INVALID_URL, Reason.BLOCKED_SCHEME)),
    ),
    _check(
        "user-without-password-passes",
        "HC-05",
        "a user in a URL is dropped where there is no password",
        around("workers.ssrf:parse", _with_a_user),
    ),
    _check(
        "this-network-passes",
        "HC-05",
        "0.0.0.0, which reaches this machine, passes the guard",
        around("domain.address_ranges:why_refused", _passes("0.0.0.0/8")),
    ),
    _check(
        "loopback-is-one-address",
        "HC-05",
        "of the loopback range only 127.0.0.1 is blocked",
        around("domain.address_ranges:why_refused", _passes("127.0.0.2/31", "127.128.0.0/9")),
    ),
    _check(
        "ipv6-loopback-passes",
        "HC-05",
        "::1 passes the guard",
        around("domain.address_ranges:why_refused", _passes("::1/128")),
    ),
    _check(
        "sixtofour-passes",
        "HC-05",
        "6to4 and Teredo addresses pass the guard, whatever IPv4 address they embed",
        around("domain.address_ranges:why_refused", _passes("2002::/16", "2001::/32")),
    ),
    _check(
        "proxies-believed",
        "HC-05",
        "the proxy of the environment is dialled",
        around("workers.dialling:NetworkDialler.__call__", _through_a_proxy),
    ),
    _check(
        "reasons-with-addresses",
        "HC-05",
        "the reason of a blocked address names it",
        around("workers.health_check:_Answers.down", _with_its_address),
    ),
    _check(
        "blocked-is-degraded",
        "HC-05",
        "a vendor at a blocked address is degraded, not down",
        around("workers.health_check:_Answers.down", _blocked_is_degraded),
    ),
    _check(
        "nothing-can-be-allowed",
        "HC-05",
        "what configuration allows is blocked all the same",
        around("workers.ssrf:Guard.__init__", _deaf_to_configuration),
    ),
)
