"""Drives rounds of the metrics aggregator and reads the figures before and after."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from harness.contract.client import Client, Response
from harness.contract.compare import is_number
from harness.contract.diagnosis import ContractBroken
from harness.contract.expect import expect_field, expect_json, ids
from harness.contract.paths import FEATURED, SEARCH, VENDORS
from harness.contract.suite import Suite
from harness.contract.workers.histories import History, build
from harness.contract.workers.rounds import run_worker
from harness.contract.workers.vendors import now
from harness.evidence import Json
from harness.fixtures.aggregation import Aggregate, aggregate
from harness.fixtures.dataset import Dataset
from harness.target import Workers

LISTED = {"limit": 100}
LISTINGS = ("GET /vendors", "POST /search", "GET /vendors/featured")  # each may be cached by itself
FLOAT_NOISE = Decimal("0.000001")  # 4.8999999999999995 is 4.9
LATENCY_TOLERANCE = Fraction(1, 2)  # milliseconds


@dataclass(frozen=True)
class AggregateRound:
    """Details by vendor number before the round, after it, and after a second one.

    `listed_before` and `listed_after` are what each of LISTINGS shows, by vendor number as well.
    """

    dataset: Dataset
    started: datetime
    before: Mapping[int, Json]
    after: Mapping[int, Json]
    again: Mapping[int, Json]
    listed_before: Mapping[str, Mapping[int, Json]]
    listed_after: Mapping[str, Mapping[int, Json]]
    revalidated: (
        int | None
    )  # the status that the search's old ETag gets after the round; None: it has no ETag

    def number(self, history: History) -> int:
        name = f"Vendor that {history.name}"
        return next(vendor.id for vendor in self.dataset.vendors if vendor.service_name == name)

    def expected(self, history: History) -> Aggregate:
        number = self.number(history)
        vendor = next(vendor for vendor in self.dataset.vendors if vendor.id == number)
        return aggregate(self.dataset, vendor, self.started)

    def metrics(self, history: History) -> Json:
        return self.after[self.number(history)]["metrics"]


def drive(suite: Suite, histories: tuple[History, ...]) -> AggregateRound:
    """Load, look, run the aggregator, look, run it again, look."""
    command = (suite.target.workers or Workers()).aggregate_metrics
    started = now()
    dataset = build(histories, started)
    suite.loader.load(dataset)
    client = suite.client(rotating=True)
    try:
        before, listed_before, tag = _details(client, dataset), _listed(client), _tag(client)
        run_worker(suite, command, "aggregate_metrics")
        revalidated = _revalidated(client, tag)
        listed_after, after = _listed(client), _details(client, dataset)
        _let_the_second_pass()
        run_worker(suite, command, "aggregate_metrics")
        return AggregateRound(
            dataset,
            started,
            before,
            after,
            _details(client, dataset),
            listed_before,
            listed_after,
            revalidated,
        )
    finally:
        client.close()


def _let_the_second_pass() -> None:
    """A target may keep times to the second; the next round must have another one."""
    second = now()
    while now() == second:
        time.sleep(0.05)


def _details(client: Client, dataset: Dataset) -> dict[int, Json]:
    return {v.id: expect_json(client.get(f"{VENDORS}/{v.id}")) for v in dataset.vendors if v.active}


def _tag(client: Client) -> str | None:
    return client.get(VENDORS, LISTED).headers.get("ETag")


def _revalidated(client: Client, tag: str | None) -> int | None:
    if tag is None:
        return None
    return client.get(VENDORS, LISTED, headers={"If-None-Match": tag}).status


def _listed(client: Client) -> dict[str, dict[int, Json]]:
    answers = (client.get(VENDORS, LISTED), client.post(SEARCH, LISTED), client.get(FEATURED, {"limit": 20}))
    return {name: _by_number(answer) for name, answer in zip(LISTINGS, answers, strict=True)}


def _by_number(response: Response) -> dict[int, Json]:
    vendors = expect_field(response, "vendors")
    return dict(zip(ids(response, vendors), vendors, strict=True))


def must_equal(field: str, shown: object, expected: object, history: History) -> None:
    """Raises ContractBroken; numbers are compared as decimals."""
    if isinstance(expected, Decimal):
        same = is_number(shown) and abs(Decimal(str(shown)) - expected) <= FLOAT_NOISE
    else:
        same = shown == expected
    if not same:
        raise _wrong(field, shown, expected, history)


def must_be_near(field: str, shown: object, expected: Fraction, history: History) -> None:
    if abs(Fraction(str(shown)) - expected) > LATENCY_TOLERANCE:
        raise _wrong(field, shown, f"{float(expected):g} ± 0.5", history)


def _wrong(field: str, shown: object, expected: object, history: History) -> ContractBroken:
    return ContractBroken(
        f"the aggregator's {field} is wrong",
        expected=str(expected),
        observed=str(shown),
        reason=f"it is the figure of a vendor that {history.name}",
    )
