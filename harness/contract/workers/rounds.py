"""Drives one round of a worker by the profile's command, and reads over HTTP what it did."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from harness.contract.client import Client
from harness.contract.diagnosis import NotTestable
from harness.contract.expect import expect_field
from harness.contract.loading import run_command
from harness.contract.paths import VENDORS
from harness.contract.suite import Suite
from harness.contract.workers.canary import Canary
from harness.contract.workers.cases import Case
from harness.contract.workers.stubs import StubServer
from harness.contract.workers.vendors import checked_vendor
from harness.errors import CouldNotDecideError
from harness.evidence import Json
from harness.fixtures.dataset import Vendor
from harness.target import Command, Permission

ROUND_TIMEOUT = 90.0  # seconds; a round that takes longer is given up
CHECK_DEADLINE = 3  # seconds, where the command takes them
DEFAULT_DEADLINE = 10


@dataclass(frozen=True)
class CheckRound:
    """What a round of the health checker left behind, by the case's name; checks had `deadline` seconds."""

    started: datetime
    ended: datetime
    checks: Mapping[str, Sequence[Json]]
    stub: StubServer
    canaries: Mapping[str, Canary]
    deadline: int

    def only_check(self, name: str) -> Json:
        """The one row of a vendor that was checked once."""
        checks = self.checks[name]
        assert len(checks) == 1, f"the vendor that {name} has {len(checks)} rows after one round"
        return checks[0]


def run_worker(suite: Suite, command: Command | None, name: str, **values: str) -> None:
    """One round. Raises NotTestable where the profile has no such command or it does not exit 0."""
    if command is None:
        raise NotTestable(f"the profile has no `workers.{name}` command")
    suite.target.require(Permission.WORKERS)
    try:
        run_command(command, suite.target, timeout=ROUND_TIMEOUT, **values)
    except CouldNotDecideError as error:
        raise NotTestable(f"a round of `workers.{name}` failed: {error}") from None


def vendors_of(cases: Sequence[Case], at: datetime) -> list[Vendor]:
    return [
        msgspec.structs.replace(
            checked_vendor(number, case.name, case.base_url, case.path, at),
            status="active" if case.active else "inactive",
        )
        for number, case in enumerate(cases, 1)
    ]


def shortest(checks: Mapping[str, Sequence[Json]], beginning: str) -> float:
    """The least milliseconds of the vendors whose case begins so; infinite where no time was recorded."""
    times = (
        check.get("responseTimeMs")
        for name, rows in checks.items()
        if name.startswith(beginning)
        for check in rows
    )
    return min((milliseconds for milliseconds in times if milliseconds is not None), default=math.inf)


def read_checks(client: Client, cases: Sequence[Case]) -> dict[str, Sequence[Json]]:
    return {
        case.name: expect_field(client.get(f"{VENDORS}/{number}/health"), "checks")
        for number, case in enumerate(cases, 1)
        if case.active
    }
