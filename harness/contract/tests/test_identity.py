from itertools import islice
from pathlib import Path

import pytest

from harness.contract.identity import Identities, Identity, Pace
from harness.target import ClientIdentity, RateLimit, read_target


def identities(folder: Path, more: str = "", host: str = "127.0.0.1") -> Identities:
    file = folder / "target.yaml"
    file.write_text(f"name: t\nbase_url: http://{host}:1\n{more}")
    return Identities.of(read_target(file))


def test_source_addresses_are_loopback_and_never_the_same(tmp_path: Path) -> None:
    made = identities(tmp_path)
    addresses = [made.fresh().source_address or "" for _ in range(2_000)]
    assert len(set(addresses)) == 2_000
    assert all(address.startswith("127.") for address in addresses)
    assert not any(address.endswith(".0") for address in addresses)


def test_another_run_uses_others(tmp_path: Path) -> None:
    one, other = ([identities(tmp_path).fresh() for _ in range(5)] for _ in range(2))
    assert not set(one) & set(other)


def test_forwarded_clients_are_nobodys_proxy(tmp_path: Path) -> None:
    made = identities(tmp_path, "client_identity: forwarded")
    assert all((made.fresh().forwarded_for or "").startswith("198.1") for _ in range(50))


@pytest.mark.parametrize(("more", "host"), [("client_identity: single", "127.0.0.1"), ("", "[::1]")])
def test_a_single_client(more: str, host: str, tmp_path: Path) -> None:
    made = identities(tmp_path, more, host)
    assert made.single
    assert made.kind is ClientIdentity.SINGLE
    assert made.fresh() == Identity()


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += seconds


def test_a_pace_keeps_every_window_below_the_limit() -> None:
    clock, sent = Clock(), []
    pace = Pace(RateLimit(10, 60), now=clock.now, wait=clock.wait)
    for number in range(95):
        clock.time += number % 3
        pace.before_request()
        sent.append(clock.time)
    for first, eleventh in zip(sent, islice(sent, 10, None), strict=False):
        assert eleventh - first > 60
