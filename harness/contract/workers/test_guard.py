"""SSRF: which addresses a check may dial, however they are spelled or reached."""

import pytest

from harness.contract.diagnosis import ContractBroken
from harness.contract.workers import cases
from harness.contract.workers.canary import Canary
from harness.contract.workers.cases import Case
from harness.contract.workers.matching import must_match
from harness.contract.workers.rounds import CheckRound

HOSTS = {host: Canary(host, 1) for host in ("127.0.0.1", "127.0.0.2", "::1")}


def _by_name(found: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in found]
    )


@pytest.mark.requirement("HC-05")
@_by_name(cases.loopback(HOSTS))
def test_this_machine_is_blocked(guarded_round: CheckRound, case: Case) -> None:
    if case.name not in guarded_round.checks:
        pytest.skip("this machine has no such address")
    must_match(case, guarded_round.only_check(case.name))


@pytest.mark.requirement("HC-05")
@_by_name(cases.special())
def test_a_special_address_is_blocked(guarded_round: CheckRound, case: Case) -> None:
    must_match(case, guarded_round.only_check(case.name))


@pytest.mark.requirement("HC-05")
def test_no_canary_saw_a_guarded_round(guarded_round: CheckRound) -> None:
    _must_be_unseen(guarded_round)


@pytest.mark.requirement("HC-05")
@_by_name(cases.redirected_astray("http://stub", {h: c for h, c in HOSTS.items() if h != "127.0.0.1"}))
def test_each_hop_is_guarded_anew(allowing_round: CheckRound, case: Case) -> None:
    if case.name not in allowing_round.checks:
        pytest.skip("this machine has no such address")
    must_match(case, allowing_round.only_check(case.name))


@pytest.mark.requirement("HC-05")
@_by_name(cases.misaddressed("http://stub"))
def test_a_url_that_no_check_may_follow(allowing_round: CheckRound, case: Case) -> None:
    must_match(case, allowing_round.only_check(case.name))


@pytest.mark.requirement("HC-05")
def test_no_canary_saw_a_redirect_nor_a_proxied_call(allowing_round: CheckRound) -> None:
    _must_be_unseen(allowing_round)


@pytest.mark.requirement("HC-05")
def test_no_credentials_were_sent(allowing_round: CheckRound) -> None:
    with_credentials = [
        visit.path for visit in allowing_round.stub.visits if "authorization" in visit.headers
    ]
    assert with_credentials == [], "a health check sent an Authorization header"


def _must_be_unseen(round_: CheckRound) -> None:
    """A canary proves a connection even where the check's record looks right."""
    seen = {name: len(canary.visitors) for name, canary in round_.canaries.items() if canary.visitors}
    if seen:
        raise ContractBroken(
            "the health checker connected to an address that is blocked",
            expected="no connection",
            observed=", ".join(f"{count} to {name}" for name, count in seen.items()),
        )
