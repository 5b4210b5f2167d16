"""Every special range, embedded and spelled in every way, reached in every way: never dialled (HC-05)."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address

import pytest

from reference_service.domain.health import Finding, Reason
from reference_service.tests.workers.doubles import OK, MemoryDialler, Names, redirect
from reference_service.tests.workers.special_ranges import (
    PUBLIC_NEIGHBOURS,
    forbidden_hosts,
    special_addresses,
    spellings,
)
from reference_service.workers.health_check import Checker
from reference_service.workers.ssrf import Guard

PUBLIC = "93.184.216.34"
READ = (
    *("dotted", "decimal", "hex", "octal", "dotted-hex", "dotted-octal"),
    *("short-2", "short-3", "full-width", "full-stop"),
)


def check(url: str, names: Names, dialler: MemoryDialler) -> Finding:
    return asyncio.run(Checker(Guard(names), dialler, deadline=5).check(url))


CORPUS = tuple(forbidden_hosts())


def test_the_corpus_is_large() -> None:
    assert len({host for _, host in CORPUS}) >= 1500


@pytest.mark.parametrize("part", range(8))
def test_direct(part: int) -> None:
    for name, host in CORPUS[part::8]:
        dialler = MemoryDialler([OK])
        finding = check(f"http://{host}/health", Names(), dialler)
        assert not dialler.dialled, name
        assert finding.error in (Reason.BLOCKED_ADDRESS, Reason.DNS_FAILURE, Reason.INVALID_URL), name


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_behind_redirects(hops: int) -> None:
    for name, host in CORPUS:
        chain = [redirect(f"http://{PUBLIC}/{hop}") for hop in range(1, hops)]
        dialler = MemoryDialler([*chain, redirect(f"http://{host}/"), OK])
        finding = check(f"http://{PUBLIC}/", Names(), dialler)
        assert dialler.addresses == [ip_address(PUBLIC)] * hops, name
        assert finding.error in (Reason.BLOCKED_ADDRESS, Reason.DNS_FAILURE, Reason.INVALID_URL), name
        assert finding.status_code == 302


@pytest.mark.parametrize("mixed", [[], [PUBLIC], ["2606:4700::1111"]])
@pytest.mark.parametrize("first", [True, False])
def test_names_with_a_forbidden_answer(mixed: Sequence[str], first: bool) -> None:
    for address in special_addresses():
        answers = [address, *mixed] if first else [*mixed, address]
        dialler = MemoryDialler([OK])
        finding = check("http://vendor.test/", Names({"vendor.test": [answers]}), dialler)
        assert not dialler.dialled, answers
        assert finding.error == Reason.BLOCKED_ADDRESS, answers


def test_a_rebinding_name_is_resolved_once_and_dialled_where_it_was_checked() -> None:
    for address in special_addresses():
        names, dialler = Names({"vendor.test": [[PUBLIC], [address]]}), MemoryDialler([OK])
        assert check("http://vendor.test/", names, dialler).status_code == 200
        assert dialler.addresses == [ip_address(PUBLIC)]
        assert names.asked == ["vendor.test"]


def test_a_name_that_rebinds_between_hops_is_checked_anew() -> None:
    names = Names({"vendor.test": [[PUBLIC], ["127.0.0.1"]]})
    dialler = MemoryDialler([redirect("http://vendor.test/again"), OK])
    assert check("http://vendor.test/", names, dialler).error == Reason.BLOCKED_ADDRESS
    assert dialler.addresses == [ip_address(PUBLIC)]


@pytest.mark.parametrize("neighbour", PUBLIC_NEIGHBOURS)
def test_public_neighbours_are_dialled(neighbour: str) -> None:
    address = ip_address(neighbour)
    host = f"[{address}]" if address.version == 6 else str(address)
    dialler = MemoryDialler([OK])
    assert check(f"http://{host}/", Names(), dialler).status_code == 200
    assert dialler.addresses == [address]


@pytest.mark.parametrize("form", READ)
def test_spellings_of_a_public_address_are_understood(form: str) -> None:
    # Else "never dialled" would say nothing: a spelling that is not read at all is not dialled either.
    host = dict(spellings(IPv4Address(PUBLIC)))[form]
    dialler = MemoryDialler([OK])
    assert check(f"http://{host}/", Names(), dialler).status_code == 200
    assert dialler.addresses == [ip_address(PUBLIC)]
